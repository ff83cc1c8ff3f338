import {
  ARCHIVE, benchmarkPatch, BLUE_GREEN, configPatch, dataPatch, groupPolicy, modelPatch, ON_POOLS, recommendationPatch, request, ROLLING, Seeded,
  SERVERLESS, SOURCE, SPEC, VERSION,
} from './account';

/** What a valid request has besides every member filled in: names of what is there, and of members that exclude one another only some. */
export type Case = (seeded: Seeded) => object | Promise<object>;

const LATER = 4_000_000_000;

function to(member: string, name: string): Case[] {
  return [() => ({ [member]: name })];
}

/** A second page, by the token that the first one gave. */
function secondPage(operation: string, patch: object): Case[] {
  return [async ({ ask }) => {
    const { NextToken } = await ask(operation, request(operation, { ...patch, NextToken: undefined, MaxResults: 1 }));
    return { ...patch, NextToken };
  }];
}

const JOB = {
  JobName: 'new',
  InputConfig: {
    ModelName: undefined,
    JobDurationInSeconds: 3600,
    TrafficPattern: { TrafficType: 'PHASES', Phases: [{ DurationInSeconds: 120 }], Stairs: undefined },
    EndpointConfigurations: [
      { ServerlessConfig: undefined, InstanceType: 'ml.c5.xlarge' }, { InstanceType: undefined, ServerlessConfig: { ProvisionedConcurrency: undefined } },
    ],
    ContainerConfig: { PayloadConfig: { SamplePayloadUrl: 's3://bucket/payload.tar.gz' } },
    Endpoints: [{ EndpointName: 'endpoint' }],
  },
  StoppingConditions: { ModelLatencyThresholds: [{ Percentile: 'P95' }] },
};

function job({ role, packageArn }: Seeded, inputConfig: object = {}): object {
  return { ...JOB, RoleArn: role, InputConfig: { ...JOB.InputConfig, ModelPackageVersionArn: packageArn, ...inputConfig } };
}

/** A container of a package has no image and no data of its own. */
const OF_PACKAGE = { Image: undefined, ModelDataUrl: undefined, ModelDataSource: undefined, AdditionalModelDataSources: undefined };

