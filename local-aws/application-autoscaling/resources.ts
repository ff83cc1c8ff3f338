import { ApplicationAutoScaling } from './index';
import { AUTOSCALING_OPERATIONS, AUTOSCALING_SHAPES } from './shapes';
import { coerce } from '../../src/service/constraints';
import { AwsError, ResourceProviders, ResourceRequest, ResourceState, UpdateRequest } from '../kernel';

/** The resource types of Application Auto Scaling. */
export const resources: ResourceProviders = {
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    create: async (request) => register(request, async (error) => {
      await call(request, 'DeregisterScalableTarget', keyOf(idOf(request)));
      throw error;
    }),
    update: async (request) => {
      const state = await register(request);
      retag(request);
      return state;
    },
    delete: async (request) => ignoringAbsence(() => call(request, 'DeregisterScalableTarget', keyOf(request.physicalId))),
  },

  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    create: putPolicy,
    update: putPolicy,
    delete: async (request) => ignoringAbsence(() => call(request, 'DeleteScalingPolicy', {
      PolicyName: request.properties.PolicyName, ...targetOf(request),
    })),
  },
};

/** `undo` gets the error of a scheduled action, after the target is registered. */
async function register(request: ResourceRequest, undo = async (error: unknown): Promise<void> => { throw error; }): Promise<ResourceState> {
  const { ScheduledActions: actions = [], Tags: _, ...properties } = request.properties;
  await call(request, 'RegisterScalableTarget', { ...properties, Tags: tagsOf(request) });
  const { ResourceId, ScalableDimension, ServiceNamespace } = properties;
  const key = { ResourceId, ScalableDimension, ServiceNamespace };
  for (const action of actions) { await call(request, 'PutScheduledAction', { ...action, ...timesOf(action), ...key }).catch(undo); }
  for (const { ScheduledActionName } of (request as Partial<UpdateRequest>).oldProperties?.ScheduledActions ?? []) {
    if (actions.some((action: any) => action.ScheduledActionName === ScheduledActionName)) { continue; }
    await ignoringAbsence(() => call(request, 'DeleteScheduledAction', { ...key, ScheduledActionName }));
  }
  return { physicalId: idOf(request), attributes: { Id: idOf(request) } };
}

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-applicationautoscaling-scalabletarget.html (Ref) */
function idOf({ properties: { ResourceId, ScalableDimension, ServiceNamespace } }: ResourceRequest): string {
  return [ResourceId, ScalableDimension, ServiceNamespace].join('|');
}

async function putPolicy(request: ResourceRequest): Promise<ResourceState> {
  const { ScalingTargetId: _, ...properties } = request.properties;
  const { PolicyARN } = await call(request, 'PutScalingPolicy', { ...properties, ...targetOf(request) });
  return { physicalId: PolicyARN, attributes: { Arn: PolicyARN } };
}

/** A template writes times as text. */
function timesOf({ StartTime, EndTime }: any): object {
  return Object.fromEntries(Object.entries({ StartTime, EndTime }).flatMap(([name, time]) => (time === undefined ? [] : [[name, new Date(time)]])));
}

/** The target of a policy: the `Ref` of a ScalableTarget, or its three names. */
function targetOf({ properties: { ScalingTargetId, ResourceId, ScalableDimension, ServiceNamespace } }: ResourceRequest): object {
  return ScalingTargetId === undefined ? { ResourceId, ScalableDimension, ServiceNamespace } : keyOf(ScalingTargetId);
}

function keyOf(id: string): object {
  const [ResourceId, ScalableDimension, ServiceNamespace] = id.split('|');
  return { ResourceId, ScalableDimension, ServiceNamespace };
}

function tagsOf({ properties, tags }: ResourceRequest): Record<string, string> {
  return { ...tags, ...Object.fromEntries((properties.Tags ?? []).map(({ Key, Value }: any) => [Key, String(Value)])) };
}

/** Registering again adds tags. Tags that left the template are removed as by UntagResource. */
function retag(request: UpdateRequest): void {
  const { region, properties } = request;
  const { targets } = region.room(ApplicationAutoScaling);
  targets.set(properties.ResourceId, { ...targets.get(properties.ResourceId)!, tags: tagsOf(request) });
}

function call({ region, stackId }: ResourceRequest, operation: string, input: object): any {
  const coerced = coerce(AUTOSCALING_SHAPES, AUTOSCALING_OPERATIONS[operation].input, input);
  return region.room(ApplicationAutoScaling).operations[operation](coerced, { region, principal: region.root, requestId: stackId });
}

async function ignoringAbsence(task: () => Promise<unknown>): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'ObjectNotFoundException')) { throw error; }
  }
}
