import { GenerativeBench, SPEC, WORKLOAD } from './fixtures';

const ARN = 'arn:aws:sagemaker:eu-west-1:111122223333:ai-workload-config/chat';
let bench: GenerativeBench;
beforeEach(() => { bench = new GenerativeBench(); });

const named = (AIWorkloadConfigName: string) => ({ AIWorkloadConfigName });

test('a workload configuration is what it was given, with its tags, until it is deleted', async () => {
  const DatasetConfig = { InputDataConfig: [{ ChannelName: 'dataset', DataSource: { S3DataSource: { S3Uri: 's3://data/chats/' } } }] };
  expect(await bench.workload(WORKLOAD, SPEC, { DatasetConfig, Tags: [{ Key: 'a', Value: '1' }] })).toEqual({ AIWorkloadConfigArn: ARN });
  expect(await bench.call('DescribeAIWorkloadConfig', named(WORKLOAD))).toEqual({
    AIWorkloadConfigName: WORKLOAD,
    AIWorkloadConfigArn: ARN,
    AIWorkloadConfigs: { WorkloadSpec: { Inline: JSON.stringify(SPEC) } },
    DatasetConfig,
    CreationTime: new Date('2026-01-01T00:00:00Z'),
    Tags: [{ Key: 'a', Value: '1' }],
  });
  expect((await bench.call('ListAIWorkloadConfigs')).AIWorkloadConfigs.map((one: any) => one.AIWorkloadConfigArn)).toEqual([ARN]);
  await bench.call('AddTags', { ResourceArn: ARN, Tags: [{ Key: 'b', Value: '2' }] });
  await bench.call('DeleteTags', { ResourceArn: ARN, TagKeys: ['a'] });
  expect(await bench.call('ListTags', { ResourceArn: ARN })).toEqual({ Tags: [{ Key: 'b', Value: '2' }] });
  expect(await bench.call('DeleteAIWorkloadConfig', named(WORKLOAD))).toEqual({ AIWorkloadConfigArn: ARN });
  expect(await bench.call('ListAIWorkloadConfigs')).toEqual({ AIWorkloadConfigs: [] });
  for (const verb of ['Describe', 'Delete']) {
    expect(await bench.refused(`${verb}AIWorkloadConfig`, named(WORKLOAD))).toMatchObject({ code: 'ResourceNotFound', status: 400 });
  }
  expect(await bench.refused('ListTags', { ResourceArn: ARN })).toMatchObject({ code: 'ValidationException' });
});

test('a name is used once', async () => {
  await bench.workload();
  expect(await bench.refused('CreateAIWorkloadConfig', named(WORKLOAD))).toMatchObject({ code: 'ResourceInUse' });
});

test('with a capital in its name, it can be created and read, and never deleted: the service looks the name up in lower case', async () => {
  await bench.workload('Chat');
  await bench.workload('my-chat');
  expect(await bench.call('DescribeAIWorkloadConfig', named('Chat'))).toMatchObject(named('Chat'));
  expect(await bench.refused('DeleteAIWorkloadConfig', named('Chat'))).toMatchObject({ code: 'ResourceNotFound' });
  expect((await bench.call('ListAIWorkloadConfigs', { NameContains: 'Chat' })).AIWorkloadConfigs).toHaveLength(1);
  await bench.call('DeleteAIWorkloadConfig', named('my-chat'));
});

test('names that differ by their case have tags of their own', async () => {
  const { AIWorkloadConfigArn: ResourceArn } = await bench.workload('Chat', SPEC, { Tags: [{ Key: 'a', Value: '1' }] });
  await bench.workload('chat', SPEC, { Tags: [{ Key: 'b', Value: '2' }] });
  await bench.call('AddTags', { ResourceArn, Tags: [{ Key: 'c', Value: '3' }] });
  const keysOf = async (name: string) => (await bench.call('DescribeAIWorkloadConfig', named(name))).Tags.map(({ Key }: any) => Key);
  expect([await keysOf('Chat'), await keysOf('chat')]).toEqual([['a', 'c'], ['b']]);
  await bench.call('DeleteAIWorkloadConfig', named('chat'));
  expect(await keysOf('Chat')).toEqual(['a', 'c']);
});

test.each([
  ['YAML', 'benchmark: { type: aiperf }\nparameters: { concurrency: 4 }', undefined],
  ['no object', '- 1', /AIWorkloadConfigs\.WorkloadSpec\.Inline must be an object/],
  ['neither JSON nor YAML', '{"a": ', /Inline is neither JSON nor YAML/],
])('an inline spec: %s', async (_what, Inline, refusal) => {
  const input = { ...named('new'), AIWorkloadConfigs: { WorkloadSpec: { Inline } } };
  if (refusal === undefined) { return void await bench.call('CreateAIWorkloadConfig', input); }
  expect(await bench.refused('CreateAIWorkloadConfig', input)).toMatchObject({ code: 'ValidationException', message: expect.stringMatching(refusal) });
});

test.each(['name', 'ARN'])('by its %s, a job that runs keeps its workload, and one that is over does not', async (by) => {
  await bench.workload();
  await bench.endpoint();
  await bench.call('CreateAIBenchmarkJob', bench.benchmarkRequest({ AIWorkloadConfigIdentifier: by === 'name' ? WORKLOAD : ARN }));
  expect(await bench.refused('DeleteAIWorkloadConfig', named(WORKLOAD))).toMatchObject({ code: 'ResourceInUse', message: expect.stringMatching(/ai-benchmark-job\/bench/) });
  await bench.call('CreateAIRecommendationJob', bench.recommendationRequest());
  await bench.minutes(60);
  expect(await bench.refused('DeleteAIWorkloadConfig', named(WORKLOAD))).toMatchObject({ message: expect.stringMatching(/ai-recommendation-job\/job/) });
  await bench.call('StopAIRecommendationJob', { AIRecommendationJobName: 'job' });
  expect(await bench.refused('DeleteAIWorkloadConfig', named(WORKLOAD))).toMatchObject({ message: expect.stringMatching(/Stopping/) });
  await bench.minutes(2);
  await bench.call('DeleteAIWorkloadConfig', named(WORKLOAD));
  expect(await bench.call('DescribeAIBenchmarkJob', { AIBenchmarkJobName: 'bench' })).toMatchObject({ AIBenchmarkJobStatus: 'Completed' });
});
