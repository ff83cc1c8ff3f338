import * as fc from 'fast-check';
import { Bench, custom, template, topic } from './cloudformation/bench';
import { GenerativeBench } from './sagemaker/generative/fixtures';
import { AwsError, startLocalAws } from '../../local-aws';
import { publishedBenchmarks } from '../../local-aws/sagemaker';
import { Recorder } from '../../local-aws/summary';
import { summaryText } from '../../local-aws/summary-text';
import { RECOMMENDATION_ATTRIBUTES } from '../../src/contract/recommend';
import { pricesOf } from '../../src/service/prices';

const CHOSEN = {
  ...Object.fromEntries(RECOMMENDATION_ATTRIBUTES.map((name) => [name, ''])),
  Source: 'Benchmark',
  InstanceType: 'ml.c5.xlarge',
  InstanceCount: '2',
  Summary: 'cheapest of 4',
  Environment: '{"API_TOKEN":"hush"}',
};

async function rehearsed() {
  const bench = new Bench();
  const rehearsal = new Recorder(bench.world);
  const choose = bench.fn('choose', (event) => bench.later(45 * 60_000, event, { Data: CHOSEN }));
  const machine = { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineType: 'EXPRESS', DefinitionString: '{}', RoleArn: 'arn:aws:iam::111111111111:role/R' } };
  await bench.deploy('shop', template({ Topic: topic(), Machine: machine, Best: { ...custom(choose), Type: 'Custom::InferenceRecommendation' } }));
  await bench.stacks.find('shop')!.work;
  return { bench, rehearsal };
}

test('tells what happened by both clocks, what was chosen and why, what is opaque and what stays', async () => {
  const { bench, rehearsal } = await rehearsed();
  bench.world.record({ service: 's3', operation: 'GetObject', request: {}, status: 403, error: 'AccessDenied', principal: 'arn:aws:iam::111111111111:role/R', time: bench.world.clock.now() });
  const summary = rehearsal.end();
  expect(summary).toMatchObject({
    virtualSeconds: 45 * 60,
    timeline: [{ what: 'stack shop is CREATE_IN_PROGRESS', virtualSeconds: 0 }, { what: 'stack shop is CREATE_COMPLETE', virtualSeconds: 45 * 60 }],
    choices: [{ account: '111111111111', region: 'us-east-1', stack: 'shop', resource: 'Best', chosen: '2 x ml.c5.xlarge', why: 'cheapest of 4' }],
    calls: [{ service: 's3', calls: 1, refused: 1 }],
    denials: [{ principal: 'arn:aws:iam::111111111111:role/R', action: 's3:GetObject', times: 1 }],
    opaque: [
      { stack: 'shop', resource: 'Topic', type: 'AWS::SNS::Topic' },
      { stack: 'shop', resource: 'Machine', type: 'AWS::StepFunctions::StateMachine', why: 'State machines of type EXPRESS are not part of the local AWS' },
    ],
    stays: { stacks: ['shop (CREATE_COMPLETE)'] },
  });
  const text = summaryText(summary, { isTerminal: true, noColor: '1' });
  expect(text).toMatch(/^The rehearsal took \d+\.\d s, in which 45 min of virtual time passed: /);
  expect(text).toContain('  shop/Best  2 x ml.c5.xlarge  cheapest of 4');
  expect(text).toContain('  shop/Machine  AWS::StepFunctions::StateMachine  State machines of type EXPRESS are not part of the local AWS');
  expect(text).not.toContain('\u001b');
  expect(summaryText(summary, { isTerminal: true, noColor: '' })).toContain('\u001b[1mChosen\u001b[0m');
  expect(JSON.stringify(summary)).not.toContain('hush');
});

test('what was chosen and is deleted by now is told', async () => {
  const { bench, rehearsal } = await rehearsed();
  const described = () => bench.world.record({
    service: 'cloudformation', operation: 'DescribeStacks', request: {}, status: 200, principal: 'arn:aws:iam::111111111111:root', time: bench.world.clock.now(),
  });
  described();
  await bench.op('DeleteStack', { StackName: 'shop' });
  await bench.stacks.find('shop')?.work;
  described();
  const { choices, stays } = rehearsal.end();
  expect([choices.map(({ resource, chosen }) => `${resource}: ${chosen}`), stays.stacks]).toEqual([['Best: 2 x ml.c5.xlarge'], []]);
});

test('what an update has modelled is opaque no more, and what it has made opaque is', async () => {
  const bench = new Bench();
  const rehearsal = new Recorder(bench.world);
  const rule = (source: unknown) => ({ Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: [source] } } });
  for (const [one, other] of [[{ wildcard: '*' }, 'b'], ['a', { wildcard: '*' }]]) { await bench.deploy('s', template({ One: rule(one), Other: rule(other) })); }
  expect(rehearsal.end().opaque.map(({ resource }) => resource)).toEqual(['Other']);
});

