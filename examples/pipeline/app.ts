import { App, Stack } from 'aws-cdk-lib';
import { CodePipeline, CodePipelineSource, ManualApprovalStep, ShellStep } from 'aws-cdk-lib/pipelines';
import { BenchmarkStage, ServiceStage } from './stages';

// A pipeline that benchmarks each new model, asks a person, and then serves the model on what is recommended.
const app = new App();
const stack = new Stack(app, 'ShopPipeline');
const pipeline = new CodePipeline(stack, 'Pipeline', {
  pipelineName: 'shop-models',
  synth: new ShellStep('Synth', {
    // A connection that you make once in the console, for your repository.
    input: CodePipelineSource.connection('owner/repository', 'main', {
      connectionArn: 'arn:aws:codeconnections:us-east-1:111111111111:connection/00000000-0000-0000-0000-000000000000',
    }),
    commands: ['npm ci', 'npx cdk synth'],
  }),
});
// It ends within minutes, whatever the job takes. When the job is over, its result starts the pipeline again.
pipeline.addStage(new BenchmarkStage(app, 'ShopBenchmark', { pipelineName: 'shop-models' }));
pipeline.addStage(new ServiceStage(app, 'ShopService'), {
  pre: [new ManualApprovalStep('Approve', { comment: 'Serve on what /ml/shop/recommendation has now? Its summary tells why.' })],
});
