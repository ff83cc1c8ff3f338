import { AutoScalingState } from './state';
import { Need } from '../iam';
import { Context } from '../iam/policy';
import { Region } from '../kernel';
import { SageMakerState } from '../sagemaker';

const SERVICE = 'sagemaker.application-autoscaling.amazonaws.com';

/** The role that the service creates with an account's first target. */
export function serviceLinkedRole({ partition, account }: Region): string {
  return `arn:${partition}:iam::${account}:role/aws-service-role/${SERVICE}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`;
}

/** The permissions that a request needs. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html */
export function autoscalingNeeds(region: Region, operation: string, input: any, given: Context): Need[] {
  const { ServiceNamespace, ScalableDimension, ResourceId, ResourceARN } = input;
  const target = region.room(AutoScalingState).targets.get(ResourceId);
  const context: Context = {
    ...given,
    ...ServiceNamespace !== undefined && { 'application-autoscaling:service-namespace': String(ServiceNamespace) },
    ...ScalableDimension !== undefined && { 'application-autoscaling:scalable-dimension': String(ScalableDimension) },
    ...Object.fromEntries(Object.entries(target?.tags ?? {}).map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
  };
  // A target that does not exist yet has no name.
  const resource = /^Describe/.test(operation) ? '*' : String(ResourceARN ?? target?.arn ?? region.arn('application-autoscaling', 'scalable-target/*'));
  const tagging = operation === 'RegisterScalableTarget' && given['aws:TagKeys'] !== undefined ? ['application-autoscaling:TagResource'] : [];
  return [
    ...[`application-autoscaling:${operation}`, ...tagging].map((action): Need => ({ action, resource, context })),
    ...besides(region, operation, input, context),
  ];
}

/**
 * The permissions that the service requires of its caller besides its own action: it creates its role, and reads endpoints and alarms for the caller.
 *
 * Sources: https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_id-based-policy-examples.html
 * https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
 */
function besides(region: Region, operation: string, { ResourceId, PolicyType }: any, context: Context): Need[] {
  const [type, name = ''] = String(ResourceId).split('/');
  const on = (resource: string, ...actions: string[]) => actions.map((action): Need => ({ action, resource, context }));
  const onNamed = (named: string, ...actions: string[]) => region.namedInSageMaker(named).flatMap((resource) => on(resource, ...actions));
  const alarms = region.arn('cloudwatch', `alarm:TargetTracking-${ResourceId}-*`);
  switch (operation) {
    case 'RegisterScalableTarget': {
      const config = region.room(SageMakerState).endpoints.get(name)?.config;
      const reads = type === 'inference-component'
        ? onNamed(`inference-component/${name}`, 'sagemaker:DescribeInferenceComponent', 'sagemaker:UpdateInferenceComponentRuntimeConfig')
        : [
          ...onNamed(`endpoint/${name}`, 'sagemaker:DescribeEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities'),
          ...config === undefined ? [] : onNamed(`endpoint-config/${config}`, 'sagemaker:DescribeEndpointConfig'),
        ];
      return [
        ...region.room(AutoScalingState).hasServiceLinkedRole ? [] : [
          { action: 'iam:CreateServiceLinkedRole', resource: serviceLinkedRole(region), context: { ...context, 'iam:AWSServiceName': SERVICE } },
        ],
        ...reads,
      ];
    }
    case 'PutScalingPolicy': return PolicyType === 'StepScaling' ? [] : [...on(alarms, 'cloudwatch:PutMetricAlarm'), ...on('*', 'cloudwatch:DescribeAlarms')];
    case 'DescribeScalingPolicies': return on('*', 'cloudwatch:DescribeAlarms');
    case 'DeleteScalingPolicy':
    case 'DeregisterScalableTarget': return on(alarms, 'cloudwatch:DeleteAlarms');
    default: return [];
  }
}
