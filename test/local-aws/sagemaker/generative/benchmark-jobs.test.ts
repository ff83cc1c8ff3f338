import { GenerativeBench, textIn } from './fixtures';
import { benchmarkRuns } from '../../../../src/service/aiperf';

const BENCH = { AIBenchmarkJobName: 'bench' };
const ARN = 'arn:aws:sagemaker:eu-west-1:111122223333:ai-benchmark-job/bench';
let bench: GenerativeBench;
beforeEach(async () => {
  bench = new GenerativeBench();
  await bench.workload();
});

const describeJob = () => bench.call('DescribeAIBenchmarkJob', BENCH);

test('a benchmark takes minutes, and writes the archive of AIPerf below a prefix of its own', async () => {
  bench.world.s3.createBucket('out', '111122223333', 'eu-west-1');
  await bench.endpoint();
  expect(await bench.call('CreateAIBenchmarkJob', bench.benchmarkRequest())).toEqual({ AIBenchmarkJobArn: ARN });
  await bench.minutes(2);
  expect(await describeJob()).toMatchObject({ AIBenchmarkJobStatus: 'InProgress', StartTime: expect.any(Date) });
  expect(bench.world.s3.find('out')!.objects.size).toBe(0);
  await bench.minutes(60);
  const { AIBenchmarkJobStatus, OutputConfig: { S3OutputLocation, CloudWatchLogs } } = await describeJob();
  expect(AIBenchmarkJobStatus).toBe('Completed');
  expect(S3OutputLocation).toMatch(/^s3:\/\/out\/benchmarks\/bmk-[0-9a-f]+\/$/);
  expect(CloudWatchLogs).toEqual([{ LogGroupArn: expect.stringMatching(/\/aws\/sagemaker\/TrainingJobs$/), LogStreamName: expect.stringMatching(/^bmk-.*\/algo-1$/) }]);
  const key = `${S3OutputLocation.slice('s3://out/'.length)}output/output.tar.gz`;
  const archive = bench.world.s3.getObject('out', key);
  expect((await benchmarkRuns(archive, key))).toMatchObject([
    { file: 'profile_export_aiperf.json', version: '0.8.0', models: ['meta/llama'], requests: 100, isCancelled: false, metrics: expect.any(Array) },
  ]);
  const profile = JSON.parse(textIn(archive, 'profile_export_aiperf.json'));
  expect(profile).toMatchObject({ schema_version: '1.1', was_cancelled: false, request_count: { unit: 'requests', avg: 100 }, time_to_first_token: { unit: 'ms', count: 100 } });
  const records = textIn(archive, 'profile_export.jsonl').trim().split('\n').map((line) => JSON.parse(line));
  const mean = records.reduce((sum, { metrics }) => sum + metrics.request_latency.value, 0) / records.length;
  expect(mean).toBeCloseTo(profile.request_latency.avg, 6);
  const csv = textIn(archive, 'profile_export_aiperf.csv').split('\r\n');
  expect(csv[0]).toBe('Metric,avg,min,max,p1,p5,p10,p25,p50,p75,p90,p95,p99,std');
  expect(csv.find((line) => line.startsWith('Time to First Token (ms)'))!.split(',')[1]).toBe(profile.time_to_first_token.avg.toFixed(2));
  expect(csv).toContain(`Request Throughput (requests/sec),${profile.request_throughput.avg.toFixed(2)}`);
});

test('without streaming, nobody sees the first token', async () => {
  bench.world.s3.createBucket('out', '111122223333', 'eu-west-1');
  await bench.workload('whole', { parameters: { streaming: false, request_count: 5 } });
  await bench.endpoint();
  await bench.call('CreateAIBenchmarkJob', bench.benchmarkRequest({ AIWorkloadConfigIdentifier: 'whole' }));
  await bench.minutes(60);
  const [[, { content }]] = [...bench.world.s3.find('out')!.objects];
  const profile = JSON.parse(textIn(content.bytes(), 'profile_export_aiperf.json'));
  expect(Object.keys(profile).filter((tag) => /token_latency|first_token/.test(tag))).toEqual([]);
  expect(profile.request_latency.p99).toBeGreaterThan(0);
});

