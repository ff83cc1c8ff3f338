import { join } from 'path';
import { App, CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnModel, CfnModelPackage } from 'aws-cdk-lib/aws-sagemaker';
import { decide } from '../../../local-aws/iam/policy';
import {
  BenchmarkTarget, ContainerImage, InferenceRecommendationsJob, InferenceRecommendationsJobProps, Model, ModelContainer, ModelData, ModelPackage,
  SamplePayload,
} from '../../../src';
import * as library from '../../../src';
import { ACCOUNT, CONTAINER_CONFIG, deployed, idOf, late, newStack, packageIn, permissionsOf, policiesOf, QUICK_START, REGION } from '../../harness/constructs';
import { xgboost } from '../../harness/model-package';

type Make = (stack: Stack) => BenchmarkTarget;

/** The objects that the start function may read for one job. */
function readable(make: Make, more: Partial<InferenceRecommendationsJobProps> = {}): string[] {
  const stack = newStack();
  new InferenceRecommendationsJob(stack, 'Job', { target: make(stack), preflight: { objects: false }, ...more });
  const resources = deployed(stack);
  const permissions = permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeStartRole'));
  expect(Object.keys(permissions).filter((action) => /^(s3|kms):/.test(action) && action !== 's3:GetObject')).toEqual([]);
  return permissions['s3:GetObject'] ?? [];
}

const data = (stack: Stack) => Bucket.fromBucketName(stack, 'Data', 'data');
const ofPackage = (props: (stack: Stack) => Partial<library.ModelPackageProps>): Make => (stack) => (
  BenchmarkTarget.fromModelPackage(packageIn(stack, props(stack))));
const container = (modelData: ModelData) => ({ ...xgboost(library).containers[0], modelData });

describe('reads', () => {
  test('the model\'s data and the payload of a package, each by its key', () => {
    const [model, payload] = ['arn:aws:s3:::data/model.tar.gz', 'arn:aws:s3:::data/payload.tar.gz'];
    expect(readable(ofPackage((stack) => xgboost(library, { bucket: data(stack) }))).sort()).toEqual([model, payload]);
  });

  test('the data of further specifications, and single objects that are no archive', () => {
    const found = readable(ofPackage((stack) => {
      const bucket = data(stack);
      return {
        containers: [container(ModelData.fromBucketObject(bucket, 'weights.safetensors'))],
        additionalInferenceSpecifications: [{ specificationName: 'gpu', containers: [container(ModelData.fromBucket(bucket, 'gpu.tar.gz'))] }],
      };
    }));
    expect(found.sort()).toEqual(['arn:aws:s3:::data/gpu.tar.gz', 'arn:aws:s3:::data/weights.safetensors']);
  });

  test('the data of a model', () => {
    const model: Make = (stack) => BenchmarkTarget.fromModel(new Model(stack, 'Model', {
      containers: [ModelContainer.fromImage(ContainerImage.fromRegistry('image:1'), { modelData: ModelData.fromBucket(data(stack), 'model.tar.gz') })],
    }));
    expect(readable(model, { containerConfig: CONTAINER_CONFIG })).toEqual(['arn:aws:s3:::data/model.tar.gz']);
  });

  test('the job\'s own payload', () => {
    const stack = newStack();
    const payload = SamplePayload.fromBucket(data(stack), 'payload.tar.gz');
    expect(readable((own) => BenchmarkTarget.fromModelPackage(packageIn(own)), { containerConfig: { samplePayload: payload } })).toEqual(['arn:aws:s3:::data/payload.tar.gz']);
  });

  test('what the CDK\'s own constructs name', () => {
    const cfn = (containers: CfnModel.ContainerDefinitionProperty): Make => (stack) => (
      BenchmarkTarget.fromModel(new CfnModel(stack, 'Model', { executionRoleArn: 'arn:aws:iam::111111111111:role/r', primaryContainer: containers })));
    expect(readable(cfn({ image: 'i', modelDataUrl: 's3://data/model.tar.gz' }), { containerConfig: CONTAINER_CONFIG })).toEqual(['arn:aws:s3:::data/model.tar.gz']);
    const cfnPackage: Make = (stack) => BenchmarkTarget.fromModelPackage(new CfnModelPackage(stack, 'Package', {
      samplePayloadUrl: 's3://data/payload.tar.gz',
      inferenceSpecification: { containers: [{ image: 'i', modelDataUrl: 's3://data/model.tar.gz' }], supportedContentTypes: ['a'], supportedResponseMimeTypes: ['a'] },
    }));
    expect(readable(cfnPackage, { containerConfig: CONTAINER_CONFIG }).sort()).toEqual(['arn:aws:s3:::data/model.tar.gz', 'arn:aws:s3:::data/payload.tar.gz']);
  });

  test('a key that is known at the deploy, of a bucket that is', () => {
    const found = readable(ofPackage((stack) => ({
      containers: [container(ModelData.fromBucket(new Bucket(stack, 'Made'), new CfnParameter(stack, 'Key', { default: 'a/model.tar.gz' }).valueAsString))],
      samplePayload: SamplePayload.fromBucket(data(stack), `${late.text('payload')}.tar.gz`),
    })));
    expect(found.sort()).toEqual([expect.stringMatching(/^arn:aws:s3:::data\/payload\.tar\.gz$/), expect.stringMatching(/^arn:aws:s3:::made[0-9a-f]+\/a\/model\.tar\.gz$/)]);
  });
});

