import { CloudWatch } from './index';
import { CLOUDWATCH_OPERATIONS, CLOUDWATCH_SHAPES } from './shapes';
import { coerce } from '../../src/service/constraints';
import { AwsError, ResourceProviders, ResourceRequest, ResourceState } from '../kernel';

/** The resource types of CloudWatch. */
export const resources: ResourceProviders = {
  'AWS::CloudWatch::Dashboard': {
    create: (request) => putDashboard(request, request.properties.DashboardName ?? request.generatedName(255)),
    update: (request) => putDashboard(request, request.physicalId),
    delete: (request) => ifThere(() => call(request, 'DeleteDashboards', { DashboardNames: [request.physicalId] })),
  },

  'AWS::CloudWatch::Alarm': {
    create: (request) => put(request, request.properties.AlarmName ?? request.generatedName(255)),
    update: (request) => put(request, request.physicalId),
    delete: (request) => ifThere(() => call(request, 'DeleteAlarms', { AlarmNames: [request.physicalId] })),
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

async function putDashboard(request: ResourceRequest, DashboardName: string): Promise<ResourceState> {
  const { Tags = [], ...properties } = request.properties;
  await call(request, 'PutDashboard', { ...properties, DashboardName });
  const { dashboards } = request.region.room(CloudWatch);
  const tags = { ...request.tags, ...Object.fromEntries(Tags.map(({ Key, Value }: any) => [Key, String(Value)])) };
  dashboards.set(DashboardName, { ...dashboards.get(DashboardName)!, tags });
  return { physicalId: DashboardName, attributes: {} };
}

/** Succeeds as well if the resource is gone already. */
async function ifThere(remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'ResourceNotFound')) { throw error; }
  }
}

async function call({ region, stackId }: ResourceRequest, operation: string, input: object): Promise<void> {
  const coerced = coerce(CLOUDWATCH_SHAPES, CLOUDWATCH_OPERATIONS[operation].input, input);
  await region.room(CloudWatch).operations[operation](coerced, { region, principal: region.root, requestId: stackId });
}
