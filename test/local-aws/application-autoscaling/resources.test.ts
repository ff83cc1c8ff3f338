import { Bench, template } from '../cloudformation/bench';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const endpoint = { 'Fn::GetAtt': ['Endpoint', 'EndpointName'] };

/** An endpoint that scales, as templates have it: numbers may be strings. */
function app({ instanceType = 'ml.c5.xlarge', target = {}, policy = {}, scaling = true }: any = {}): any {
  return template({
    Model: { Type: 'AWS::SageMaker::Model', Properties: { PrimaryContainer: { Image: 'image' } } },
    Config: {
      Type: 'AWS::SageMaker::EndpointConfig',
      Properties: {
        ProductionVariants: [{
          VariantName: 'main', ModelName: { 'Fn::GetAtt': ['Model', 'ModelName'] }, InstanceType: instanceType, InitialInstanceCount: 1, InitialVariantWeight: 1,
        }],
      },
    },
    Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointName: 'live', EndpointConfigName: { 'Fn::GetAtt': ['Config', 'EndpointConfigName'] } } },
    ...scaling && {
      Target: {
        Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
        Properties: {
          ServiceNamespace: 'sagemaker',
          ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
          ResourceId: { 'Fn::Sub': ['endpoint/${Name}/variant/main', { Name: endpoint }] },
          MinCapacity: '1',
          MaxCapacity: 4,
          ...target,
        },
      },
      Policy: {
        Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
        Properties: {
          PolicyName: 'track',
          PolicyType: 'TargetTrackingScaling',
          ScalingTargetId: { Ref: 'Target' },
          TargetTrackingScalingPolicyConfiguration: {
            TargetValue: '70.5', PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
          },
          ...policy,
        },
      },
    },
  });
}

const targets = () => [...bench.region.applicationAutoScaling.targets.values()];
const policies = () => [...bench.region.applicationAutoScaling.policies.values()];

test('a target and its policy are made, told by their Refs, and go with their stack', async () => {
  const stack = await bench.deploy('s', app({ target: { Tags: [{ Key: 'a', Value: '1' }] } }), { Tags: [{ Key: 'b', Value: '2' }] });
  expect(stack.resources.get('Target')!.physicalId).toBe('endpoint/live/variant/main|sagemaker:variant:DesiredInstanceCount|sagemaker');
  expect(stack.resources.get('Policy')!.physicalId).toBe(policies()[0].arn);
  expect(targets()).toMatchObject([{ min: 1, max: 4, tags: { a: '1', b: '2' } }]);
  expect(policies()[0].input.TargetTrackingScalingPolicyConfiguration.TargetValue).toBe(70.5);
  await bench.op('DeleteStack', { StackName: 's' });
  expect(bench.told(stack).at(-1)).toBe('DELETE_COMPLETE');
  expect([...targets(), ...policies()]).toEqual([]);
});

test('bounds, tags and targets change in place', async () => {
  const stack = await bench.deploy('s', app({ target: { Tags: [{ Key: 'a', Value: '1' }] } }));
  const [{ arn }] = policies();
  await bench.deploy('s', app({
    target: { MaxCapacity: 9 },
    policy: {
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 10, CustomizedMetricSpecification: { MetricName: 'm', Namespace: 'n', Statistic: 'Average', Dimensions: [{ Name: 'd', Value: 'v' }] },
      },
    },
  }));
  expect(stack.status).toBe('UPDATE_COMPLETE');
  expect(targets()).toMatchObject([{ min: 1, max: 9, tags: {} }]);
  expect(policies()).toMatchObject([{ arn, input: { TargetTrackingScalingPolicyConfiguration: { TargetValue: 10 } } }]);
});

test('a policy of another name replaces the old one', async () => {
  await bench.deploy('s', app());
  await bench.deploy('s', app({
    policy: {
      PolicyName: 'other',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 5, PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantConcurrentRequestsPerModelHighResolution' },
      },
    },
  }));
  expect(policies().map(({ input }) => input.PolicyName)).toEqual(['other']);
});

test('an endpoint whose registered variant would change its instance type fails its update, and the stack rolls back', async () => {
  const stack = await bench.deploy('s', app());
  await bench.deploy('s', app({ instanceType: 'ml.c5.2xlarge' }));
  expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stack.events.find(({ status }) => status === 'UPDATE_FAILED')!.reason).toContain('would change from ml.c5.xlarge to ml.c5.2xlarge');
  expect(targets()).toHaveLength(1);
});

test('an endpoint that is deregistered first rolls over, and is registered again', async () => {
  await bench.deploy('s', app());
  await bench.deploy('s', app({ scaling: false }));
  await bench.deploy('s', app({ scaling: false, instanceType: 'ml.c5.2xlarge' }));
  const stack = await bench.deploy('s', app({ instanceType: 'ml.c5.2xlarge' }));
  expect(stack.status).toBe('UPDATE_COMPLETE');
  expect(targets()).toHaveLength(1);
  expect(policies()).toHaveLength(1);
});

test('a target has scheduled actions, which change and go with the template', async () => {
  const action = (ScheduledActionName: string, more: object = {}) => (
    { ScheduledActionName, Schedule: 'cron(0 6 * * ? *)', EndTime: '2030-01-01T00:00:00Z', ScalableTargetAction: { MinCapacity: '2' }, ...more });
  const actions = () => [...bench.region.applicationAutoScaling.scheduledActions.values()].map(({ input }) => input);
  await bench.deploy('s', app({ target: { ScheduledActions: [action('a'), action('b')] } }));
  expect(actions()).toMatchObject([{ ScheduledActionName: 'a', EndTime: new Date('2030-01-01T00:00:00Z'), ScalableTargetAction: { MinCapacity: 2 } }, { ScheduledActionName: 'b' }]);
  await bench.deploy('s', app({ target: { ScheduledActions: [action('b', { Schedule: 'rate(2 days)' })] } }));
  expect(actions()).toMatchObject([{ ScheduledActionName: 'b', Schedule: 'rate(2 days)' }]);
});

test.each<[object, string]>([
  [{ target: { ScheduledActions: [{ ScheduledActionName: 'n', Schedule: 'rate(1 day)' }] } }, 'Schedule and ScalableTargetAction are required'],
  [{ target: { MinCapacity: 5 } }, 'MinCapacity must not be greater than MaxCapacity'],
  [{ target: { ResourceId: 'endpoint/other/variant/main' } }, 'No SageMaker endpoint found for resource ID: endpoint/other/variant/main'],
  [{ policy: { PolicyType: 'PredictiveScaling' } }, 'got: PredictiveScaling'],
])('%j fails the stack', async (written, reason) => {
  const stack = await bench.deploy('s', app(written));
  expect(stack.status).toBe('ROLLBACK_COMPLETE');
  expect(stack.events.find(({ status }) => status === 'CREATE_FAILED')!.reason).toContain(reason);
  expect([...targets(), ...policies()]).toEqual([]);
});

test('what is gone already is deleted', async () => {
  const stack = await bench.deploy('s', app());
  bench.region.applicationAutoScaling.deregister('endpoint/live/variant/main');
  await bench.op('DeleteStack', { StackName: 's' });
  expect(bench.told(stack).at(-1)).toBe('DELETE_COMPLETE');
});
