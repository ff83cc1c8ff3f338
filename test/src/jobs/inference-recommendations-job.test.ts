import { CfnParameter, Duration, Size, Tags } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BenchmarkTarget, EndpointCandidate, IInferenceRecommendationsJob, InstanceType, JobType, TrafficPattern } from '../../../src';
import { coerce, violations } from '../../../src/service/constraints';
import { JOB_SHAPES } from '../../../src/service/shapes';
import { ACCOUNT, arn, deployed, idOf, idsOf, jobIn, late, newStack, only, packageIn, permissionsOf, Resource, Resources } from '../../harness/constructs';
import { SCOPE } from '../../harness/place';

const START = 'Custom::InferenceRecommendationsJob';
const WAIT = 'Custom::InferenceRecommendationsJobWait';

function loadTest(maxDuration?: Duration): JobType {
  return JobType.loadTest({
    endpointCandidates: [EndpointCandidate.instance(InstanceType.ML_C5_XLARGE)],
    trafficPattern: TrafficPattern.stairs({ duration: Duration.seconds(300), numberOfSteps: 2, usersPerStep: 1 }),
    maxDuration,
  });
}

function startOf(resources: Resources): Resource {
  return only(resources, START);
}

/** The stages in the order of the wait chain. */
function stagesOf(resources: Resources): Array<[string, Resource]> {
  return idsOf(resources, WAIT).map((id): [string, Resource] => [id, resources[id]]).sort(([, a], [, b]) => a.Properties.Stage - b.Properties.Stage);
}

