import { Stack } from 'aws-cdk-lib';
import {
  AIBenchmarkJobProps, AIRecommendationJobProps, GenerativeFramework, InstanceType, LoraAdapter, ModelPackageGroup, PerformanceTarget,
} from '../../../../src';
import { PROPS_BY_AI_MEMBER } from '../../../../src/jobs/generative/ai-job-request';
import { AI_JOB_NAMES, AiJobRequest, aiJobViolations } from '../../../../src/service/ai-job-rules';
import { ACCOUNT, arn, deployed, importedPackage, newStack, only } from '../../../harness/constructs';
import { network } from '../../../harness/endpoints';
import { benchmarkJobIn, namedBucket, recommendationJobIn } from '../../../harness/generative';
import { leavesOf, membersOf } from '../../../harness/sdk-shapes';

const START = { recommendation: 'Custom::AIRecommendationJob', benchmark: 'Custom::AIBenchmarkJob' };
const MLFLOW = { mlflowAppArn: arn('sagemaker', 'mlflow-app/app-1'), experimentName: 'chat', runName: 'first' };

function recommendation(make: (stack: Stack) => Partial<AIRecommendationJobProps> = () => ({})) {
  const stack = newStack();
  recommendationJobIn(stack, make(stack));
  return only(deployed(stack), START.recommendation).Properties.Request;
}

function benchmark(make: (stack: Stack) => Partial<AIBenchmarkJobProps> = () => ({})) {
  const stack = newStack();
  benchmarkJobIn(stack, make(stack));
  return only(deployed(stack), START.benchmark).Properties.Request;
}

const whole = {
  s3: (stack: Stack): Partial<AIRecommendationJobProps> => ({
    framework: GenerativeFramework.VLLM,
    optimizeModel: false,
    instanceTypes: [InstanceType.ML_G6_12XLARGE],
    capacityReservation: { reservationArns: [arn('sagemaker', 'training-plan/p')], onlyReserved: true },
    adapters: [LoraAdapter.fromBucket('support', namedBucket(stack, 'adapters'), 'support')],
    modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'chat'),
    mlflow: MLFLOW,
    outputPrefix: 'jobs',
  }),
  packages: (stack: Stack): Partial<AIRecommendationJobProps> => ({ adapters: [LoraAdapter.fromModelPackage('support', importedPackage(stack))] }),
};
const wholeBenchmark = (stack: Stack): Partial<AIBenchmarkJobProps> => ({
  ...network(stack),
  mlflow: MLFLOW,
  targetContainerHostname: 'first',
  inferenceComponents: [{ inferenceComponentRef: { inferenceComponentArn: arn('sagemaker', 'inference-component/chat') } } as any],
});

/** The paths to all values, without the indexes of lists. */
function namesIn(value: any, path = ''): string[] {
  if (Array.isArray(value)) { return value.flatMap((inner) => namesIn(inner, path)); }
  if (typeof value !== 'object' || value === null) { return [path]; }
  return Object.entries(value).flatMap(([name, inner]) => namesIn(inner, path === '' ? name : `${path}.${name}`));
}

describe('every member of the Create shapes is rendered', () => {
  test.each<[AiJobRequest, object[]]>([
    ['CreateAIRecommendationJobRequest', [recommendation(whole.s3), recommendation(whole.packages)]],
    ['CreateAIBenchmarkJobRequest', [benchmark(wholeBenchmark)]],
  ])('%s', (shape, requests) => {
    const leaves = [...new Set(membersOf(shape).flatMap((member) => leavesOf(shape, member)
      .map((path) => [member, ...path].filter((name) => name !== '[]').join('.'))))];
    expect(leaves.length).toBeGreaterThan(8);
    const rendered = new Set(requests.flatMap((request) => namesIn(request)));
    // The function computes the name, and the tags are a property of their own.
    const made = [AI_JOB_NAMES[shape], 'Tags.Key', 'Tags.Value'];
    expect(leaves.filter((leaf) => !rendered.has(leaf)).sort()).toEqual(made.sort());
    expect([...rendered].filter((name) => !leaves.includes(name))).toEqual([]);
    requests.forEach((request) => expect(aiJobViolations(shape, { [AI_JOB_NAMES[shape]]: 'made-at-deploy', ...request })).toEqual([]));
  });

  test('a prop is known by the name of a member that the API has', () => {
    const members = new Set(['CreateAIRecommendationJobRequest', 'CreateAIBenchmarkJobRequest'].flatMap((shape) => (
      membersOf(shape).flatMap((member) => leavesOf(shape, member).flatMap((path) => [member, ...path])))));
    expect(Object.keys(PROPS_BY_AI_MEMBER).filter((name) => !members.has(name))).toEqual([]);
  });
});

