import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ran, Ran, verdicts } from './command';
import { SECRET } from './generative';
import { show } from '../../cli/src/show/show';

let folder: string;

beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'show-')); });
afterAll(() => rmSync(folder, { recursive: true }));

const shown = (...args: string[]): Promise<Ran> => ran(show, args);

describe('a file', () => {
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const row = (type: string, ...performance: object[]) => ({
    ModelDetails: { ModelPackageArn: 'arn:aws:sagemaker:us-west-2:111122223333:model-package/p/1', InferenceSpecificationName: type },
    DeploymentConfiguration: { InstanceType: type, InstanceCount: 1, CopyCountPerInstance: 1, EnvironmentVariables: { HUGGING_FACE_HUB_TOKEN: SECRET, OPTION_MAX_TOKENS: '512' } },
    ExpectedPerformance: performance,
  });
  const job = (...Recommendations: object[]) => ({
    AIRecommendationJobName: 'my-job',
    AIRecommendationJobArn: 'arn:aws:sagemaker:us-west-2:111122223333:ai-recommendation-job/my-job',
    AIRecommendationJobStatus: 'Completed',
    ModelSource: { S3: { S3Uri: 's3://bucket/model/' } },
    AIWorkloadConfigIdentifier: 'chat',
    CreationTime: 1775000000,
    EndTime: 1775007200.5,
    Recommendations,
  });

  test('as aws describe-ai-recommendation-job prints it is shown without an account', async () => {
    // The figures are those of the fixtures of AWS's Python SDK: one type has them, and the other has none.
    const path = file('job.json', job(row('ml.g6.2xlarge'), row('ml.g6.12xlarge',
      { Metric: 'RequestThroughput', Stat: 'avg', Value: '3.8', Unit: 'requests/sec' },
      { Metric: 'RequestLatency', Stat: 'p50', Value: '206.6', Unit: 'ms' }, { Metric: 'RequestLatency', Stat: 'p90', Value: '257.9', Unit: 'ms' })));
    const { code, out } = await shown('--from', path);
    expect([code, out.split('\n').slice(0, 3)]).toEqual([0, [
      'Job my-job', 'generative recommendation, Completed, 2 h, on types of the service\'s choice', 'of s3://bucket/model/ with workload chat',
    ]]);
    // No figure tells the costs of a token apart, so that of an hour decides.
    expect(out).toContain('Ranked by lowest cost per hour\n');
    expect(verdicts(out)).toEqual(['chosen: ml.g6.2xlarge × 1', 'runner-up: ml.g6.12xlarge × 1']);
    expect(out).toMatch(/ms a request, p50 /);
    expect(out).toContain('HUGGING_FACE_HUB_TOKEN=… OPTION_MAX_TOKENS=512');
    expect(out).not.toContain(SECRET);
  });

  test('that aims at something is ranked by it, also where its ARN was cut out', async () => {
    const { AIRecommendationJobArn: _arn, ...cut } = job(
      row('ml.g6.2xlarge', { Metric: 'OutputTokenThroughput', Stat: 'avg', Value: '100', Unit: 'Tokens/Second' }, { Metric: 'TimeToFirstToken', Stat: 'avg', Value: '9', Unit: 'ms' }),
      row('ml.g6.12xlarge', { Metric: 'OutputTokenThroughput', Stat: 'avg', Value: '200', Unit: 'Tokens/Second' }, { Metric: 'TimeToFirstToken', Stat: 'avg', Value: '99', Unit: 'ms' }),
    );
    const chosenFor = async (Metric: string) => {
      const { out } = await shown('--from', file(`aims-${Metric}.json`, { ...cut, PerformanceTarget: { Constraints: [{ Metric }] } }));
      return [/Ranked by ([^\n]+)/.exec(out)?.[1], verdicts(out)[0]];
    };
    expect(await chosenFor('throughput')).toEqual(['highest output token throughput', 'chosen: ml.g6.12xlarge × 1']);
    expect(await chosenFor('ttft-ms')).toEqual(['lowest time to first token', 'chosen: ml.g6.2xlarge × 1']);
  });

  test('that reports a figure without a unit shows it as it was reported, and does not compare it', async () => {
    const path = file('unit.json', job(row('ml.g6.2xlarge', { Metric: 'TimeToFirstToken', Stat: 'p50', Value: '35' })));
    const { out } = await shown('--from', path);
    expect(out).toContain('35 without a unit');
    expect(JSON.parse((await shown('--from', path, '--json')).out).jobs[0].recommendations[0].reported).toEqual({ 'TimeToFirstToken': '35 without a unit', 'TimeToFirstToken.p50': '35 without a unit' });
  });

  test('of a benchmark job, and of a model, is shown as well', async () => {
    const benchmark = file('benchmark.json', {
      AIBenchmarkJobName: 'b',
      AIBenchmarkJobArn: 'arn',
      AIBenchmarkJobStatus: 'InProgress',
      CreationTime: '2026-04-01T10:00:00Z',
      AIWorkloadConfigIdentifier: 'arn:aws:sagemaker:us-west-2:1:ai-workload-config/chat',
      BenchmarkTarget: { Endpoint: { Identifier: 'endpoint', InferenceComponents: [{ Identifier: 'one' }, { Identifier: 'two' }] } },
    });
    expect((await shown('--from', benchmark)).out).toContain('benchmark of an endpoint, InProgress\nof endpoint endpoint components one, two with workload chat');
    const model = file('model.json', { ModelName: 'm', ModelArn: 'arn', DeploymentRecommendation: { RecommendationStatus: 'COMPLETED', RealTimeInferenceRecommendations: [{ RecommendationId: 'm/1', InstanceType: 'ml.g5.xlarge' }] } });
    expect(verdicts((await shown('--from', model)).out)).toEqual(['chosen: ml.g5.xlarge × 1']);
  });

  test.each<[string, unknown, RegExp]>([
    ['the page\'s own syntax', { ...job(), AIRecommendationJobStatus: 'string' }, /: The status of an AI recommendation job is unknown: got 'string', expected one of InProgress, /],
    ['another form', { ...job(), Recommendations: {} }, /: it has members of another form than `aws sagemaker` prints/],
    ['no job', { Steps: [] }, /: The file must be what `aws sagemaker describe-inference-recommendations-job` prints.* A generative job, a model, output\.tar\.gz and profile_export_aiperf\.json are taken, too\.$/],
    ['no JSON', '<html>', /^\S+: /],
  ])('with %s is refused in one sentence', async (name, content, message) => {
    const { code, out, told } = await shown('--from', file(`${name.replace(/\W/g, '-')}.json`, content));
    expect([code, out, told.split('\n').length]).toEqual([1, '', 1]);
    expect(told).toMatch(message);
  });

  test('that is not there is told', async () => {
    expect((await shown('--from', join(folder, 'none.json'))).told).toMatch(/^--from \S+none\.json cannot be read: ENOENT/);
  });
});
