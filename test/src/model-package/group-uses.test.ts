import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CfnModelPackageGroup, IModelPackageGroupRef } from 'aws-cdk-lib/aws-sagemaker';
import { InstanceType, ModelPackageGroup, ModelRegistryBenchmark } from '../../../src';
import { warningsOf } from '../../harness/endpoints';
import { recommendationJobIn } from '../../harness/generative';
import { ACCOUNT, REGION } from '../../harness/place';

const env = { account: ACCOUNT, region: REGION };
const benchmark = (stack: Stack, modelPackageGroup: IModelPackageGroupRef) => new ModelRegistryBenchmark(stack, 'Benchmark', {
  modelPackageGroup, parameterPath: '/chat/best', fallback: { instanceType: InstanceType.ML_M5_LARGE },
});
const named = (stack: Stack, name: string) => ModelPackageGroup.fromModelPackageGroupName(stack, `Group${name}`, name);
const job = (stack: Stack, modelPackageGroup: IModelPackageGroupRef) => recommendationJobIn(stack, { modelPackageGroup });
const warned = (stack: Stack) => warningsOf(stack).filter((id) => id === 'BenchmarkedTwice');

test.each<[string, (stack: Stack) => IModelPackageGroupRef]>([
  ['a name', (stack) => named(stack, 'chat')],
  ['a group of the app', (stack) => new ModelPackageGroup(stack, 'Group')],
  ['an L1', (stack) => new CfnModelPackageGroup(stack, 'Group', { modelPackageGroupName: 'chat' })],
])('a group that a job registers in and a benchmark looks after is warned of, whichever comes first: %s', (_what, group) => {
  const [first, last] = ['First', 'Last'].map((id) => new Stack(new App(), id, { env }));
  const [groupOfFirst, groupOfLast] = [group(first), group(last)];
  job(first, groupOfFirst);
  benchmark(first, groupOfFirst);
  benchmark(last, groupOfLast);
  job(last, groupOfLast);
  expect([first, last].map((stack) => warned(stack).length)).toEqual([1, 1]);
  expect(Annotations.fromStack(first).findWarning('/First/Benchmark', Match.stringLikeRegexp('^\'First/Job\' registers versions'))).toHaveLength(1);
});

test('names are compared without case, also of two stacks', () => {
  const app = new App();
  const [jobs, registry] = ['Jobs', 'Registry'].map((id) => new Stack(app, id, { env }));
  job(jobs, named(jobs, 'chat'));
  benchmark(registry, named(registry, 'Chat'));
  expect([warned(registry).length, warned(jobs).length]).toEqual([1, 0]);
});

test('another group, another Region and another app are not warned of', () => {
  const app = new App();
  const [one, elsewhere] = [new Stack(app, 'One', { env }), new Stack(app, 'Elsewhere', { env: { ...env, region: 'eu-west-1' } })];
  const other = new Stack(new App(), 'One', { env });
  job(one, named(one, 'chat'));
  benchmark(one, named(one, 'chats'));
  benchmark(elsewhere, named(elsewhere, 'chat'));
  benchmark(other, named(other, 'chat'));
  expect([one, elsewhere, other].flatMap(warned)).toEqual([]);
});
