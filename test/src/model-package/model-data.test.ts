import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { ContainerImage, Model, ModelContainer, ModelData, ModelDataOptions } from '../../../src';
import { deployed, newStack, ofType, only, packageIn, XGBOOST } from '../../harness/constructs';

const NATIVE = 'AWS::SageMaker::Model';
const MADE = 'Custom::InferenceRecommendationModel';
const image = ContainerImage.fromRegistry(XGBOOST);
const HUB = 'arn:aws:sagemaker:us-east-1:111111111111:hub-content/private/Model/llama/1.0.0';

/** How data is asked for, and what the API has of it, written down once more. */
interface Asked {
  readonly kind: 'archive' | 'prefix' | 'object';
  readonly options: ModelDataOptions;
}
const options: fc.Arbitrary<ModelDataOptions> = fc.record({
  compressed: fc.boolean(), acceptEula: fc.boolean(), eTag: fc.constantFrom('a1', '"b2-3"'), hubContentArn: fc.constant(HUB),
}, { requiredKeys: [] });
const asked: fc.Arbitrary<Asked> = fc.record({ kind: fc.constantFrom('archive', 'prefix', 'object'), options });

function given({ kind, options: some }: Asked, bucket: any): ModelData {
  switch (kind) {
    case 'archive': return ModelData.fromBucket(bucket, 'w/model.tar.gz');
    case 'prefix': return ModelData.fromBucketPrefix(bucket, 'w/', some);
    default: return ModelData.fromBucketObject(bucket, 'w/model.safetensors', some);
  }
}

function sourceOf({ kind, options: { compressed, acceptEula, eTag, hubContentArn } }: Asked): object {
  if (kind === 'archive') { return { S3Uri: 's3://models/w/model.tar.gz', S3DataType: 'S3Object', CompressionType: 'Gzip' }; }
  return {
    S3Uri: kind === 'prefix' ? 's3://models/w/' : 's3://models/w/model.safetensors',
    S3DataType: kind === 'prefix' ? 'S3Prefix' : 'S3Object',
    CompressionType: compressed === true ? 'Gzip' : 'None',
    ...acceptEula !== undefined && { ModelAccessConfig: { AcceptEula: acceptEula } },
    ...hubContentArn !== undefined && { HubAccessConfig: { HubContentArn: hubContentArn } },
    ...eTag !== undefined && { ETag: eTag },
  };
}

function expected(data: Asked, additional: readonly Asked[]): object {
  if (data.kind === 'archive' && additional.length === 0) { return { ModelDataUrl: 's3://models/w/model.tar.gz' }; }
  return {
    ModelDataSource: { S3DataSource: sourceOf(data) },
    ...additional.length > 0 && {
      AdditionalModelDataSources: additional.map((one, index) => ({ ChannelName: `channel-${index}`, S3DataSource: sourceOf(one) })),
    },
  };
}

const hasETag = ({ kind, options: { eTag } }: Asked) => kind !== 'archive' && eTag !== undefined;

describe('a model\'s data is what the API has of it', () => {
  test('in CloudFormation\'s resource, or through the API if CloudFormation lacks a member', () => {
    fc.assert(fc.property(asked, fc.array(asked, { maxLength: 3 }), (data, additional) => {
      const stack = newStack();
      const bucket = Bucket.fromBucketName(stack, 'Models', 'models');
      const additionalModelData = additional.map((one, index) => ({ channelName: `channel-${index}`, modelData: given(one, bucket) }));
      const container = ModelContainer.fromImage(image, { modelData: given(data, bucket), additionalModelData });
      new Model(stack, 'Model', { containers: [container] });
      const resources = deployed(stack);
      const isMade = additional.length > 0 || hasETag(data);
      const made = isMade ? only(resources, MADE).Properties.Containers : [only(resources, NATIVE).Properties.PrimaryContainer];
      expect(made).toEqual([{ Image: XGBOOST, ...expected(data, additional) }]);
      expect(ofType(resources, isMade ? NATIVE : MADE)).toEqual([]);
    }), { numRuns: 60 });
  });

  test('with the role that reads all of it', () => {
    const stack = newStack();
    const buckets = ['main', 'draft'].map((name) => Bucket.fromBucketName(stack, name, name));
    const [modelData, draft] = buckets.map((bucket) => ModelData.fromBucketPrefix(bucket, 'w/'));
    new Model(stack, 'Model', { containers: [ModelContainer.fromImage(image, { modelData, additionalModelData: [{ channelName: 'draft', modelData: draft }] })] });
    expect(JSON.stringify(deployed(stack))).toMatch(/s3:::main\/w\/\*.*s3:::draft\/w\/\*/);
  });

  test('with each channel once, and at most 5', () => {
    const stack = newStack();
    const modelData = ModelData.fromBucketPrefix(Bucket.fromBucketName(stack, 'Models', 'models'), 'w/');
    const of = (...names: string[]) => () => new Model(stack, `Model${names}`, {
      containers: [ModelContainer.fromImage(image, { additionalModelData: names.map((channelName) => ({ channelName, modelData })) })],
    });
    expect(of('a', 'a')).toThrow('`additionalModelData` must have different names, got \'a\' twice: change a `channelName`.');
    expect(of('a b')).toThrow(/^`additionalModelData\[0\]\.channelName` must match/);
    expect(of('a', 'b', 'c', 'd', 'e', 'f')).toThrow(/^`additionalModelData` must have/);
  });
});

describe('a package\'s data is the same', () => {
  test('but for what CloudFormation has no member of there, which is refused with a remedy', () => {
    fc.assert(fc.property(asked, (data) => {
      const stack = newStack();
      const modelData = given(data, Bucket.fromBucketName(stack, 'Models', 'models'));
      const unknown = data.kind === 'archive' ? [] : (['eTag', 'hubContentArn'] as const).filter((name) => data.options[name] !== undefined);
      const make = () => packageIn(stack, { containers: [{ image, modelData }] });
      if (unknown.length > 0) {
        expect(make).toThrow(`\`containers[0].modelData\` must not have \`${unknown.join('` and `')}\`, which CloudFormation does not have for a model package:`
          + ' remove it, or make a `Model` from `containers` with this data.');
        return;
      }
      make();
      const [{ Properties }] = ofType(deployed(stack), 'AWS::SageMaker::ModelPackage');
      expect(Properties.InferenceSpecification.Containers).toEqual([{ Image: XGBOOST, ...expected(data, []) }]);
    }), { numRuns: 40 });
  });
});

test('an ARN of a hub\'s content has at most 255 characters', () => {
  const bucket = Bucket.fromBucketName(newStack(), 'Models', 'models');
  expect(() => ModelData.fromBucketPrefix(bucket, 'w/', { hubContentArn: 'a'.repeat(256) })).toThrow(/^`hubContentArn` must have/);
});
