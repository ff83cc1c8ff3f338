import { LogGroup, Logs, retentionOf } from './index';
import { AwsError, ResourceProviders, ResourceRequest } from '../kernel';

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
  return retentionOf(RetentionInDays);
}
