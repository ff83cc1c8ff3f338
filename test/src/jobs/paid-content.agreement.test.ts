import { Duration, Stack, Tags } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import fc from 'fast-check';
import { jobIds } from '../../../lambda/jobs/identity';
import { inferenceRecommendations } from '../../../lambda/jobs/inference-recommendations/family';
import {
  BenchmarkTarget, ContainerImage, EndpointCandidate, InferenceRecommendationsJob, InstanceType, JobReuse, JobType, MlDomain, ModelApprovalStatus,
  ModelData, ModelPackageGroup, SamplePayload, TrafficPattern,
} from '../../../src';
import * as library from '../../../src';
import { deployed, newStack, only, packageIn, STACK_ID } from '../../harness/constructs';
import { xgboost } from '../../harness/model-package';

const [DIGEST, OTHER_DIGEST] = ['0', '1'].map((digit) => `sha256:${digit.repeat(64)}`);
const [HASH, OTHER_HASH] = ['a', 'b'].map((digit) => digit.repeat(64));

/** What the objects hold: two of them the same. */
const ETAGS: Readonly<Record<string, string>> = { 'one.tar.gz': '"1"', 'copy.tar.gz': '"1"', 'other.tar.gz': '"2"' };
/** A new address may hold the same bytes, or a new tag may be the same image, and synth cannot know. */
const UNKNOWN_AT_SYNTH = ['model', 'payload'];

/** The props of a package and its job, each with all that it may be. The content is always certain, because only then a function compares it. */
const CHOICES = {
  image: [`a@${DIGEST}`, `b@${DIGEST}`, `a:1@${DIGEST}`, `a@${OTHER_DIGEST}`, `assets:${HASH}`, `assets:${OTHER_HASH}`],
  model: ['one.tar.gz', 'copy.tar.gz', 'other.tar.gz', `${HASH}.tar.gz`, `prefix/${HASH}.tar.gz`, `${OTHER_HASH}.tar.gz`],
  payload: ['one.tar.gz', 'copy.tar.gz', 'other.tar.gz', `${HASH}.tar.gz`],
  bucket: ['data', 'elsewhere'],
  environment: [undefined, { A: '1' }, { A: '2' }, { ETag: '1' }, { ImageDigest: '1' }],
  imageDigest: [undefined, DIGEST, OTHER_DIGEST],
  domain: [MlDomain.MACHINE_LEARNING, MlDomain.COMPUTER_VISION],
  types: [['text/csv'], ['text/plain']],
  specification: [undefined, 'a', 'b'],
  specificationDescription: [undefined, 'words'],
  description: [undefined, 'words'],
  approval: [ModelApprovalStatus.APPROVED, ModelApprovalStatus.REJECTED],
  metadata: [undefined, { owner: 'me' }],
  group: ['Group', 'Models'],
  packageId: ['Package', 'Model'],
  jobId: ['Job', 'Again'],
  jobDescription: [undefined, 'words'],
  trigger: [undefined, '1', '2'],
  reuse: [JobReuse.STACK, JobReuse.ACCOUNT, JobReuse.CONSTRUCT, JobReuse.NEVER],
  minutes: [undefined, 2, 3],
  role: ['Made', 'Own', 'Other'],
  isInVpc: [false, true],
  key: [undefined, 'Key'],
  output: [undefined, 'out', 'other'],
  tag: [undefined, 'ml'],
} as const satisfies Record<string, readonly unknown[]>;
type Props = { readonly [name in keyof typeof CHOICES]: typeof CHOICES[name][number] };
const NAMES = Object.keys(CHOICES) as Array<keyof Props>;
const BASE = Object.fromEntries(NAMES.map((name) => [name, CHOICES[name][0]])) as Props;

