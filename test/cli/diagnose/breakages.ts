import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { BrokenWorld } from './broken';
import { Wording, wordingsOf } from './wordings';
import { AwsError, FaultScript, Region } from '../../../local-aws';
import { BenchmarkRun, BenchmarkScript, publishedBenchmarks } from '../../../local-aws/sagemaker';
import { scenarioOptions } from '../../../local-aws/scenarios';
import {
  BenchmarkTarget, Endpoint, EndpointCandidate, EndpointConfig, FixedRecommendation, InferenceRecommendationsJob, InferenceRecommendationsJobProps,
  InstanceType, JobType, Model, ModelApprovalStatus, ModelData, ModelPackage, ModelPackageGroup, ModelPackageProps, RecommendationLimits,
  SamplePayload, TrafficPattern, Variant,
} from '../../../src';
import * as library from '../../../src';
import { packageRequest, xgboost } from '../../harness/model-package';

/** A way in which a stack breaks, and the causes of which one must come first. */
export interface Breakage {
  readonly cause: readonly string[];
  readonly build: (stack: Stack, region: Region) => void;
  /** How its job goes, in the words of a public report if one is drawn. */
  readonly benchmarks?: (wording?: Wording) => BenchmarkScript;
  /** The public reports that may be drawn. */
  readonly wordings?: readonly Wording[];
  /** What the calls of its functions meet. */
  readonly fault?: FaultScript;
  /** The calls of its functions whose answers are lost. */
  readonly lost?: FaultScript;
  readonly tags?: ReadonlyArray<{ readonly Key: string; readonly Value: string }>;
  readonly prepare?: (region: Region) => Promise<void>;
  readonly meanwhile?: (world: BrokenWorld, name: string) => Promise<void>;
  /** The status that the stack ends in. @default 'ROLLBACK_COMPLETE' */
  readonly ends?: string;
}

interface Parts {
  readonly modelPackage?: (stack: Stack) => Partial<ModelPackageProps>;
  readonly job?: (stack: Stack) => Partial<InferenceRecommendationsJobProps>;
  readonly limits?: RecommendationLimits;
  readonly fallback?: FixedRecommendation;
  readonly image?: string;
  readonly groupName?: string;
  readonly serves?: boolean;
}

/** A package, its job, its recommendation, and an endpoint if it serves. */
function parts({ modelPackage, job: jobProps, limits, fallback, image, groupName, serves = false }: Parts = {}): (stack: Stack) => void {
  return (stack) => {
    const target = new ModelPackage(stack, 'ModelPackage', {
      modelPackageGroup: new ModelPackageGroup(stack, 'Group', { removalPolicy: RemovalPolicy.DESTROY, modelPackageGroupName: groupName }),
      ...xgboost(library, { image }),
      removalPolicy: RemovalPolicy.DESTROY,
      ...modelPackage?.(stack),
    });
    const job = new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(target), ...jobProps?.(stack) });
    const best = job.addRecommendation('Best', { limits, fallback });
    if (!serves) { return; }
    const config = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(new Model(stack, 'Model', { recommendation: best }), best)] });
    new Endpoint(stack, 'Endpoint', { endpointConfig: config });
  };
}

/** As `--benchmarks FILE` has it: every benchmark fails, in the words of a service. */
export function failing(reason: string, ofJob = `CLIENT_ERROR: ${reason}`, log?: readonly string[]): BenchmarkScript {
  return (request, jobName) => {
    const { recommendations, ...run } = publishedBenchmarks(request, jobName);
    const failedSteps = recommendations.map(({ EndpointConfiguration: { EndpointName: _endpoint, VariantName: _variant, ...endpoint } }) => (
      { failureReason: reason, log, EndpointConfiguration: endpoint }));
    return { ...run, outcome: 'FAILED', failureReason: ofJob, recommendations: [], failedSteps } satisfies BenchmarkRun;
  };
}

const PING = 'The primary container for production variant sm-epc-1 did not pass the ping health check. Please check CloudWatch logs for this endpoint.';
const MODEL_ERROR = 'An error occurred (ModelError) when calling the InvokeEndpoint operation: Received server error (500) from primary.';
const INTERNAL = 'Request to service failed. If failure persists after retry, contact customer support.';

/** With the drawn words where they were reported: in the reasons, or behind a common reason in the container's log. */
function reported(cause: string, usual: BenchmarkScript): Pick<Breakage, 'cause' | 'benchmarks' | 'wordings'> {
  return {
    cause: [cause],
    wordings: wordingsOf(cause),
    benchmarks: (wording) => {
      if (!wording) { return usual; }
      return wording.place === 'log' ? failing(PING, undefined, [wording.text]) : failing(wording.text);
    },
  };
}

const scenario = (name: string) => scenarioOptions({ names: [name], benchmarks: publishedBenchmarks }).benchmarks!;