describe('what is asked of the service', () => {
  test('an instance recommendation is a Default job of its package, nested as in the API', () => {
    const stack = newStack();
    jobIn(stack);
    const resources = deployed(stack);
    expect(startOf(resources).Properties).toEqual({
      ServiceToken: expect.stringContaining('InferenceRecommenderRuntimeStartFunction'),
      ServiceTimeout: '3600',
      SchemaVersion: expect.any(String),
      PaidBenchmark: expect.stringMatching(/^Another value may start a paid job: [0-9a-f]{16}$/),
      Stages: '2',
      Preflight: ['objects', 'quotas'],
      Reuse: 'stack',
      ScopeName: 'AWS::StackName',
      StackKey: SCOPE.StackKey,
      Namespace: SCOPE.Namespace,
      Request: {
        JobType: 'Default',
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/${idOf(resources, 'JobRole')}`,
        JobDescription: 'Shop/Job',
        InputConfig: { ModelPackageVersionArn: arn('sagemaker', 'model-package/models/1') },
      },
    });
  });

  test('description and trigger are passed on; the trigger is no part of the request', () => {
    const stack = newStack();
    jobIn(stack, { description: 'Which instance?', trigger: 'v2' });
    const { Request, Trigger } = startOf(deployed(stack)).Properties;
    expect(Request.JobDescription).toBe('Which instance?');
    expect(Trigger).toBe('v2');
    expect(Request).not.toHaveProperty('Trigger');
  });

  test('a path longer than a description may be is cut to its end', () => {
    const stack = newStack();
    jobIn(stack, {}, 'J'.repeat(200));
    expect(startOf(deployed(stack)).Properties.Request.JobDescription).toBe('J'.repeat(128));
  });

  test('a given role does the job, and none is made', () => {
    const stack = newStack();
    const job = jobIn(stack, { role: Role.fromRoleArn(stack, 'Given', `arn:aws:iam::${ACCOUNT}:role/given`) });
    const resources = deployed(stack);
    expect(startOf(resources).Properties.Request.RoleArn).toBe(`arn:aws:iam::${ACCOUNT}:role/given`);
    expect(Object.keys(resources).filter((id) => id.startsWith('JobRole'))).toEqual([]);
    expect(job.role.roleName).toBe('given');
  });

  test('a job that uses everything breaks none of the API\'s constraints, also once CloudFormation has made strings of its scalars', () => {
    const request = fullRequest();
    expect(members(request)).toEqual([
      'InputConfig.EndpointConfigurations.EnvironmentParameterRanges.CategoricalParameterRanges.Name',
      'InputConfig.EndpointConfigurations.EnvironmentParameterRanges.CategoricalParameterRanges.Value',
      'InputConfig.EndpointConfigurations.InferenceSpecificationName',
      'InputConfig.EndpointConfigurations.InstanceType',
      'InputConfig.EndpointConfigurations.ServerlessConfig.MaxConcurrency',
      'InputConfig.EndpointConfigurations.ServerlessConfig.MemorySizeInMB',
      'InputConfig.JobDurationInSeconds',
      'InputConfig.ModelPackageVersionArn',
      'InputConfig.ResourceLimit.MaxNumberOfTests',
      'InputConfig.ResourceLimit.MaxParallelOfTests',
      'InputConfig.TrafficPattern.Phases.DurationInSeconds',
      'InputConfig.TrafficPattern.Phases.InitialNumberOfUsers',
      'InputConfig.TrafficPattern.Phases.SpawnRate',
      'InputConfig.TrafficPattern.TrafficType',
      'JobDescription',
      'JobType',
      'RoleArn',
      'StoppingConditions.MaxInvocations',
      'StoppingConditions.ModelLatencyThresholds.Percentile',
      'StoppingConditions.ModelLatencyThresholds.ValueInMilliseconds',
    ]);
    const named = { JobName: '0a1b2c3d-01234567-0123456789abcdef', ...request };
    expect(violations(JOB_SHAPES, 'CreateInferenceRecommendationsJobRequest', named)).toEqual([]);
    expect(coerce(JOB_SHAPES, 'CreateInferenceRecommendationsJobRequest', asStrings(request))).toEqual(request);
  });

  test('tokens pass: a value that only the deploy knows is judged there', () => {
    const stack = newStack();
    const parameter = new CfnParameter(stack, 'Why', { default: 'because' });
    jobIn(stack, { description: parameter.valueAsString, trigger: late.text('later') });
    expect(startOf(deployed(stack)).Properties).toMatchObject({ Trigger: 'later', Request: { JobDescription: 'because' } });
  });

  test('a description that is too long is refused by name, length and bound', () => {
    expect(() => jobIn(newStack(), { description: 'd'.repeat(129) })).toThrow(/^`description` must have at most 128 characters, got: 'd{129}'\.$/);
    expect(() => jobIn(newStack(), { description: 'd'.repeat(128) })).not.toThrow();
  });
});

describe('the wait chain', () => {
  test.each<[string, JobType | undefined, number]>([
    ['an instance recommendation', JobType.instanceRecommendation(), 2],
    ['the default job type', undefined, 2],
    ['a load test of the default duration, 2 hours', loadTest(), 4],
    ['a load test of 10 minutes', loadTest(Duration.minutes(10)), 2],
    ['a load test of 5 hours', loadTest(Duration.hours(5)), 8],
  ])('of %s', (_what, jobType, count) => {
    const stack = newStack();
    const job = jobIn(stack, { jobType });
    const resources = deployed(stack);
    const stages = stagesOf(resources);
    expect(stages).toHaveLength(count);
    const names = [idsOf(resources, START)[0], ...stages.map(([id]) => id)];
    stages.forEach(([, { Properties }], index) => expect(Properties).toMatchObject({
      JobName: `${names[index]}.JobName`, Stage: `${index + 1}`, Stages: `${count}`, ServiceTimeout: '3600', SchemaVersion: expect.any(String),
    }));
    expect(stack.resolve(job.jobName)).toEqual({ 'Fn::GetAtt': [names[count], 'JobName'] });
  });

  test('each stage carries what a new attempt needs: the request, the trigger and the tags of the start', () => {
    const stack = newStack();
    Tags.of(jobIn(stack, { trigger: 'v2' })).add('team', 'ml');
    const resources = deployed(stack);
    const { Request, Trigger, Tags: tags } = startOf(resources).Properties;
    stagesOf(resources).forEach(([, { Properties }]) => expect(Properties).toMatchObject({ Request, Trigger, Tags: tags }));
  });

  test('ids of the stages do not depend on how many there are, so that a longer wait only adds stages', () => {
    const ids = (hours: number) => {
      const stack = newStack();
      jobIn(stack, { jobType: loadTest(Duration.hours(hours)) });
      return stagesOf(deployed(stack)).map(([id]) => id);
    };
    const [shorter, longer] = [ids(2), ids(5)];
    expect(longer.slice(0, shorter.length)).toEqual(shorter);
  });

  test('a duration that only the deploy knows is waited for as the longest there is', () => {
    const stack = newStack();
    jobIn(stack, { jobType: loadTest(Duration.seconds(late.number(7200))) });
    expect(stagesOf(deployed(stack))).toHaveLength(8);
  });
});

describe('order', () => {
  test('the start comes after the job\'s role with its policy, so both outlive the job; its own permissions are in the role of its function', () => {
    const stack = newStack();
    jobIn(stack);
    const resources = deployed(stack);
    expect([...startOf(resources).DependsOn!].sort()).toEqual([
      idOf(resources, 'JobRoleDefaultPolicy'), idOf(resources, 'InferenceRecommenderRuntimeWatches'),
    ].sort());
    expect(startOf(resources).Properties.Request.RoleArn).toContain(idOf(resources, 'JobRole'));
  });

  test('the policies of a given role are waited for too', () => {
    const stack = newStack();
    const role = new Role(stack, 'Given', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    const job = jobIn(stack, { role });
    new Bucket(stack, 'Data').grantRead(job);
    const resources = deployed(stack);
    expect(startOf(resources).DependsOn).toContain(idOf(resources, 'GivenDefaultPolicy'));
  });

  test('deleting the start is left to CloudFormation, which stops the job by it', () => {
    const stack = newStack();
    jobIn(stack);
    expect(startOf(deployed(stack))).not.toHaveProperty('DeletionPolicy');
  });
});

describe('tags', () => {
  test('of the job, of the stack and of the app reach the start and every stage; the nearest wins', () => {
    const stack = newStack();
    const job = jobIn(stack);
    Tags.of(stack.node.root).add('owner', 'app');
    Tags.of(stack).add('team', 'stack');
    Tags.of(job).add('team', 'job');
    const resources = deployed(stack);
    for (const { Properties } of [startOf(resources), ...stagesOf(resources).map(([, stage]) => stage)]) {
      expect(Properties.Tags).toEqual([{ Key: 'owner', Value: 'app' }, { Key: 'team', Value: 'job' }]);
    }
  });

  test('can be kept from the job by its resource type', () => {
    const stack = newStack();
    Tags.of(jobIn(stack)).add('team', 'ml', { excludeResourceTypes: [START] });
    expect(startOf(deployed(stack)).Properties).not.toHaveProperty('Tags');
  });
});

describe('grants', () => {
  test('a job is a grantee: what is granted to it is granted to its role', () => {
    const stack = newStack();
    const job: IInferenceRecommendationsJob & { grantPrincipal: any } = jobIn(stack);
    const bucket = new Bucket(stack, 'Data');
    bucket.grantPut(job);
    const resources = deployed(stack);
    expect(permissionsOf(resources, idOf(resources, 'JobRole'))['s3:PutObject'])
      .toEqual([`arn:aws:s3:::${idOf(resources, 'Data').toLowerCase()}/*`]);
  });
});

/** The request of a load test that uses every prop there is. */
function fullRequest(): any {
  const stack = newStack();
  const environment = { OMP_NUM_THREADS: ['1', '2', '4'], WORKERS: ['1'] };
  const role = Role.fromRoleArn(stack, 'Given', `arn:aws:iam::${ACCOUNT}:role/given`);
  jobIn(stack, {
    target: BenchmarkTarget.fromModelPackage(packageIn(stack)),
    role,
    description: 'Everything',
    trigger: 'v1',
    jobType: JobType.loadTest({
      endpointCandidates: [
        EndpointCandidate.instance(InstanceType.ML_C5_XLARGE, { inferenceSpecificationName: 'tuned', environment }),
        EndpointCandidate.serverless({ memorySize: Size.gibibytes(6), maxConcurrency: 200 }),
      ],
      trafficPattern: TrafficPattern.phases([
        { initialNumberOfUsers: 1, spawnRate: 0, duration: Duration.minutes(2) },
        { initialNumberOfUsers: 2, spawnRate: 3, duration: Duration.minutes(5) },
      ]),
      maxDuration: Duration.hours(5),
      maxNumberOfTests: 10,
      maxParallelOfTests: 3,
      maxInvocations: 30_000,
      modelLatencyThreshold: { value: Duration.millis(100) },
    }),
  });
  return startOf(deployed(stack)).Properties.Request;
}

/** The paths to everything that is set, without the places in lists. */
function members(value: any, path: string[] = []): string[] {
  if (typeof value !== 'object') { return [path.join('.')]; }
  const inner = Object.entries(value).flatMap(([name, part]) => members(part, Array.isArray(value) ? path : [...path, name]));
  return [...new Set(inner)].sort();
}

function asStrings(value: any): any {
  if (Array.isArray(value)) { return value.map(asStrings); }
  if (typeof value === 'object') { return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asStrings(inner)])); }
  return String(value);
}
