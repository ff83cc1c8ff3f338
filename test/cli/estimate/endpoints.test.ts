import { CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { CfnScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnEndpoint, CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import * as fc from 'fast-check';
import { only, synthesized } from './apps';

const env = { account: '111111111111', region: 'us-east-1' };
const MONTH = 730;

/** An app without this library. */
function foreign(build: (stack: Stack, config: (...variants: object[]) => CfnEndpointConfig) => void) {
  return synthesized((app) => {
    const stack = new Stack(app, 'Foreign', { env });
    build(stack, (...variants) => new CfnEndpointConfig(stack, 'Config', {
      productionVariants: variants.map((variant, index) => ({ variantName: `v${index}`, modelName: 'theirs', initialVariantWeight: 1, ...variant })),
    }));
  });
}

test('an app without this library has the costs of its endpoints: instances, native scaling, scaling of its own, serverless and shadows', async () => {
  const { endpoints: [{ variants }], jobs, jobsUsd } = await only(foreign((stack, config) => {
    const made = config(
      { instanceType: 'ml.c5.xlarge', initialInstanceCount: 3 },
      { instanceType: 'ml.m5.xlarge', initialInstanceCount: 1 },
      { instanceType: 'ml.m5.xlarge', managedInstanceScaling: { status: 'ENABLED', minInstanceCount: 0, maxInstanceCount: 4 } },
      { serverlessConfig: { memorySizeInMb: 2048, maxConcurrency: 5 } },
      { serverlessConfig: { memorySizeInMb: 2048, maxConcurrency: 5, provisionedConcurrency: 1 } },
      { instancePools: [{ instanceType: 'ml.c5.xlarge', priority: 1 }, { instanceType: 'ml.m5.xlarge', priority: 2 }], initialInstanceCount: 2 },
      { instanceType: 'ml.c99.xlarge', initialInstanceCount: 1 },
    );
    made.addPropertyOverride('ProductionVariants.5.InstancePools', [{ InstanceType: 'ml.c5.xlarge', Priority: 1 }, { InstanceType: 'ml.m5.xlarge', Priority: 2 }]);
    const endpoint = new CfnEndpoint(stack, 'Endpoint', { endpointConfigName: made.attrEndpointConfigName });
    new CfnScalableTarget(stack, 'Target', {
      serviceNamespace: 'sagemaker',
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      minCapacity: 1,
      maxCapacity: 6,
      roleArn: 'arn:aws:iam::111111111111:role/r',
      resourceId: Fn.join('', ['endpoint/', endpoint.attrEndpointName, '/variant/v1']),
    });
  }));
  const usd = variants.map(({ monthlyUsd: { least, most } }: any) => [least, most].map((one) => (one === null ? null : Math.round(one * 100) / 100)));
  const serverless = Math.round(2 * 5 * 0.00002 * 3600 * MONTH * 100) / 100;
  expect(usd).toEqual([[446.76, 446.76], [167.9, 1007.4], [0, 671.6], [0, serverless], [0, null], [297.84, 335.8], [0, null]]);
  expect(variants[6].notes).toEqual(['no price for ml.c99.xlarge in us-east-1']);
  expect([jobs, jobsUsd]).toEqual([[], { least: 0, most: 0 }]);
});

test('what only the deploy knows is said so, and not guessed', async () => {
  const { endpoints: [{ variants }] } = await only(foreign((stack, config) => {
    const type = new CfnParameter(stack, 'Type', { default: 'ml.c5.xlarge' });
    const count = new CfnParameter(stack, 'Count', { type: 'Number', default: 1 });
    const made = config({ instanceType: type.valueAsString, initialInstanceCount: 1 }, { instanceType: 'ml.c5.xlarge', initialInstanceCount: count.valueAsNumber });
    new CfnEndpoint(stack, 'Endpoint', { endpointConfigName: made.attrEndpointConfigName });
  }));
  expect(variants.map(({ notes, monthlyUsd }: any) => [notes[0], monthlyUsd.most])).toEqual([
    ['only the deploy knows its instance type', null], ['only the deploy knows its most instances', null],
  ]);
  const { endpoints: [{ variants: [elsewhere] }] } = await only(foreign((stack) => new CfnEndpoint(stack, 'Endpoint', { endpointConfigName: 'theirs' })));
  expect(elsewhere.notes).toEqual(['its configuration is not of this app']);
});

test('a month never costs less at the most than at the least, and more instances never cost less', async () => {
  const types = fc.uniqueArray(fc.constantFrom('ml.c5.xlarge', 'ml.m5.xlarge', 'ml.g5.xlarge'), { minLength: 1, maxLength: 3 });
  await fc.assert(fc.asyncProperty(types, fc.integer({ min: 1, max: 9 }), fc.nat(3), async (pools, instances, more) => {
    const of = async (count: number) => (await only(foreign((stack, config) => {
      const made = config({ initialInstanceCount: count });
      made.addPropertyOverride('ProductionVariants.0.InstancePools', pools.map((type, index) => ({ InstanceType: type, Priority: index + 1 })));
      new CfnEndpoint(stack, 'Endpoint', { endpointConfigName: made.attrEndpointConfigName });
    }))).monthlyUsd;
    const [one, other] = [await of(instances), await of(instances + more)];
    expect(one.least).toBeLessThanOrEqual(one.most);
    expect(other.least).toBeGreaterThanOrEqual(one.least);
    expect(other.most).toBeGreaterThanOrEqual(one.most);
  }), { numRuns: 20 });
});