test('a plain recommendation job', () => {
  expect(recommendation()).toEqual({
    ModelSource: { S3: { S3Uri: 's3://models/chat/' } },
    OutputConfig: { S3OutputLocation: 's3://results/Shop-Job-819B92C5/' },
    AIWorkloadConfigIdentifier: 'chat',
    PerformanceTarget: { Constraints: [{ Metric: 'ttft-ms' }] },
    RoleArn: expect.stringContaining(`arn:aws:iam::${ACCOUNT}:role/JobRole`),
  });
});

test('a plain benchmark job', () => {
  expect(benchmark()).toEqual({
    BenchmarkTarget: { Endpoint: { Identifier: 'live' } },
    OutputConfig: { S3OutputLocation: 's3://results/Shop-Job-819B92C5/' },
    AIWorkloadConfigIdentifier: 'chat',
    RoleArn: expect.stringContaining(`arn:aws:iam::${ACCOUNT}:role/JobRole`),
  });
});

test.each<[string, PerformanceTarget, string[]]>([
  ['time to first token', PerformanceTarget.timeToFirstToken(), ['ttft-ms']],
  ['throughput', PerformanceTarget.throughput(), ['throughput']],
  ['cost', PerformanceTarget.cost(), ['cost']],
  ['two', PerformanceTarget.of(['cost', 'ttft-ms']), ['cost', 'ttft-ms']],
])('the target %s', (_what, performanceTarget, metrics) => {
  expect(recommendation(() => ({ performanceTarget })).PerformanceTarget.Constraints).toEqual(metrics.map((Metric) => ({ Metric })));
});

test.each<[string, (stack: Stack) => Partial<AIRecommendationJobProps>, string]>([
  ['too many types', () => ({ instanceTypes: ['a', 'b', 'c', 'd'].map((size) => InstanceType.of(`ml.g6.${size}`)) }), '`instanceTypes` must have at most 3 entries, got: 4.'],
  ['another metric', () => ({ performanceTarget: PerformanceTarget.of(['latency']) }), '`performanceTarget[0].metric` must be one of cost, throughput, ttft-ms'],
  ['no metric', () => ({ performanceTarget: PerformanceTarget.of([]) }), '`performanceTarget` must name a metric'],
  ['another framework', () => ({ framework: GenerativeFramework.of('TGI') }), '`framework` must be one of LMI, VLLM, got: \'TGI\'.'],
  ['a framework that is text', () => ({ framework: 'VLLM' as any }), '`framework` must be of the class `GenerativeFramework`'],
  ['a model that is text', () => ({ model: 's3://models/chat/' as any }), '`model` must be a `GenerativeModelSource`'],
  ['a target that is text', () => ({ performanceTarget: 'cost' as any }), '`performanceTarget` must be a `PerformanceTarget`'],
  ['a workload that is text', () => ({ workload: 'chat' as any }), '`workload` must be an `AIWorkloadConfig`'],
  ['an adapter without an id', (stack) => ({ adapters: [LoraAdapter.fromBucket('', namedBucket(stack), 'a')] }), '`adapters[0].adapterId` must have at least 1 character'],
  ['adapters of both kinds', (stack) => ({ adapters: [LoraAdapter.fromBucket('a', namedBucket(stack), 'a'), LoraAdapter.fromModelPackage('b', importedPackage(stack))] }),
    '`adapters` must all be of a bucket, or all be model packages'],
])('%s is refused with one sentence', (_what, make, sentence) => {
  expect(() => recommendation(make)).toThrow(sentence);
});
