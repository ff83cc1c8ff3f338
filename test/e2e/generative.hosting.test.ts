import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { InProcessRunner } from './in-process-runner';
import { LocalApps } from './local-apps';
import { SageMakerState } from '../../local-aws/sagemaker/state';
import { Recorder } from '../../local-aws/summary';
import {
  AIRecommendationJob, AIWorkloadConfig, GenerativeModelSource, GenerativeRecommendationOptions, InstanceType, ModelPackage, ModelPackageGroup,
  PerformanceTarget, RecommendedEndpoint, TokenStatistic, TokenThreshold, Wait, Workload,
} from '../../src';
import { ACCOUNT, REGION } from '../harness/place';
import { attributesIn } from '../harness/published';

/** The cheap one is slower to the first token. */
const ROWS = [['ml.g6.12xlarge', '180', 1, '800'], ['ml.p5.48xlarge', '120', 4, '9000']] as const;
const OWN = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:model-package/chat/99`;
const PRICES = { 'ml.g6.12xlarge': 6, 'ml.p5.48xlarge': 80 };

interface Wanted extends GenerativeRecommendationOptions {
  readonly asComponent?: boolean;
  readonly isInBackground?: boolean;
}

const build = ({ asComponent, isInBackground, ...options }: Wanted) => (app: App) => {
  const stack = new Stack(app, 'Chat', { env: { account: ACCOUNT, region: REGION } });
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'models');
  const job = new AIRecommendationJob(stack, 'Job', {
    model: GenerativeModelSource.fromBucket(bucket, 'chat/'),
    workload: new AIWorkloadConfig(stack, 'Workload', {
      workload: Workload.synthetic({ inputTokens: { mean: 550 }, outputTokens: { mean: 150 }, concurrency: 10 }),
    }),
    performanceTarget: PerformanceTarget.cost(),
    instanceTypes: ROWS.map(([type]) => InstanceType.of(type)),
    outputBucket: bucket,
    wait: isInBackground ? Wait.inBackground() : Wait.forCompletion(),
    modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'chat'),
  });
  const fallback = isInBackground ? { modelPackage: ModelPackage.fromModelPackageArn(stack, 'Own', OWN), instanceType: InstanceType.ML_G5_XLARGE } : undefined;
  const recommendation = job.addRecommendation('Best', { instancePrices: PRICES, parameterPath: '/chat/best', fallback, ...options });
  if (isInBackground) { return; }
  new RecommendedEndpoint(stack, 'Served', { recommendation, endpointName: 'chat', inferenceComponent: asComponent ? { minMemory: Size.gibibytes(8) } : undefined });
};

const within = (ms: number) => ({ thresholds: [TokenThreshold.timeToFirstToken(Duration.millis(ms), TokenStatistic.P99)] });

async function opened() {
  const apps = await LocalApps.open({ lambdaRunner: new InProcessRunner() });
  const { s3 } = apps.aws.world;
  s3.createBucket('models', ACCOUNT, REGION);
  s3.putObject('models', 'chat/model.safetensors', Buffer.alloc(1000));
  await apps.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: 'chat' });
  const state = apps.region().room(SageMakerState);
  // The jobs of this world register packages that somebody has approved meanwhile, and report these rows.
  const operations = apps.region().sagemaker.operations;
  const approvals = { status: 'Approved' };
  const giveStatus = async (ModelApprovalStatus: string) => {
    for (const { arn: ModelPackageArn } of state.packages.values()) { await apps.sagemaker('UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus }); }
  };
  const describe = operations.DescribeAIRecommendationJob;
  let created = 0;
  const create = operations.CreateAIRecommendationJob;
  Object.assign(operations, {
    CreateAIRecommendationJob: async (input: any, call: any) => { const output = await create(input, call); created++; return output; },
    DescribeAIRecommendationJob: async (input: any, call: any) => {
      const found: any = await describe(input, call);
      if (found.AIRecommendationJobStatus !== 'Completed') { return found; }
      await giveStatus(approvals.status);
      return {
        ...found,
        Recommendations: found.Recommendations.map((row: any) => {
          const [, ttft, copies, throughput] = ROWS.find(([type]) => type === row.DeploymentConfiguration.InstanceType)!;
          return {
            ...row,
            DeploymentConfiguration: {
              ...row.DeploymentConfiguration, InstanceCount: 1, CopyCountPerInstance: copies, MinCpuMemoryRequiredInMb: 4096,
            },
            ExpectedPerformance: [
              { Metric: 'time_to_first_token', Stat: 'p99', Value: ttft, Unit: 'ms' },
              { Metric: 'output_token_throughput', Stat: 'avg', Value: throughput, Unit: 'tokens/sec' },
            ],
          };
        }),
      };
    },
  });
  const endpoint = async () => {
    const { EndpointConfigName } = await apps.sagemaker('DescribeEndpoint', { EndpointName: 'chat' });
    const { ProductionVariants: [variant] } = await apps.sagemaker('DescribeEndpointConfig', { EndpointConfigName });
    return variant;
  };
  return { apps, state, endpoint, approvals, created: () => created, bring: (wanted: Wanted) => apps.bring(build(wanted), 'Chat') };
}

let world: Awaited<ReturnType<typeof opened>>;
beforeEach(async () => { world = await opened(); });
afterEach(() => world.apps.close());

test('a stricter threshold deploys another recommendation and starts no job; destroy leaves no workload, job or endpoint', async () => {
  const { apps, state, endpoint, created, bring } = world;
  expect(await bring(within(200))).toBe('CREATE_COMPLETE');
  const { ModelName, ...variant } = await endpoint();
  expect(variant).toMatchObject({ InstanceType: 'ml.g6.12xlarge', InitialInstanceCount: 1 });
  const { PrimaryContainer } = await apps.sagemaker('DescribeModel', { ModelName });
  const [[, { arn }]] = [...state.packages];
  expect(PrimaryContainer.ModelPackageName).toBe(arn);
  const { AdditionalInferenceSpecifications } = await apps.sagemaker('DescribeModelPackage', { ModelPackageName: arn });
  expect(AdditionalInferenceSpecifications.map(({ Name }: any) => Name)).toContain(PrimaryContainer.InferenceSpecificationName);

  expect(await bring(within(150))).toBe('UPDATE_COMPLETE');
  expect([(await endpoint()).InstanceType, created()]).toEqual(['ml.p5.48xlarge', 1]);

  expect(await apps.remove('Chat')).toBe('DELETE_COMPLETE');
  const left = [state.aiRecommendationJobs, state.workloadConfigs, state.endpoints, state.models].map(({ size }) => size);
  expect(left).toEqual([0, 0, 0, 0]);
});

test('a threshold that nothing keeps fails the deploy with the nearest one, and the job is not paid twice', async () => {
  const { apps, created, bring } = world;
  expect(await bring(within(100))).toBe('ROLLBACK_COMPLETE');
  const reasons = apps.reasons('Chat');
  expect(reasons).toContain('None of the 2 recommendations');
  expect(reasons).toContain('TimeToFirstToken p99 120 ms to the first token must be at most 100 ms to the first token');
  expect(await apps.remove('Chat')).toBe('DELETE_COMPLETE');
  expect(await bring(within(200))).toBe('CREATE_COMPLETE');
  expect(created()).toBe(1);
});

test('as an inference component, it has the recommended copies, accelerators and memory', async () => {
  const { apps, state, endpoint, bring } = world;
  const rehearsal = new Recorder(apps.aws.world);
  expect(await bring({ ...within(150), asComponent: true })).toBe('CREATE_COMPLETE');
  expect(await endpoint()).toMatchObject({ InstanceType: 'ml.p5.48xlarge', InitialInstanceCount: 1 });
  const [name] = [...state.components.keys()];
  const found = await apps.sagemaker('DescribeInferenceComponent', { InferenceComponentName: name });
  expect([found.RuntimeConfig.DesiredCopyCount, found.Specification.ComputeResourceRequirements]).toEqual(
    [4, { NumberOfAcceleratorDevicesRequired: 2, MinMemoryRequiredInMb: 8192 }]);
  const { choices, jobs, stays } = rehearsal.end();
  expect(choices).toMatchObject([{
    kind: 'generative',
    chosen: expect.stringMatching(/^1 x ml\.p5\.48xlarge, 4 copies each, specification \S+$/),
    figures: {
      TimeToFirstToken: '120 ms to the first token', OutputTokenThroughput: '9,000 output tokens a second', CostPerMillionOutputTokens: '2.469 USD per million output tokens',
    },
    approval: 'Approved (by somebody else)',
  }]);
  expect(jobs).toMatchObject([{ type: 'AIRecommendation', status: 'Completed', usdAtLeast: expect.any(Number) }]);
  expect(stays['inference components']).toEqual([expect.stringMatching(/\(InService, on chat, copies: 4 on ml\.p5\.48xlarge\)$/)]);
  expect(await apps.remove('Chat')).toBe('DELETE_COMPLETE');
  expect(state.components.size).toBe(0);
});

test('a background result stays while no other one may be deployed: the fallback does not take its place', async () => {
  const { apps, approvals, bring } = world;
  const type = () => attributesIn(apps.parameters('/chat/best')).InstanceType;
  expect(await bring({ ...within(200), isInBackground: true })).toBe('CREATE_COMPLETE');
  await apps.pass(12 * 60);
  expect(type()).toBe('ml.g6.12xlarge');
  approvals.status = 'Rejected';
  expect(await bring({ ...within(150), isInBackground: true })).toBe('UPDATE_COMPLETE');
  expect(type()).toBe('ml.g6.12xlarge');
  expect(await apps.remove('Chat')).toBe('DELETE_COMPLETE');
});
