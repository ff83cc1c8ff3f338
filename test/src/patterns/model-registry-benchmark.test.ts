import { App, CfnOutput, Duration, Lazy, Stack, Tags } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { parsePattern } from '../../../local-aws/events/pattern';
import { EndpointCandidate, InstanceType, JobType, Model, ModelPackage, ModelPackageGroup, ModelRegistryBenchmark, ModelRegistryBenchmarkProps } from '../../../src';
import { BENCHMARK_SKIPPED, EVENT_SOURCE, JOB_STATE_CHANGE, RECOMMENDATION_CHANGE } from '../../../src/contract/events';
import { arn, deployed, idOf, newStack, ofType, only, permissionsOf, Resources, sorted, STACK_ID } from '../../harness/constructs';
import { SCOPE } from '../../harness/place';

const PATH = '/shop/registry';

function registry(props: Partial<ModelRegistryBenchmarkProps> = {}, stack = newStack(), id = 'Registry'): ModelRegistryBenchmark {
  return new ModelRegistryBenchmark(stack, id, {
    modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, `${id === 'Registry' ? '' : id}Group`, 'models'),
    parameterPath: PATH,
    fallback: { instanceType: InstanceType.ML_M5_LARGE },
    ...props,
  });
}

function resourcesOf(props: Partial<ModelRegistryBenchmarkProps> = {}): Resources {
  return deployed(Stack.of(registry(props)));
}

function rule(resources: Resources, id: string) {
  return resources[idOf(resources, `Registry${id}`)];
}

/** What a rule sends, with its placeholders as texts. */
function sent({ Properties: { Targets: [{ InputTransformer }] } }: Resources[string]): any {
  return JSON.parse(InputTransformer.InputTemplate.replace(/<([\w-]+)>/g, (_all: string, name: string) => JSON.stringify(InputTransformer.InputPathsMap[name])));
}

describe('an approval', () => {
  test('sends all that the function needs to know', () => {
    const resources = resourcesOf({ maxJobsPerMonth: 4, jobType: JobType.instanceRecommendation() });
    expect(sent(rule(resources, 'Approved'))).toEqual({
      eventId: '$.id',
      time: '$.time',
      packageArn: '$.detail.ModelPackageArn',
      registry: {
        ...SCOPE,
        ScopeName: 'AWS::StackName',
        Family: 'InferenceRecommendations',
        StackId: STACK_ID,
        LogicalResourceId: idOf(resources, 'Registry'),
        ModelPackageGroupName: 'models',
        Request: {
          JobType: 'Default',
          JobDescription: 'Shop/Registry',
          InputConfig: { ModelPackageVersionArn: arn('sagemaker', 'model-package/models/*') },
          RoleArn: `arn:aws:iam::111111111111:role/${idOf(resources, 'RegistryRole')}`,
        },
        Preflight: ['objects', 'quotas'],
        Recommendations: [{
          SchemaVersion: expect.any(String),
          LogicalResourceId: idOf(resources, 'RegistryJobsRecommendation'),
          Objective: 'LowestCostPerInference',
          Family: 'InferenceRecommendations',
          EndpointType: 'RealTime',
          Fallback: { InstanceType: 'ml.m5.large', InitialInstanceCount: '1' },
          ParameterPath: PATH,
          PendingPath: `${PATH}/pending`,
          InBackground: 'true',
          Namespace: SCOPE.Namespace,
        }],
        SlotsPath: only(resources, 'Custom::InferenceRecommendationsJobApprovals').Properties.SlotsPath,
        StateMachineArn: arn('states', `stateMachine:${idOf(resources, 'InferenceRecommenderRuntimeFollowingWait')}`),
      },
    });
  });

  test('is one of this group, and no other change', () => {
    const matches = parsePattern(JSON.stringify(rule(resourcesOf(), 'Approved').Properties.EventPattern));
    const event = (detail: object) => ({
      'source': 'aws.sagemaker', 'detail-type': 'SageMaker Model Package State Change', 'detail': { ModelPackageGroupName: 'models', ModelApprovalStatus: 'Approved', ...detail },
    });
    const judged = [
      {}, { UpdatedModelPackageFields: ['ModelApprovalStatus', 'ApprovalDescription'] }, { UpdatedModelPackageFields: ['CustomerMetadataProperties'] },
      { ModelApprovalStatus: 'PendingManualApproval' }, { ModelApprovalStatus: 'Rejected' }, { ModelPackageGroupName: 'others' },
    ].map((detail) => matches(event(detail)));
    expect(judged).toEqual([true, true, false, false, false, false]);
  });

  test('has the tags of the construct, and says whether results are adopted', () => {
    const stack = newStack();
    Tags.of(registry({ adoptsResults: true }, stack)).add('team', 'ml');
    const { registry: { Tags: tags, Recommendations: [recommendation] } } = sent(rule(deployed(stack), 'Approved'));
    expect([tags, recommendation.Adopts]).toEqual([[{ Key: 'team', Value: 'ml' }], 'true']);
  });

  test('fits into what a rule can send, with a request of many candidates', () => {
    const resources = resourcesOf({
      jobType: JobType.loadTest({ endpointCandidates: [...Array(10)].map(() => EndpointCandidate.instance(InstanceType.ML_C5_XLARGE)) } as any),
      limits: { maxModelLatency: 1, maxCostPerHour: 1, refusedInstanceTypes: [InstanceType.ML_C5_LARGE] },
    });
    // Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
    expect(rule(resources, 'Approved').Properties.Targets[0].InputTransformer.InputTemplate.length).toBeLessThan(8192);
  });
});