/** For each operation, requests that together hold as many members as can be. */
export const CASES: Readonly<Record<string, readonly Case[]>> = {
  AddTags: [({ modelArn }) => ({ ResourceArn: modelArn })],
  CreateAIBenchmarkJob: [({ role }) => ({ ...benchmarkPatch('new'), RoleArn: role })],
  CreateAIRecommendationJob: [
    ({ role, groupArn }) => ({ ...recommendationPatch('new', groupArn), RoleArn: role }),
    ({ role, groupArn, packageArn }) => ({
      ...recommendationPatch('new', groupArn), RoleArn: role, AdapterSource: { ModelPackageArns: [{ AdapterId: 'one', ModelPackageArn: packageArn }], S3Uris: undefined },
    }),
  ],
  CreateAIWorkloadConfig: [() => ({ AIWorkloadConfigName: 'new', AIWorkloadConfigs: SPEC })],
  CreateEndpoint: [BLUE_GREEN, ROLLING].map((DeploymentConfig) => () => ({ EndpointName: 'new', EndpointConfigName: 'config', DeploymentConfig })),
  CreateEndpointConfig: [
    () => configPatch('new'),
    () => ({
      ...configPatch('new'),
      ProductionVariants: [{ ...SERVERLESS, VariantName: 'main' }],
      ShadowProductionVariants: [{ ...SERVERLESS, VariantName: 'shadow' }],
      VpcConfig: undefined,
      EnableNetworkIsolation: undefined,
      DataCaptureConfig: undefined,
    }),
    () => ({
      ...configPatch('new'), ProductionVariants: [{ ...ON_POOLS, VariantName: 'main' }], ShadowProductionVariants: [{ ...ON_POOLS, VariantName: 'shadow' }],
    }),
  ],
  CreateInferenceRecommendationsJob: [
    (seeded) => job(seeded),
    (seeded) => job(seeded, { TrafficPattern: { TrafficType: 'STAIRS', Phases: undefined } }),
    (seeded) => job(seeded, { ModelPackageVersionArn: undefined, ModelName: 'model' }),
  ],
  CreateModel: [
    () => modelPatch('new'),
    () => modelPatch('new', SOURCE),
    ({ packageArn }) => ({
      ModelName: 'new',
      Containers: undefined,
      PrimaryContainer: { ...OF_PACKAGE, ModelPackageName: packageArn },
    }),
    ...[ARCHIVE, SOURCE].map((data) => () => ({
      ModelName: 'new', PrimaryContainer: undefined, Containers: [{ ...data, ModelPackageName: undefined, InferenceSpecificationName: undefined }],
    })),
    ({ packageArn }) => ({
      ModelName: 'new', PrimaryContainer: undefined, Containers: [{ ...OF_PACKAGE, ModelPackageName: packageArn }],
    }),
  ],
  CreateModelPackage: [() => VERSION, () => ({ ...dataPatch(SOURCE), ModelPackageName: 'new', ModelPackageGroupName: undefined, ModelApprovalStatus: undefined })],
  CreateModelPackageGroup: to('ModelPackageGroupName', 'new'),
  DeleteAIBenchmarkJob: to('AIBenchmarkJobName', 'done'),
  DeleteAIRecommendationJob: to('AIRecommendationJobName', 'done'),
  DeleteAIWorkloadConfig: to('AIWorkloadConfigName', 'unused'),
  DeleteCompilationJob: [({ compilation }) => ({ CompilationJobName: compilation })],
  DeleteEndpoint: to('EndpointName', 'endpoint'),
  DeleteEndpointConfig: to('EndpointConfigName', 'config'),
  DeleteModel: to('ModelName', 'model'),
  DeleteModelPackage: [({ packageArn }) => ({ ModelPackageName: packageArn })],
  DeleteModelPackageGroup: to('ModelPackageGroupName', 'empty'),
  DeleteModelPackageGroupPolicy: to('ModelPackageGroupName', 'group'),
  DeleteTags: [({ modelArn }) => ({ ResourceArn: modelArn })],
  DescribeAIBenchmarkJob: [...to('AIBenchmarkJobName', 'done'), ...to('AIBenchmarkJobName', 'running')],
  DescribeAIRecommendationJob: [...to('AIRecommendationJobName', 'done'), ...to('AIRecommendationJobName', 'running')],
  DescribeAIWorkloadConfig: to('AIWorkloadConfigName', 'workload'),
  DescribeCompilationJob: [({ compilation }) => ({ CompilationJobName: compilation })],
  DescribeEndpoint: to('EndpointName', 'endpoint'),
  DescribeEndpointConfig: to('EndpointConfigName', 'config'),
  DescribeInferenceRecommendationsJob: [...to('JobName', 'done'), ...to('JobName', 'running')],
  DescribeModel: to('ModelName', 'model'),
  DescribeModelPackage: [({ packageArn }) => ({ ModelPackageName: packageArn })],
  DescribeModelPackageGroup: to('ModelPackageGroupName', 'group'),
  GetModelPackageGroupPolicy: to('ModelPackageGroupName', 'group'),
  GetScalingConfigurationRecommendation: [
    ({ recommendationId: RecommendationId }) => ({ InferenceRecommendationsJobName: 'done', RecommendationId, EndpointName: undefined }),
    ({ benchmarkEndpoint: EndpointName }) => ({ InferenceRecommendationsJobName: 'done', RecommendationId: undefined, EndpointName }),
  ],
  ListAIBenchmarkJobs: secondPage('ListAIBenchmarkJobs', { NameContains: 'done', StatusEquals: 'Completed', CreationTimeBefore: LATER }),
  ListAIRecommendationJobs: secondPage('ListAIRecommendationJobs', { NameContains: 'done', StatusEquals: 'Completed', CreationTimeBefore: LATER }),
  ListAIWorkloadConfigs: secondPage('ListAIWorkloadConfigs', { NameContains: 'o', CreationTimeBefore: LATER }),
  ListCompilationJobs: secondPage('ListCompilationJobs', { NameContains: 'neo', StatusEquals: 'COMPLETED', CreationTimeBefore: LATER, LastModifiedTimeBefore: LATER }),
  ListEndpointConfigs: secondPage('ListEndpointConfigs', { NameContains: 'n', CreationTimeBefore: LATER }),
  ListEndpoints: secondPage('ListEndpoints', { NameContains: 'endpoint', CreationTimeBefore: LATER, LastModifiedTimeBefore: LATER, StatusEquals: 'InService' }),
  ListInferenceRecommendationsJobSteps: secondPage('ListInferenceRecommendationsJobSteps', { JobName: 'done', Status: 'COMPLETED' }),
  ListInferenceRecommendationsJobs: [
    async (seeded) => {
      const times = { CreationTimeBefore: LATER, LastModifiedTimeBefore: LATER };
      const patch = { ...times, NameContains: 'done', StatusEquals: 'COMPLETED', ModelNameEquals: undefined, ModelPackageVersionArnEquals: seeded.packageArn };
      return (secondPage('ListInferenceRecommendationsJobs', patch)[0](seeded));
    },
    () => ({ ModelNameEquals: 'model', NextToken: undefined }),
  ],
  ListModelPackageGroups: secondPage('ListModelPackageGroups', { NameContains: 'p', CreationTimeBefore: LATER }),
  ListModelPackages: [
    async (seeded) => {
      await seeded.ask('CreateModelPackage', request('CreateModelPackage', VERSION));
      const patch = {
        NameContains: 'group', ModelPackageGroupName: 'group', ModelApprovalStatus: 'Approved', ModelPackageType: 'Versioned', CreationTimeBefore: LATER,
      };
      return secondPage('ListModelPackages', patch)[0](seeded);
    },
  ],
  ListModels: secondPage('ListModels', { NameContains: 'model', CreationTimeBefore: LATER }),
  // A page holds all the tags that there can be, so no answer gives a token; a token that leads behind the last tag is one all the same.
  ListTags: [({ modelArn }) => ({ ResourceArn: modelArn, NextToken: Buffer.from('a').toString('base64url') })],
  PutModelPackageGroupPolicy: [({ groupArn }) => ({ ModelPackageGroupName: 'group', ResourcePolicy: groupPolicy(groupArn) })],
  StopAIBenchmarkJob: to('AIBenchmarkJobName', 'running'),
  StopAIRecommendationJob: to('AIRecommendationJobName', 'running'),
  StopInferenceRecommendationsJob: to('JobName', 'running'),
  UpdateEndpoint: [BLUE_GREEN, ROLLING].map((DeploymentConfig) => () => ({ EndpointName: 'endpoint', EndpointConfigName: 'plain', DeploymentConfig })),
  UpdateModelPackage: [[ARCHIVE, SOURCE], [SOURCE, ARCHIVE]].map(([added, own]) => ({ packageArn }) => ({
    ModelPackageArn: packageArn,
    AdditionalInferenceSpecificationsToAdd: [{ Name: 'new', ...dataPatch(added).InferenceSpecification }],
    InferenceSpecification: dataPatch(own).InferenceSpecification,
  })),
};

/** Constraints that no valid request reaches, with why. */
export const OUT_OF_REACH: Readonly<Record<string, RegExp>> = {
  // A job refuses the member, whatever its value.
  CreateInferenceRecommendationsJob: /ServerlessConfig\.ProvisionedConcurrency/,
};