function make(stack: Stack, props: Props): void {
  const bucket = Bucket.fromBucketName(stack, 'Data', props.bucket);
  const containers = [{
    ...xgboost(library, { bucket }).containers[0],
    image: ContainerImage.fromRegistry(props.image),
    imageDigest: props.imageDigest,
    modelData: ModelData.fromBucket(bucket, props.model),
    environment: props.environment as Record<string, string> | undefined,
  }];
  const modelPackage = packageIn(stack, {
    modelPackageGroup: new ModelPackageGroup(stack, props.group),
    containers,
    samplePayload: SamplePayload.fromBucket(bucket, props.payload),
    domain: props.domain,
    supportedContentTypes: [...props.types],
    additionalInferenceSpecifications: props.specification && [
      { specificationName: props.specification, description: props.specificationDescription, containers },
    ],
    description: props.description,
    approvalStatus: props.approval,
    customerMetadataProperties: props.metadata,
  }, props.packageId);
  const job = new InferenceRecommendationsJob(stack, props.jobId, {
    target: BenchmarkTarget.fromModelPackage(modelPackage),
    description: props.jobDescription,
    trigger: props.trigger,
    reuse: props.reuse,
    jobType: props.minutes && JobType.loadTest({
      endpointCandidates: [EndpointCandidate.instance(InstanceType.ML_C5_XLARGE)],
      trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(props.minutes) }]),
    }),
    role: props.role === 'Made' ? undefined : new Role(stack, props.role, { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }),
    vpc: props.isInVpc ? Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'], privateSubnetIds: ['subnet-1'] }) : undefined,
    volumeEncryptionKey: props.key && new Key(stack, props.key),
    compiledOutputBucket: props.output && Bucket.fromBucketName(stack, 'Out', props.output),
  });
  if (props.tag) { Tags.of(job).add('team', props.tag); }
}

/** What a diff shows, and the id that the function gives the job. */
async function both(props: Props): Promise<{ readonly shown: string; readonly id: string }> {
  const stack = newStack();
  make(stack, props);
  const resources = deployed(stack);
  const start = only(resources, 'Custom::InferenceRecommendationsJob').Properties;
  const { Properties } = only(resources, 'AWS::SageMaker::ModelPackage');
  const request = inferenceRecommendations.request(start);
  const sagemaker: any = { send: async () => ({ ...Properties, CreationTime: new Date(0) }) };
  const ids = await jobIds(inferenceRecommendations, {
    ...start, StackId: STACK_ID, LogicalResourceId: 'Job', request, target: await inferenceRecommendations.target(sagemaker, request),
  }, { send: async ({ input: { address } }: any) => ETAGS[address.slice(address.lastIndexOf('/') + 1)] });
  // The content is certain.
  expect(ids).toHaveLength(2);
  return { shown: start.PaidBenchmark, id: ids[0] };
}

function agree(before: Awaited<ReturnType<typeof both>>, after: Awaited<ReturnType<typeof both>>, changed: keyof Props): void {
  const [isShown, isPaid] = [after.shown !== before.shown, after.id !== before.id];
  if (isPaid || !(UNKNOWN_AT_SYNTH.includes(changed) || changed === 'bucket')) { expect({ changed, isShown }).toEqual({ changed, isShown: isPaid }); }
}

test.each(NAMES)('%s: each change is shown if it makes another job, and only then', async (changed) => {
  const base = await both(BASE);
  for (const value of CHOICES[changed].slice(1)) { agree(base, await both({ ...BASE, [changed]: value }), changed); }
});

test('and so is each change of whatever there was before', async () => {
  const props = fc.record(Object.fromEntries(NAMES.map((name) => [name, fc.constantFrom<any>(...CHOICES[name])]))) as fc.Arbitrary<Props>;
  const change = fc.constantFrom(...NAMES).chain((name) => fc.tuple(fc.constant(name), fc.constantFrom<any>(...CHOICES[name])));
  await fc.assert(fc.asyncProperty(props, change, async (before, [changed, value]) => {
    agree(await both(before), await both({ ...before, [changed]: value }), changed);
  }), { numRuns: 25 });
});

test('some of the changes make another job, and some do not', async () => {
  const base = await both(BASE);
  const isPaid = async (change: Partial<Props>) => (await both({ ...BASE, ...change })).id !== base.id;
  for (const change of [{ image: CHOICES.image[3] }, { model: 'other.tar.gz' }, { environment: { A: '1' } }, { trigger: '1' }, { reuse: JobReuse.ACCOUNT }, { minutes: 2 }] as const) {
    expect([change, await isPaid(change)]).toEqual([change, true]);
  }
  for (const change of [
    { image: CHOICES.image[1] }, { model: 'copy.tar.gz' }, { bucket: 'elsewhere' }, { isInVpc: true }, { key: 'Key' }, { output: 'out' }, { role: 'Own' }, { packageId: 'Model' }, { jobId: 'Again' },
    { approval: ModelApprovalStatus.REJECTED }, { tag: 'ml' },
  ] as const) { expect([change, await isPaid(change)]).toEqual([change, false]); }
});
