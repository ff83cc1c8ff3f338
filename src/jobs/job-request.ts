import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { JobFacts } from '../service/job-rules';
import { JOB_SHAPES } from '../service/shapes';
import type { BenchmarkTarget } from './benchmark-target';
import type { InferenceRecommendationsJobProps } from './inference-recommendations-job-props';
import type { JobTypeConfig } from './job-type';
import { renderContainerConfig } from './container-config-request';
import type { Network } from '../common/network';
import { prune } from '../common/prune';

const MAX_DESCRIPTION = JOB_SHAPES.RecommendationJobDescription.max!;

/** Where SageMaker Neo puts compiled models. */
export interface CompiledOutput {
  readonly bucket: IBucket;
  readonly prefix: string;
}

/** A job's props as the request, what its role must be allowed for it, and what the rules may know besides. */
export interface RenderedJob {
  /** CreateInferenceRecommendationsJob without JobName, RoleArn and Tags. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly facts: Omit<JobFacts, 'isKnown'>;
  readonly target: BenchmarkTarget;
  readonly existingEndpoints: readonly IEndpoint[];
  readonly network?: Network;
  readonly volumeEncryptionKey?: IKey;
  readonly outputEncryptionKey?: IKey;
  readonly compiledOutput?: CompiledOutput;
  readonly grantReadPayload: (grantee: IGrantable) => void;
}

export function renderJobRequest(
  scope: Construct, props: InferenceRecommendationsJobProps, type: JobTypeConfig, network: Network | undefined,
): RenderedJob {
  const container = renderContainerConfig(scope, props.containerConfig);
  const compiledOutput = props.compiledOutputBucket && { bucket: props.compiledOutputBucket, prefix: props.compiledOutputPrefix ?? '' };
  if (props.compiledOutputPrefix !== undefined && !compiledOutput) {
    throw new Error('`compiledOutputBucket` must be given where `compiledOutputPrefix` is.');
  }
  const existing = props.existingEndpoints ?? [];
  return {
    request: prune({
      JobType: type.jobType,
      JobDescription: props.description ?? scope.node.path.slice(-MAX_DESCRIPTION),
      InputConfig: prune({
        ...props.target._render(),
        ...type.inputConfig,
        ContainerConfig: container.config,
        Endpoints: existing.length > 0 ? existing.map((endpoint) => ({ EndpointName: endpoint.endpointName })) : undefined,
        VolumeKmsKeyId: props.volumeEncryptionKey?.keyArn,
        VpcConfig: network && { SecurityGroupIds: network.vpcConfig.securityGroupIds, Subnets: network.vpcConfig.subnets },
      }),
      StoppingConditions: type.stoppingConditions,
      OutputConfig: prune({
        KmsKeyId: props.outputEncryptionKey?.keyArn,
        CompiledOutputConfig: compiledOutput && { S3OutputUri: compiledOutput.bucket.s3UrlForObject(compiledOutput.prefix || undefined) },
      }),
    })!,
    facts: { target: props.target._facts(), existingEndpoint: (existing[0] as EndpointWithFacts | undefined)?._facts },
    target: props.target,
    existingEndpoints: existing,
    network,
    volumeEncryptionKey: props.volumeEncryptionKey,
    outputEncryptionKey: props.outputEncryptionKey,
    compiledOutput,
    grantReadPayload: container.grantRead,
  };
}

/** An endpoint of this library knows what it runs; any other does not. */
interface EndpointWithFacts extends IEndpoint {
  readonly _facts?: JobFacts['existingEndpoint'];
}
