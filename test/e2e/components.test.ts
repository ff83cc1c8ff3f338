import { CfnOutput, Size, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Build, LocalApps } from './local-apps';
import {
  ContainerImage, CopyBatchSize, Endpoint, EndpointConfig, InferenceComponent, InferenceComponentProps, InstanceType, Model, ModelContainer,
  ModelData, Variant,
} from '../../src';
import { ACCOUNT, REGION } from '../harness/place';

const NAME = 'Chat';
const IMAGE = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/llm:1`;

interface Settings extends Pick<InferenceComponentProps, 'copies' | 'accelerators' | 'rollingUpdate' | 'environment'> {
  /** Whether the copies scale between 2 and 4. */
  readonly scales?: boolean;
  readonly adapter?: string;
}

/** A model by its image, a summary model of its own beside it, and adapters. */
const build = ({ scales, adapter = 'lora.tar.gz', ...props }: Settings = {}): Build => (app) => {
  const stack = new Stack(app, NAME, { env: { account: ACCOUNT, region: REGION } });
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'models');
  const variant = Variant.forInferenceComponents({ instanceType: InstanceType.ML_G5_12XLARGE, initialInstanceCount: 1 });
  const endpoint = new Endpoint(stack, 'Endpoint', { endpointName: 'chat', endpointConfig: new EndpointConfig(stack, 'Config', { variants: [variant] }) });
  const base = new InferenceComponent(stack, 'Base', {
    endpoint,
    inferenceComponentName: 'Base',
    image: ContainerImage.fromRegistry(IMAGE),
    modelData: ModelData.fromBucket(bucket, 'llm.tar.gz'),
    accelerators: 1,
    minMemory: Size.gibibytes(16),
    copies: 2,
    ...props,
  });
  new InferenceComponent(stack, 'Adapter', { endpoint, baseComponent: base, modelData: ModelData.fromBucket(bucket, adapter) });
  const model = new Model(stack, 'Model', { containers: [ModelContainer.fromImage(ContainerImage.fromRegistry(IMAGE))] });
  new InferenceComponent(stack, 'Summary', { endpoint, model, minMemory: Size.gibibytes(1) });
  if (scales) { base.scaleCopies({ minCopies: 2, maxCopies: 4 }).trackConcurrentRequestsPerCopy(5); }
  new CfnOutput(stack, 'ComponentName', { value: base.inferenceComponentName });
};

let apps: LocalApps;
beforeAll(async () => { apps = await LocalApps.open(); });
afterAll(() => apps.close());

const component = (InferenceComponentName = 'base') => apps.sagemaker('DescribeInferenceComponent', { InferenceComponentName });
const components = async () => (await apps.sagemaker('ListInferenceComponents', { SortBy: 'CreationTime' })).InferenceComponents;

test('components are deployed after their endpoint, changed in place, and deleted before it', async () => {
  expect(await apps.cdk(build({ scales: true }), ['deploy'])).toMatchObject({ exitCode: 0 });
  expect((await components()).map((one: any) => [one.VariantName, one.InferenceComponentStatus])).toEqual(Array(3).fill(['AllTraffic', 'InService']));
  expect(await component()).toMatchObject({
    InferenceComponentName: 'Base', EndpointName: 'chat', RuntimeConfig: { CurrentCopyCount: 2, PlacementStatus: [{ InstanceType: 'ml.g5.12xlarge', CurrentCopyCount: 2 }] },
  });
  expect(apps.outputs(NAME).ComponentName).toBe('base');
  expect(apps.region().applicationAutoScaling.targets.get('inference-component/Base')).toMatchObject({ min: 2, max: 4 });
  const { events } = apps.stack(NAME);
  const at = (type: string, status: string) => events.findIndex((event) => event.type === `AWS::SageMaker::${type}` && event.status === status);
  expect(at('InferenceComponent', 'CREATE_IN_PROGRESS')).toBeGreaterThan(at('Endpoint', 'CREATE_COMPLETE'));

  const change = { copies: 4, environment: { MODE: 'fast' }, rollingUpdate: { maximumBatchSize: CopyBatchSize.percent(50) }, adapter: 'lora-2.tar.gz' };
  expect([await apps.bring(build(change), NAME), apps.reasons(NAME)]).toEqual(['UPDATE_COMPLETE', '']);
  expect(await component()).toMatchObject({
    RuntimeConfig: { CurrentCopyCount: 4 },
    Specification: { Container: { Environment: { MODE: 'fast' } } },
    LastDeploymentConfig: { RollingUpdatePolicy: { MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 50 } } },
  });
  expect((await components()).map((one: any) => one.InferenceComponentStatus)).toEqual(Array(3).fill('InService'));
  expect(apps.region().applicationAutoScaling.targets.size).toBe(0);

  expect(await apps.bring(build({ ...change, copies: 5 }), NAME)).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(apps.reasons(NAME)).toContain('Copy 5 of 5 of inference component "Base" has no room on the 1 instances');
  expect(await component()).toMatchObject({ InferenceComponentStatus: 'InService', RuntimeConfig: { CurrentCopyCount: 4 } });

  expect(await apps.cdk(build(change), ['destroy', '--force'])).toMatchObject({ exitCode: 0 });
  expect(await components()).toEqual([]);
  expect((await apps.sagemaker('ListEndpoints', {})).Endpoints).toEqual([]);
});

test('a component that does not fit fails the stack, and nothing of it stays', async () => {
  expect(await apps.bring(build({ accelerators: 8 }), NAME)).toBe('ROLLBACK_COMPLETE');
  expect(apps.reasons(NAME)).toContain('A copy takes 16384 MB of memory, 8 accelerators and 0 CPU cores, and ml.g5.12xlarge has');
  expect(await components()).toEqual([]);
  expect((await apps.sagemaker('ListEndpoints', {})).Endpoints).toEqual([]);
  expect(await apps.remove(NAME)).toBe('DELETE_COMPLETE');
});
