import { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { AIBenchmarkJob, AIRecommendationJob, InferenceRecommendationsJob, Wait } from '../../../src';
import { WITHOUT_JOBS } from '../../../src/common/without-jobs';
import { JOB_STATE_CHANGE, JOB_UNREAD } from '../../../src/contract/events';
import { deployed, idOf, idsOf, jobIn, newStack, ofType, only } from '../../harness/constructs';
import { benchmarkJobIn, recommendationJobIn } from '../../harness/generative';

type Job = InferenceRecommendationsJob | AIRecommendationJob | AIBenchmarkJob;
type Make = (stack: Stack, props?: { wait?: Wait; trigger?: string }) => Job;

const KINDS: Array<[name: string, make: Make, completed: string[], failed: string[]]> = [
  ['InferenceRecommendations', (stack, props) => jobIn(stack, props), ['COMPLETED'], ['FAILED', 'STOPPED']],
  ['AIRecommendation', (stack, props) => recommendationJobIn(stack, props), ['Completed'], ['Failed', 'Stopped']],
  ['AIBenchmark', (stack, props) => benchmarkJobIn(stack, props), ['Completed'], ['Failed', 'Stopped']],
];

describe.each(KINDS)('a job of the family %s', (name, make, completed, failed) => {
  const start = `Custom::${name}Job`;
  const patternOf = (rule: (job: Job) => Rule, isWithout = false) => {
    const stack = newStack();
    if (isWithout) { stack.node.setContext(WITHOUT_JOBS, true); }
    rule(make(stack));
    const resources = deployed(stack);
    return { resources, pattern: only(resources, 'AWS::Events::Rule').Properties.EventPattern };
  };

  test.each<[string, (job: Job) => Rule, string, string[] | undefined]>([
    ['onStateChange', (job) => job.onStateChange('Rule'), JOB_STATE_CHANGE, undefined],
    ['onCompleted', (job) => job.onCompleted('Rule'), JOB_STATE_CHANGE, completed],
    ['onFailed', (job) => job.onFailed('Rule'), JOB_STATE_CHANGE, failed],
  ])('%s hears its own statuses, and the job is followed for it', (_what, rule, type, Status) => {
    const { resources, pattern } = patternOf(rule);
    const [id] = idsOf(resources, start);
    expect(pattern).toMatchObject({ 'detail-type': [type], 'detail': { LogicalResourceId: [id] } });
    expect(pattern.detail.Status).toEqual(Status);
    expect(only(resources, `${start}Follow`).Properties).toMatchObject({ JobLogicalId: id, JobName: `${id}.JobName` });
    // The same statuses without jobs, where there is nothing to follow.
    const without = patternOf(rule, true);
    expect([without.pattern.detail.Status, ofType(without.resources, `${start}Follow`)]).toEqual([Status, []]);
  });

  test('onUnread needs no follower', () => {
    const { resources, pattern } = patternOf((job) => job.onUnread('Rule'));
    expect(pattern).toMatchObject({ 'detail-type': [JOB_UNREAD], 'detail': { LogicalResourceId: [idOf(resources, 'Job')] } });
    expect(ofType(resources, `${start}Follow`)).toEqual([]);
  });

  test('the deploy waits for it in stages, unless it runs in the background: then it is followed once, whoever listens', () => {
    const waiting = newStack();
    make(waiting);
    const [first, second] = [deployed(waiting), newStack()];
    expect(ofType(first, `${start}Wait`).length).toBe(Number(only(first, start).Properties.Stages));
    const job = make(second, { wait: Wait.inBackground() });
    job.onStateChange('One');
    job.onFailed('Two');
    const resources = deployed(second);
    expect([ofType(resources, `${start}Wait`), ofType(resources, `${start}Follow`).length, only(resources, start).Properties.Stages]).toEqual([[], 1, undefined]);
  });

  test('has a trigger in the start and in each stage', () => {
    const stack = newStack();
    make(stack, { trigger: 'again' });
    const resources = deployed(stack);
    const triggers = [start, `${start}Wait`].flatMap((type) => ofType(resources, type)).map(({ Properties }) => Properties.Trigger);
    expect(triggers.length).toBeGreaterThan(2);
    expect(new Set(triggers)).toEqual(new Set(['again']));
  });
});
