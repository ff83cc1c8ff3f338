import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { IEndpointRef } from 'aws-cdk-lib/aws-sagemaker';
import { Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { BenchmarkTarget } from './benchmark-target';
import type { ContainerConfigOptions } from './container-config';
import type { InferenceRecommendationsJobProps } from './inference-recommendations-job-props';
import type { JobTypeConfig } from './job-type';
import { checkIsA, enumValue } from '../common/check';
import { EndpointType } from '../common/endpoint-type';
import { Facts } from '../common/facts';
import type { Network } from '../common/network';
import { endpointNameOf, s3Uri } from '../common/refs';
import { prune } from '../common/render';
import { warnOfTypes } from '../common/warn';
import { warnOfMlNames } from '../model-package/inference-specification';
import type { TriedEndpoints } from '../recommendation/reachable';
import { EndpointFacts, JobFacts } from '../service/job-rules';
import { JOB_SHAPES } from '../service/shapes';

const MAX_DESCRIPTION = JOB_SHAPES.RecommendationJobDescription.max!;

/** The place where SageMaker Neo puts compiled models. */
export interface CompiledOutput {
  readonly bucket: IBucketRef;
  readonly prefix: string;
}

/** A job's props as a request, the inputs that its role must reach, and facts for the rules. */
export interface RenderedJob {
  /** CreateInferenceRecommendationsJob without JobName, RoleArn and Tags. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly facts: Omit<JobFacts, 'isKnown'>;
  readonly target: BenchmarkTarget;
  readonly existingEndpoints: readonly IEndpointRef[];
  readonly network?: Network;
  readonly volumeEncryptionKey?: IKeyRef;
  readonly outputEncryptionKey?: IKeyRef;
  readonly compiledOutput?: CompiledOutput;
  readonly grantReadPayload: (grantee: IGrantable) => void;
}

export function renderJobRequest(
  scope: Construct, props: InferenceRecommendationsJobProps, type: JobTypeConfig, network: Network | undefined,
): RenderedJob {
  checkIsA('target', props.target, '_render', 'a `BenchmarkTarget`, such as `BenchmarkTarget.fromModelPackage()` returns');
  const container = renderContainerConfig(scope, props.containerConfig);
  const compiledOutput = props.compiledOutputBucket && { bucket: props.compiledOutputBucket, prefix: props.compiledOutputPrefix ?? '' };
  if (props.compiledOutputPrefix !== undefined && !compiledOutput) {
    throw new Error('`compiledOutputBucket` is required if you set `compiledOutputPrefix`.');
  }
  const existing = props.existingEndpoints ?? [];
  existing.forEach((endpoint) => benchmarkedEndpoints.add(endpoint));
  return {
    request: prune({
      JobType: type.jobType,
      JobDescription: props.description ?? scope.node.path.slice(-MAX_DESCRIPTION),
      InputConfig: prune({
        ...props.target._render(),
        ...type.inputConfig,
        ContainerConfig: container.config,
        Endpoints: existing.length > 0 ? existing.map((endpoint) => ({ EndpointName: endpointNameOf(endpoint) })) : undefined,
        VolumeKmsKeyId: props.volumeEncryptionKey?.keyRef.keyArn,
        VpcConfig: network && { SecurityGroupIds: network.vpcConfig.securityGroupIds, Subnets: network.vpcConfig.subnets },
      }),
      StoppingConditions: type.stoppingConditions,
      OutputConfig: prune({
        KmsKeyId: props.outputEncryptionKey?.keyRef.keyArn,
        CompiledOutputConfig: compiledOutput && { S3OutputUri: s3Uri(compiledOutput.bucket, compiledOutput.prefix || undefined) },
      }),
    })!,
    facts: { target: props.target._facts(), existingEndpoint: endpointFacts.of(existing[0]) },
    target: props.target,
    existingEndpoints: existing,
    network,
    volumeEncryptionKey: props.volumeEncryptionKey,
    outputEncryptionKey: props.outputEncryptionKey,
    compiledOutput,
    grantReadPayload: container.grantRead,
  };
}

/** The endpoints that a job tries, and what says so: its candidates, its container configuration, or its package. */
export function triedBy({ request, facts }: RenderedJob): TriedEndpoints | undefined {
  const { InputConfig: { EndpointConfigurations: candidates, ContainerConfig: container = {} }, JobType } = request as any;
  const wanted = container.SupportedEndpointType;
  if (candidates) {
    return {
      by: '`endpointCandidates`',
      instanceTypes: known(candidates.flatMap(({ InstanceType = undefined }) => InstanceType ?? [])),
      hasServerless: candidates.some(({ ServerlessConfig = undefined }) => ServerlessConfig),
      isCertain: JobType === 'Advanced',
    };
  }
  if (wanted === EndpointType.SERVERLESS) { return { by: '`containerConfig.supportedEndpointType`', instanceTypes: [], hasServerless: true, isCertain: true }; }
  const supported: readonly string[] | undefined = container.SupportedInstanceTypes ?? facts.target?.supportedInstanceTypes;
  return {
    by: container.SupportedInstanceTypes ? '`containerConfig.supportedInstanceTypes`' : 'the model package',
    instanceTypes: supported?.length ? known(supported) : undefined,
    hasServerless: wanted === EndpointType.REAL_TIME ? false : undefined,
    isCertain: false,
  };
}

function known(types: readonly string[]): readonly string[] | undefined {
  return types.some(Token.isUnresolved) ? undefined : types;
}

/** Facts about the configurations that endpoints of this library run. An imported endpoint has none. `src/hosting` keeps them. */
export const endpointFacts = new Facts<IEndpointRef, EndpointFacts>();

/** The endpoints that jobs benchmark. An endpoint may be of a stack that another copy of this library makes. */
export const benchmarkedEndpoints = new WeakSet<IEndpointRef>();

/** The API's ContainerConfig, and the grant of the sample payload for the job's role. */
function renderContainerConfig(
  scope: Construct, options: ContainerConfigOptions | undefined,
): { config?: Record<string, unknown>; grantRead: (grantee: IGrantable) => void } {
  if (!options) { return { grantRead: () => {} }; }
  const payload = options.samplePayload?._bind(scope, 'SamplePayload');
  warnOfMlNames(scope, 'containerConfig.', options);
  warnOfTypes(scope, 'containerConfig.supportedInstanceTypes', options.supportedInstanceTypes);
  return {
    config: prune({
      Domain: options.domain && enumValue('domain', options.domain, 'MlDomain'),
      Task: options.task && enumValue('task', options.task, 'MlTask'),
      Framework: options.framework && enumValue('framework', options.framework, 'MlFramework'),
      FrameworkVersion: options.frameworkVersion,
      PayloadConfig: prune({ SamplePayloadUrl: payload?.url, SupportedContentTypes: options.supportedContentTypes }),
      NearestModelName: options.nearestModelName,
      SupportedInstanceTypes: options.supportedInstanceTypes?.map((type) => enumValue('supportedInstanceTypes', type, 'InstanceType')),
      // Without the member, the service recommends both kinds.
      SupportedEndpointType: options.supportedEndpointType === EndpointType.ANY ? undefined : options.supportedEndpointType,
      DataInputConfig: options.dataInputConfig,
      SupportedResponseMIMETypes: options.supportedResponseMimeTypes,
    }),
    grantRead: (grantee) => payload?.grantRead(grantee),
  };
}
