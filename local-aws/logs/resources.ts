import { AwsError, ResourceProviders, ResourceRequest } from '../kernel';
import { LogGroup, Logs } from './index';

const RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** The resource types of CloudWatch Logs. */
export const resources: ResourceProviders = {
  'AWS::Logs::LogGroup': {
    create: async (request) => {
      const { region, properties, generatedName } = request;
      return state(region.room(Logs).createGroup(properties.LogGroupName ?? generatedName(512), retention(request)));
    },
    update: async (request) => {
      const group = request.region.room(Logs).groups.get(request.physicalId);
      if (!group) { throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.'); }
      group.retentionInDays = retention(request);
      return state(group);
    },
    delete: async ({ region, physicalId }) => { region.room(Logs).groups.delete(physicalId); },
  },
};

function state(group: LogGroup) {
  return { physicalId: group.name, attributes: { Arn: `${group.arn}:*` } };
}

function retention({ properties: { RetentionInDays } }: ResourceRequest): number | undefined {
  if (RetentionInDays === undefined) { return undefined; }
  if (!RETENTIONS.includes(Number(RetentionInDays))) {
    throw new AwsError('InvalidParameterException', `1 validation error detected: Value '${RetentionInDays}' at 'retentionInDays' failed to satisfy constraint: `
      + `Member must satisfy enum value set: [${RETENTIONS.join(', ')}]`);
  }
  return Number(RetentionInDays);
}
