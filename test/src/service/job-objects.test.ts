import { jobArchives } from '../../../src/service/job-objects';

const payload = (address: string) => ({ kind: 'payload', address });
const artifact = (address: string) => ({ kind: 'artifact', address });

test('are the payload and the artifacts of a package, in the API\'s spelling and in the CDK\'s', () => {
  const expected = [payload('s3://b/p.tar.gz'), artifact('s3://b/m.tar.gz'), artifact('s3://b/gpu.tar.gz')];
  const request = { InputConfig: { EndpointConfigurations: [{ InstanceType: 'ml.g5.xlarge', InferenceSpecificationName: 'gpu' }] } };
  expect(jobArchives(request, {
    SamplePayloadUrl: 's3://b/p.tar.gz',
    InferenceSpecification: { Containers: [{ Image: 'i', ModelDataUrl: 's3://b/m.tar.gz' }] },
    AdditionalInferenceSpecifications: [{ Name: 'gpu', Containers: [{ ModelDataUrl: 's3://b/gpu.tar.gz' }] }],
  })).toEqual(expected);
  expect(jobArchives(request, {
    samplePayloadUrl: 's3://b/p.tar.gz',
    inferenceSpecification: { containers: [{ image: 'i', modelDataUrl: 's3://b/m.tar.gz' }] },
    additionalInferenceSpecifications: [{ name: 'gpu', containers: [{ modelDataUrl: 's3://b/gpu.tar.gz' }] }],
  })).toEqual(expected);
});

test('the request\'s payload comes in the place of the package\'s', () => {
  const request = { InputConfig: { ContainerConfig: { PayloadConfig: { SamplePayloadUrl: 's3://b/own.tar.gz' } } } };
  expect(jobArchives(request, { SamplePayloadUrl: 's3://b/p.tar.gz', PrimaryContainer: { ModelDataUrl: 's3://b/m.tar.gz' } }))
    .toEqual([payload('s3://b/own.tar.gz'), artifact('s3://b/m.tar.gz')]);
});

test.each([
  ['one gzipped object', { S3DataType: 'S3Object', CompressionType: 'Gzip' }, [artifact('s3://b/m')]],
  ['one object as it is', { S3DataType: 'S3Object', CompressionType: 'None' }, []],
  ['a prefix', { S3DataType: 'S3Prefix', CompressionType: 'None' }, []],
])('of a data source, %s is %j', (_what, source, expected) => {
  expect(jobArchives({}, { Containers: [{ ModelDataSource: { S3DataSource: { S3Uri: 's3://b/m', ...source } } }] })).toEqual(expected);
});

test('what is no archive of the benchmark is none: many models, a validation, a specification that nobody names, the algorithm that a package was made of, what is known only at the deploy', () => {
  expect(jobArchives({}, { PrimaryContainer: { Mode: 'MultiModel', ModelDataUrl: 's3://b/many/' } })).toEqual([]);
  expect(jobArchives({}, { ValidationSpecification: { ValidationProfiles: [{ ModelDataUrl: 's3://b/v' }] }, SamplePayloadUrl: { Ref: 'Url' } })).toEqual([]);
  expect(jobArchives(undefined, undefined)).toEqual([]);
  const containers = [{ ModelDataUrl: 's3://b/other.tar.gz' }];
  const described = { AdditionalInferenceSpecifications: [{ Name: 'gpu', Containers: containers }], SourceAlgorithmSpecification: { SourceAlgorithms: containers } };
  expect([jobArchives({}, described), jobArchives({ InputConfig: { EndpointConfigurations: [{ InferenceSpecificationName: 'other' }] } }, described)]).toEqual([[], []]);
});

test('an address that is there twice is one', () => {
  expect(jobArchives({}, { Containers: [{ ModelDataUrl: 's3://b/m' }, { ModelDataUrl: 's3://b/m' }] })).toEqual([artifact('s3://b/m')]);
});
