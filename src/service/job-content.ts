/**
 * What a job is identified by. Another value of a member that counts is another job, which is paid for. The functions name jobs by it, `cdk diff` shows
 * by it that a change may start one, and the start function may read the objects that it asks for.
 */
type Members = Readonly<Record<string, unknown>>;

/** Members that do not count: names, descriptions and tags, who runs the job and where, and what encrypts it. Every other member of a request counts. */
export const NOT_COUNTED = {
  request: ['JobName', 'JobDescription', 'RoleArn', 'OutputConfig', 'Tags'],
  input: ['VolumeKmsKeyId', 'VpcConfig'],
  specification: ['Description'],
} as const;

/** The members of the input that name the target. It counts by its content. */
export const TARGET_NAMES = ['ModelPackageVersionArn', 'ModelName'] as const;

/** What counts of a model package. The rest are its names, its state in the registry, and what others noted of it. */
export const PACKAGE_MEMBERS = [
  'AdditionalInferenceSpecifications', 'Domain', 'InferenceSpecification', 'SamplePayloadUrl', 'SourceAlgorithmSpecification', 'Task',
] as const;

/** What counts of a model. */
export const MODEL_MEMBERS = ['Containers', 'EnableNetworkIsolation', 'InferenceExecutionConfig', 'PrimaryContainer'] as const;

/** The part of a request that counts, with its target by its name. */
export function countedRequest(request: Members): Record<string, unknown> {
  const counted = without(request, NOT_COUNTED.request);
  return isMembers(counted.InputConfig) ? { ...counted, InputConfig: without(counted.InputConfig, NOT_COUNTED.input) } : counted;
}

/** The part of a target that counts, by the names of its members. */
export function countedTarget(described: object, names: readonly string[]): Members {
  const picked = Object.entries(described).filter(([name]) => names.includes(name));
  return Object.fromEntries(picked.map(([name, member]) => (
    [name, Array.isArray(member) ? member.map((item) => (isMembers(item) ? without(item, NOT_COUNTED.specification) : item)) : member])));
}

export function without(members: Members, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}

/** A value in which addresses are replaced by what is there, as far as it is known. */
export interface Content {
  readonly counted: unknown;
  /** Whether two equal contents are certainly the same: every image and object is named by what it contains. */
  readonly isCertain: boolean;
  /** The objects whose ETags are not known. */
  readonly unknown: readonly string[];
}

/**
 * Replaces images by their digests and objects by their ETags. Members may be spelled as the API has them or as the CDK does.
 *
 * An ETag in a description is of the time when the target was made, so it proves nothing of an object that was overwritten.
 */
export function contentOf(value: unknown, etags: ReadonlyMap<string, string | undefined> = new Map()): Content {
  const unknown = new Set<string>();
  let [images, uncertain] = [0, 0];
  const doubt = (text: unknown) => {
    uncertain++;
    return text;
  };
  const variables = (environment: unknown) => {
    if (!isMembers(environment)) { return doubt(environment); }
    if (Object.entries(environment).some(([name, text]) => isFetched(name, text))) { uncertain++; }
    return environment;
  };
  const read = (part: unknown): unknown => {
    if (Array.isArray(part)) { return part.map(read); }
    if (!isMembers(part)) { return isElsewhere(part) ? doubt(part) : part; }
    const spelled = Object.fromEntries(Object.entries(part).map(([name, inner]) => [name[0].toUpperCase() + name.slice(1), inner]));
    // The values that a benchmark tries for a variable.
    if (Array.isArray(spelled.Value) && spelled.Value.some((text) => isFetched(spelled.Name, text))) { uncertain++; }
    return Object.fromEntries(Object.entries(spelled)
      .filter(([name, inner]) => inner !== undefined && !RECORDED.includes(name))
      .map(([name, inner]) => [name, member(name, inner, spelled)]));
  };
  const object = (address: unknown) => {
    if (typeof address !== 'string' || address.endsWith('/')) { return doubt(address); }
    if (isAsset(address)) { return address.slice(address.lastIndexOf('/') + 1); }
    const etag = etags.get(address);
    if (etag !== undefined) { return { etag: etag.replace(/"/g, '') }; }
    unknown.add(address);
    return doubt(address);
  };
  const member = (name: string, inner: unknown, { ImageDigest: digest, Mode, S3DataType }: Members): unknown => {
    switch (name) {
      case 'Image': {
        images++;
        const known = typeof digest === 'string' ? digest : /@(sha256:[0-9a-f]{64})$/i.exec(`${inner}`)?.[1];
        // The CDK tags an image asset with the hash of its content.
        return known?.toLowerCase() ?? (/:[0-9a-f]{64}$/.test(`${inner}`) ? inner : doubt(inner));
      }
      case 'SamplePayloadUrl': return object(inner);
      // Below the address of a container of many models, any number of them may come and go.
      case 'ModelDataUrl': return Mode === 'MultiModel' ? doubt(inner) : object(inner);
      case 'S3Uri': return S3DataType === 'S3Object' ? object(inner) : doubt(inner);
      // Only its owner knows what is behind the name, and may make it again.
      case 'ModelPackageName':
      case 'AlgorithmName':
      case 'EndpointName': return doubt(inner);
      case 'Environment': return variables(inner);
      default: return read(inner);
    }
  };
  const counted = read(value);
  // A package without containers is made of something else, which its description does not show.
  return { counted, isCertain: images > 0 && uncertain === 0, unknown: [...unknown] };
}

/** Whether an address is that of an asset: the CDK names it after the hash of its content. */
export function isAsset(address: string): boolean {
  return /\/[0-9a-f]{64}\.[\w.]+$/.test(address);
}

/** What the service has recorded of images and objects. A digest counts in the place of its image. */
const RECORDED = ['ImageDigest', 'ModelDataETag', 'ETag', 'ManifestEtag'];

/** Variables by which AWS's containers get a model from a hub when they start. A path is within the container. */
const FETCHED = ['HF_MODEL_ID', 'OPTION_MODEL_ID'];

function isFetched(variable: unknown, text: unknown): boolean {
  return isElsewhere(text) || (FETCHED.includes(variable as string) && !/^\//.test(`${text}`));
}

/** An address of something that may be changed. */
function isElsewhere(text: unknown): boolean {
  return typeof text === 'string' && /^(arn:|\w+:\/\/)/.test(text);
}

/** A plain object, and neither a list, nor a time, nor a token. */
export function isMembers(value: unknown): value is Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { return false; }
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
