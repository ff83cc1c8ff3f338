import { ListStacksCommand, ListStacksCommandOutput, StackSummary } from '@aws-sdk/client-cloudformation';
import type { Failure, Request, StackFacts } from './facts';
import { diagnosedFamily } from './families';
import type { Notes } from './looking';
import { Event, eventReader, failuresOf, judgedOperation, nestedIn, resourcesIn } from './stack-events';
import { STACK_TAG } from '../../../src/contract/claims';
import { isJobId, parseAttempt } from '../../../src/contract/job-name';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import { jobResourceOf } from '../../../src/contract/start';
import type { Account } from '../account/account';
import type { ResourceView, StackView } from '../account/stack';
import { choiceOf, nameOf } from '../subject/choice';
import { findJob, jobsWithPrefix, readJob, readNewest } from '../subject/families';
import type { JobView } from '../subject/job';
import { JobOfStack, Subject, subjectOf } from '../subject/subject';

/** A job that was found, and what it was to be. */
export interface Found extends JobOfStack {
  readonly request?: Request;
}

export interface FoundAll {
  readonly stack?: StackFacts;
  readonly jobs: readonly Found[];
  /** The stack's resources, also those that are gone. */
  readonly resources: readonly ResourceView[];
}

/** Finds what a word names: a stack, also one that has rolled back or was deleted, or a job. */
export async function find(account: Account, word: string, notes: Notes): Promise<FoundAll> {
  const { stack, jobs } = await subjectOrDeleted(account, word);
  if (!stack) { return { jobs: jobs.map(withRequest), resources: await resourcesOfOwner(account, jobs[0]?.job, notes) }; }
  const read = eventReader(account.cloudFormation);
  const events = await notes.look(`the events of stack ${stack.name}`, () => read(stack.id)) ?? [];
  const operation = judgedOperation(events);
  const nested = await Promise.all(nestedIn(operation)
    .map((id) => notes.look(`the events of the nested stack ${id}`, () => read(id))));
  const all = [...operation, ...nested.flatMap((inner) => (inner ? judgedOperation(inner) : []))];
  const failures = await notes.look(`the failures of stack ${stack.name}`, () => failuresOf(read, operation)) ?? [];
  const resources = merged(resourcesIn(all), resourcesIn(events), stack.resources);
  const hasGone = failures.length > 0 || jobs.length === 0;
  return {
    stack: { name: stack.name, id: stack.id, status: stack.status, failures: withStackReason(failures, stack) },
    jobs: hasGone ? await jobsIn(account, { operation: all, failures, resources, known: jobs }, notes) : jobs.map(withRequest),
    resources,
  };
}

/** What the stack that has started a job has, or had: its role and its package may be gone. */
async function resourcesOfOwner({ cloudFormation }: Account, job: JobView | undefined, notes: Notes): Promise<ResourceView[]> {
  const owner = job?.tags[STACK_TAG];
  const events = owner === undefined ? undefined : await notes.look(`the events of stack ${owner}`, () => eventReader(cloudFormation)(owner));
  return resourcesIn(events ?? []);
}

/** A stack that fails before its first resource tells why in its own status. */
function withStackReason(failures: readonly Failure[], { status, reason, name }: StackView): readonly Failure[] {
  if (failures.length > 0 || !reason || !/FAILED|ROLLBACK/.test(status)) { return failures; }
  return [{ logicalId: name, type: 'AWS::CloudFormation::Stack', status, reason, time: new Date(0) }];
}

async function subjectOrDeleted(account: Account, word: string): Promise<Subject> {
  try {
    return await subjectOf(account, word);
  } catch (error) {
    if (!/is neither a stack nor/.test((error as Error).message)) { throw error; }
    const id = await deletedStack(account, word);
    if (id === undefined) { throw error; }
    return subjectOf(account, id);
  }
}

