import { Template } from 'aws-cdk-lib/assertions';
import { CfnParameter, Size } from 'aws-cdk-lib/core';
import { EndpointConfig, EndpointType, InstanceType, Model, Recommendation, Variant } from '../../../src';
import { deployed, importedPackage, late, newStack, only } from '../../harness/constructs';

describe('a recommendation by its figures', () => {
  test('deploys like one of a job, and needs no job', () => {
    const stack = newStack();
    const fixed = Recommendation.fromAttributes(stack, 'Fixed', {
      instanceType: InstanceType.ML_C5_XLARGE, initialInstanceCount: 2, modelPackage: importedPackage(stack), environment: { OMP_NUM_THREADS: '4' },
    });
    const model = new Model(stack, 'Model', { recommendation: fixed });
    new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, fixed)] });
    const resources = deployed(stack);
    expect(only(resources, 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants)
      .toEqual([expect.objectContaining({ InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 2 })]);
    // What the package's own variables are is not known here.
    expect(only(resources, 'Custom::InferenceRecommendationModel').Properties.Environment).toBe('{"OMP_NUM_THREADS":"4"}');
    Template.fromStack(stack).resourceCountIs('Custom::InferenceRecommendationsJob', 0);
  });

  test('deploys a serverless endpoint', () => {
    const stack = newStack();
    const fixed = Recommendation.fromAttributes(stack, 'Fixed', {
      endpointType: EndpointType.SERVERLESS, serverlessMemorySize: Size.gibibytes(2), serverlessMaxConcurrency: 5,
    });
    new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(Model.fromModelName(stack, 'Served', 'served'), fixed)] });
    expect(only(deployed(stack), 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants)
      .toEqual([expect.objectContaining({ ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } })]);
  });

  test('has figures that only the deploy knows', () => {
    const stack = newStack();
    const { valueAsNumber: figure } = new CfnParameter(stack, 'Figure', { type: 'Number', default: 3 });
    const fixed = Recommendation.fromAttributes(stack, 'Fixed', { instanceType: InstanceType.of(late.text('ml.c5.large')), initialInstanceCount: figure });
    new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(Model.fromModelName(stack, 'Served', 'served'), fixed)] });
    expect(only(deployed(stack), 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants)
      .toEqual([expect.objectContaining({ InstanceType: 'ml.c5.large', InitialInstanceCount: 3 })]);
  });

  test('says where it comes from', () => {
    const { source, summary, jobName, fleetCostPerHour } = Recommendation.fromAttributes(newStack(), 'Fixed', { instanceType: InstanceType.ML_C5_XLARGE, jobName: 'notebook-job' });
    expect([source, summary, jobName, fleetCostPerHour]).toEqual(['Fixed', 'Fixed by the app.', 'notebook-job', '']);
  });

  test('says what it lacks', () => {
    expect(() => Recommendation.fromAttributes(newStack(), 'Fixed', {})).toThrow('`instanceType` is required');
    expect(() => Recommendation.fromAttributes(newStack(), 'Fixed', {
      endpointType: EndpointType.SERVERLESS, serverlessMemorySize: Size.gibibytes(2),
    })).toThrow('`serverlessMaxConcurrency` is required');
  });
});
