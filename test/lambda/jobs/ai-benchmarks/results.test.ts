import fc from 'fast-check';
import { aiBenchmarksResults } from '../../../../lambda/jobs/ai-benchmarks/results';
import { recommendHandler } from '../../../../lambda/recommend/handler';
import { answerBody, MAX_ANSWER_BYTES } from '../../../../lambda/runtime/answer';
import { serviceError } from '../../../../lambda/runtime/signed';
import { AI_BENCHMARK_ATTRIBUTES } from '../../../../src/contract/ai-benchmark';
import { BenchmarkRun } from '../../../../src/service/aiperf';
import { TableOfAnswers } from '../../../harness/ai-service';
import { archiveOf } from '../../../harness/archives';
import { benchmarkArchive } from '../../../harness/benchmark-archive';

const DESCRIBED = {
  AIBenchmarkJobName: 'job',
  AIBenchmarkJobArn: 'arn:job',
  AIBenchmarkJobStatus: 'Completed',
  CreationTime: new Date('2026-01-01T00:00:00Z'),
  StartTime: new Date('2026-01-01T00:05:00Z'),
  EndTime: new Date('2026-01-01T01:00:00Z'),
  OutputConfig: { S3OutputLocation: 's3://results/job/', CloudWatchLogs: [{ LogGroupArn: 'arn:aws:logs:x:1:log-group:/aws/sagemaker/a', LogStreamName: 's' }] },
};
const ADDRESS = 's3://results/job/bmk-1/output/output.tar.gz';
const RUN: BenchmarkRun = {
  file: 'profile_export_aiperf.json',
  version: '0.8.0',
  models: ['m'],
  requests: 30,
  errors: 1,
  isCancelled: false,
  metrics: [
    { name: 'time_to_first_token', unit: 'ms', stats: { avg: 12.3456789, p99: 34, std: 2 } }, { name: 'output_token_throughput', unit: 'tokens/sec', stats: { avg: 900 } },
    { name: 'gpu_power', unit: 'W', stats: { avg: 300 } },
  ],
};
const logs: any[] = [];

/** With what S3 has, or an error of it. */
type Objects = Readonly<Record<string, Buffer>> | Error;
const results = (described: object, objects: Objects = { [ADDRESS]: benchmarkArchive([RUN]) }) => aiBenchmarksResults.results({
  sagemaker: new TableOfAnswers({ DescribeAIBenchmarkJob: () => described }).client,
  stored: {
    send: async ({ operation, input }: any): Promise<any> => {
      if (objects instanceof Error) { throw objects; }
      return operation === 'ListStored' ? Object.keys(objects).map((address) => ({ address, bytes: objects[address].length })) : objects[input.address];
    },
  },
  log: (entry: any) => logs.push(entry),
} as any, 'job');

test('every attribute is there', async () => {
  expect(await results(DESCRIBED)).toEqual({
    JobName: 'job',
    JobArn: 'arn:job',
    Status: 'Completed',
    CreationTime: '2026-01-01T00:00:00.000Z',
    StartTime: '2026-01-01T00:05:00.000Z',
    EndTime: '2026-01-01T01:00:00.000Z',
    OutputLocation: 's3://results/job/',
    Logs: 'group /aws/sagemaker/a, stream s',
    Archive: ADDRESS,
    RunCount: '1',
    Figures: JSON.stringify([{
      file: 'profile_export_aiperf.json',
      requests: 30,
      errors: 1,
      time_to_first_token: { unit: 'ms', avg: 12.3457, p99: 34 },
      output_token_throughput: { unit: 'tokens/sec', avg: 900 },
    }]),
    Search: '',
    Trouble: '',
  });
});

test('what the service does not say is empty', async () => {
  const { AIBenchmarkJobName, AIBenchmarkJobArn, AIBenchmarkJobStatus } = DESCRIBED;
  const attributes = await results({ AIBenchmarkJobName, AIBenchmarkJobArn, AIBenchmarkJobStatus });
  expect(Object.keys(attributes)).toEqual([...AI_BENCHMARK_ATTRIBUTES]);
  expect(Object.values(attributes).filter((value) => value !== '')).toEqual([
    'job', 'arn:job', 'Completed', '0', '[]', 'The service does not say where the job has written its figures.',
  ]);
});

