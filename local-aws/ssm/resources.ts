import { Parameter } from './index';
import { ResourceProviders } from '../cloudformation/provider';

/** How CloudFormation makes what belongs to Systems Manager. */
export const resources: ResourceProviders = {
  'AWS::SSM::Parameter': {
    create: async ({ region, properties, generatedName, tags }) => {
      const parameter = region.ssm.put({ ...properties, Name: properties.Name ?? generatedName(1011) });
      region.ssm.tag(parameter.Name, Object.entries({ ...tags, ...properties.Tags }).map(([Key, Value]) => ({ Key, Value: String(Value) })));
      return state(parameter);
    },
    update: async ({ region, properties, physicalId }) => state(region.ssm.put({ ...properties, Name: physicalId, Overwrite: true })),
    delete: async ({ region, physicalId }) => region.ssm.delete(physicalId),
  },
};

function state({ Name, Type, Value }: Parameter) {
  return { physicalId: Name, attributes: { Type, Value } };
}
