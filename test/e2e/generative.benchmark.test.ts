import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { InProcessRunner } from './in-process-runner';
import { LocalApps } from './local-apps';
import { SageMakerState } from '../../local-aws/sagemaker/state';
import {
  AIBenchmarkJob, AIWorkloadConfig, ContainerImage, Endpoint, EndpointConfig, InstanceType, Model, ModelContainer, ModelData, Variant, Workload,
} from '../../src';
import { ACCOUNT, REGION } from '../harness/place';

const build = (trigger?: string) => (app: App) => {
  const stack = new Stack(app, 'Measured', { env: { account: ACCOUNT, region: REGION } });
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'models');
  const container = ModelContainer.fromImage(ContainerImage.fromRegistry('image'), { modelData: ModelData.fromBucketPrefix(bucket, 'chat/') });
  const model = new Model(stack, 'Model', { containers: [container] });
  const variants = [Variant.onInstances(model, { instanceType: InstanceType.ML_G6_12XLARGE })];
  const job = new AIBenchmarkJob(stack, 'Job', {
    endpoint: new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants }) }),
    workload: new AIWorkloadConfig(stack, 'Workload', {
      workload: Workload.synthetic({ inputTokens: { mean: 550 }, outputTokens: { mean: 150 }, concurrency: 10 }),
    }),
    outputBucket: bucket,
    outputPrefix: 'results',
    trigger,
  });
  const { figures, trouble, archive, runCount } = job.addResults();
  for (const [id, value] of Object.entries({ figures, trouble, archive, runCount })) { new CfnOutput(stack, id, { value }); }
};

test('a benchmark\'s figures are attributes, read from its archive with nothing but the function\'s own permissions', async () => {
  const apps = await LocalApps.open({ lambdaRunner: new InProcessRunner() });
  try {
    const { s3 } = apps.aws.world;
    s3.createBucket('models', ACCOUNT, REGION);
    s3.putObject('models', 'chat/model.safetensors', Buffer.alloc(1000));
    expect([await apps.bring(build(), 'Measured'), apps.reasons('Measured')]).toEqual(['CREATE_COMPLETE', '']);
    const outputs = apps.outputs('Measured');
    expect([outputs.trouble, outputs.runCount]).toEqual(['', '1']);
    expect(outputs.archive).toMatch(/^s3:\/\/models\/results\/.*output\.tar\.gz$/);
    const [run] = JSON.parse(outputs.figures);
    expect(run).toMatchObject({ time_to_first_token: { unit: 'ms' }, output_token_throughput: { unit: 'tokens/sec' } });
    expect(run.time_to_first_token.p99).toBeGreaterThan(0);
    // A second job has an archive of its own below the same prefix.
    expect(await apps.bring(build('again'), 'Measured')).toBe('UPDATE_COMPLETE');
    expect([apps.outputs('Measured').trouble, apps.outputs('Measured').archive === outputs.archive]).toEqual(['', false]);
    expect(await apps.remove('Measured')).toBe('DELETE_COMPLETE');
    const { aiBenchmarkJobs, workloadConfigs } = apps.region().room(SageMakerState);
    expect([aiBenchmarkJobs.size, workloadConfigs.size]).toEqual([0, 0]);
  } finally {
    await apps.close();
  }
});
