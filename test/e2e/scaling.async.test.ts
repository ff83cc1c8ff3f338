import { execFile } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { pathToFileURL } from 'url';
import { promisify } from 'util';
import {
  ApplicationAutoScalingClient, DescribeScalingPoliciesCommand, DescribeScheduledActionsCommand, PutScalingPolicyCommand,
  PutScheduledActionCommand, ScalingPolicy,
} from '@aws-sdk/client-application-auto-scaling';
import { DescribeEndpointCommand, ListEndpointsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { ScalingOptions } from './apps/scaling';
import { cdk } from '../../demo/cdk';
import { LocalAws, startLocalAws } from '../../local-aws';
import { UNTIL_DONE_FOR_TOOLS } from '../harness/waiting';
import { json } from '../local-aws/wire/raw';

const folder = mkdtempSync(join(tmpdir(), 'scaling-async-'));
let aws: LocalAws;
beforeAll(async () => { aws = await startLocalAws({ ...UNTIL_DONE_FOR_TOOLS, imported: 'assumed' }); });
afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

let assemblies = 0;

async function deploy(options: ScalingOptions): Promise<{ exitCode: number | null; output: string }> {
  const outdir = join(folder, `${++assemblies}`);
  const { PATH = '', HOME = '' } = process.env;
  const args = ['--import', pathToFileURL(require.resolve('tsx')).href, join(__dirname, 'apps', 'scaling.ts'), JSON.stringify({ outdir, name: 'Backlog', options })];
  await promisify(execFile)(process.execPath, args, { env: { PATH, HOME } });
  return cdk(folder, aws.environment(), 'deploy', '--app', outdir, '--require-approval', 'never');
}

async function cloudwatch(operation: string, input: object): Promise<any> {
  const { status, body } = await json(aws, 'monitoring', `GraniteServiceVersion20100801.${operation}`, input);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body === '' ? undefined : JSON.parse(body);
}

const async = (type: string, siblingFails = false): ScalingOptions => (
  { endpoints: { Endpoint: { variants: { main: type }, isAsynchronous: true, scales: { minCapacity: 0, maxCapacity: 3 } } }, siblingFails });

test('what a user has set on an asynchronous endpoint at zero outlasts another instance type and a rollback, and their alarm still scales', async () => {
  const [sagemaker, scaling] = [new SageMakerClient(aws.client()), new ApplicationAutoScalingClient(aws.client())];
  expect(await deploy(async('ml.c5.xlarge'))).toMatchObject({ exitCode: 0 });
  const { Endpoints: [{ EndpointName }] = [{ EndpointName: '' }] } = await sagemaker.send(new ListEndpointsCommand({}));
  const target = { ServiceNamespace: 'sagemaker', ScalableDimension: 'sagemaker:variant:DesiredInstanceCount', ResourceId: `endpoint/${EndpointName}/variant/main` } as const;

  const served = async () => {
    await aws.world.clock.settled();
    const { EndpointConfigName, ProductionVariants } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
    const { ProductionVariants: [{ InstanceType }] } = aws.world.region('111111111111', 'us-east-1').sagemaker.state.endpointConfigs.get(EndpointConfigName!)!.input;
    return { InstanceType, CurrentInstanceCount: ProductionVariants![0].CurrentInstanceCount };
  };
  const policies = async () => Object.fromEntries(((await scaling.send(new DescribeScalingPoliciesCommand(target))).ScalingPolicies ?? [])
    .map((policy): [string, ScalingPolicy] => [policy.PolicyName!, policy]));
  const put = async (PolicyName: string, AdjustmentType: 'ExactCapacity' | 'ChangeInCapacity', ScalingAdjustment: number, bound: object) => (await scaling.send(new PutScalingPolicyCommand({
    ...target, PolicyName, PolicyType: 'StepScaling', StepScalingPolicyConfiguration: { AdjustmentType, Cooldown: 0, StepAdjustments: [{ ...bound, ScalingAdjustment }] },
  }))).PolicyARN!;
  const [out, rest] = [await put('out', 'ChangeInCapacity', 2, { MetricIntervalLowerBound: 0 }), await put('rest', 'ExactCapacity', 0, {})];
  await scaling.send(new PutScheduledActionCommand({ ...target, ScheduledActionName: 'nightly', Schedule: 'cron(0 22 * * ? *)', ScalableTargetAction: { MaxCapacity: 1 } }));
  const TOPIC = 'arn:aws:sns:us-east-1:111111111111:topic';
  await cloudwatch('PutMetricAlarm', {
    AlarmName: 'theirs',
    Namespace: 'AWS/SageMaker',
    MetricName: 'HasBacklogWithoutCapacity',
    Dimensions: [{ Name: 'EndpointName', Value: EndpointName }],
    Statistic: 'Average',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    AlarmActions: [TOPIC, out],
    OKActions: [rest],
  });
  const become = (StateValue: string) => cloudwatch('SetAlarmState', { AlarmName: 'theirs', StateValue, StateReason: 'a test' });
  await become('OK');
  expect(await served()).toEqual({ InstanceType: 'ml.c5.xlarge', CurrentInstanceCount: 0 });

  for (const [options, type] of [[async('ml.c5.2xlarge'), 'ml.c5.2xlarge'], [async('ml.c5.4xlarge', true), 'ml.c5.2xlarge']] as const) {
    const before = await policies();
    await deploy(options);
    const after = await policies();
    expect(Object.keys(after).sort()).toEqual(['main-out-of-zero', 'main-target-tracking', 'out', 'rest']);
    expect(after.out.PolicyARN).not.toBe(before.out.PolicyARN);
    expect(after['main-target-tracking'].TargetTrackingScalingPolicyConfiguration).toMatchObject({
      TargetValue: 5, CustomizedMetricSpecification: { MetricName: 'ApproximateBacklogSizePerInstance', Dimensions: [{ Name: 'EndpointName', Value: EndpointName }] },
    });
    expect((await scaling.send(new DescribeScheduledActionsCommand(target))).ScheduledActions).toMatchObject([{ ScheduledActionName: 'nightly' }]);
    const { MetricAlarms: [theirs, own] } = await cloudwatch('DescribeAlarms', { AlarmNames: ['theirs', `InferenceScaling-endpoint/${EndpointName}/variant/main-OutOfZero`] })
      .then(({ MetricAlarms }) => ({ MetricAlarms: MetricAlarms.reverse() }));
    expect(theirs).toMatchObject({ AlarmActions: [TOPIC, after.out.PolicyARN], OKActions: [after.rest.PolicyARN], Threshold: 1 });
    expect(own).toMatchObject({ MetricName: 'HasBacklogWithoutCapacity', AlarmActions: [after['main-out-of-zero'].PolicyARN] });
    await become('INSUFFICIENT_DATA');
    await become('OK');
    expect(await served()).toEqual({ InstanceType: type, CurrentInstanceCount: 0 });
    await become('ALARM');
    expect(await served()).toEqual({ InstanceType: type, CurrentInstanceCount: 2 });
  }

  expect(await cdk(folder, aws.environment(), 'destroy', '--force', '--app', join(folder, '1'))).toMatchObject({ exitCode: 0 });
  const { cloudwatch: { alarms }, ssm, applicationAutoScaling } = aws.world.region('111111111111', 'us-east-1');
  expect([...alarms.keys()]).toEqual(['theirs']);
  expect([applicationAutoScaling.targets.size, [...ssm.parameters.keys()].filter((name) => name.startsWith('/cdk-sagemaker'))]).toEqual([0, []]);
});
