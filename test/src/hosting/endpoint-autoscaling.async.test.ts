import { Fn, Stack } from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy, ScalableTarget, ServiceNamespace } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { AsyncInference, Endpoint, EndpointAutoScaling, EndpointAutoScalingOptions, EndpointConfig, RecommendedEndpoint, ScalingTarget } from '../../../src';
import { deployed, idOf, jobIn, late, newStack, only, packageIn } from '../../harness/constructs';
import { onInstances, warningsOf } from '../../harness/endpoints';

const CAPACITY = { minCapacity: 0, maxCapacity: 3 };

function asyncIn(stack: Stack) {
  return AsyncInference.toBucket(Bucket.fromBucketName(stack, 'Bucket', 'answers'));
}

function endpointIn(stack: Stack, { isAsynchronous = true, endpointName }: { isAsynchronous?: boolean; endpointName?: string } = {}): Endpoint {
  const endpointConfig = new EndpointConfig(stack, 'Config', { variants: [onInstances(stack)], asyncInference: isAsynchronous ? asyncIn(stack) : undefined });
  return new Endpoint(stack, 'Endpoint', { endpointConfig, endpointName });
}

function scaled(options: EndpointAutoScalingOptions, isAsynchronous = true) {
  const stack = newStack();
  const endpoint = endpointIn(stack, { isAsynchronous });
  new EndpointAutoScaling(stack, 'Scaling', { endpoint, ...options });
  return { stack, endpoint, properties: only(deployed(stack), 'Custom::InferenceEndpointScaling').Properties };
}

describe('an asynchronous endpoint', () => {
  const backlog = (endpointName: string) => ({
    MetricName: 'ApproximateBacklogSizePerInstance', Namespace: 'AWS/SageMaker', Statistic: 'Average', Dimensions: [{ Name: 'EndpointName', Value: endpointName }],
  });

  test('scales by its backlog per instance and out of zero, unless told otherwise', () => {
    const { stack, properties } = scaled(CAPACITY);
    const endpointName = `${idOf(deployed(stack), 'Endpoint')}.EndpointName`;
    expect(properties).toMatchObject({ MinCapacity: '0', MaxCapacity: '3', TargetValue: '5', CustomizedMetric: backlog(endpointName), InstancesOutOfZero: '1' });
    expect(properties).not.toHaveProperty('PredefinedMetricType');
    expect(warningsOf(stack)).toEqual([]);
  });

  test('of a recommendation asks only for what is open, and its target is never a recommended one', () => {
    const stack = newStack();
    new RecommendedEndpoint(stack, 'Served', { modelPackage: packageIn(stack), asyncInference: asyncIn(stack), autoScaling: CAPACITY });
    const { Properties } = only(deployed(stack), 'Custom::InferenceEndpointScaling');
    expect(Properties).toMatchObject({ TargetValue: '5', CustomizedMetric: { MetricName: 'ApproximateBacklogSizePerInstance' }, InstancesOutOfZero: '1' });
    expect(Properties).not.toHaveProperty('Recommendation');
    const open = newStack();
    const endpoint = endpointIn(open);
    new EndpointAutoScaling(open, 'Scaling', { endpoint, recommendation: jobIn(open).addRecommendation('Best') });
    expect(only(deployed(open), 'Custom::InferenceEndpointScaling').Properties).toMatchObject({ Recommendation: expect.anything(), TargetValue: '5' });
  });

  test.each([
    ['a number of its own', { instancesOutOfZero: 2 }, '2'],
    ['none', { instancesOutOfZero: 0 }, '0'],
    ['a minimum above zero', { minCapacity: 1 }, undefined],
    ['a minimum that is known later', { minCapacity: late.number(0) }, '1'],
  ])('leaves zero by %s', (_what, options, expected) => {
    expect(scaled({ ...CAPACITY, ...options }).properties.InstancesOutOfZero).toEqual(expected);
  });

  test('takes a backlog of its own, and metrics that it publishes', () => {
    expect(scaled({ ...CAPACITY, target: ScalingTarget.backlogPerInstance(12.5) }).properties).toMatchObject({ TargetValue: '12.5' });
    const age = new Metric({ namespace: 'AWS/SageMaker', metricName: 'ApproximateAgeOfOldestRequest' });
    expect(scaled({ ...CAPACITY, target: ScalingTarget.metric(age, 60) }).properties).toMatchObject({ CustomizedMetric: { MetricName: 'ApproximateAgeOfOldestRequest' } });
    const own = new Metric({ namespace: 'Shop', metricName: 'InvocationsPerInstance' });
    expect(() => scaled({ ...CAPACITY, target: ScalingTarget.metric(own, 60) })).not.toThrow();
  });

  test.each([0, -1, NaN])('refuses a backlog of %p', (requests) => {
    expect(() => ScalingTarget.backlogPerInstance(requests)).toThrow('`target` must be more than 0');
  });

  const unpublished = {
    predefined: () => ScalingTarget.invocationsPerInstance(70),
    concurrent: () => ScalingTarget.concurrentRequestsPerModel(5),
    customized: ({ endpoint }: { endpoint: Endpoint }) => ScalingTarget.metric(endpoint.metricInvocationsPerInstance(), 70),
    latency: ({ endpoint }: { endpoint: Endpoint }) => ScalingTarget.metric(endpoint.metricOverheadLatency(), 70),
  };

  test.each(Object.entries(unpublished))('refuses a metric that it does not publish: %s', (_what, targetOf) => {
    const stack = newStack();
    const endpoint = endpointIn(stack);
    expect(() => new EndpointAutoScaling(stack, 'Scaling', { endpoint, ...CAPACITY, target: targetOf({ endpoint }) }))
      .toThrow(/^`target` must not track \w+, which an asynchronous endpoint does not publish: track ApproximateBacklogSizePerInstance/);
  });
});