describe('reads nothing', () => {
  test.each<[string, Make]>([
    ['of assets, whose names tell their content', ofPackage(() => ({ samplePayload: SamplePayload.fromAsset(join(QUICK_START, 'payload')) }))],
    ['of what an imported package has, even if it is named', (stack) => BenchmarkTarget.fromModelPackage(ModelPackage.fromModelPackageAttributes(stack, 'Imported', {
      modelPackageArn: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:model-package/models/1`,
      modelData: [ModelData.fromBucket(data(stack), 'model.tar.gz')],
      samplePayload: SamplePayload.fromBucket(Bucket.fromBucketName(stack, 'Payload', 'data'), 'payload.tar.gz'),
    }))],
    ['below a prefix', ofPackage((stack) => ({ containers: [container(ModelData.fromBucketPrefix(data(stack), 'weights/'))] }))],
    ['by a key with a wildcard', ofPackage((stack) => ({ containers: [container(ModelData.fromBucket(data(stack), 'a/*.tar.gz'))] }))],
    ['by a key with a variable of IAM', ofPackage((stack) => ({ containers: [container(ModelData.fromBucket(data(stack), 'a/${aws:username}.tar.gz'))] }))],
    ['by an address that is a token as a whole', (stack) => BenchmarkTarget.fromModelPackage(new CfnModelPackage(stack, 'Package', {
      samplePayloadUrl: Lazy.string({ produce: () => 's3://data/payload.tar.gz' }),
      inferenceSpecification: Lazy.any({ produce: () => ({ containers: [{ image: 'i', modelDataUrl: 's3://data/m.tar.gz' }], supportedContentTypes: ['a'], supportedResponseMimeTypes: ['a'] }) }),
    }))],
  ])('%s', (_what, make) => {
    expect(readable(make, { containerConfig: CONTAINER_CONFIG })).toEqual([]);
  });
});

test('reads these objects and no other, whoever has them', () => {
  const stack = newStack();
  new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(packageIn(stack, xgboost(library, { bucket: data(stack) }))) });
  const resources = deployed(stack);
  const may = (who: string, action: string, object: string) => decide(policiesOf(resources, idOf(resources, who)), action, `arn:aws:s3:::${object}`, {}) === 'Allow';
  const start = 'InferenceRecommenderRuntimeStartRole';
  expect(may(start, 's3:GetObject', 'data/model.tar.gz')).toBe(true);
  for (const object of ['data/model.tar.gz2', 'data/secret', 'data2/model.tar.gz', 'data/payload.tar.gz/x', 'data', '*']) { expect(may(start, 's3:GetObject', object)).toBe(false); }
  for (const action of ['s3:PutObject', 's3:DeleteObject', 's3:ListBucket', 's3:GetObjectVersion', 's3:GetObjectAcl']) { expect(may(start, action, 'data/model.tar.gz')).toBe(false); }
  for (const who of ['WaitEnd', 'Recommend', 'Wait']) { expect(may(`InferenceRecommenderRuntime${who}Role`, 's3:GetObject', 'data/model.tar.gz')).toBe(false); }
});

test('a package of another stack gives its bucket away only to those who read it', () => {
  const app = new App({ analyticsReporting: false, context: { 'aws:cdk:disable-asset-staging': true } });
  const [models, shop] = [new Stack(app, 'Models'), new Stack(app, 'Shop')];
  const modelPackage = packageIn(models, xgboost(library, { bucket: new Bucket(models, 'Bucket') }));
  new InferenceRecommendationsJob(shop, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage) });
  const template = app.synth().getStackByName('Shop').template;
  const role = Object.entries<any>(template.Resources).find(([id]) => id.startsWith('InferenceRecommenderRuntimeStartRole'))![1];
  const reading = role.Properties.Policies.flatMap(({ PolicyDocument }: any) => PolicyDocument.Statement).find(({ Action }: any) => Action === 's3:GetObject');
  expect(JSON.stringify(reading.Resource)).toMatch(/Fn::ImportValue.*model\.tar\.gz.*Fn::ImportValue.*payload\.tar\.gz/);
});
