import { Ssm } from './index';
import { OPERATIONS, SHAPES } from './shapes';
import { coerce } from '../../src/service/constraints';
import { outlasting, ResourceProviders, ResourceRequest, ResourceState } from '../kernel';

/** The resource types of Systems Manager. */
export const resources: ResourceProviders = {
  'AWS::SSM::Parameter': {
    create: async (request) => {
      const { properties, generatedName } = request;
      const Name = properties.Name ?? generatedName(1011);
      return put(request, { ...properties, Name });
    },
    update: async (request) => {
      request.region.room(Ssm).untag(request.physicalId, Object.keys({ ...request.oldTags, ...request.oldProperties.Tags }));
      return put(request, { ...request.properties, Name: request.physicalId, Overwrite: true });
    },
    delete: async ({ region, physicalId }) => region.room(Ssm).delete(physicalId),
  },
};

async function put({ region, stackId, properties, tags }: ResourceRequest, { Tags: _, ...input }: any): Promise<ResourceState> {
  const ssm = region.room(Ssm);
  const request = coerce(SHAPES, OPERATIONS.PutParameter.input, input);
  await outlasting(region, 'ssm', () => ssm.operations.PutParameter(request, { region, principal: region.root, requestId: stackId }));
  ssm.tag(input.Name, Object.entries({ ...tags, ...properties.Tags }).map(([Key, Value]) => ({ Key, Value: String(Value) })));
  const { Type, Value } = ssm.parameters.get(input.Name)!;
  return { physicalId: input.Name, attributes: { Type, Value } };
}
