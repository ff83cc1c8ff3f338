import type { DescribeModelCommandOutput, DescribeModelPackageCommandOutput } from '@aws-sdk/client-sagemaker';
import type { Content, EtagOf, JobRequest } from '../family';

type Members = Readonly<Record<string, unknown>>;

/**
 * Members of a request that do not count: names and addresses, who runs the job and where, and what encrypts it. Its target counts by its content.
 * A test walks the shape: every other member counts.
 */
export const NOT_COUNTED = {
  request: ['JobName', 'JobDescription', 'RoleArn', 'OutputConfig', 'Tags'],
  input: ['ModelPackageVersionArn', 'ModelName', 'VolumeKmsKeyId', 'VpcConfig'],
} as const;

/** What counts of a model package. The rest are its names, its state in the registry, and what others noted of it. */
export const PACKAGE_MEMBERS = [
  'AdditionalInferenceSpecifications', 'Domain', 'InferenceSpecification', 'SamplePayloadUrl', 'SourceAlgorithmSpecification', 'Task',
] as const satisfies ReadonlyArray<keyof DescribeModelPackageCommandOutput>;

/** What counts of a model. */
export const MODEL_MEMBERS = ['Containers', 'EnableNetworkIsolation', 'InferenceExecutionConfig', 'PrimaryContainer'] as const satisfies
  ReadonlyArray<keyof DescribeModelCommandOutput>;

/** The content of a request and its target, in which objects in S3 count by their ETags and images by their digests, where these are known. */
export async function contentOf(request: JobRequest, target: object, etagOf: EtagOf): Promise<Content> {
  const { InputConfig = {}, ...rest } = without(request, NOT_COUNTED.request);
  const reader = new Reader(etagOf);
  const counted = await reader.read({ ...rest, InputConfig: without(InputConfig as Members, NOT_COUNTED.input), target });
  return { counted, isCertain: reader.isCertain };
}

/** Replaces addresses by what they hold. */
class Reader {
  public isCertain = true;

  constructor(private readonly etagOf: EtagOf) {}

  public async read(value: unknown): Promise<unknown> {
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      for (const item of value) { items.push(await this.read(item)); }
      return items;
    }
    if (typeof value !== 'object' || value === null || value instanceof Date) { return value; }
    const members: Record<string, unknown> = {};
    const { ImageDigest, ModelDataETag, ...others } = value as Members;
    for (const [name, member] of Object.entries(others)) {
      if (member === undefined) { continue; }
      members[name] = await this.member(name, member, { ImageDigest, ModelDataETag });
    }
    return members;
  }

  private async member(name: string, member: unknown, { ImageDigest, ModelDataETag }: Members): Promise<unknown> {
    switch (name) {
      case 'Image': return this.image(String(member), ImageDigest as string | undefined);
      case 'ModelDataUrl': return this.object(String(member), ModelDataETag as string | undefined);
      case 'SamplePayloadUrl': return this.object(String(member));
      // Many objects, or something whose content only its owner knows: a package or an algorithm that may be made again under its name.
      case 'ModelPackageName':
      case 'AlgorithmName':
      case 'S3Uri':
      case 'HubContentArn': return this.uncertain(member);
      default: return this.read(member);
    }
  }

  private image(image: string, digest: string | undefined): unknown {
    const known = digest ?? /@(sha256:[0-9a-f]{64})$/i.exec(image)?.[1];
    // The CDK tags an image asset with the hash of its content.
    return known?.toLowerCase() ?? (/:[0-9a-f]{64}$/.test(image) ? image : this.uncertain(image));
  }

  private async object(address: string, etag?: string): Promise<unknown> {
    // The CDK names an asset after the hash of its content.
    if (/\/[0-9a-f]{64}\.[\w.]+$/.test(address)) { return address.slice(address.lastIndexOf('/') + 1); }
    const known = etag ?? await this.etagOf(address);
    return known ? { etag: known.replace(/"/g, '') } : this.uncertain(address);
  }

  private uncertain<T>(value: T): T {
    this.isCertain = false;
    return value;
  }
}

/** The named members of a description. */
export function pick(described: object, names: readonly string[]): Members {
  return Object.fromEntries(Object.entries(described).filter(([name]) => names.includes(name)));
}

function without(members: Members, names: readonly string[]): Members {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
