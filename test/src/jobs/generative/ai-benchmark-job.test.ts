import { Duration, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { AIBenchmarkJobProps, AIBenchmarkResults, Endpoint, EndpointConfig, InstanceType, Variant, Wait } from '../../../../src';
import { AI_BENCHMARK_ATTRIBUTES } from '../../../../src/contract/ai-benchmark';
import { stageCount } from '../../../../src/contract/waiting';
import { arn, atDeploy, deployed, idOf, idsOf, newStack, only, permissionsOf, Resources } from '../../../harness/constructs';
import { network, warningsOf } from '../../../harness/endpoints';
import { benchmarkJobIn } from '../../../harness/generative';
import { SCOPE } from '../../../harness/place';

const [START, WAIT, RESULTS] = ['Custom::AIBenchmarkJob', 'Custom::AIBenchmarkJobWait', 'Custom::AIBenchmarkJobResults'];

function made(make: (stack: Stack) => Partial<AIBenchmarkJobProps> = () => ({})): Resources {
  const stack = newStack();
  benchmarkJobIn(stack, make(stack));
  return deployed(stack);
}

test('the start resource is of the family, with 2 hours by default, and its job is certain of nothing in S3', () => {
  const resources = made();
  expect(only(resources, START).Properties).toMatchObject({ MaxSeconds: '7200', Stages: `${stageCount(7200)}`, Preflight: ['objects'], ...SCOPE, ScopeName: 'AWS::StackName' });
  expect(only(resources, START).Properties).not.toHaveProperty('ReadsObjects');
  expect(idsOf(resources, WAIT)).toHaveLength(stageCount(7200));
});

test('a longest time of yours', () => {
  expect(only(made(() => ({ maxDuration: Duration.hours(1) })), START).Properties.MaxSeconds).toBe('3600');
});

test('its checks are those of its bucket and of a given role: an endpoint that exists needs no quota', () => {
  const checks = (props?: Parameters<typeof made>[0]) => {
    const resources = made(props);
    const permissions = permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeStartRole'));
    return [only(resources, START).Properties.Preflight, Object.keys(permissions).filter((action) => action.startsWith('servicequotas:'))];
  };
  const given = (stack: Stack) => ({ role: Role.fromRoleArn(stack, 'Given', arn('iam', 'role/given')) });
  expect([checks(), checks(given), checks((stack) => ({ ...given(stack), preflight: { objects: false, role: false } }))])
    .toEqual([[['objects'], []], [['objects', 'role'], []], [undefined, []]]);
});

test('results are read after the last stage, with every attribute as a field', () => {
  const stack = newStack();
  const job = benchmarkJobIn(stack);
  const results: any = job.addResults();
  const resources = deployed(stack);
  expect(only(resources, RESULTS).Properties).toMatchObject({ JobName: `${idsOf(resources, WAIT).at(-1)}.JobName`, Namespace: SCOPE.Namespace });
  const fields = Object.keys(results).filter((name) => typeof results[name] === 'string').map((name) => atDeploy(stack, results[name]));
  const attributes = AI_BENCHMARK_ATTRIBUTES.filter((name) => name !== 'JobName').map((name) => `JobResults${idsOf(resources, RESULTS)[0].slice(-8)}.${name}`);
  expect(fields).toEqual(expect.arrayContaining(attributes));
});

test('a job in the background has no results at the deploy', () => {
  expect(() => benchmarkJobIn(newStack(), { wait: Wait.inBackground() }).addResults()).toThrow('`addResults` needs a job that the deploy waits for');
});

test('without jobs, every result is empty', () => {
  const stack = newStack();
  stack.node.setContext('cdk-sagemaker-inference-recommender:withoutJobs', true);
  const results = benchmarkJobIn(stack).addResults();
  expect([results.jobArn, results.status, results.outputLocation, results.logs]).toEqual(['', '', '', '']);
  expect(idsOf(deployed(stack), RESULTS)).toEqual([]);
  expect(results).toBeInstanceOf(AIBenchmarkResults);
});

test('a network has connections, and without one they are refused', () => {
  const stack = newStack();
  expect(benchmarkJobIn(stack, network(stack)).connections.securityGroups).toHaveLength(1);
  expect(() => benchmarkJobIn(newStack()).connections).toThrow('`connections` needs a job in a VPC: set `vpc`.');
});

describe('an endpoint that hosts components', () => {
  const components = (stack: Stack) => new Endpoint(stack, 'Endpoint', {
    endpointConfig: new EndpointConfig(stack, 'Config', {
      variants: [Variant.forInferenceComponents({ instanceType: InstanceType.ML_G5_XLARGE })],
    }),
  });

  test('without their names is a warning', () => {
    const stack = newStack();
    benchmarkJobIn(stack, { endpoint: components(stack) });
    expect(warningsOf(stack)).toContain('ComponentNames');
  });

  test('with their names is none', () => {
    const stack = newStack();
    const inferenceComponents = [{ inferenceComponentRef: { inferenceComponentArn: arn('sagemaker', 'inference-component/chat') } } as any];
    benchmarkJobIn(stack, { endpoint: components(stack), inferenceComponents });
    expect(warningsOf(stack)).not.toContain('ComponentNames');
  });
});

test('the start function may look at no endpoint, and lists only the prefix of the results', () => {
  const resources = made();
  const permissions = permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeStartRole'));
  expect(permissions['s3:ListBucket']).toEqual(['arn:aws:s3:::results if {"StringEquals":{"s3:prefix":["Shop-Job-819B92C5/"]}}']);
  expect(Object.keys(permissions).filter((action) => /Endpoint/.test(action))).toEqual([]);
});

test('an endpoint that is no endpoint is refused', () => {
  expect(() => made(() => ({ endpoint: 'live' as any }))).toThrow('`endpoint` must be an endpoint, such as `Endpoint.fromEndpointName()` returns');
});
