import { isAsset, isMembers } from './job-content';

/** An archive in S3 that a job reads. */
export interface JobArchive {
  readonly kind: 'payload' | 'artifact';
  /** As the request or the target has it, e.g. `s3://models/model.tar.gz`. */
  readonly address: string;
}

/**
 * The archives that a job reads: the sample payload of the request, or else of the package, and each artifact of its target. What is not one gzipped
 * archive is none: a prefix, files as they are, a container of many models. Neither is an asset, which was looked at when the app was synthesized.
 *
 * Members may be spelled as the API has them or as the CDK does.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html (ModelDataUrl),
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html
 */
export function jobArchives(request: unknown, target: unknown): JobArchive[] {
  const named = new Set((isMembers(request) ? candidatesOf(request) : []).map(({ InferenceSpecificationName: name }) => name));
  const [asked, described] = [request, target].map((part) => archivesIn(part, named));
  const isPayload = ({ kind }: JobArchive) => kind === 'payload';
  const all = [...asked, ...asked.some(isPayload) ? described.filter((one) => !isPayload(one)) : described];
  return all.filter(({ address }, at) => all.findIndex((one) => one.address === address) === at);
}

function candidatesOf(request: any): Array<{ readonly InferenceSpecificationName?: string }> {
  const candidates = request.InputConfig?.EndpointConfigurations;
  return Array.isArray(candidates) ? candidates : [];
}

/** @param named the inference specifications that the request names, besides the target's own */
function archivesIn(part: unknown, named: ReadonlySet<unknown>): JobArchive[] {
  if (Array.isArray(part)) { return part.flatMap((one) => archivesIn(one, named)); }
  if (!isMembers(part)) { return []; }
  const spelled = Object.fromEntries(Object.entries(part).map(([name, inner]) => [name[0].toUpperCase() + name.slice(1), inner]));
  return Object.entries(spelled).flatMap(([name, inner]) => {
    switch (name) {
      case 'SamplePayloadUrl': return archive('payload', inner);
      case 'ModelDataUrl': return spelled.Mode === 'MultiModel' ? [] : archive('artifact', inner);
      case 'S3Uri': return spelled.S3DataType === 'S3Object' && spelled.CompressionType === 'Gzip' ? archive('artifact', inner) : [];
      // What a benchmark does not run.
      case 'ValidationSpecification':
      case 'SourceAlgorithmSpecification': return [];
      case 'AdditionalInferenceSpecifications': return archivesIn([inner].flat().filter((one: any) => named.has(one?.Name ?? one?.name)), named);
      default: return archivesIn(inner, named);
    }
  });
}

function archive(kind: JobArchive['kind'], address: unknown): JobArchive[] {
  return typeof address === 'string' && !isAsset(address) ? [{ kind, address }] : [];
}
