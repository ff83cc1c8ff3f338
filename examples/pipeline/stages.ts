import { CfnOutput, Stack, Stage, StageProps } from 'aws-cdk-lib';
import { Pipeline } from 'aws-cdk-lib/aws-codepipeline';
import { CodePipeline } from 'aws-cdk-lib/aws-events-targets';
import {
  BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, InstanceType, Model, Recommendation, Variant, Wait,
} from 'cdk-sagemaker-inference-recommender';
import { Construct } from 'constructs';
import { exampleModelPackage } from './model-package';

const parameterPath = '/ml/shop/recommendation';

export interface BenchmarkStageProps extends StageProps {
  /** The pipeline that a new result starts. */
  readonly pipelineName: string;
}

/** Benchmarks the model in the background: no step of a pipeline waits for the job, so no credentials expire meanwhile. */
export class BenchmarkStage extends Stage {
  constructor(scope: Construct, id: string, { pipelineName, ...props }: BenchmarkStageProps) {
    super(scope, id, props);
    const stack = new Stack(this, 'Model');
    const job = new InferenceRecommendationsJob(stack, 'Job', {
      target: BenchmarkTarget.fromModelPackage(exampleModelPackage(stack)),
      wait: Wait.inBackground(),
    });
    const best = job.addRecommendation('Best', {
      parameterPath,
      limits: { allowCompiledModels: false },
      // Until the first result is there.
      fallback: { instanceType: InstanceType.ML_M5_LARGE },
    });
    const arn = stack.formatArn({ service: 'codepipeline', resource: pipelineName });
    best.onChange('Changed', { target: new CodePipeline(Pipeline.fromPipelineArn(stack, 'Pipeline', arn)) });
  }
}

/** Serves the model on what the parameters recommend when this stage is deployed: what the person has seen and approved. */
export class ServiceStage extends Stage {
  constructor(scope: Construct, id: string, props?: StageProps) {
    super(scope, id, props);
    const stack = new Stack(this, 'Shop');
    const best = Recommendation.fromSsmParameter(stack, 'Best', { parameterPath });
    const model = new Model(stack, 'Model', { recommendation: best });
    const config = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] });
    new CfnOutput(stack, 'EndpointName', { value: new Endpoint(stack, 'Endpoint', { endpointConfig: config }).endpointName });
    new CfnOutput(stack, 'InstanceType', { value: best.instanceType });
  }
}