const loadTest = (...types: string[]) => JobType.loadTest({
  endpointCandidates: types.map((type) => EndpointCandidate.instance(InstanceType.of(type))),
  trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
});

const ownRole = (stack: Stack, service: string, ...managed: string[]) => new Role(stack, 'OwnRole', {
  assumedBy: new ServicePrincipal(service), managedPolicies: managed.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
});

const data = (stack: Stack) => Bucket.fromBucketName(stack, 'Data', 'data');

/** What the function that starts jobs meets. */
const atStart = (error: () => AwsError): FaultScript => ({ operation }) => (operation === 'CreateInferenceRecommendationsJob' ? error() : undefined);

const isolated = (stack: Stack) => new Vpc(stack, 'Vpc', {
  maxAzs: 1, natGateways: 0, ipAddresses: IpAddresses.cidr('10.0.0.0/16'), subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }], restrictDefaultSecurityGroup: false,
});

const CONTAINER = { ...xgboost(library).containers[0] };

/** A recommendation that falls back, because nothing keeps its limits. */
export function fallingBack(stack: Stack): void {
  parts({ limits: { maxModelLatency: 1 }, fallback: { instanceType: InstanceType.ML_M5_LARGE } })(stack);
}

/** A package whose container has variables. */
export function withEnvironment(environment: { [name: string]: string }): (stack: Stack) => void {
  return parts({ modelPackage: () => ({ containers: [{ ...CONTAINER, environment }] }) });
}

