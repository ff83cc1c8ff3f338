import { coerce } from '../../src/service/constraints';
import { AwsError, ResourceProviders, ResourceRequest, ResourceState } from '../kernel';
import { CloudWatch } from './index';
import { CLOUDWATCH_OPERATIONS, CLOUDWATCH_SHAPES } from './shapes';

/** The resource types of CloudWatch. */
export const resources: ResourceProviders = {
  'AWS::CloudWatch::Alarm': {
    create: (request) => put(request, request.properties.AlarmName ?? request.generatedName(255)),
    update: (request) => put(request, request.physicalId),
    delete: async (request) => {
      try {
        await call(request, 'DeleteAlarms', { AlarmNames: [request.physicalId] });
      } catch (error) {
        if (!(error instanceof AwsError && error.code === 'ResourceNotFound')) { throw error; }
      }
    },
  },
};

async function put(request: ResourceRequest, AlarmName: string): Promise<ResourceState> {
  const { Tags = [], ...properties } = request.properties;
  const tags = { ...request.tags, ...Object.fromEntries(Tags.map(({ Key, Value }: any) => [Key, String(Value)])) };
  await call(request, 'PutMetricAlarm', { ...properties, AlarmName });
  const { alarms } = request.region.room(CloudWatch);
  const alarm = { ...alarms.get(AlarmName)!, tags };
  alarms.set(AlarmName, alarm);
  return { physicalId: AlarmName, attributes: { Arn: alarm.arn } };
}

async function call({ region, stackId }: ResourceRequest, operation: string, input: object): Promise<void> {
  const coerced = coerce(CLOUDWATCH_SHAPES, CLOUDWATCH_OPERATIONS[operation].input, input);
  await region.room(CloudWatch).operations[operation](coerced, { region, principal: region.root, requestId: stackId });
}
