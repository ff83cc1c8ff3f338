import { mkdtempSync } from 'fs';
import { join } from 'path';
import { App, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  BenchmarkResults, BenchmarkTarget, Endpoint, EndpointConfig, EndpointType, InferenceRecommendationsJob, InstanceType, Model,
  RecommendationOptions, Variant,
} from '../../../src';
import { deployed, jobIn, ofType, only, packageIn, SCRATCH } from '../../harness/constructs';

const CONTEXT = 'cdk-sagemaker-inference-recommender:withoutJobs';
const FIXED = { instanceType: InstanceType.ML_M5_LARGE, initialInstanceCount: 2, environment: { WORKERS: '1' } };
const FALLBACK = { instanceType: InstanceType.ML_C5_XLARGE };

/** An app as its user writes it, from the package to the endpoint, with what stands in for the job. */
function stackOf(withoutJobs: unknown, options: RecommendationOptions): Stack {
  const app = new App({
    outdir: mkdtempSync(join(SCRATCH, 'cdk.out-')),
    analyticsReporting: false,
    context: { 'aws:cdk:disable-asset-staging': true, ...withoutJobs === undefined ? {} : { [CONTEXT]: withoutJobs } },
  });
  const stack = new Stack(app, 'Shop');
  const job = jobIn(stack, { target: BenchmarkTarget.fromModelPackage(packageIn(stack)), deleteCompilationJobs: true });
  const best = job.addRecommendation('Best', options);
  const model = new Model(stack, 'Model', { recommendation: best });
  new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] }) });
  return stack;
}

const jobOf = (stack: Stack) => stack.node.findChild('Job') as InferenceRecommendationsJob;
const bestOf = (stack: Stack) => jobOf(stack).node.findChild('Best') as any;
const variantOf = (stack: Stack) => only(deployed(stack), 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants[0];

describe.each([true, 'true'])('where the context is %j', (context) => {
  test('an app has no custom resource, no function and no state machine', () => {
    const types = Object.values(deployed(stackOf(context, { withoutJobs: FIXED, parameterPath: '/shop/best' }))).map(({ Type }) => Type);
    expect(types.filter((type) => /^Custom::|::Function$|StateMachine/.test(type))).toEqual([]);
    expect(types).toEqual(expect.arrayContaining(['AWS::SageMaker::Model', 'AWS::SageMaker::EndpointConfig', 'AWS::SageMaker::Endpoint']));
  });

  test('its endpoint has the figures of the code', () => {
    const stack = stackOf(context, { withoutJobs: FIXED });
    expect(variantOf(stack)).toMatchObject({ InstanceType: 'ml.m5.large', InitialInstanceCount: 2 });
    expect(only(deployed(stack), 'AWS::SageMaker::Model').Properties.PrimaryContainer.Environment).toEqual({ WORKERS: '1' });
  });
});

describe('what stands in', () => {
  test('is what is fixed, before the fallback', () => {
    expect(variantOf(stackOf(true, { withoutJobs: FIXED, fallback: FALLBACK })).InstanceType).toBe('ml.m5.large');
    expect(variantOf(stackOf(true, { fallback: FALLBACK }))).toMatchObject({ InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 });
  });

  test('has every field, and says where it comes from', () => {
    const expected = {
      instanceType: 'ml.m5.large',
      initialInstanceCount: 2,
      instanceCount: 2,
      environment: '{"WORKERS":"1"}',
      source: 'Fixed',
      summary: `Fixed by the app: the context '${CONTEXT}' is true.`,
      jobName: '',
      recommendationId: '',
      costPerHour: '',
    };
    const stack = stackOf(true, { withoutJobs: FIXED });
    const fields = Object.keys(expected).map((field) => [field, stack.resolve(bestOf(stack)[field])]);
    expect(Object.fromEntries(fields)).toEqual(expected);
  });

  test('may be serverless', () => {
    const stack = stackOf(true, {
      endpointType: EndpointType.SERVERLESS, withoutJobs: { serverlessMemorySize: Size.gibibytes(2), serverlessMaxConcurrency: 5 },
    });
    expect(variantOf(stack)).toMatchObject({ ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } });
  });

  test('is missed where there is neither', () => {
    expect(() => stackOf(true, {})).toThrow(/^`withoutJobs`, `fallback` or `startFrom` is required if the context '\S+:withoutJobs' is true, because then no job runs\.$/);
  });

  test('is judged as it is where jobs run, and so are the other options', () => {
    for (const options of [{ withoutJobs: { ...FIXED, initialInstanceCount: 0 } }, { withoutJobs: FIXED, limits: { maxCostPerHour: -1 } }]) {
      expect(() => stackOf(true, options)).toThrow(/must be/);
      expect(() => stackOf(false, options)).toThrow(/must be/);
    }
  });

  test('shows in the output that is asked for', () => {
    const { Outputs } = Template.fromStack(stackOf(true, { withoutJobs: FIXED, explain: true })).toJSON();
    expect(Object.values<any>(Outputs).map(({ Value }) => Value)).toEqual([expect.stringContaining('Fixed by the app')]);
  });
});

test('results are empty', () => {
  const stack = stackOf(true, { withoutJobs: FIXED });
  const { jobArn, status, recommendationCount, benchmarkSteps } = jobOf(stack).addResults() satisfies BenchmarkResults;
  expect([jobOf(stack).jobName, jobArn, status, recommendationCount, benchmarkSteps]).toEqual(['', '', '', '', '']);
  expect(Object.values(deployed(stack)).filter(({ Type }) => Type.startsWith('Custom::'))).toEqual([]);
});

test('a recommendation of a job that something else started is read all the same, unless it is fixed', () => {
  const read = (options: RecommendationOptions) => {
    const stack = new Stack(new App({ analyticsReporting: false, context: { [CONTEXT]: true, 'aws:cdk:disable-asset-staging': true } }), 'Shop');
    InferenceRecommendationsJob.fromJobName(stack, 'Job', 'notebook-job').addRecommendation('Best', options);
    return ofType(deployed(stack), 'Custom::InferenceRecommendation').length;
  };
  expect([read({}), read({ withoutJobs: FIXED })]).toEqual([1, 0]);
});

test.each([undefined, false, 'false'])('where the context is %j, the template is the one without it', (context) => {
  const template = (value: unknown, options: RecommendationOptions) => Template.fromStack(stackOf(value, options)).toJSON();
  const { Resources } = template(context, { withoutJobs: FIXED });
  expect(Resources).toEqual(template(undefined, {}).Resources);
  expect(Object.values<any>(Resources).map(({ Type }) => Type)).toContain('Custom::InferenceRecommendationsJob');
});
