import { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { InProcessRunner } from './in-process-runner';
import { Build, LocalApps } from './local-apps';
import {
  BenchmarkTarget, ContainerImage, EndpointConfig, InferenceRecommendationsJob, InstanceType, Model, ModelContainer, ModelData, ModelPackage, Variant,
} from '../../src';
import { CONTAINER_CONFIG } from '../harness/constructs';
import { XGBOOST } from '../harness/model-package';
import { REGION } from '../harness/place';

const MARKETPLACE = `arn:aws:sagemaker:${REGION}:865070037744:model-package/hf-textgeneration-gpt2-cpu-b73b575105d336b680d151277ebe4ee0`;
const image = ContainerImage.fromRegistry(XGBOOST);

const app = (eTag = '"first"'): Build => (root) => {
  const stack = new Stack(root, 'Shop', { env: { account: '111111111111', region: REGION } });
  const bucket = Bucket.fromBucketName(stack, 'Models', 'models');
  const weights = ModelData.fromBucketPrefix(bucket, 'w/', { acceptEula: true });
  new Model(stack, 'Uncompressed', { containers: [ModelContainer.fromImage(image, { modelData: weights })] });
  new Model(stack, 'Pinned', {
    containers: [ModelContainer.fromImage(image, {
      modelData: ModelData.fromBucketObject(bucket, 'model.safetensors', { eTag }), additionalModelData: [{ channelName: 'draft', modelData: weights }],
    })],
  });
  const product = ModelPackage.fromModelPackageArn(stack, 'Product', MARKETPLACE);
  const bought = new Model(stack, 'Bought', { modelPackage: product });
  const job = new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(product), containerConfig: CONTAINER_CONFIG });
  const recommendation = job.addRecommendation('Best', { limits: { allowCompiledModels: false } });
  const tuned = new Model(stack, 'Tuned', { recommendation, environment: { MY_SETTING: 'on' } });
  const plain = Variant.onInstances(bought, { variantName: 'plain', instanceType: InstanceType.ML_M5_XLARGE });
  new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(tuned, recommendation), plain] });
};

let apps: LocalApps;
beforeAll(async () => { apps = await LocalApps.open({ lambdaRunner: new InProcessRunner() }); });
afterAll(() => apps.close());

test('uncompressed data and packages of AWS Marketplace are deployed by the CLI, updated and deleted', async () => {
  expect(await apps.cdk(app(), ['deploy'])).toMatchObject({ exitCode: 0 });
  const modelOf = (logicalId: RegExp) => {
    const found = [...apps.stack('Shop').resources.values()].filter(({ logicalId: id, type }) => logicalId.test(id) && /Model$/.test(type));
    expect(found).toHaveLength(1);
    return apps.sagemaker('DescribeModel', { ModelName: found[0].physicalId!.split('/').pop()! });
  };
  const source = {
    S3DataSource: { S3Uri: 's3://models/w/', S3DataType: 'S3Prefix', CompressionType: 'None', ModelAccessConfig: { AcceptEula: true } },
  };
  expect((await modelOf(/^Uncompressed/)).PrimaryContainer).toEqual({ Image: XGBOOST, ModelDataSource: source });
  const pinned = (ETag: string) => ({
    Image: XGBOOST,
    ModelDataSource: { S3DataSource: { S3Uri: 's3://models/model.safetensors', S3DataType: 'S3Object', CompressionType: 'None', ETag } },
    AdditionalModelDataSources: [{ ChannelName: 'draft', ...source }],
  });
  expect((await modelOf(/^Pinned/)).PrimaryContainer).toEqual(pinned('"first"'));
  expect(await modelOf(/^Bought/)).toMatchObject({ EnableNetworkIsolation: true, PrimaryContainer: { ModelPackageName: MARKETPLACE } });
  expect(await modelOf(/^Tuned/)).toMatchObject({
    EnableNetworkIsolation: true, PrimaryContainer: { ModelPackageName: MARKETPLACE, Environment: { MY_SETTING: 'on' } },
  });

  expect([await apps.bring(app('"second"'), 'Shop'), apps.reasons('Shop')]).toEqual(['UPDATE_COMPLETE', '']);
  expect((await modelOf(/^Pinned/)).PrimaryContainer).toEqual(pinned('"second"'));
  expect(apps.region().sagemaker.state.models.size).toBe(4);
  expect(await apps.remove('Shop')).toBe('DELETE_COMPLETE');
  expect(apps.region().sagemaker.state.models.size).toBe(0);
});