test('a renewal comes every so many days, and names no version', () => {
  const resources = resourcesOf({ renewEvery: Duration.days(30) });
  const { Properties } = rule(resources, 'Renewal');
  expect(Properties.ScheduleExpression).toBe('rate(30 days)');
  const { registry: given, ...more } = sent(rule(resources, 'Renewal'));
  expect([given, more]).toEqual([sent(rule(resources, 'Approved')).registry, { eventId: '$.id', time: '$.time', packageArn: '' }]);
  expect(ofType(resourcesOf(), 'AWS::Events::Rule')).toHaveLength(1);
});

test('rules go before what closes the month, that before what stops the jobs, and that before the role and the recommendation', () => {
  const resources = resourcesOf({ renewEvery: Duration.days(1) });
  const [own, approvals] = [idOf(resources, 'Registry'), idOf(resources, 'RegistryApprovals')];
  expect(['Approved', 'Renewal'].map((id) => rule(resources, id).DependsOn)).toEqual([[approvals], [approvals]]);
  expect(resources[approvals].DependsOn).toEqual(
    expect.arrayContaining([own, ...['RulesRole', 'ApprovalsPolicy'].map((id) => idOf(resources, `InferenceRecommenderRuntime${id}`))]));
  expect(resources[own].DependsOn).toEqual(expect.arrayContaining(['RegistryRole', 'RegistryJobsRecommendation'].map((id) => idOf(resources, id))));
});

test.each([
  [{ renewEvery: Duration.days(0) }, '`renewEvery` must be'],
  [{ renewEvery: Duration.hours(1) }, 'cannot be converted into a whole number of days'],
  [{ maxJobsPerMonth: 0 }, '`maxJobsPerMonth` must be'],
  [{ fallback: undefined }, '`fallback` or `startFrom` is required if the job runs in the background'],
])('%j is refused', (props, message) => {
  expect(() => registry(props)).toThrow(message);
});

test('each registry counts for itself, below a path that no other stack has', () => {
  const stack = newStack();
  for (const id of ['One', 'Two']) { registry({ parameterPath: `${PATH}/${id}` }, stack, id); }
  const paths = ofType(deployed(stack), 'Custom::InferenceRecommendationsJobApprovals').map(({ Properties }) => Properties.SlotsPath);
  expect([paths.length, new Set(paths).size]).toEqual([2, 2]);
  for (const path of paths) { expect(path).toMatch(/^\/cdk-sagemaker-inference-recommender\/registries\.0a1b2c3d\/[0-9a-f]{8}$/); }
});

test.each([[{}, 25], [{ renewEvery: Duration.days(1) }, 26]])('a stack with a registry alone (%j) has so many resources: %i', (props, count) => {
  expect(Object.keys(resourcesOf(props))).toHaveLength(count);
});

