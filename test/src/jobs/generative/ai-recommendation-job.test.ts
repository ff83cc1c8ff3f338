import { CfnParameter, Duration, RemovalPolicy, Stack, Tags, Token } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  AIRecommendationJob, AIRecommendationJobProps, GenerativeModelSource, InstanceType, JobReuse, ModelPackageGroup, PerformanceTarget, Wait,
} from '../../../../src';
import { stageCount } from '../../../../src/contract/waiting';
import { arn, deployed, idOf, idsOf, late, newStack, only, permissionsOf, Resources } from '../../../harness/constructs';
import { warningsOf } from '../../../harness/endpoints';
import { chatIn, namedBucket, recommendationJobIn } from '../../../harness/generative';
import { SCOPE, STACK_ID } from '../../../harness/place';

const [START, WAIT] = ['Custom::AIRecommendationJob', 'Custom::AIRecommendationJobWait'];
const group = (stack: Stack) => ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'chat');

function made(make: (stack: Stack) => Partial<AIRecommendationJobProps> = () => ({}), env?: { account: string; region: string }): Resources {
  const stack = newStack({ env });
  recommendationJobIn(stack, make(stack));
  return deployed(stack);
}

const startFunction = (resources: Resources) => permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeStartRole'));
const waitEndFunction = (resources: Resources) => permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeWaitEndRole'));

test('the start resource has all that the function needs, with the family\'s type', () => {
  expect(only(made(), START).Properties).toEqual({
    ServiceToken: expect.stringContaining('InferenceRecommenderRuntimeStartFunction'),
    ServiceTimeout: '3600',
    SchemaVersion: expect.any(String),
    PaidBenchmark: expect.stringMatching(/^Another value may start a paid job: [0-9a-f]{16}$/),
    Preflight: ['objects', 'quotas'],
    MaxSeconds: `${6 * 3600}`,
    Stages: `${stageCount(6 * 3600)}`,
    ReadsObjects: 'true',
    ...SCOPE,
    ScopeName: 'AWS::StackName',
    Request: expect.any(Object),
  });
});

test.each<[string, Duration | undefined, number]>([
  ['6 hours by default', undefined, 6 * 3600],
  ['15 minutes', Duration.minutes(15), 900],
  ['20 hours', Duration.hours(20), 72_000],
])('the stages follow from the longest time: %s', (_what, maxDuration, seconds) => {
  const resources = made(() => ({ maxDuration }));
  const stages = idsOf(resources, WAIT).map((id) => resources[id].Properties);
  expect(stages).toHaveLength(stageCount(seconds));
  stages.forEach((stage) => expect(stage).toMatchObject({ MaxSeconds: `${seconds}`, JobLogicalId: idsOf(resources, START)[0] }));
});

test.each<[string, Duration]>([['too short', Duration.minutes(14)], ['too long', Duration.hours(21)]])('a longest time that is %s is refused', (_what, maxDuration) => {
  expect(() => made(() => ({ maxDuration }))).toThrow(/^`maxDuration` must be between 15 minutes and 20 hours, got: \d+ seconds\.$/);
});

test('a longest time must be known at synthesis', () => {
  expect(() => made(() => ({ maxDuration: Duration.seconds(late.number(3600)) }))).toThrow('`maxDuration` must be known');
});

test('a job in the background has no stages and is followed', () => {
  const resources = made(() => ({ wait: Wait.inBackground() }));
  expect(idsOf(resources, WAIT)).toEqual([]);
  expect(only(resources, START).Properties).not.toHaveProperty('Stages');
  expect(only(resources, 'Custom::AIRecommendationJobFollow').Properties.JobName).toBe(`${idsOf(resources, START)[0]}.JobName`);
});

test('the job depends on its workload, so that it is deleted first', () => {
  const stack = newStack();
  recommendationJobIn(stack, { workload: chatIn(stack) });
  const { Request } = stack.resolve((stack.node.findChild('Job').node.findChild('Resource') as any)._cfnProperties);
  expect(JSON.stringify(Request.AIWorkloadConfigIdentifier)).toContain('Chat');
});