describe('the endpoint', () => {
  test('must be there, and in service', async () => {
    expect(await bench.refused('CreateAIBenchmarkJob', bench.benchmarkRequest())).toMatchObject({ code: 'ResourceNotFound', message: expect.stringMatching(/Could not find endpoint/) });
    await bench.call('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: await bench.endpointConfig('one') });
    expect(await bench.refused('CreateAIBenchmarkJob', bench.benchmarkRequest())).toMatchObject({ code: 'ValidationException', message: expect.stringMatching(/is Creating, not InService/) });
    await bench.minutes(5);
    const { EndpointArn } = await bench.call('DescribeEndpoint', { EndpointName: 'live' });
    await bench.call('CreateAIBenchmarkJob', bench.benchmarkRequest({ BenchmarkTarget: { Endpoint: { Identifier: EndpointArn } } }));
  });

  test('must stay so until the benchmark begins', async () => {
    await bench.endpoint();
    await bench.call('CreateAIBenchmarkJob', bench.benchmarkRequest());
    await bench.call('DeleteEndpoint', { EndpointName: 'live' });
    await bench.minutes(2);
    expect(await describeJob()).toMatchObject({ AIBenchmarkJobStatus: 'Failed', FailureReason: expect.stringMatching(/not InService/) });
  });
});

describe('an endpoint of inference components', () => {
  const target = (...names: string[]) => ({ BenchmarkTarget: { Endpoint: { Identifier: 'live', ...names.length > 0 && { InferenceComponents: names.map((Identifier) => ({ Identifier })) } } } });

  beforeEach(async () => {
    await bench.componentEndpoint();
    await bench.component('chat');
  });

  test('has more throughput with more copies, and is faster with more accelerators for each', async () => {
    bench.world.s3.createBucket('out', '111122223333', 'eu-west-1');
    const measured = async (AIBenchmarkJobName: string) => {
      await bench.call('CreateAIBenchmarkJob', bench.benchmarkRequest({ ...target('chat'), AIBenchmarkJobName }));
      await bench.minutes(60);
      const { output_token_throughput: { avg: tokens }, inter_token_latency: { avg: wait } } = await bench.figures(AIBenchmarkJobName);
      return { tokens, wait };
    };
    const one = await measured('one');
    await bench.call('UpdateInferenceComponentRuntimeConfig', { InferenceComponentName: 'chat', DesiredRuntimeConfig: { CopyCount: 2 } });
    await bench.minutes(10);
    const two = await measured('two');
    await bench.call('UpdateInferenceComponent', {
      InferenceComponentName: 'chat',
      Specification: { ModelName: 'chat-model', ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024, NumberOfAcceleratorDevicesRequired: 2 } },
    });
    await bench.minutes(10);
    const wide = await measured('wide');
    expect([two.tokens > one.tokens, wide.wait < two.wait, wide.tokens > two.tokens]).toEqual([true, true, true]);
  });

  test.each<[string, string[], RegExp | undefined]>([
    ['fails the job unless one is named', [], /hosts inference components: name those to benchmark/],
    ['needs one that is there', ['other'], /inference component "other" is not in service/],
    ['is benchmarked by the name of one', ['chat'], undefined],
    ['is benchmarked by its ARN', ['arn:aws:sagemaker:eu-west-1:111122223333:inference-component/chat'], undefined],
  ])('%s', async (_what, names, refusal) => {
    await bench.call('CreateAIBenchmarkJob', bench.benchmarkRequest(target(...names)));
    await bench.minutes(60);
    expect(await describeJob()).toMatchObject(refusal ? { AIBenchmarkJobStatus: 'Failed', FailureReason: expect.stringMatching(refusal) } : { AIBenchmarkJobStatus: 'Completed' });
  });
});

test('what serves faster is measured so', async () => {
  const latencies: number[] = [];
  bench.world.s3.createBucket('out', '111122223333', 'eu-west-1');
  for (const InstanceType of ['ml.g6.2xlarge', 'ml.g6e.2xlarge', 'ml.p5.4xlarge']) {
    const name = InstanceType.replace(/\./g, '-');
    await bench.endpoint(name, { InstanceType, InitialInstanceCount: 1 });
    await bench.call('CreateAIBenchmarkJob', bench.benchmarkRequest({ AIBenchmarkJobName: name, BenchmarkTarget: { Endpoint: { Identifier: name } } }));
    await bench.minutes(60);
    latencies.push((await bench.figures(name)).request_latency.avg);
  }
  expect(new Set(latencies.filter(Number.isFinite)).size).toBe(3);
  expect(latencies).toEqual([...latencies].sort((a, b) => b - a));
});

test.each(['arn:aws:sagemaker:us-west-2:999999999999:endpoint/live', 'arn:aws:sagemaker:eu-west-1:111122223333:model/live'])('%s is no endpoint of this account and Region', async (Identifier) => {
  await bench.endpoint('live');
  expect(await bench.refused('CreateAIBenchmarkJob', bench.benchmarkRequest({ BenchmarkTarget: { Endpoint: { Identifier } } }))).toMatchObject({ code: 'ResourceNotFound' });
});

test('a benchmark stops, is deleted, and is listed with its workload', async () => {
  await bench.endpoint();
  await bench.call('CreateAIBenchmarkJob', bench.benchmarkRequest({ Tags: [{ Key: 'a', Value: '1' }] }));
  expect(await bench.refused('CreateAIBenchmarkJob', bench.benchmarkRequest())).toMatchObject({ code: 'ResourceInUse' });
  expect((await bench.call('ListAIBenchmarkJobs')).AIBenchmarkJobs).toMatchObject([{ AIBenchmarkJobName: 'bench', AIWorkloadConfigName: 'chat' }]);
  expect(await bench.refused('DeleteAIBenchmarkJob', BENCH)).toMatchObject({ code: 'ValidationException' });
  expect(await bench.call('StopAIBenchmarkJob', BENCH)).toEqual({ AIBenchmarkJobArn: ARN });
  await bench.minutes(2);
  expect(await describeJob()).toMatchObject({ AIBenchmarkJobStatus: 'Stopped', Tags: [{ Key: 'a', Value: '1' }] });
  expect(await bench.refused('StopAIBenchmarkJob', BENCH)).toMatchObject({ code: 'ValidationException' });
  expect(await bench.call('DeleteAIBenchmarkJob', BENCH)).toEqual({ AIBenchmarkJobArn: ARN });
  for (const verb of ['Describe', 'Stop', 'Delete']) { expect(await bench.refused(`${verb}AIBenchmarkJob`, BENCH)).toMatchObject({ code: 'ResourceNotFound' }); }
});

test('a script says how it ends', async () => {
  bench = new GenerativeBench({ generative: { benchmark: () => ({ durationSeconds: 300, outcome: 'Failed', failureReason: 'no answer', measured: { requests: [], durationSeconds: 0 } }) } });
  await bench.workload();
  await bench.endpoint();
  await bench.call('CreateAIBenchmarkJob', bench.benchmarkRequest());
  await bench.minutes(5);
  expect(await describeJob()).toMatchObject({ AIBenchmarkJobStatus: 'Failed', FailureReason: 'no answer' });
});