test('a job has its minutes of instances', async () => {
  const aws = await startLocalAws({ benchmarks: publishedBenchmarks });
  try {
    const { world } = aws;
    const rehearsal = new Recorder(world);
    const { sagemaker } = world.region('111111111111', 'us-east-1');
    sagemaker.state.jobs.set('j', {
      arn: 'a',
      container: {},
      created: new Date(world.clock.now()),
      modified: new Date(0),
      completed: new Date(world.clock.now() + 30 * 60_000),
      status: 'FAILED',
      failureReason: 'no',
      request: { JobName: 'j', JobType: 'Default' },
      run: { durationSeconds: 1, recommendations: [] },
      steps: [1, 2].map((minute) => ({
        key: `${minute}`,
        status: 'COMPLETED' as const,
        benchmark: { EndpointConfiguration: { InstanceType: 'ml.c5.large', InitialInstanceCount: 3 }, InvocationStartTime: new Date(0), InvocationEndTime: new Date(minute * 60_000) },
      })),
    });
    expect(rehearsal.end()).toMatchObject({
      jobs: [{ name: 'j', type: 'Default', status: 'FAILED', reason: 'no', virtualMinutes: 30, instanceMinutes: { 'ml.c5.large': 9 } }],
      stays: { 'finished jobs': ['j'], 'running jobs': [] },
    });
  } finally {
    await aws.close();
  }
});

test('jobs of the generative family have the minutes of their benchmarks, and a workload that is left stays', async () => {
  const bench = new GenerativeBench();
  const rehearsal = new Recorder(bench.world);
  await bench.workload();
  await bench.endpoint();
  await bench.call('CreateAIBenchmarkJob', bench.benchmarkRequest());
  await bench.recommended({ ComputeSpec: { InstanceTypes: ['ml.g6.12xlarge', 'ml.g5.12xlarge'] }, OptimizeModel: false });
  const { jobs, stays, timeline } = rehearsal.end();
  // 70 minutes, and half of them for the benchmarks. The Region's prices lack one of the types.
  const hourly = pricesOf('eu-west-1')!.hourly('ml.g5.12xlarge')!;
  expect(jobs).toMatchObject([
    { name: 'job', type: 'AIRecommendation', status: 'Completed', virtualMinutes: 70, instanceMinutes: { 'ml.g6.12xlarge': 17.5, 'ml.g5.12xlarge': 17.5 }, usdAtLeast: Math.floor(17.5 / 60 * hourly * 100) / 100 },
    { name: 'bench', type: 'AIBenchmark', status: 'Completed', instanceMinutes: {} },
  ]);
  expect(stays).toMatchObject({ 'finished jobs': ['job', 'bench'], 'workload configurations': ['chat'] });
  expect(timeline.map(({ what }) => what)).toEqual(expect.arrayContaining(['job job begins', 'job job is Completed', 'job bench is Completed']));
});

test('a job that was described and then deleted is told, with what it would cost', async () => {
  const bench = new GenerativeBench();
  const rehearsal = new Recorder(bench.world);
  await bench.workload();
  await bench.recommended({ ComputeSpec: { InstanceTypes: ['ml.g5.12xlarge'] }, OptimizeModel: false });
  await bench.call('DeleteAIRecommendationJob', { AIRecommendationJobName: 'job' });
  const summary = rehearsal.end();
  expect(summary).toMatchObject({ jobs: [{ name: 'job', status: 'Completed', virtualMinutes: 45 }], stays: { 'finished jobs': [] } });
  expect(summaryText(summary)).toMatch(/^ {2}job {2}AIRecommendation {2}Completed {2}45 min {2}ml\.g5\.12xlarge 22\.5 instance-minutes {2}would cost at least 2\.\d\d USD$/m);
});

test('the components of an endpoint that are left stay, with where their copies run', async () => {
  const bench = new GenerativeBench();
  const rehearsal = new Recorder(bench.world);
  await bench.componentEndpoint('served');
  await bench.component('chat', 2, 2, 'served');
  expect(rehearsal.end().stays['inference components']).toEqual(['chat (InService, on served, copies: 2 on ml.g6.12xlarge)']);
});

describe('nothing secret is in it', () => {
  const word = fc.stringMatching(/^[a-zA-Z0-9 .:,]{0,20}$/);

  test('whatever a reason quotes: a signed address, an access key, the secret or a token of the run', async () => {
    await fc.assert(fc.asyncProperty(word, word, fc.nat(5), async (before, after, kind) => {
      const bench = new Bench();
      const { world } = bench;
      const secrets = [
        `${world.endpoint}/cloudformation-response/tok-${'q'.repeat(20)}`, `https://b.s3.amazonaws.com/k?X-Amz-Signature=${'s'.repeat(20)}`, 'ASIA0123456789ABCDEF',
        world.secret, world.derive('key x').slice(0, 40), `local-${world.derive('token x')}`,
      ];
      const rehearsal = new Recorder(world);
      const fail = bench.fn('fail', () => ({ Status: 'FAILED', Reason: `${before} ${secrets[kind]} ${after}` }));
      await bench.deploy('s', template({ A: custom(fail) }));
      const summary = rehearsal.end();
      for (const told of [JSON.stringify(summary), summaryText(summary)]) {
        for (const part of [secrets[kind], 'q'.repeat(20), 's'.repeat(20)]) { expect(told).not.toContain(part); }
        expect(told).toContain('CREATE_FAILED');
      }
    }), { numRuns: 30 });
  });

  test('a refusal is told by its action alone', async () => {
    const aws = await startLocalAws({ faults: [() => new AwsError('AccessDeniedException', 'hush')] });
    try {
      const rehearsal = new Recorder(aws.world);
      await expect(aws.world.region('111111111111', 'us-east-1').sagemaker.call('ListModels', { NameContains: 'hush' })).rejects.toThrow('hush');
      const summary = rehearsal.end();
      expect(summary.denials).toMatchObject([{ action: 'sagemaker:ListModels' }]);
      expect(JSON.stringify(summary)).not.toContain('hush');
    } finally {
      await aws.close();
    }
  });
});
