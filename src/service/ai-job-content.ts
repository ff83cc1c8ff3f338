import { isMembers, without } from './job-content';

/**
 * What a job of the generative family is identified by. Another value of a member that counts is another job, which is paid for.
 */
type Members = Readonly<Record<string, unknown>>;

/** Members that do not count: names and tags, who runs the job and where. Every other member of a request counts. */
export const AI_NOT_COUNTED = ['AIRecommendationJobName', 'AIBenchmarkJobName', 'RoleArn', 'NetworkConfig', 'Tags'] as const;

/** What counts of a request's output: the group that gets the optimized models. Where results and runs are written does not. */
export const AI_COUNTED_OUTPUT = ['ModelPackageGroupIdentifier'] as const;

/** What counts of a workload configuration, by which a request's name of it is replaced. */
export const WORKLOAD_MEMBERS = ['AIWorkloadConfigs', 'DatasetConfig'] as const;

const WORKLOAD_NAME = 'AIWorkloadConfigIdentifier';

/** The part of a request that counts, with its workload by its name. */
export function countedAiRequest(request: Members): Record<string, unknown> {
  const { OutputConfig: output, ...counted } = without(request, AI_NOT_COUNTED);
  const group = picked(isMembers(output) ? output : {}, AI_COUNTED_OUTPUT);
  return Object.keys(group).length > 0 ? { ...counted, OutputConfig: group } : counted;
}

/** A job's content, in which the objects below an address are replaced by what they are, as far as that is known. */
export interface AiContent {
  readonly counted: unknown;
  /** Whether two equal contents are certainly the same. */
  readonly isCertain: boolean;
  /** The addresses in S3 whose objects are not known. */
  readonly unknown: readonly string[];
}

/**
 * The content of a request: its workload counts by what it says, and not by its name. A model, an adapter and a dataset count by the objects below their
 * addresses. An endpoint and a model package have only a name, behind which its owner may put something else.
 *
 * @param request as the API has it
 * @param workload what DescribeAIWorkloadConfig answers. Without it, its name counts.
 */
export function aiContentOf(request: Members, workload: object | undefined, etags: ReadonlyMap<string, string | undefined> = new Map()): AiContent {
  const unknown = new Set<string>();
  let doubts = 0;
  const read = (name: string, value: unknown): unknown => {
    if (Array.isArray(value)) { return value.map((inner) => read(name, inner)); }
    if (isMembers(value)) { return Object.fromEntries(Object.entries(picked(value)).map(([key, inner]) => [key, read(key, inner)])); }
    if (name === 'S3Uri') {
      const etag = etags.get(`${value}`);
      if (etag !== undefined) { return { etag: etag.replace(/"/g, '') }; }
      unknown.add(`${value}`);
    }
    if (NAMES.includes(name)) { doubts++; }
    return value;
  };
  const rest = countedAiRequest(request);
  const said = workload && picked(workload as Members, WORKLOAD_MEMBERS);
  const counted = read('', said ? { ...without(rest, [WORKLOAD_NAME]), workload: said } : rest);
  return { counted, isCertain: said !== undefined && doubts === 0 && unknown.size === 0, unknown: [...unknown] };
}

/** The address of a folder: `models/a` would be the beginning of `models/ab/`, too. */
export function asFolder(address: string): string {
  return address.endsWith('/') ? address : `${address}/`;
}

/** The members that have a value, of these names. */
function picked(members: Members, names: readonly string[] = Object.keys(members)): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([name, value]) => names.includes(name) && value !== undefined));
}

/** Members that name something which its owner may change: an endpoint, a component, a model package. */
const NAMES = ['Identifier', 'ModelPackageArn'];
