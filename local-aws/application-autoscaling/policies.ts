import { alarmsOf, putTrackingAlarms } from './alarms';
import { checkNamespace } from './scalable';
import { AutoScalingState, ScalingPolicy } from './state';
import { findTarget, inWords, page } from './targets';
import { scalingPolicyFindings } from '../../src/service/scaling-rules';
import { AwsError, Call, invalid, Operations } from '../kernel';

const CONFIGURATIONS: Readonly<Record<string, string>> = {
  TargetTrackingScaling: 'TargetTrackingScalingPolicyConfiguration',
  StepScaling: 'StepScalingPolicyConfiguration',
};

export const policyOperations: Operations = {
  PutScalingPolicy(input, call) {
    findTarget(input, call.region, 'registered');
    const room = call.region.room(AutoScalingState);
    const key = policyKey(input);
    const old = room.policies.get(key);
    const policy = merged(old?.input, input);
    const [error] = scalingPolicyFindings(policy).filter(({ severity }) => severity === 'error');
    if (error) { throw invalid(`${error.path.join('.')} ${error.sentence}`); }
    checkMetricIsFree(key, policy, call);
    const id = old?.id ?? room.newId();
    const resource = `${input.ServiceNamespace}/${input.ResourceId}:policyName/${input.PolicyName}`;
    const kept: ScalingPolicy = {
      id,
      arn: old?.arn ?? call.region.arn('autoscaling', `scalingPolicy:${id}:resource/${resource}`),
      created: old?.created ?? new Date(call.region.clock.now()),
      input: policy,
    };
    if (old) { room.deletePolicy(key); }
    room.policies.set(key, kept);
    putTrackingAlarms(kept, call.region);
    return { PolicyARN: kept.arn, Alarms: alarmsOf(kept, call.region) };
  },

  DeleteScalingPolicy(input, call) {
    checkNamespace(input);
    const room = call.region.room(AutoScalingState);
    if (room.policies.get(policyKey(input))?.input.ScalableDimension !== input.ScalableDimension) { throw new AwsError('ObjectNotFoundException', `No scaling policy found for ${inWords(input)}, policy name: ${input.PolicyName}`); }
    room.deletePolicy(policyKey(input));
    return {};
  },

  DescribeScalingPolicies(input, call) {
    checkNamespace(input);
    // API_DescribeScalingPolicies: a dimension requires a resource id.
    if (input.ScalableDimension !== undefined && input.ResourceId === undefined) { throw invalid('ScalableDimension must be given with ResourceId.'); }
    const policies = [...call.region.room(AutoScalingState).policies.values()]
      .filter(({ input: policy }) => !input.PolicyNames?.length || input.PolicyNames.includes(policy.PolicyName))
      .filter(({ input: policy }) => ['ResourceId', 'ScalableDimension'].every((member) => [undefined, policy[member]].includes(input[member])))
      .map((policy) => ({
        key: policy.arn, item: { ...policy.input, PolicyARN: policy.arn, CreationTime: policy.created, Alarms: alarmsOf(policy, call.region) },
      }));
    return page('ScalingPolicies', policies, input);
  },
};

/** A policy's name is unique only within its target. */
function policyKey({ ResourceId, PolicyName }: any): string {
  return `${ResourceId} ${PolicyName}`;
}

/** A repeated PutScalingPolicy keeps the members that are absent, except the configuration of another type. */
function merged(old: Record<string, any> | undefined, input: Record<string, any>): Record<string, any> {
  const policy = { ...old, ...input };
  return Object.fromEntries(Object.entries(policy).filter(([member]) =>
    !Object.values(CONFIGURATIONS).includes(member) || CONFIGURATIONS[policy.PolicyType] === member || Object.hasOwn(input, member)));
}

function checkMetricIsFree(own: string, policy: Record<string, any>, { region }: Call): void {
  const metricOf = ({ ResourceId, TargetTrackingScalingPolicyConfiguration: config }: any) => config
    && JSON.stringify([ResourceId, config.PredefinedMetricSpecification, config.CustomizedMetricSpecification]);
  const metric = metricOf(policy);
  const others = [...region.room(AutoScalingState).policies].filter(([key]) => key !== own);
  if (metric !== undefined && others.some(([, { input }]) => metricOf(input) === metric)) { throw invalid('Only one TargetTrackingScaling policy for a given metric specification is allowed.'); }
}
