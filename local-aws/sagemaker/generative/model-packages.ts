import { TokenRecommendation } from './script';
import { Call } from '../../kernel';
import { digest } from '../benchmarks';
import { findGroup, modelPackageGroupOperations } from '../model-package-groups';
import { findPackage, modelPackageOperations } from '../model-packages';
import { AIRecommendationJob, ModelPackageGroup, SageMakerState } from '../state';

/** A recommendation whose specification has its name. */
export type NamedRecommendation = TokenRecommendation & { readonly specificationName: string };

/** A part of what a deployment loads. */
interface Channel {
  readonly ChannelName: string;
  readonly Uri: string;
}

/** The group of a job's packages: the given one, or one of its own, with its name. */
export function groupOf({ name, request: { OutputConfig } }: AIRecommendationJob, call: Call): ModelPackageGroup {
  if (OutputConfig.ModelPackageGroupIdentifier !== undefined) { return findGroup(OutputConfig.ModelPackageGroupIdentifier, call); }
  const { groups } = call.region.room(SageMakerState);
  if (!groups.has(name)) { void modelPackageGroupOperations.CreateModelPackageGroup({ ModelPackageGroupName: name }, call); }
  return findGroup(name, call);
}

/**
 * Registers a version with a specification for each recommendation. Somebody has to approve it before it is deployed.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-deploy.html
 */
export function registerPackage(job: AIRecommendationJob, group: ModelPackageGroup, rows: readonly NamedRecommendation[], call: Call): string {
  const specifications = rows.map((row) => ({
    Name: row.specificationName,
    Containers: [{
      Image: row.image,
      Environment: row.environment,
      AdditionalModelDataSources: channelsOf(job, row).map(({ ChannelName, Uri }) => ({ ChannelName, S3DataSource: prefix(Uri) })),
    }],
    SupportedRealtimeInferenceInstanceTypes: [row.instanceType],
    SupportedContentTypes: ['application/json'],
    SupportedResponseMIMETypes: ['application/json'],
  }));
  const [{ Name: _, ...first }] = specifications;
  return created({
    ModelPackageGroupName: group.name,
    ModelPackageDescription: `Made by the AI recommendation job ${job.name}`,
    InferenceSpecification: first,
    AdditionalInferenceSpecifications: specifications,
  }, call);
}

/** The weights, and the draft model that speculates for them, which the job has written. */
export function channelsOf({ name, request }: AIRecommendationJob, { hasDraftModel }: TokenRecommendation): Channel[] {
  const output = `${request.OutputConfig.S3OutputLocation.replace(/\/?$/, '/')}${name}/`;
  return [
    { ChannelName: 'base_model', Uri: request.ModelSource.S3.S3Uri.replace(/\/?$/, '/') },
    ...hasDraftModel ? [{ ChannelName: 'draft_model', Uri: `${output}draft-model/` }] : [],
  ];
}

/** The adapters with both their packages and their locations: the job registers a version for each that it was given by its location. */
export function adaptersOf({ request, name }: AIRecommendationJob, group: ModelPackageGroup, image: string, call: Call): object | undefined {
  const { ModelPackageArns, S3Uris } = request.AdapterSource ?? {};
  if (ModelPackageArns !== undefined) {
    const uris = ModelPackageArns.map(({ AdapterId, ModelPackageArn }: any) => (
      { AdapterId, S3Uri: dataOf(findPackage(ModelPackageArn, call).description) ?? `s3://unknown/${digest(ModelPackageArn).slice(0, 8)}/` }
    ));
    return { ModelPackageArns, S3Uris: uris };
  }
  return S3Uris && {
    ModelPackageArns: S3Uris.map(({ AdapterId, S3Uri }: any) => ({
      AdapterId,
      ModelPackageArn: created({
        ModelPackageGroupName: group.name,
        ModelPackageDescription: `The adapter ${AdapterId} of the AI recommendation job ${name}`,
        InferenceSpecification: { Containers: [{ Image: image, ModelDataSource: { S3DataSource: prefix(S3Uri.replace(/\/?$/, '/')) } }], SupportedContentTypes: ['application/json'] },
      }, call),
    })),
    S3Uris,
  };
}

function created(input: object, call: Call): string {
  const { ModelPackageArn } = modelPackageOperations.CreateModelPackage(input, call) as { ModelPackageArn: string };
  return ModelPackageArn;
}

function prefix(S3Uri: string) {
  return { S3Uri, S3DataType: 'S3Prefix', CompressionType: 'None' };
}

function dataOf({ InferenceSpecification }: Record<string, any>): string | undefined {
  const [{ ModelDataUrl, ModelDataSource } = {} as any] = InferenceSpecification?.Containers ?? [];
  return ModelDataSource?.S3DataSource?.S3Uri ?? ModelDataUrl;
}