test('tags are of the user, and trigger, reuse and a role of yours are passed on', () => {
  const stack = newStack();
  const role = new Role(stack, 'Own', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
  const job = recommendationJobIn(stack, { trigger: 'again', reuse: JobReuse.CONSTRUCT, role });
  Tags.of(job).add('team', 'shop');
  const resources = deployed(stack);
  expect(only(resources, START).Properties).toMatchObject({
    Tags: [{ Key: 'team', Value: 'shop' }], Trigger: 'again', Reuse: 'construct', Preflight: ['objects', 'role', 'quotas'],
  });
  expect(startFunction(resources)['iam:GetRole']).toEqual([resources && `arn:aws:iam::111111111111:role/${idOf(resources, 'Own')}`]);
  expect(Object.keys(resources).filter((id) => id.startsWith('JobRole'))).toEqual([]);
});

describe('who deletes the packages', () => {
  const TAG = { Key: 'InferenceRecommender:DeletePackages', Value: 'true' };
  const versions = [arn('sagemaker', 'model-package/chat/*')];

  test('by default nobody: there is no tag, and no permission', () => {
    const resources = made((stack) => ({ modelPackageGroup: group(stack) }));
    expect(only(resources, START).Properties).not.toHaveProperty('Tags');
    [startFunction(resources), waitEndFunction(resources)].forEach((permissions) => expect(permissions).not.toHaveProperty('sagemaker:DeleteModelPackage'));
  });

  test('with DESTROY a tag tells both functions that delete jobs, and their policies outlive the job', () => {
    const resources = made((stack) => ({ modelPackageGroup: group(stack), packageRemovalPolicy: RemovalPolicy.DESTROY }));
    const start = only(resources, START);
    expect(start.Properties.Tags).toEqual([TAG]);
    [startFunction(resources), waitEndFunction(resources)].forEach((permissions) => expect(permissions['sagemaker:DeleteModelPackage']).toEqual(versions));
    const policies = Object.keys(resources).filter((id) => id.startsWith('JobPackagesPolicy'));
    expect(policies).toHaveLength(2);
    expect(start.DependsOn).toEqual(expect.arrayContaining(policies));
  });

  test('DESTROY needs a group, which limits the permission', () => {
    expect(() => made(() => ({ packageRemovalPolicy: RemovalPolicy.DESTROY }))).toThrow('so `modelPackageGroup` is required');
  });
});

describe('the cost', () => {
  const types = [InstanceType.ML_G5_XLARGE];
  const env = { account: '111111111111', region: 'us-east-1' };

  test('a limit above the estimate is passed on', () => {
    expect(only(made(() => ({ instanceTypes: types, maxCost: 100 }), env), START).Properties.MaxCost).toBe('100');
  });

  test.each<[string, Partial<AIRecommendationJobProps>, string]>([
    ['too dear', { instanceTypes: types, maxCost: 1 }, 'The job may cost 8.45 USD (at most 360 minutes on ml.g5.xlarge), and `maxCost` is 1.00 USD'],
    ['a shorter one', { instanceTypes: types, maxCost: 1, maxDuration: Duration.hours(1) }, 'The job may cost 1.41 USD (at most 60 minutes on ml.g5.xlarge)'],
    ['no list of types', { maxCost: 1 }, 'list the types in `instanceTypes`'],
    ['not above 0', { maxCost: 0, instanceTypes: types }, '`maxCost` must be above 0 USD, got: 0.'],
  ])('%s is refused', (_what, props, sentence) => {
    expect(() => made(() => props, env)).toThrow(sentence);
  });

  test('where the Region or a type is a token, the deploy decides', () => {
    expect(only(made(() => ({ instanceTypes: types, maxCost: 1 })), START).Properties.MaxCost).toBe('1');
    expect(only(made((stack) => ({ instanceTypes: [InstanceType.of(new CfnParameter(stack, 'Type').valueAsString)], maxCost: 1 }), env), START).Properties.MaxCost).toBe('1');
    expect(only(made(() => ({ instanceTypes: types, maxCost: Token.asNumber({ Ref: 'Most' }) }), env), START).Properties).toHaveProperty('MaxCost');
  });
});

describe('what the start function may read', () => {
  test('the workload, the lists of the model\'s prefix and of the results\', and nothing of S3 besides', () => {
    const permissions = startFunction(made());
    expect(permissions['s3:ListBucket']).toEqual([
      'arn:aws:s3:::models if {"StringEquals":{"s3:prefix":["chat/"]}}', 'arn:aws:s3:::results if {"StringEquals":{"s3:prefix":["Shop-Job-819B92C5/"]}}',
    ]);
    expect(Object.keys(permissions).filter((action) => action.startsWith('s3:'))).toEqual(['s3:ListBucket']);
    expect(permissions['sagemaker:DescribeAIWorkloadConfig']).toEqual([arn('sagemaker', 'ai-workload-config/chat')]);
  });

  test('without the check, only what tells the model apart', () => {
    const permissions = startFunction(made(() => ({ preflight: { objects: false, quotas: false } })));
    expect(permissions['s3:ListBucket']).toEqual(['arn:aws:s3:::models if {"StringEquals":{"s3:prefix":["chat/"]}}']);
    expect(permissions).not.toHaveProperty('servicequotas:ListServiceQuotas');
  });

  test('it deletes, stops and tags only jobs that its stack claims', () => {
    const permissions = startFunction(made());
    for (const action of ['DeleteAIRecommendationJob', 'StopAIRecommendationJob', 'DeleteTags']) {
      expect(permissions[`sagemaker:${action}`].length).toBeGreaterThan(0);
      permissions[`sagemaker:${action}`].forEach((resource) => (
        expect(resource).toMatch(new RegExp(`:ai-recommendation-job/.* if .*cdk-sagemaker-inference-recommender:stack:${SCOPE.StackKey}":"${STACK_ID}`))));
    }
  });
});

describe('what is shown in a diff', () => {
  const paid = (make: (stack: Stack) => Partial<AIRecommendationJobProps>) => only(made(make), START).Properties.PaidBenchmark;
  const plain = paid(() => ({}));

  test.each<[string, (stack: Stack) => Partial<AIRecommendationJobProps>]>([
    ['an output', (stack) => ({ outputBucket: namedBucket(stack, 'other'), outputPrefix: 'x' })],
    ['a longest time', () => ({ maxDuration: Duration.hours(1) })],
    ['MLflow', () => ({ mlflow: { mlflowAppArn: arn('sagemaker', 'mlflow-app/app-1') } })],
    ['checks', () => ({ preflight: { objects: false } })],
  ])('%s starts no job', (_what, make) => {
    expect(paid(make)).toBe(plain);
  });

  test.each<[string, (stack: Stack) => Partial<AIRecommendationJobProps>]>([
    ['a model', (stack) => ({ model: GenerativeModelSource.fromBucket(namedBucket(stack), 'other') })],
    ['a target', () => ({ performanceTarget: PerformanceTarget.cost() })],
    ['types', () => ({ instanceTypes: [InstanceType.ML_G5_XLARGE] })],
    ['a group', (stack) => ({ modelPackageGroup: group(stack) })],
    ['a trigger', () => ({ trigger: 'x' })],
  ])('%s may start one', (_what, make) => {
    expect(paid(make)).not.toBe(plain);
  });

  test('a workload counts by what it says, and not by its name', () => {
    const [first, moved, other] = [['Chat', 10], ['Moved', 10], ['Chat', 20]].map(([id, concurrency]) => (
      paid((stack) => ({ workload: chatIn(stack, id as string, concurrency as number) }))));
    expect(moved).toBe(first);
    expect(other).not.toBe(first);
  });
});

describe('an imported job', () => {
  test('is waited for, and never started, stopped or deleted', () => {
    const stack = newStack();
    const { jobName } = AIRecommendationJob.fromJobName(stack, 'Job', 'found');
    const resources = deployed(stack);
    expect(stack.resolve(jobName)).toEqual({ 'Fn::GetAtt': [idsOf(resources, WAIT).at(-1), 'JobName'] });
    expect(idsOf(resources, START)).toEqual([]);
    expect(only({ one: resources[idsOf(resources, WAIT)[0]] }, WAIT).Properties).toMatchObject({ IsImported: 'true', JobName: 'found' });
    expect(startFunction(resources)['sagemaker:DescribeAIRecommendationJob']).toContain(arn('sagemaker', 'ai-recommendation-job/found'));
  });

  test.each(['', '-x', 'x'.repeat(64)])('a name like %j is refused', (name) => {
    expect(() => AIRecommendationJob.fromJobName(newStack(), 'Job', name)).toThrow(/^`jobName` must /);
  });
});

test('the context that leaves jobs out makes none', () => {
  const stack = newStack();
  stack.node.setContext('cdk-sagemaker-inference-recommender:withoutJobs', true);
  const job = recommendationJobIn(stack);
  expect(job.jobName).toBe('');
  expect(idsOf(deployed(stack), START)).toEqual([]);
});

test.each<[string, PerformanceTarget, string]>([
  ['time to first token', PerformanceTarget.timeToFirstToken(), 'LowestTimeToFirstToken'],
  ['throughput', PerformanceTarget.throughput(), 'HighestOutputTokenThroughput'],
  ['cost', PerformanceTarget.cost(), 'LowestCostPerMillionOutputTokens'],
])('a recommendation without an objective has that of the job: %s', (_what, performanceTarget, objective) => {
  const stack = newStack();
  recommendationJobIn(stack, { performanceTarget, modelPackageGroup: group(stack) }).addRecommendation('Best');
  const resources = deployed(stack);
  const [chosen] = Object.values(resources).filter(({ Properties }) => Properties?.Objective !== undefined);
  expect(chosen.Properties).toMatchObject({ Family: 'AIRecommendation', Objective: objective, JobName: `${idsOf(resources, WAIT).at(-1)}.JobName` });
});

test('rules of events are of the job', () => {
  const stack = newStack();
  const job = recommendationJobIn(stack);
  job.onFailed('Failed');
  job.onCompleted('Completed');
  job.onStateChange('Changed');
  job.onUnread('Unread');
  const resources = deployed(stack);
  const details = idsOf(resources, 'AWS::Events::Rule').map((id) => resources[id].Properties.EventPattern.detail);
  expect(details.map(({ Status }) => Status)).toEqual([['Failed', 'Stopped'], ['Completed'], undefined, undefined]);
  details.forEach((detail) => expect(detail.LogicalResourceId).toEqual([idsOf(resources, START)[0]]));
});

test('a mistyped instance type is a warning', () => {
  const stack = newStack();
  recommendationJobIn(stack, { instanceTypes: [InstanceType.of('ml.g5.xlagre')] });
  expect(warningsOf(stack)).toContain('unknownName');
});