/** Each is made by what breaks where the local AWS breaks of it, and else by the words with which a service says so. */
export const BREAKAGES = {
  'no capacity': { ...reported('insufficient-capacity', scenario('capacity')), build: parts() },
  'a quota that is zero': { cause: ['quota'], build: parts({ job: () => ({ jobType: loadTest('ml.g5.xlarge') }) }) },
  'a quota as others had it': { ...reported('quota', scenario('quota')), build: parts() },
  'out of memory': { ...reported('out-of-memory', scenario('out-of-memory')), build: parts() },
  'errors of the model': { ...reported('model-error', scenario('model-error')), build: parts() },
  'a payload that cannot be sent': { ...reported('payload-error', scenario('payload-error')), build: parts() },
  'a role that is denied': { ...reported('role-not-assumable', scenario('denied-role')), build: parts() },
  'no recommendation': { cause: ['model-error'], benchmarks: () => scenario('no-recommendation'), build: parts() },
  'some benchmarks fail': { cause: ['model-error'], benchmarks: () => scenario('partial-failure'), build: parts(), ends: 'CREATE_COMPLETE' },
  'slower than the wait': { cause: ['wait-too-short'], benchmarks: () => scenario('slow'), build: parts() },
  // A client of the SDK tries again in real time, so the service says it of itself here.
  'throttling that does not end': { cause: ['throttled'], benchmarks: () => failing('ThrottlingException when calling CreateModel operation: Rate exceeded'), build: parts() },
  'no payload': { cause: ['payload-missing'], build: parts({ modelPackage: (stack) => ({ samplePayload: SamplePayload.fromBucket(data(stack), 'none.tar.gz') }) }) },
  'a text as the payload': {
    cause: ['payload-not-an-archive'],
    build: parts({ modelPackage: (stack) => ({ samplePayload: SamplePayload.fromBucket(data(stack), 'text.tar.gz') }) }),
    benchmarks: () => scenario('payload-error'),
  },
  'no artifact': { cause: ['artifact-missing'], build: parts({ modelPackage: (stack) => ({ containers: [{ ...CONTAINER, modelData: ModelData.fromBucket(data(stack), 'none.tar.gz') }] }) }) },
  'a text as the artifact': {
    cause: ['artifact-not-an-archive'],
    build: parts({ modelPackage: (stack) => ({ containers: [{ ...CONTAINER, modelData: ModelData.fromBucket(data(stack), 'text.tar.gz') }] }) }),
    benchmarks: () => failing(PING),
  },
  'a role for another service': { cause: ['role-not-assumable'], build: parts({ job: (stack) => ({ role: ownRole(stack, 'lambda.amazonaws.com', 'AmazonSageMakerFullAccess') }) }) },
  'a role without permissions': { cause: ['role-lacks-permission'], build: parts({ job: (stack) => ({ role: ownRole(stack, 'sagemaker.amazonaws.com') }) }) },
  'a role without a grant': {
    cause: ['kms-create-grant'],
    build: parts({ job: (stack) => ({ role: ownRole(stack, 'sagemaker.amazonaws.com', 'AmazonSageMakerFullAccess'), volumeEncryptionKey: new Key(stack, 'Key') }) }),
    benchmarks: () => failing(INTERNAL),
  },
  'isolated subnets': {
    cause: ['no-way-to-s3'],
    wordings: [...wordingsOf('no-way-to-s3'), ...wordingsOf('ping-failed')],
    build: parts({ job: (stack) => ({ vpc: isolated(stack), vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } }) }),
    benchmarks: (wording) => failing(wording?.text ?? 'Failed to download model data: the connection timed out.'),
  },
  'an image for Arm': {
    cause: ['wrong-architecture'],
    wordings: [...wordingsOf('wrong-architecture'), ...wordingsOf('ping-failed')],
    build: parts({ image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/mine:1.0-arm64' }),
    benchmarks: (wording) => (wording?.place === 'log' ? failing(PING, undefined, [wording.text]) : failing(wording?.text ?? PING)),
  },
  'a plain image on Inferentia': {
    cause: ['wrong-architecture'],
    build: parts({ image: '763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.3.0-cpu-py311', job: () => ({ jobType: loadTest('ml.inf1.xlarge') }) }),
    benchmarks: () => failing(PING),
  },
  'limits that nothing keeps': { cause: ['limits-not-kept'], build: parts({ limits: { maxModelLatency: 1 } }) },
  'somebody stops the job': {
    cause: ['job-stopped'],
    build: parts(),
    meanwhile: async (world, name) => {
      const [JobName] = await Promise.all([world.created(name), world.waiting(name)]);
      await world.apps.sagemaker('StopInferenceRecommendationsJob', { JobName });
    },
  },
  'a package that is not approved': {
    cause: ['package-not-approved'], build: parts({ serves: true, limits: { allowCompiledModels: false }, modelPackage: () => ({ approvalStatus: ModelApprovalStatus.PENDING_MANUAL_APPROVAL }) }),
  },
  'tags of the stack': { cause: ['tags-on-package'], build: parts(), tags: [{ Key: 'team', Value: 'ml' }] },
  'a name in use': {
    cause: ['name-in-use'],
    build: parts({ groupName: 'taken' }),
    prepare: async (region) => { await region.sagemaker.call('CreateModelPackageGroup', { ModelPackageGroupName: 'taken' }); },
  },
  'somebody may not pass the role': {
    cause: ['pass-role-denied'],
    build: parts(),
    fault: atStart(() => new AwsError('AccessDeniedException', 'User: arn:aws:sts::111111111111:assumed-role/Start/Start is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111111111111:role/Job because no identity-based policy allows the iam:PassRole action')),
  },
  'a guard rail': {
    cause: ['permission-denied'],
    build: parts(),
    fault: atStart(() => new AwsError('AccessDeniedException', 'User: arn:aws:sts::111111111111:assumed-role/Start/Start is not authorized to perform: sagemaker:CreateInferenceRecommendationsJob on resource: arn:aws:sagemaker:us-east-1:111111111111:inference-recommendations-job/x with an explicit deny in a service control policy')),
  },
  'expired credentials': { cause: ['credentials'], build: parts(), fault: atStart(() => new AwsError('ExpiredTokenException', 'The security token included in the request is expired')) },
  'an internal error': { cause: ['internal-error'], benchmarks: () => failing('An internal error of the service has ended the benchmark.', 'INTERNAL_ERROR: try again.'), build: parts() },
  'a container that does not start': { ...reported('container-start', failing('CannotStartContainerError. Please ensure the model container starts correctly.')), build: parts() },
  'an image that is not there': { ...reported('image-denied', failing('CannotPullContainerError: manifest for mine:1 not found')), build: parts() },
  'no answer in time': { ...reported('invocation-timeout', failing('Your invocation timed out while waiting for a response from container primary.')), build: parts() },
  'a content type that is not taken': { ...reported('content-type', failing(MODEL_ERROR, undefined, ['"POST /invocations HTTP/1.1" 415'])), build: parts() },
  'a compilation that fails': { ...reported('compilation-failed', failing('ClientError: InputConfiguration: Incompatible ONNX model')), build: parts() },
  'no free addresses': { ...reported('no-addresses-in-subnet', failing('There are not enough free addresses in subnet subnet-1')), build: parts() },
  'a package without a domain': {
    cause: ['domain-missing'],
    prepare: async (region) => {
      const { Domain: _domain, ...request } = packageRequest({
        bucket: 'data', specification: { SupportedRealtimeInferenceInstanceTypes: ['ml.c5.xlarge'], SupportedTransformInstanceTypes: ['ml.c5.xlarge'] },
      });
      await region.sagemaker.call('CreateModelPackage', { ModelPackageName: 'without-domain', ...request });
    },
    build: (stack, region) => {
      const imported = ModelPackage.fromModelPackageArn(stack, 'Package', region.arn('sagemaker', 'model-package/without-domain'));
      new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(imported) }).addRecommendation('Best');
    },
  },
  'a function that never answers': {
    cause: ['never-answered'],
    ends: 'ROLLBACK_FAILED',
    build: (stack) => {
      const silent = new LambdaFunction(stack, 'Silent', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => {};') });
      parts()(stack);
      new CustomResource(stack, 'Sibling', { serviceToken: silent.functionArn });
    },
  },
} satisfies Readonly<Record<string, Breakage>>;