describe('permissions', () => {
  const resources = resourcesOf();
  const approve = sorted(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeApproveRole')));
  const start = sorted(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeStartRole')));
  const machine = arn('states', `stateMachine:${idOf(resources, 'InferenceRecommenderRuntimeFollowingWait')}`);

  test('the function may look at versions of the group, and start jobs of its own', () => {
    expect(approve['sagemaker:DescribeModelPackage']).toEqual([arn('sagemaker', 'model-package/models/*')]);
    expect(approve['sagemaker:CreateInferenceRecommendationsJob']).toEqual([arn('sagemaker', 'inference-recommendations-job/d07afaab-*')]);
    expect(approve['states:StartExecution']).toEqual([machine]);
    expect(approve['ssm:PutParameter']).toEqual([arn('ssm', 'parameter/cdk-sagemaker-inference-recommender/registries.0a1b2c3d/*')]);
  });

  test('the function that serves deploys has none of them', () => {
    expect([start['sagemaker:DescribeModelPackage'], start['sagemaker:ListModelPackages'], start['iam:PassRole'], start['ssm:PutParameter']])
      .toEqual([undefined, undefined, undefined, undefined]);
    expect(start['states:StartExecution']).toEqual([arn('states', `stateMachine:${idOf(resources, 'InferenceRecommenderRuntimeWait')}`)]);
  });

  test('its rules start executions of one machine, and invoke nothing', () => {
    const role = idOf(resources, 'InferenceRecommenderRuntimeRulesRole');
    expect(permissionsOf(resources, role)).toEqual({ 'states:StartExecution': [machine] });
    expect(resources[role].Properties.AssumeRolePolicyDocument.Statement).toEqual(
      [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } }]);
    expect(ofType(resources, 'AWS::Lambda::Permission')).toEqual([]);
    const targets = ofType(resources, 'AWS::Events::Rule').flatMap(({ Properties }) => Properties.Targets.map(({ Arn, RoleArn }: any) => [Arn, RoleArn]));
    expect(targets).toEqual([[machine, `arn:aws:iam::111111111111:role/${role}`]]);
  });

  test('what is written is below the path', () => {
    const recommend = sorted(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeRecommendRole')));
    expect(recommend['ssm:PutParameter']).toEqual([arn('ssm', `parameter${PATH}/*`)]);
    expect(recommend['ssm:GetParametersByPath']).toEqual([PATH, `${PATH}/*`].map((path) => arn('ssm', `parameter${path}`)));
  });

  test('the jobs\' role reads what it is granted', () => {
    const stack = newStack();
    Bucket.fromBucketName(stack, 'Models', 'models').grantRead(registry({}, stack));
    const given = permissionsOf(deployed(stack), idOf(deployed(stack), 'RegistryRole'));
    expect(given['s3:GetObject*']).toEqual(['arn:aws:s3:::models', 'arn:aws:s3:::models/*']);
    expect(given['sagemaker:DescribeModelPackage']).toEqual([arn('sagemaker', 'model-package/models/*')]);
  });
});

test.each([
  ['onRecommendationChange', RECOMMENDATION_CHANGE, 'RegistryJobsRecommendation'],
  ['onStateChange', JOB_STATE_CHANGE, 'Registry'],
  ['onSkipped', BENCHMARK_SKIPPED, 'Registry'],
] as const)('%s is a rule for this registry', (method, detailType, id) => {
  const stack = newStack();
  registry({}, stack)[method]('Rule');
  const resources = deployed(stack);
  const patterns = ofType(resources, 'AWS::Events::Rule').map(({ Properties }) => Properties.EventPattern).filter(({ source }) => source[0] === EVENT_SOURCE);
  expect(patterns).toEqual([
    { 'source': [EVENT_SOURCE], 'detail-type': [detailType], 'detail': { StackId: [STACK_ID], LogicalResourceId: [idOf(resources, id)] } },
  ]);
});

test('a model of the recommendation is of the version that was benchmarked, before that of the initial one', () => {
  const stack = newStack();
  const initialModelPackage = ModelPackage.fromModelPackageArn(stack, 'Initial', arn('sagemaker', 'model-package/models/1'));
  const { recommendation } = registry({ initialModelPackage }, stack);
  new Model(stack, 'Model', { recommendation });
  const resources = deployed(stack);
  expect(only(resources, 'Custom::InferenceRecommendationModel').Properties.ModelPackageName).toBe(`${idOf(resources, 'RegistryJobsRecommendation')}.ModelPackageArn`);
  expect(only(resources, 'Custom::InferenceRecommendation').Properties.Fallback.ModelPackageArn).toBe(arn('sagemaker', 'model-package/models/1'));
});

test('without jobs nothing listens, and the recommendation is the fallback of the initial version', () => {
  const app = new App({ analyticsReporting: false, context: { 'cdk-sagemaker-inference-recommender:withoutJobs': true } });
  const stack = new Stack(app, 'Shop');
  const initialModelPackage = ModelPackage.fromModelPackageArn(stack, 'Initial', arn('sagemaker', 'model-package/models/1'));
  const benchmark = registry({ initialModelPackage, renewEvery: Duration.days(1) }, stack);
  expect(ofType(deployed(stack), 'AWS::Events::Rule')).toEqual([]);
  expect(stack.resolve([benchmark.recommendation.modelPackageArn, benchmark.recommendation.instanceType])).toEqual([
    arn('sagemaker', 'model-package/models/1'), 'ml.m5.large',
  ]);
});

test('synth twice gives the same template', () => {
  const text = () => JSON.stringify(resourcesOf({ renewEvery: Duration.days(7) }));
  expect(text()).toBe(text());
});

test('a group\'s name may be known at the deploy only', () => {
  const stack = newStack();
  const modelPackageGroup = ModelPackageGroup.fromModelPackageGroupName(stack, 'Late', Lazy.string({ produce: () => 'late' }));
  new CfnOutput(stack, 'JobName', { value: registry({ modelPackageGroup }, stack).recommendation.jobName });
  expect(rule(deployed(stack), 'Approved').Properties.EventPattern.detail.ModelPackageGroupName).toEqual([{ 'equals-ignore-case': 'late' }]);
});
