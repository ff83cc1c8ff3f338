import fc from 'fast-check';
import { aiBenchmarks } from '../../../lambda/jobs/ai-benchmarks/family';
import { outputOf } from '../../../lambda/jobs/ai-job-starter';
import { aiRecommendations } from '../../../lambda/jobs/ai-recommendations/family';
import { jobIds } from '../../../lambda/jobs/identity';
import { attemptName, isJobId, REUSE } from '../../../src/contract/job-name';
import { AI_JOB_SHAPES } from '../../../src/service/ai-shapes';
import { pricesOf } from '../../../src/service/prices';
import { serviceError, TableOfAnswers } from '../../harness/ai-service';
import { ACCOUNT, REGION, ROLE_ARN, STACK_ID } from '../../harness/place';

const RECOMMENDATION = {
  ModelSource: { S3: { S3Uri: 's3://models/chat/' } },
  OutputConfig: { S3OutputLocation: 's3://results/jobs/' },
  AIWorkloadConfigIdentifier: 'load',
  PerformanceTarget: { Constraints: [{ Metric: 'cost' }] },
  ComputeSpec: { InstanceTypes: ['ml.g5.xlarge'] },
  RoleArn: ROLE_ARN,
};
const BENCHMARK = {
  BenchmarkTarget: { Endpoint: { Identifier: 'live' } },
  OutputConfig: { S3OutputLocation: 's3://results/jobs' },
  AIWorkloadConfigIdentifier: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:ai-workload-config/load`,
  RoleArn: ROLE_ARN,
};
const FAMILIES = [
  ['AIRecommendationJob', aiRecommendations, RECOMMENDATION, 'ai-recommendation-job'],
  ['AIBenchmarkJob', aiBenchmarks, BENCHMARK, 'ai-benchmark-job'],
] as const;
const WORKLOAD = { AIWorkloadConfigName: 'load', AIWorkloadConfigs: { WorkloadSpec: { Inline: '{}' } }, CreationTime: new Date() };
const PLACE = { region: REGION, account: ACCOUNT, jobName: 'job' };

describe.each(FAMILIES)('%s', (noun, family, request, arnResource) => {
  test('a job is made under its name, with its tags, and below a prefix of its own', async () => {
    const sagemaker = new TableOfAnswers({ [`Create${noun}`]: () => ({ [`${noun}Arn`]: 'arn:job' }) });
    expect(await family.create(sagemaker.client, 'job', request, [{ Key: 'a', Value: 'b' }])).toEqual({ name: 'job', arn: 'arn:job' });
    expect(sagemaker.asked(`Create${noun}`)).toEqual([{
      ...request, [`${noun}Name`]: 'job', Tags: [{ Key: 'a', Value: 'b' }], OutputConfig: { S3OutputLocation: 's3://results/jobs/job/' },
    }]);
  });

  test.each(['ResourceInUse', 'ConflictException'])('a name that is taken (%s) is the job of an earlier delivery', async (name) => {
    const sagemaker = new TableOfAnswers({
      [`Create${noun}`]: () => { throw serviceError(name); },
      [`Describe${noun}`]: () => ({ [`${noun}Name`]: 'job', [`${noun}Arn`]: 'arn:job', [`${noun}Status`]: 'InProgress' }),
    });
    expect(await family.create(sagemaker.client, 'job', request, [])).toMatchObject({ name: 'job', arn: 'arn:job', isFound: true });
  });

  test('any other refusal is told', async () => {
    const sagemaker = new TableOfAnswers({ [`Create${noun}`]: () => { throw serviceError('ResourceLimitExceeded'); } });
    await expect(family.create(sagemaker.client, 'job', request, [])).rejects.toThrow('ResourceLimitExceeded');
  });

  test('its ARN is that of the service', () => {
    const { pattern } = AI_JOB_SHAPES.AIResourceIdentifier;
    const arn = family.arn({ StackId: STACK_ID }, 'job');
    expect(arn).toBe(`arn:aws:sagemaker:${REGION}:${ACCOUNT}:${arnResource}/job`);
    expect(arn).toMatch(new RegExp(`^(?:${pattern})$`));
  });

  test('lists are read to their end, with the filters', async () => {
    const pages: any = { undefined: ['a', 'InProgress', 'next'], next: ['b', 'Completed', undefined] };
    const sagemaker = new TableOfAnswers({
      [`List${noun}s`]: ({ NextToken }) => {
        const [name, status, token] = pages[`${NextToken}`];
        return { [`${noun}s`]: [{ [`${noun}Name`]: name, [`${noun}Status`]: status, CreationTime: new Date(0) }], NextToken: token };
      },
    });
    const since = new Date('2026-01-01');
    expect(await family.list(sagemaker.client, 'abc', since)).toEqual([
      { name: 'a', phase: 'running', created: new Date(0) }, { name: 'b', phase: 'completed', created: new Date(0) },
    ]);
    expect(sagemaker.asked(`List${noun}s`)[0]).toEqual({ NameContains: 'abc', CreationTimeAfter: since, MaxResults: 100, NextToken: undefined });
  });

  test('a request with a member out of its bounds is refused, with all that is wrong in one sentence', () => {
    expect(() => family.check(request, [])).not.toThrow();
    expect(() => family.check({ ...request, RoleArn: 'role', AIWorkloadConfigIdentifier: '' }, [{ Key: '', Value: '' }]))
      .toThrow(/^The job's request would be refused: .*RoleArn must .*; .*\.$/s);
  });

  test('every name that the library gives fits into 63 characters', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 9999 }), (attempt) => {
      const name = attemptName('0a1b2c3d-0123456789abcdef01234567', attempt);
      expect(name.length).toBeLessThanOrEqual(AI_JOB_SHAPES.AIEntityName.max!);
      expect(name).toMatch(new RegExp(`^(?:${AI_JOB_SHAPES.AIEntityName.pattern})$`));
    }));
  });

  test('the workload is described by its name, also where the request has its ARN', async () => {
    const sagemaker = new TableOfAnswers({ DescribeAIWorkloadConfig: () => WORKLOAD });
    expect(await family.target(sagemaker.client, request)).toEqual({ name: '', described: { AIWorkloadConfigs: WORKLOAD.AIWorkloadConfigs } });
    expect(sagemaker.asked('DescribeAIWorkloadConfig')).toEqual([{ AIWorkloadConfigName: 'load' }]);
  });
});

test('scalars come as text from CloudFormation', () => {
  expect(aiRecommendations.request({ Request: { ...RECOMMENDATION, OptimizeModel: 'false' } })).toMatchObject({ OptimizeModel: false });
});

describe('the ids of a job', () => {
  const idsOf = async (family: typeof aiRecommendations, request: object, {
    reuse = 'stack', workload = WORKLOAD, etags = { 's3://models/chat/': 'prefix-1' }, stack = 'shop',
  }: { reuse?: typeof REUSE[number]; workload?: object; etags?: Record<string, string>; stack?: string } = {}) => jobIds(family, {
    Reuse: reuse,
    Namespace: 'aaaaaaaa',
    StackKey: 'bbbbbbbb',
    ScopeName: stack,
    MadeFor: stack,
    StackId: `arn:aws:cloudformation:us-east-1:111111111111:stack/${stack}/0a1b2c3d-1111-2222-3333-444455556666`,
    LogicalResourceId: 'Job',
    request: request as any,
    target: await family.target(new TableOfAnswers({ DescribeAIWorkloadConfig: () => workload }).client, request as any),
  }, { send: async ({ input: { address } }: any) => etags[address] });

  test('what may be listed is certain: two ids, the first of which others share', async () => {
    const ids = await idsOf(aiRecommendations, RECOMMENDATION, { reuse: 'account' });
    expect(ids.map(isJobId)).toEqual([true, true]);
    expect((await idsOf(aiRecommendations, RECOMMENDATION, { reuse: 'account', stack: 'other' }))[0]).toBe(ids[0]);
  });

  test('what may not be listed is of this construct alone', async () => {
    const ids = await idsOf(aiRecommendations, RECOMMENDATION, { etags: {}, reuse: 'account' });
    expect(ids).toHaveLength(1);
    expect(await idsOf(aiRecommendations, RECOMMENDATION, { etags: {}, reuse: 'account', stack: 'other' })).not.toEqual(ids);
  });

  test('an endpoint is never certain', async () => {
    expect(await idsOf(aiBenchmarks, BENCHMARK)).toHaveLength(1);
  });

  test('files that were overwritten are another job, and a workload that was made anew with the same content is none', async () => {
    const [id] = await idsOf(aiRecommendations, RECOMMENDATION);
    expect((await idsOf(aiRecommendations, RECOMMENDATION, { etags: { 's3://models/chat/': 'prefix-2' } }))[0]).not.toBe(id);
    const renewed = await idsOf(aiRecommendations, { ...RECOMMENDATION, AIWorkloadConfigIdentifier: 'anew' }, { workload: { ...WORKLOAD, AIWorkloadConfigName: 'anew' } });
    expect(renewed).toEqual(await idsOf(aiRecommendations, RECOMMENDATION));
    expect((await idsOf(aiBenchmarks, BENCHMARK))).toEqual(await idsOf(aiBenchmarks, { ...BENCHMARK, AIWorkloadConfigIdentifier: 'anew' }));
    expect((await idsOf(aiBenchmarks, BENCHMARK, { workload: { AIWorkloadConfigs: { WorkloadSpec: { Inline: 'other' } } } as any }))).not.toEqual(await idsOf(aiBenchmarks, BENCHMARK));
  });
});

describe('what a job needs', () => {
  test('a recommendation reads its model and its adapters, and writes its results', () => {
    const request = { ...RECOMMENDATION, AdapterSource: { S3Uris: [{ AdapterId: 'a', S3Uri: 's3://adapters/a/' }] } };
    expect(aiRecommendations.needs!(request, undefined, PLACE)).toMatchObject({
      places: [
        { what: 'model', address: 's3://models/chat/', isRead: true },
        { what: 'adapter', address: 's3://adapters/a/', isRead: true },
        { what: 'output', address: 's3://results/jobs/', isRead: false },
      ],
      tried: { each: [], some: ['ml.g5.xlarge'] },
      roleArn: ROLE_ARN,
      account: ACCOUNT,
      archives: [],
    });
  });

  test('a benchmark writes its results, and tries no type', () => {
    expect(aiBenchmarks.needs!(BENCHMARK, undefined, PLACE)).toMatchObject({
      places: [{ what: 'output', address: 's3://results/jobs/', isRead: false }], tried: { each: [], some: [] },
    });
  });
});

test('the estimate is that of the longest time; without one, or of a benchmark, there is none', () => {
  const hourly = pricesOf(REGION)!.hourly('ml.g5.xlarge')!;
  expect(aiRecommendations.estimate!(RECOMMENDATION, undefined, REGION, 7200)?.usd?.most).toBeCloseTo(2 * hourly);
  expect(aiRecommendations.estimate!(RECOMMENDATION, undefined, REGION)).toBeUndefined();
  expect(aiRecommendations.estimate!(RECOMMENDATION, undefined, 'xx-none-1', 7200)).toBeUndefined();
  expect(aiBenchmarks.estimate).toBeUndefined();
});

test('a prefix is one for each job, with one slash between', () => {
  expect([outputOf('s3://b', 'job'), outputOf('s3://b/', 'job'), outputOf('s3://b/p/', 'job')]).toEqual(['s3://b/job/', 's3://b/job/', 's3://b/p/job/']);
});
