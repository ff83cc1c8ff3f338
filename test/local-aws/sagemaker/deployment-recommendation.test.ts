import { Bench, IMAGE, ROLE } from './fixtures';
import { GenerativeScript } from '../../../local-aws/sagemaker';

const DLC = '763104351884.dkr.ecr.eu-west-1.amazonaws.com';
let bench: Bench;
beforeEach(() => { bench = new Bench(); });

async function recommended(input: object, seconds = 10): Promise<any> {
  await bench.call('CreateModel', { ModelName: 'm', ExecutionRoleArn: ROLE, ...input });
  await bench.minutes(seconds / 60);
  return (await bench.call('DescribeModel', { ModelName: 'm' })).DeploymentRecommendation;
}

const primary = (container: object) => ({ PrimaryContainer: container });
const typesIn = ({ RealTimeInferenceRecommendations: rows }: any): string[] => rows.map(({ InstanceType }: any) => InstanceType);

test('is in progress for a few seconds', async () => {
  expect(await recommended(primary({ Image: IMAGE }), 5)).toEqual({ RecommendationStatus: 'IN_PROGRESS' });
  await bench.minutes(1);
  const { DeploymentRecommendation: { RecommendationStatus, RealTimeInferenceRecommendations: rows } } = await bench.call('DescribeModel', { ModelName: 'm' });
  expect(RecommendationStatus).toBe('COMPLETED');
  expect(rows).toEqual(['ml.c5.xlarge', 'ml.m5.xlarge', 'ml.c6i.xlarge'].map((InstanceType) => ({ InstanceType, RecommendationId: expect.stringMatching(/^m\/[0-9a-f]{8}$/) })));
  expect((await bench.call('DescribeModel', { ModelName: 'm' })).DeploymentRecommendation.RealTimeInferenceRecommendations).toEqual(rows);
});

test.each([
  ['a GPU', `${DLC}/pytorch-inference:2.6.0-gpu-py312-cu124`, /^ml\.g/],
  ['a CPU', `${DLC}/pytorch-inference:2.6.0-cpu-py312`, /^ml\.[cm]\d/],
  ['Graviton', `${DLC}/pytorch-inference-graviton:2.4.0-cpu-py311`, /^ml\.[cm]\dg/],
  ['Neuron', `${DLC}/huggingface-pytorch-inference-neuronx:2.1.2-transformers4.43.2-neuronx-py310`, /^ml\.(inf2|trn1)/],
])('an image for %s gets types of it', async (_what, Image, types) => {
  const found = await recommended(primary({ Image }));
  expect(typesIn(found).length).toBeGreaterThan(0);
  for (const type of typesIn(found)) { expect(type).toMatch(types); }
});

test('a large language model gets types on which it fits, and what it needs to be spread', async () => {
  bench.world.s3.createBucket('models', '111122223333', 'eu-west-1');
  bench.world.s3.putObject('models', 'large/model.safetensors.index.json', Buffer.from(JSON.stringify({ metadata: { total_size: 60e9 } })));
  const ModelDataSource = { S3DataSource: { S3Uri: 's3://models/large/', S3DataType: 'S3Prefix', CompressionType: 'None' } };
  const found = await recommended(primary({ Image: `${DLC}/djl-inference:0.36.0-lmi25.0.0-cu130`, ModelDataSource }));
  expect(typesIn(found)).toEqual(['ml.g6.12xlarge', 'ml.g5.12xlarge', 'ml.g6e.12xlarge']);
  expect(found.RealTimeInferenceRecommendations[0].Environment).toEqual({ OPTION_TENSOR_PARALLEL_DEGREE: '4' });
});

test('a model that fits nowhere fails', async () => {
  bench.world.s3.createBucket('models', '111122223333', 'eu-west-1');
  bench.world.s3.putObject('models', 'large/model.safetensors.index.json', Buffer.from(JSON.stringify({ metadata: { total_size: 9e12 } })));
  const ModelDataSource = { S3DataSource: { S3Uri: 's3://models/large/', S3DataType: 'S3Prefix', CompressionType: 'None' } };
  expect(await recommended(primary({ Image: `${DLC}/vllm:0.16.0-gpu-py312-cu129-ubuntu22.04-sagemaker-v1.1`, ModelDataSource }))).toEqual({ RecommendationStatus: 'FAILED' });
});

test.each<[string, object]>([
  ['several containers', { Containers: [1, 2].map((one) => ({ Image: IMAGE, ContainerHostname: `c${one}` })) }],
  ['an image of which nothing is known', primary({ Image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/mine:1' })],
  ['a container of many models', primary({ Image: IMAGE, Mode: 'MultiModel', ModelDataUrl: 's3://models/all/' })],
])('is not applicable to %s', async (_what, input) => {
  expect(await recommended(input)).toEqual({ RecommendationStatus: 'NOT_APPLICABLE' });
});

test('a model package tells its image and framework', async () => {
  const found = await recommended(primary({ ModelPackageName: await bench.modelPackage() }));
  expect(found).toMatchObject({ RecommendationStatus: 'COMPLETED' });
  const [{ ModelPackageArn }] = (await bench.call('ListModelPackages', { ModelPackageGroupName: 'models' })).ModelPackageSummaryList;
  await bench.call('DeleteModelPackage', { ModelPackageName: ModelPackageArn });
  expect((await bench.call('DescribeModel', { ModelName: 'm' })).DeploymentRecommendation).toEqual({ RecommendationStatus: 'NOT_APPLICABLE' });
});

test('a script says what is recommended', async () => {
  const instant: GenerativeScript['instant'] = ([{ Image }], usual) => (
    Image === IMAGE ? { status: 'COMPLETED', recommendations: [{ instanceType: 'ml.m5.large', environment: { THREADS: '2' } }] } : usual
  );
  bench = new Bench({ generative: { instant } });
  expect((await recommended(primary({ Image: IMAGE }))).RealTimeInferenceRecommendations).toMatchObject([{ InstanceType: 'ml.m5.large', Environment: { THREADS: '2' } }]);
});
