import { serialize } from 'v8';
import { filled } from './mutations';
import { LocalAws, Region } from '../../../local-aws';
import { SAGEMAKER_OPERATIONS, SAGEMAKER_SHAPES } from '../../../local-aws/sagemaker/shapes';

export const REGION = 'us-east-1';
const MINUTE = 60_000;

/** What stands in every account of the sweep. */
export interface Seeded {
  readonly account: string;
  readonly region: Region;
  readonly groupArn: string;
  readonly packageArn: string;
  readonly modelArn: string;
  readonly role: string;
  /** Of a row of the completed job. */
  readonly recommendationId: string;
  readonly benchmarkEndpoint: string;
  readonly compilation: string;
  /** Calls an operation in process. */
  readonly ask: (operation: string, input: object) => Promise<any>;
}

/** A whole valid request: every member that the patch does not leave out. */
export function request(operation: string, patch: object = {}): any {
  return filled(SAGEMAKER_SHAPES, SAGEMAKER_OPERATIONS[operation].input, patch);
}

const PREFIX = { S3DataType: 'S3Prefix', S3Uri: 's3://bucket/weights/' };
const ADDITIONAL = [{ ChannelName: 'channel', S3DataSource: PREFIX }];
/** A container's model data is an archive or a source. */
export const ARCHIVE = { Mode: 'SingleModel', ModelDataUrl: 's3://bucket/model.tar.gz', ModelDataSource: undefined, AdditionalModelDataSources: ADDITIONAL };
export const SOURCE = { Mode: 'SingleModel', ModelDataUrl: undefined, ModelDataSource: { S3DataSource: PREFIX }, AdditionalModelDataSources: ADDITIONAL };

/** A model of one container that is no model package. */
export function modelPatch(name: string, data: object = ARCHIVE): object {
  const PrimaryContainer = { ...data, ModelPackageName: undefined, InferenceSpecificationName: undefined };
  return { ModelName: name, Containers: undefined, PrimaryContainer };
}

/** The containers of a package. */
export function dataPatch(data: object): Readonly<Record<string, any>> {
  const { Mode: _mode, ...container } = data as any;
  const { AdditionalModelDataSources: _additional, ...algorithm } = container;
  return {
    InferenceSpecification: { Containers: [container] },
    AdditionalInferenceSpecifications: [{ Containers: [container] }],
    SourceAlgorithmSpecification: { SourceAlgorithms: [algorithm] },
  };
}

/** A version that any job can benchmark. */
export const VERSION = {
  ModelPackageName: undefined,
  ModelPackageGroupName: 'group',
  Tags: undefined,
  ModelApprovalStatus: 'Approved',
  SamplePayloadUrl: 's3://bucket/payload.tar.gz',
  ...dataPatch(ARCHIVE),
  InferenceSpecification: {
    ...dataPatch(ARCHIVE).InferenceSpecification, SupportedContentTypes: ['text/csv'], SupportedRealtimeInferenceInstanceTypes: ['ml.c5.xlarge'],
  },
};

/** A configuration of one variant on instances, and its shadow. */
export function configPatch(name: string): object {
  return {
    EndpointConfigName: name,
    ProductionVariants: [{ ...ON_INSTANCES, VariantName: 'main' }],
    ShadowProductionVariants: [{ ...ON_INSTANCES, VariantName: 'shadow' }],
    MetricsConfig: { MetricPublishFrequencyInSeconds: 10 },
  };
}

/** The only strategy that goes with the settings of a prefix. */
const RoutingConfig = { RoutingStrategy: 'PREFIX_AWARE' };
/** Only variants for inference components have managed scaling. */
const OF_MODEL = { ManagedInstanceScaling: undefined, RoutingConfig };
export const ON_INSTANCES = { ModelName: 'model', ServerlessConfig: undefined, InstancePools: undefined, InstanceType: 'ml.c5.xlarge', ...OF_MODEL };
export const FOR_COMPONENTS = { ...ON_INSTANCES, ModelName: undefined, InstanceType: 'ml.g5.12xlarge', ManagedInstanceScaling: { Status: 'ENABLED' } };
export const ON_POOLS = { ...ON_INSTANCES, InstanceType: undefined, InstancePools: [{ InstanceType: 'ml.c5.xlarge', ModelNameOverride: 'model' }] };
/** Serverless variants have no VPC and no isolation. */
export const SERVERLESS = { ModelName: 'open-model', InstanceType: undefined, InstancePools: undefined, InitialInstanceCount: undefined, ...OF_MODEL };