test('a job that was stopped has no figures, and says why', async () => {
  expect(await results({ ...DESCRIBED, AIBenchmarkJobStatus: 'Stopped' })).toMatchObject({
    RunCount: '0', Status: 'Stopped', Trouble: 'The job ended Stopped: only a completed one has figures.',
  });
});

test('a benchmark recommends nothing', async () => {
  const sagemaker = new TableOfAnswers({ DescribeAIBenchmarkJob: () => DESCRIBED });
  expect(await aiBenchmarksResults.describe(sagemaker.client, 'job')).toMatchObject({ phase: 'completed', recommendations: [] });
});

test.each<[string, Readonly<Record<string, Buffer>> | Error, RegExp]>([
  ['is broken', { [ADDRESS]: benchmarkArchive([RUN]).subarray(0, 200) }, /output\.tar\.gz/],
  ['is of something else', { [ADDRESS]: Buffer.from('no archive') }, /output\.tar\.gz/],
  ['is gone', {}, /^The job job has no output\.tar\.gz at s3:\/\/results\/job\/: .*\.$/],
  ['may not be read', serviceError('AccessDenied', 'S3 refused it.', 403), /^The results may not be read: AccessDenied: S3 refused it; allow .*\.$/],
  ['is in cold storage', serviceError('InvalidObjectState', 'S3 refused it.', 403), /^The results cannot be read: InvalidObjectState: S3 refused it; restore .*\.$/],
  ['has a disabled key', serviceError('KMS.DisabledException', 'S3 refused it.', 400), /^The results cannot be read: KMS\.DisabledException: .*\.$/],
  ['is in another Region', serviceError('PermanentRedirect', 'S3 refused it.', 301), /^The results cannot be read: PermanentRedirect: .*\.$/],
  ['is too large for a function', { [ADDRESS]: Buffer.alloc(16 * 1024 * 1024 + 1) }, /has 16777217 bytes, and at most 16777216 are read: .*`inference-recommender show --from output\.tar\.gz`\.$/],
])('a paid job whose archive %s has its other results, and a sentence', async (_how, objects, sentence) => {
  const { Trouble, Figures, Status } = await results(DESCRIBED, objects);
  expect([Figures, Status]).toEqual(['[]', 'Completed']);
  expect(Trouble).toMatch(sentence);
});

test('an error that may pass is none of the results', async () => {
  await expect(results(DESCRIBED, serviceError('SlowDown', 'slow', 503))).rejects.toThrow('slow');
});

test('a search tells what it found, with the runs of its values, or alone', async () => {
  const history = JSON.stringify({
    iterations: [{}, {}],
    boundary_summary: {
      swept_dim_path: 'phases.profiling.concurrency',
      feasible_max: { value: 256, objective_value: 4172.3 },
      infeasible_min: { value: 512, first_breach: { metric_tag: 'time_to_first_token', stat: 'p95', op: 'lt', threshold: 200, observed: 213.4 } },
    },
  });
  const search = {
    dimension: 'phases.profiling.concurrency', highest: 256, lowestBroken: 512, breach: { metric: 'time_to_first_token', stat: 'p95', limit: 200, observed: 213.4 }, tried: 2,
  };
  const run = JSON.stringify({ request_throughput: { unit: 'req/s', avg: 999 } });
  const iteration = 'search_iter_0000/profile_runs/run_0000/profile_export_aiperf.json';
  for (const files of [<Record<string, string>>{ 'search_history.json': history, [iteration]: run }, { 'search_history.json': history }]) {
    const { Search, RunCount, Trouble } = await results(DESCRIBED, { [ADDRESS]: archiveOf(files) });
    expect([JSON.parse(Search), RunCount, Trouble]).toEqual([search, String(Object.keys(files).length - 1), '']);
  }
});

