import { Template } from 'aws-cdk-lib/assertions';
import { Size, Stack } from 'aws-cdk-lib/core';
import { deployed, idOf, importedPackage, newStack, only, permissionsOf } from './fixtures';
import { EndpointConfig, EndpointType, InferenceRecommendationsJob, InstanceType, Model, Objective, Recommendation, Variant } from '../../src';

describe('a job that something else started', () => {
  test('is read, and never started or stopped', () => {
    const stack = newStack();
    const job = InferenceRecommendationsJob.fromJobName(stack, 'Job', 'notebook-job');
    job.addRecommendation('Best', { objective: Objective.lowestLatency() });
    const resources = deployed(stack);
    expect(only(resources, 'Custom::InferenceRecommendation').Properties.JobName).toBe('notebook-job');
    expect(Object.values(resources).filter(({ Type }) => /RecommendationsJob/.test(Type))).toEqual([]);
    expect(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeConcludeRole'))['sagemaker:DescribeInferenceRecommendationsJob'])
      .toContain('arn:aws:sagemaker:us-east-1:111111111111:inference-recommendations-job/notebook-job');
  });

  test('has a name as the service takes it', () => {
    expect(() => InferenceRecommendationsJob.fromJobName(newStack(), 'Job', 'no spaces!')).toThrow(/^`jobName` must match .*got: 'no spaces!'/);
  });
});

describe('a recommendation by its figures', () => {
  test('deploys like one of a job, and needs no job', () => {
    const stack = newStack();
    const fixed = Recommendation.fromRecommendationAttributes(stack, 'Fixed', {
      instanceType: InstanceType.ML_C5_XLARGE, initialInstanceCount: 2, modelPackage: importedPackage(stack), environment: { OMP_NUM_THREADS: '4' },
    });
    const model = new Model(stack, 'Model', { recommendation: fixed });
    new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, fixed)] });
    const resources = deployed(stack);
    expect(only(resources, 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants)
      .toEqual([expect.objectContaining({ InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 2 })]);
    expect(only(resources, 'Custom::InferenceRecommendationModel').Properties.Environment).toBe('{"OMP_NUM_THREADS":"4"}');
    Template.fromStack(stack).resourceCountIs('Custom::InferenceRecommendationsJob', 0);
  });

  test('says what it lacks', () => {
    expect(() => Recommendation.fromRecommendationAttributes(newStack(), 'Fixed', {})).toThrow('`instanceType` must be given');
    expect(() => Recommendation.fromRecommendationAttributes(newStack(), 'Fixed', {
      endpointType: EndpointType.SERVERLESS, serverlessMemorySize: Size.gibibytes(2),
    })).toThrow('`serverlessMaxConcurrency` must be given');
  });
});

test('a recommendation in another stack than its job is refused, with the way out', () => {
  const stack = newStack();
  const job = InferenceRecommendationsJob.fromJobName(stack, 'Job', 'job');
  const other = new Stack(stack.node.root as any, 'Other');
  expect(() => new Recommendation(other, 'Best', { job })).toThrow(/`job` must be in the recommendation's own stack, got one of Shop/);
});