/** What an inference component runs: each excludes the others. */
const NO_BASE = { InstanceType: 'ml.g5.12xlarge', BaseInferenceComponentName: undefined };
export const COMPONENT_OF = {
  container: { ...NO_BASE, ModelName: undefined },
  model: { ...NO_BASE, ModelName: 'model', Container: { Image: undefined, ArtifactUrl: 's3://bucket/model.tar.gz' } },
  base: { InstanceType: undefined, ModelName: undefined, ComputeResourceRequirements: undefined, BaseInferenceComponentName: 'component', Container: { Image: undefined } },
};

export function componentPatch(name: string, specification: object): object {
  return {
    InferenceComponentName: name, EndpointName: 'shared', VariantName: 'main', Specification: specification, Specifications: undefined, RuntimeConfig: { CopyCount: 1 },
  };
}

/** One of each deployment policy, which exclude one another. */
export const BLUE_GREEN = { RollingUpdatePolicy: undefined };
export const ROLLING = { BlueGreenUpdatePolicy: undefined };

export const SPEC = { WorkloadSpec: { Inline: JSON.stringify({ benchmark: { type: 'aiperf' }, parameters: { concurrency: 2, request_count: 10 } }) } };

/** A recommendation job, with adapters by their locations. */
export function recommendationPatch(name: string, groupArn: string): object {
  return {
    AIRecommendationJobName: name,
    ModelSource: { S3: { S3Uri: 's3://bucket/weights/' } },
    OutputConfig: { S3OutputLocation: 's3://bucket/output/', ModelPackageGroupIdentifier: groupArn },
    AIWorkloadConfigIdentifier: 'workload',
    ComputeSpec: { InstanceTypes: ['ml.p5.48xlarge'] },
    AdapterSource: { S3Uris: [{ AdapterId: 'one', S3Uri: 's3://bucket/adapter/' }], ModelPackageArns: undefined },
  };
}

export function benchmarkPatch(name: string): object {
  return {
    AIBenchmarkJobName: name,
    BenchmarkTarget: { Endpoint: { Identifier: 'shared', InferenceComponents: [{ Identifier: 'component' }] } },
    OutputConfig: { S3OutputLocation: 's3://bucket/output/' },
    AIWorkloadConfigIdentifier: 'workload',
  };
}

