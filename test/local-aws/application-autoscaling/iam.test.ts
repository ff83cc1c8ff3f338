import { Bench, ResourceId, TARGET } from './fixtures';

const role = 'arn:aws:iam::111122223333:role/R';
const SERVICE = 'sagemaker.application-autoscaling.amazonaws.com';
const SERVICE_ROLE = `arn:aws:iam::111122223333:role/aws-service-role/${SERVICE}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`;
const ENDPOINT = 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint';
const ALARMS = `arn:aws:cloudwatch:eu-west-1:111122223333:alarm:TargetTracking-${ResourceId}-*`;
let bench: Bench;

beforeEach(async () => {
  bench = new Bench();
  await bench.endpoint();
  bench.region.iam.createRole('R', { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] });
});

function grant(Action: string, Resource: string, more: object = {}): void {
  bench.region.iam.putRolePolicy('R', `${Action}@${Resource}`.replace(/[^\w+=,.@-]/g, '-').slice(0, 128), { Statement: [{ Effect: 'Allow', Action, Resource, ...more }] });
}

/** Tries, grants what is found missing, and tries again: what was missing, in order. */
async function missing(task: () => Promise<unknown>): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    try {
      await task();
      return found;
    } catch (error) {
      const [, action, resource] = /perform: (\S+) on resource: (\S+) because/.exec((error as Error).message) ?? [];
      if (action === undefined || found.length > 20) { throw error; }
      found.push(`${action} ${resource}`);
      grant(action, resource);
    }
  }
}

test('an account\'s first registration needs the service\'s role to be made, later ones do not', async () => {
  expect(await missing(() => bench.register(undefined, role))).toEqual([
    'application-autoscaling:RegisterScalableTarget arn:aws:application-autoscaling:eu-west-1:111122223333:scalable-target/*',
    `iam:CreateServiceLinkedRole ${SERVICE_ROLE}`,
    `sagemaker:DescribeEndpoint ${ENDPOINT}/live`,
    `sagemaker:UpdateEndpointWeightsAndCapacities ${ENDPOINT}/live`,
    `sagemaker:DescribeEndpointConfig ${ENDPOINT}-config/one`,
  ]);
  bench.region.iam.deleteRolePolicy('R', `iam:CreateServiceLinkedRole ${SERVICE_ROLE}`);
  await bench.register(undefined, role);
});

test('the service\'s role is the account\'s, whatever the Region', async () => {
  await bench.register();
  expect(bench.world.region('111122223333', 'us-east-1').applicationAutoScaling.hasServiceLinkedRole).toBe(true);
  expect(bench.world.region('222233334444', 'eu-west-1').applicationAutoScaling.hasServiceLinkedRole).toBe(false);
});

test('the service\'s role may be limited to the service', async () => {
  ['application-autoscaling:*', 'sagemaker:*'].forEach((action) => grant(action, '*'));
  grant('iam:CreateServiceLinkedRole', SERVICE_ROLE, { Condition: { StringLike: { 'iam:AWSServiceName': SERVICE } } });
  await bench.register(undefined, role);
});

test('tags need TagResource', async () => {
  expect(await missing(() => bench.register({ MinCapacity: 1, MaxCapacity: 2, Tags: { a: 'b' } }, role)))
    .toContain('application-autoscaling:TagResource arn:aws:application-autoscaling:eu-west-1:111122223333:scalable-target/*');
});

test('a target is named by its ARN once it is there', async () => {
  const { ScalableTargetARN } = await bench.register();
  expect(await missing(() => bench.put({}, role))).toEqual([
    `application-autoscaling:PutScalingPolicy ${ScalableTargetARN}`, `cloudwatch:PutMetricAlarm ${ALARMS}`, 'cloudwatch:DescribeAlarms *',
  ]);
  expect(await missing(() => bench.scaling('DeleteScalingPolicy', { ...TARGET, PolicyName: 'track' }, role)))
    .toEqual([`application-autoscaling:DeleteScalingPolicy ${ScalableTargetARN}`, `cloudwatch:DeleteAlarms ${ALARMS}`]);
  expect(await missing(() => bench.scaling('DeregisterScalableTarget', TARGET, role)))
    .toEqual([`application-autoscaling:DeregisterScalableTarget ${ScalableTargetARN}`]);
});

test('step scaling needs no alarms', async () => {
  const { ScalableTargetARN } = await bench.register();
  const StepScalingPolicyConfiguration = { AdjustmentType: 'ChangeInCapacity', StepAdjustments: [{ ScalingAdjustment: 1 }] };
  const step = { PolicyType: 'StepScaling', TargetTrackingScalingPolicyConfiguration: undefined, StepScalingPolicyConfiguration };
  expect(await missing(() => bench.put(step, role))).toEqual([`application-autoscaling:PutScalingPolicy ${ScalableTargetARN}`]);
});

test('descriptions name no resource', async () => {
  expect(await missing(() => bench.scaling('DescribeScalableTargets', { ServiceNamespace: 'sagemaker' }, role)))
    .toEqual(['application-autoscaling:DescribeScalableTargets *']);
  expect(await missing(() => bench.scaling('DescribeScalingPolicies', { ServiceNamespace: 'sagemaker' }, role)))
    .toEqual(['application-autoscaling:DescribeScalingPolicies *', 'cloudwatch:DescribeAlarms *']);
});

test.each<[string, object, boolean]>([
  ['the service namespace', { 'application-autoscaling:service-namespace': 'sagemaker' }, true],
  ['another service namespace', { 'application-autoscaling:service-namespace': 'ecs' }, false],
  ['the dimension', { 'application-autoscaling:scalable-dimension': TARGET.ScalableDimension }, true],
  ['a tag of the target', { 'aws:ResourceTag/team': 'a' }, true],
  ['another tag of the target', { 'aws:ResourceTag/team': 'b' }, false],
])('a grant may be limited to %s', async (_what, StringEquals, allowed) => {
  await bench.register({ MinCapacity: 1, MaxCapacity: 2, Tags: { team: 'a' } });
  grant('cloudwatch:*', '*');
  grant('application-autoscaling:*', '*', { Condition: { StringEquals } });
  const deregistered = bench.scaling('DeregisterScalableTarget', TARGET, role);
  await (allowed ? deregistered : expect(deregistered).rejects.toMatchObject({ code: 'AccessDeniedException' }));
  expect(await bench.targets()).toHaveLength(allowed ? 0 : 1);
});