test('a sweep of many runs fits in an answer, and the log has all of them', async () => {
  const runs = Array.from({ length: 200 }, (_one, at) => ({ ...RUN, file: `concurrency_${at}/profile_export_aiperf.json` }));
  const { Figures, RunCount } = await results(DESCRIBED, { [ADDRESS]: benchmarkArchive(runs) });
  expect(RunCount).toBe('200');
  expect(JSON.parse(Figures).length).toBeGreaterThan(5);
  expect(logs[logs.length - 1].runs).toHaveLength(200);
});

test('an answer fits, with as many figures as it has room for, however long the texts in it are', async () => {
  const text = (most: number) => fc.nat(most).map((length) => 'é'.repeat(length / 2));
  const runs = Array.from({ length: 60 }, (_one, at) => ({ ...RUN, file: `concurrency_${at}/profile_export_aiperf.json` }));
  const history = (dimension: string) => JSON.stringify({ iterations: [], boundary_summary: { swept_dim_path: dimension } });
  const archive = benchmarkArchive(runs);
  const longest = { LogicalResourceId: 'L'.repeat(255), RequestId: 'r'.repeat(36), StackId: `arn:aws-us-gov:cloudformation:us-gov-west-1:111111111111:stack/${'s'.repeat(128)}/${'i'.repeat(36)}` };
  await fc.assert(fc.asyncProperty(text(1000), text(2000), text(4000), fc.constantFrom('runs', 'search', 'gone', 'denied'), async (prefix, stream, long, what) => {
    const location = `s3://${'b'.repeat(63)}/${prefix}/`;
    const address = `${location}output/output.tar.gz`;
    const objects = what === 'denied' ? serviceError('InvalidObjectState', long, 403) : what === 'gone' ? {}
      : { [address]: what === 'runs' ? archive : archiveOf({ 'search_history.json': history(long) }) };
    const described = { ...DESCRIBED, OutputConfig: { S3OutputLocation: location, CloudWatchLogs: [{ LogGroupArn: 'arn:aws:logs:x:1:log-group:/aws/sagemaker/a', LogStreamName: stream }] } };
    const attributes = await results(described, objects);
    const body = answerBody(longest, { status: 'SUCCESS', physicalId: longest.LogicalResourceId, attributes });
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
    expect([attributes.OutputLocation, attributes.Archive]).toEqual([location, what === 'runs' || what === 'search' ? address : '']);
    expect(attributes.Trouble === '').toBe(what === 'runs' || what === 'search');
    // One more does not fit: a run has less than 250 bytes.
    if (what === 'runs') { expect(Buffer.byteLength(body)).toBeGreaterThan(MAX_ANSWER_BYTES - 350); }
  }), { numRuns: 60 });
});

test('a call of S3 that fails for a moment is made again: the job is paid', async () => {
  const answers: any[] = [];
  const failures = [serviceError('InternalError', 'S3 is busy', 500), serviceError('SlowDown', 'Please reduce your request rate', 503)];
  const archive = benchmarkArchive([RUN]);
  await recommendHandler({
    families: [aiBenchmarksResults],
    sagemaker: new TableOfAnswers({ DescribeAIBenchmarkJob: () => DESCRIBED }).client,
    stored: {
      send: async ({ operation }: any) => {
        const failure = failures.pop();
        if (failure) { throw failure; }
        return operation === 'ListStored' ? [{ address: ADDRESS, bytes: archive.length }] : archive;
      },
    },
    clock: { now: () => 0, sleep: async () => {}, left: () => 900_000 },
    put: async (_url: string, body: string) => { answers.push(JSON.parse(body)); },
    log: () => {},
  } as any)({
    RequestType: 'Create',
    ResourceType: 'Custom::AIBenchmarkJobResults',
    ResourceProperties: { JobName: 'job' },
    ResponseURL: 'https://cloudformation.example/?X-Amz-Date=20260101T000000Z',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Results',
  } as any);
  expect(answers).toMatchObject([{ Status: 'SUCCESS', Data: { Archive: ADDRESS, RunCount: '1', Trouble: '' } }]);
});
