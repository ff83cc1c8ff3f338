import { DescribeAIWorkloadConfigCommand } from '@aws-sdk/client-sagemaker';
import type { AiJobReader } from './ai-jobs';
import type { Content, EtagOf, JobFamily, JobPlace, JobRequest, ListedJob, Target } from './family';
import type { JobPrefix } from './preflight/objects';
import type { JobNeeds } from './preflight/preflight';
import { aiContentOf, asFolder, countedAiRequest, WORKLOAD_MEMBERS } from '../../src/service/ai-job-content';
import { AI_JOB_NAMES, aiJobErrors, AiJobRequest, aiJobViolations } from '../../src/service/ai-job-rules';
import { AI_JOB_SHAPES } from '../../src/service/ai-shapes';
import { coerce } from '../../src/service/constraints';
import { INVOKE_BODY_BYTES } from '../../src/service/limits';
import { requirement } from '../../src/service/words';
import type { SageMakerApi } from '../runtime/deps';
import { errorName, UserError } from '../runtime/errors';

/** What starts jobs of one noun. */
interface AiJobStart {
  readonly noun: string;
  readonly shape: AiJobRequest;
  readonly arnResource: string;
  readonly create: new (input: any) => any;
  readonly list: new (input: any) => any;
  /** The places in S3 that a job reads or writes, and the instance types that it may try. */
  needs(request: any): Pick<JobNeeds, 'places' | 'tried'>;
}

/** The part of a family of the generative API that finds and starts jobs. */
export type AiJobStarter = Pick<JobFamily,
'request' | 'counted' | 'contentOf' | 'forPackage' | 'check' | 'target' | 'needs' | 'arn' | 'create' | 'list'>;

export function aiJobStarter(reader: AiJobReader, { noun, shape, arnResource, create, list, needs }: AiJobStart): AiJobStarter {
  const nameMember = AI_JOB_NAMES[shape];
  return {
    request: ({ Request }) => coerce(AI_JOB_SHAPES, shape, Request) as JobRequest,
    counted: countedAiRequest,
    contentOf,
    // A registry approves packages, and no job of this kind benchmarks one.
    forPackage: (request) => request,
    check(request, tags) {
      const broken = aiJobViolations(shape, { [nameMember]: 'placeholder', ...request, Tags: tags })
        .map((violation) => `${violation.path.join('.')} ${requirement(violation)}`);
      const rules = broken.length > 0 ? [] : aiJobErrors(request).map(({ path, sentence }) => `${path.join('.')} ${sentence}`);
      const sentences = [...broken, ...rules];
      if (sentences.length > 0) { throw new UserError(`The job's request would be refused: ${sentences.join('; ')}.`); }
    },
    target: workloadOf,
    needs: (request, _target, place) => needsOf(request, place, needs(request)),
    arn({ StackId }, jobName) {
      const [, partition, , region, account] = StackId.split(':');
      return `arn:${partition}:sagemaker:${region}:${account}:${arnResource}/${jobName}`;
    },
    async create(sagemaker, jobName, request, tags) {
      try {
        const answer: any = await sagemaker.send(new create({ ...ofItsOwn(request, jobName), [nameMember]: jobName, Tags: [...tags] }));
        return { name: jobName, arn: answer[`${noun}Arn`] };
      } catch (error) {
        // A repeated delivery, or a call whose answer was lost.
        const job = IN_USE.includes(errorName(error)) ? await reader.describe(sagemaker, jobName) : undefined;
        if (!job) { throw error; }
        return { ...job, isFound: true };
      }
    },
    async list(sagemaker, NameContains, CreationTimeAfter, most = Infinity) {
      const jobs: ListedJob[] = [];
      let NextToken: string | undefined;
      do {
        const page: any = await sagemaker.send(new list({ NameContains, CreationTimeAfter, MaxResults: 100, NextToken }));
        for (const found of page[`${noun}s`] ?? []) {
          const { name, phase, created } = reader.jobOf(found);
          jobs.push({ name, phase, created });
        }
        NextToken = page.NextToken;
      } while (NextToken && jobs.length < most);
      return jobs;
    },
  };
}

/** The errors by which the service says that a name is taken: the API's page has the first, other jobs of the service the second. */
const IN_USE = ['ResourceInUse', 'ConflictException'];

/** Each job writes below a prefix of its own, also another attempt of the same content. */
function ofItsOwn(request: JobRequest, jobName: string): JobRequest {
  const { OutputConfig: output = {} } = request as { readonly OutputConfig?: { readonly S3OutputLocation?: string } };
  const { S3OutputLocation: location } = output;
  return location === undefined ? request : { ...request, OutputConfig: { ...output, S3OutputLocation: outputOf(location, jobName) } };
}

/** The address below which a job writes. */
export function outputOf(location: string, jobName: string): string {
  return `${asFolder(location)}${jobName}/`;
}

/** The place to which a request writes, if it says one. */
export function outputPlace({ OutputConfig: output }: any): JobPrefix[] {
  const location = output?.S3OutputLocation;
  return typeof location === 'string' ? [{ what: 'output', address: asFolder(location), isRead: false }] : [];
}

/** The workload as the service describes it. The job has no other target that can be described. */
async function workloadOf(sagemaker: SageMakerApi, { AIWorkloadConfigIdentifier: identifier }: JobRequest): Promise<Target> {
  const name = `${identifier ?? ''}`.split('/').at(-1)!;
  if (name === '') { return { name }; }
  const found: any = await sagemaker.send(new DescribeAIWorkloadConfigCommand({ AIWorkloadConfigName: name }));
  // Its content is its identity, so neither its name nor its time is.
  return { name: '', described: Object.fromEntries(WORKLOAD_MEMBERS.map((member) => [member, found[member]])) };
}

async function contentOf(request: JobRequest, { described }: Target, etagOf: EtagOf): Promise<Content> {
  const own = aiContentOf(request, described);
  if (!own.unknown.length) { return { ...own, own: own.counted }; }
  const etags = new Map<string, string | undefined>();
  for (const address of own.unknown) { etags.set(address, await etagOf(address)); }
  const { counted, isCertain } = aiContentOf(request, described, etags);
  return { counted, isCertain, own: own.counted };
}

function needsOf({ RoleArn }: any, { account }: JobPlace, own: Pick<JobNeeds, 'places' | 'tried'>): JobNeeds {
  return { archives: [], mostBytes: INVOKE_BODY_BYTES.inGuide, roleArn: RoleArn, account, permissions: [], ...own };
}
