import { ExpectedResult } from '@aws-cdk/integ-tests-alpha';
import { Integ } from './support/integ';
import { modelPackage } from './support/model-package';
import { InstanceType, InstantRecommendation, Model } from 'cdk-sagemaker-inference-recommender';

// What SageMaker recommends with a model at once. It costs nothing, so this is the first one to run.
const integ = new Integ('InferenceRecommenderIntegInstant');
const stack = integ.stack();
const model = new Model(stack, 'Model', { modelPackage: modelPackage(stack) });
const instant = new InstantRecommendation(stack, 'Instant', { model, fallback: { instanceType: InstanceType.ML_M5_LARGE } });

integ.expect('InstantIsOver', 'sagemaker', 'DescribeModel', { ModelName: model.modelName },
  ExpectedResult.stringLikeRegexp('^(COMPLETED|NOT_APPLICABLE)$'), { path: 'DeploymentRecommendation.RecommendationStatus' });
// The fallback is used if there was no answer within a minute.
integ.expectText('InstantWasThereInTime', stack, instant.summary, '.*(recommended by SageMaker|NOT_APPLICABLE).*');

integ.synth();