/** The ARN of the stack of a name that was deleted last. CloudFormation knows it for 90 days. */
async function deletedStack({ cloudFormation }: Account, name: string): Promise<string | undefined> {
  const found: StackSummary[] = [];
  let NextToken: string | undefined;
  do {
    const page: ListStacksCommandOutput = await cloudFormation.send(new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'], NextToken }));
    found.push(...(page.StackSummaries ?? []).filter(({ StackName }) => StackName === name));
    NextToken = page.NextToken;
  } while (NextToken);
  return found.sort((a, b) => (b.DeletionTime?.getTime() ?? 0) - (a.DeletionTime?.getTime() ?? 0))[0]?.StackId;
}

/** Resources by their place in their stack: the first that is given stays, with what only later ones know. */
function merged(...all: ReadonlyArray<readonly ResourceView[]>): ResourceView[] {
  const byId = new Map<string, ResourceView>();
  for (const one of all.flat()) {
    const key = `${one.stack}/${one.logicalId}`;
    const known = byId.get(key);
    byId.set(key, known ? {
      ...one,
      ...known,
      physicalId: known.physicalId ?? one.physicalId,
      path: known.path ?? one.path,
      properties: Object.keys(known.properties).length > 0 ? known.properties : one.properties,
    } : one);
  }
  return [...byId.values()];
}

function withRequest(found: JobOfStack): Found {
  return { ...found, request: found.job?.request as Request | undefined };
}

interface Failed {
  readonly operation: readonly Event[];
  readonly failures: readonly Failure[];
  readonly resources: readonly ResourceView[];
  readonly known: readonly JobOfStack[];
}

/** The jobs of an operation that has failed. Their resources may be gone: what the events had of them leads to the jobs. */
async function jobsIn(account: Account, { operation, failures, resources, known }: Failed, notes: Notes): Promise<Found[]> {
  const starts = resources.filter(({ type, properties }) => jobResourceOf(type)?.role === '' && properties.Request !== undefined);
  const named = failures.flatMap(({ reason }) => [...reason.matchAll(/\b[0-9a-f]{8}-[0-9a-f]{24}(?:-a\d{1,4})?\b/g)].map(([name]) => name));
  const ofStarts = await Promise.all(starts.map(async (start): Promise<Found> => {
    const namespace = String(start.properties.Namespace);
    const { family } = jobResourceOf(start.type)!;
    const begun = operation[0]?.time.getTime() ?? 0;
    const ids = [...new Set([
      ...named.filter((name) => name.startsWith(`${namespace}-`)).map((name) => parseAttempt(name).id),
      ...operation.filter(({ logicalId, stack }) => logicalId === start.logicalId && stack === start.stack)
        .flatMap(({ physicalId }) => (physicalId !== undefined && isJobId(physicalId) ? [physicalId] : [])),
    ])];
    const job = await newestOf(account, family, ids) ?? await startedSince(account, family, namespace, begun);
    const before = known.find(({ jobName }) => jobName !== undefined && jobName === job?.name);
    if (before) { return withRequest(before); }
    const mine = resources.filter(({ type, properties: { JobName: name } }) => type === RECOMMENDATION_RESOURCE_TYPE
      && typeof name === 'string' && job !== undefined && parseAttempt(name).id === parseAttempt(job.name).id);
    return {
      construct: nameOf(start),
      family,
      job,
      // A rollback may have deleted it.
      jobName: job?.name ?? ids.at(-1),
      choices: mine.map((one) => choiceOf(job, one)),
      request: job?.request as Request | undefined ?? requestOf(start, family),
    };
  }));
  const isFound = (name: string | undefined) => ofStarts.some(({ jobName }) => jobName === name);
  const others = known.filter(({ jobName, construct }) => !isFound(jobName) && !ofStarts.some((one) => one.job && one.construct === construct));
  const ofOthers = await Promise.all([...new Set(named)].filter((name) => !isFound(name) && !others.some(({ jobName }) => jobName === name)
    && !ofStarts.some(({ jobName }) => jobName !== undefined && parseAttempt(jobName).id === parseAttempt(name).id))
    .map(async (name): Promise<Found> => {
      const { job, denials } = await findJob(account, name);
      if (!job) { denials.forEach((denial) => notes.couldNot(`job ${name}`, denial)); }
      return withRequest({ family: job?.family, job, jobName: name, choices: [] });
    }));
  return [...ofStarts, ...others.map(withRequest), ...ofOthers.filter(({ job }) => job !== undefined)];
}

/** As the API has it: CloudFormation delivers every scalar as a text. A request that cannot be understood stays as it is. */
function requestOf({ properties }: ResourceView, family: string): Request {
  try {
    return (diagnosedFamily(family)?.starter.request({ Request: properties.Request } as never) ?? properties.Request) as Request;
  } catch {
    return properties.Request as Request;
  }
}

/** Of some jobs' newest attempts, the one that was created last. */
async function newestOf(account: Account, family: string, ids: readonly string[]): Promise<JobView | undefined> {
  const jobs = await Promise.all(ids.map((id) => readNewest(account, family, id)));
  return jobs.flatMap((job) => job ?? []).sort((a, b) => (b.created?.getTime() ?? 0) - (a.created?.getTime() ?? 0))[0];
}

/** The newest job of a namespace, if it began in the operation: the resource may have failed after that. */
async function startedSince(account: Account, family: string, namespace: string, begun: number): Promise<JobView | undefined> {
  const [name] = await jobsWithPrefix(account, family, namespace);
  const job = name === undefined ? undefined : await readJob(account, family, name);
  return job?.created && job.created.getTime() >= begun ? job : undefined;
}