test('an endpoint that answers at once has no backlog', () => {
  expect(() => scaled({ minCapacity: 1, maxCapacity: 2, target: ScalingTarget.backlogPerInstance(5) }, false)).toThrow('which only an asynchronous endpoint publishes');
  const options = { minCapacity: 0, maxCapacity: 2, target: ScalingTarget.invocationsPerInstance(70), instancesOutOfZero: 1 };
  expect(() => scaled(options, false)).toThrow('`instancesOutOfZero` needs an asynchronous endpoint');
});

test.each([
  ['a minimum above zero', { minCapacity: 1, maxCapacity: 3, instancesOutOfZero: 1 }, ['OutOfZero']],
  ['more than the maximum', { ...CAPACITY, instancesOutOfZero: 4 }, ['OutOfZero']],
  ['tokens', { minCapacity: late.number(0), maxCapacity: late.number(3), instancesOutOfZero: late.number(0) }, []],
])('leaving zero with %s warns where it has no effect', (_what, options, warnings) => {
  expect(warningsOf(scaled(options).stack)).toEqual(warnings);
});

test('whatever the figures, an asynchronous endpoint tracks its backlog and leaves zero if it may be there', () => {
  fc.assert(fc.property(fc.nat(5), fc.nat(5), fc.option(fc.nat(3), { nil: undefined }), (minCapacity, more, instancesOutOfZero) => {
    const { properties } = scaled({ minCapacity, maxCapacity: minCapacity + more, instancesOutOfZero });
    expect(properties.CustomizedMetric.MetricName).toBe('ApproximateBacklogSizePerInstance');
    expect(properties.InstancesOutOfZero).toBe((instancesOutOfZero ?? (minCapacity === 0 ? 1 : undefined))?.toString());
  }), { numRuns: 15 });
});

describe('a policy of CloudFormation\'s own', () => {
  const steps = { policyName: 'p', policyType: 'StepScaling' };
  const dimension = { scalableDimension: 'sagemaker:variant:DesiredInstanceCount', serviceNamespace: 'sagemaker' };
  type Foreign = (stack: Stack, endpoint: Endpoint) => void;
  const policyOn = (stack: Stack, resourceId: string) => { new CfnScalingPolicy(stack, 'Policy', { ...steps, ...dimension, resourceId }); };
  const logicalId = (stack: Stack, endpoint: Endpoint): string => stack.resolve((endpoint.node.defaultChild as any).logicalId);
  const foreign: Record<string, Foreign> = {
    'by a reference': (stack, endpoint) => policyOn(stack, `endpoint/${endpoint.endpointName}/variant/AllTraffic`),
    'by Fn.join': (stack, endpoint) => policyOn(stack, Fn.join('/', ['endpoint', endpoint.endpointName, 'variant', 'AllTraffic'])),
    'by Fn.sub': (stack, endpoint) => policyOn(stack, Fn.sub(`endpoint/\${${logicalId(stack, endpoint)}.EndpointName}/variant/AllTraffic`)),
    'in another stack': (stack, endpoint) => policyOn(new Stack(stack.node.root as any, 'Other', { env: { account: stack.account, region: stack.region } }),
      `endpoint/${endpoint.endpointName}/variant/AllTraffic`),
    'of a target': (stack, endpoint) => {
      const target = new CfnScalableTarget(stack, 'Target', { ...dimension, resourceId: `endpoint/${endpoint.endpointName}/variant/AllTraffic`, minCapacity: 0, maxCapacity: 1 });
      new CfnScalingPolicy(stack, 'Policy', { ...steps, scalingTargetId: target.ref });
    },
    'of the CDK': (stack, endpoint) => {
      const target = new ScalableTarget(stack, 'Target', {
        ...dimension, serviceNamespace: ServiceNamespace.SAGEMAKER, resourceId: `endpoint/${endpoint.endpointName}/variant/AllTraffic`, minCapacity: 0, maxCapacity: 1,
      });
      target.scaleOnMetric('Steps', { metric: endpoint.metricHasBacklogWithoutCapacity(), scalingSteps: [{ upper: 0, change: 0 }, { lower: 1, change: 1 }] });
    },
  };

  test.each(Object.entries(foreign))('on the endpoint is warned of: %s', (_how, put) => {
    const stack = newStack();
    const endpoint = endpointIn(stack);
    new EndpointAutoScaling(stack, 'Scaling', { endpoint, ...CAPACITY });
    // Added after the scaling.
    put(stack, endpoint);
    deployed(stack);
    expect(new Set(warningsOf(stack))).toEqual(new Set(['ForeignScaling']));
  });

  test('on an endpoint that has its name is warned of, and on another endpoint is not', () => {
    for (const [name, warnings] of [['live', ['ForeignScaling']], ['lively', []]] as const) {
      const stack = newStack();
      new EndpointAutoScaling(stack, 'Scaling', { endpoint: endpointIn(stack, { endpointName: 'live' }), ...CAPACITY });
      policyOn(stack, `endpoint/${name}/variant/AllTraffic`);
      deployed(stack);
      expect(warningsOf(stack)).toEqual(warnings);
    }
  });
});