/** Makes in each account two of everything, completed jobs and a running one. */
export async function seed({ world }: LocalAws, accounts: readonly string[]): Promise<Seeded[]> {
  const worlds = accounts.map((account) => {
    const region = world.region(account, REGION);
    const ask = (operation: string, input: object) => world.clock.run(() => region.sagemaker.call(operation, input));
    return { account, region, role: `arn:aws:iam::${account}:role/Job`, ask };
  });
  const made = await Promise.all(worlds.map(async (one) => ({ ...one, ...await make(one.ask) })));
  const job = ({ ask, role, packageArn }: { ask: Seeded['ask']; role: string; packageArn: string }, JobName: string) => ask(
    'CreateInferenceRecommendationsJob',
    { JobName, JobType: 'Default', RoleArn: role, InputConfig: { ModelPackageVersionArn: packageArn }, Tags: [{ Key: 'a', Value: 'a' }] },
  );
  const aiJobs = async ({ ask, role, groupArn }: { ask: Seeded['ask']; role: string; groupArn: string }, name: string) => {
    await ask('CreateAIRecommendationJob', request('CreateAIRecommendationJob', { ...recommendationPatch(name, groupArn), RoleArn: role }));
    await ask('CreateAIBenchmarkJob', request('CreateAIBenchmarkJob', { ...benchmarkPatch(name), RoleArn: role }));
  };
  // The endpoints come into service first.
  await world.clock.advance(5 * MINUTE);
  for (const one of made) {
    for (const name of ['component', 'other-component']) {
      await one.ask('CreateInferenceComponent', request('CreateInferenceComponent', componentPatch(name, COMPONENT_OF.container)));
    }
  }
  await world.clock.advance(3 * MINUTE);
  for (const one of made) {
    await one.ask('CreateInferenceComponent', request('CreateInferenceComponent', { ...componentPatch('adapter', COMPONENT_OF.base), RuntimeConfig: undefined }));
  }
  await world.clock.advance(3 * MINUTE);
  for (const one of made) {
    for (const name of ['done', 'done-too']) {
      await job(one, name);
      await aiJobs(one, name);
    }
  }
  await world.clock.advance(8 * 60 * MINUTE);
  for (const one of made) {
    await job(one, 'running');
    await aiJobs(one, 'running');
  }
  await world.clock.advance(2 * MINUTE);
  return Promise.all(made.map(async (one) => {
    const { InferenceRecommendations: rows } = await one.ask('DescribeInferenceRecommendationsJob', { JobName: 'done' });
    const compiled = rows.find((row: any) => row.ModelConfiguration.CompilationJobName !== undefined);
    return {
      ...one,
      recommendationId: compiled.RecommendationId,
      benchmarkEndpoint: compiled.EndpointConfiguration.EndpointName,
      compilation: compiled.ModelConfiguration.CompilationJobName,
    };
  }));
}

async function make(ask: Seeded['ask']): Promise<Pick<Seeded, 'groupArn' | 'packageArn' | 'modelArn'>> {
  const create = (noun: string, patch: object) => ask(`Create${noun}`, request(`Create${noun}`, patch));
  await create('ModelPackageGroup', { ModelPackageGroupName: 'empty' });
  const { ModelPackageGroupArn: groupArn } = await create('ModelPackageGroup', { ModelPackageGroupName: 'group' });
  await ask('PutModelPackageGroupPolicy', { ModelPackageGroupName: 'group', ResourcePolicy: groupPolicy(groupArn) });
  const { ModelPackageArn: packageArn } = await create('ModelPackage', VERSION);
  await create('Model', modelPatch('other-model'));
  await create('Model', { ...modelPatch('open-model'), VpcConfig: undefined, EnableNetworkIsolation: undefined });
  for (const AIWorkloadConfigName of ['workload', 'other', 'unused']) { await create('AIWorkloadConfig', { AIWorkloadConfigName, AIWorkloadConfigs: SPEC }); }
  const { ModelArn: modelArn } = await create('Model', modelPatch('model'));
  await create('EndpointConfig', configPatch('config'));
  await create('EndpointConfig', { ...configPatch('plain'), ShadowProductionVariants: undefined });
  for (const EndpointName of ['endpoint', 'other-endpoint']) {
    await create('Endpoint', { EndpointName, EndpointConfigName: 'plain', DeploymentConfig: ROLLING });
  }
  await create('EndpointConfig', { ...configPatch('shared'), ProductionVariants: [{ ...FOR_COMPONENTS, VariantName: 'main' }], ShadowProductionVariants: undefined });
  await create('Endpoint', { EndpointName: 'shared', EndpointConfigName: 'shared', DeploymentConfig: ROLLING });
  return { groupArn, packageArn, modelArn };
}

export function groupPolicy(groupArn: string): string {
  return JSON.stringify({
    Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sagemaker:DescribeModelPackageGroup', Resource: groupArn }],
  });
}

/** All that SageMaker keeps of an account, to see whether anything has changed. */
export function snapshot({ sagemaker }: Region): Buffer {
  const { scaling: _, benchmarks: __, generative: ___, ...kept } = sagemaker.state;
  return serialize(kept);
}
