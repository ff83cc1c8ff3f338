import { Choice, choiceOf, nameOf, readChoice } from './choice';
import { findJob, FoundJob, jobInArn, jobsWithPrefix, readJob, readNewest } from './families';
import type { JobView } from './job';
import { isJobId } from '../../../src/contract/job-name';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import { jobResourceOf, JobResourceRole } from '../../../src/contract/start';
import { Account } from '../account/account';
import { deniedAction } from '../account/sentences';
import { readStack, ResourceView, StackView } from '../account/stack';
import { referencesOf } from '../account/template';

/** What a verb looks at: a stack with its jobs, or one job. */
export interface Subject {
  readonly stack?: StackView;
  readonly jobs: readonly JobOfStack[];
}

/** A job, and what is chosen from it. */
export interface JobOfStack {
  /** The construct that has it. `undefined` for a job without a stack. */
  readonly construct?: string;
  /** The family of the job. */
  readonly family?: string;
  /** `undefined` while the service does not know it: it has not started yet, or its record is gone. */
  readonly job?: JobView;
  readonly jobName?: string;
  readonly choices: readonly Choice[];
}

/**
 * Finds what a word names: a stack by its name or ARN, also one that is being deployed, or a job of any family, or a model with its instant
 * recommendation, by its name or ARN.
 *
 * @throws Error with one sentence if there is nothing of that name
 */
export async function subjectOf(account: Account, word: string): Promise<Subject> {
  const named = jobInArn(word);
  const stack = named ? undefined : await readStack(account.cloudFormation, word);
  if (stack) { return { stack, jobs: await jobsOf(account, stack) }; }
  const { job, denials }: FoundJob = named ? { job: await readJob(account, named.family, named.name), denials: [] } : await findJob(account, word);
  if (!job) {
    throw new Error(`${word} is neither a stack nor a recommendation job, a benchmark job or a model in ${await account.region()}: look at the name, the Region and the account${denialText(denials)}`);
  }
  return { jobs: [{ family: job.family, job, jobName: job.name, choices: choicesWithoutStack(job) }] };
}

/** What could not be asked, behind a sentence. */
function denialText(denials: readonly unknown[]): string {
  if (denials.length === 0) { return ''; }
  return `. AWS denies ${[...new Set(denials.map((one) => deniedAction(one) ?? 'a call'))].join(', ')}, so not all kinds of jobs were looked for: the option --policy prints the policy that is needed`;
}

/** A job that nothing chooses from is ranked by its kind's first objective. One of an endpoint that existed has nothing to choose from. */
export function choicesWithoutStack(job: JobView): Choice[] {
  return job.endpointName !== undefined && job.recommendations.length === 0 ? [] : [choiceOf(job)];
}

/** The jobs of a stack's constructs, with what is chosen from each. */
async function jobsOf(account: Account, { resources }: StackView): Promise<JobOfStack[]> {
  const byId = new Map(resources.map((resource) => [`${resource.stack}/${resource.logicalId}`, resource]));
  const there = resources.filter(({ status }) => status !== 'DELETE_COMPLETE');
  const ofRole = (wanted: JobResourceRole) => there.flatMap((resource) => {
    const { family, role } = jobResourceOf(resource.type) ?? {};
    return family !== undefined && role === wanted ? [{ resource, family }] : [];
  });
  const recommendations = there.filter(({ type }) => type === RECOMMENDATION_RESOURCE_TYPE);
  const choices = (job: JobView | undefined, mine: readonly ResourceView[]) => Promise.all(mine.map((one) => readChoice(account.ssm, job, one)));
  const ofStart = ofRole('').map(async ({ resource: start, family }): Promise<JobOfStack> => {
    const job = await jobOfStart(account, family, start);
    const mine = recommendations.filter((one) => startsBehind(one, byId).includes(start));
    return { construct: nameOf(start), family, job, jobName: job?.name ?? start.physicalId, choices: await choices(job, mine) };
  });
  // Of a registry, its newest job: the earlier ones are history.
  const ofRegistry = ofRole('Registry').map(async ({ resource: registry, family }): Promise<JobOfStack> => {
    const [newest] = await jobsWithPrefix(account, family, String(registry.properties.Namespace));
    const job = newest === undefined ? undefined : await readJob(account, family, newest);
    const mine = recommendations.filter((one) => one.stack === registry.stack && one.properties.Namespace === registry.properties.Namespace
      && startsBehind(one, byId).length === 0);
    return { construct: nameOf(registry), family, job, jobName: newest, choices: await choices(job, mine) };
  });
  // A job that something else has started, and a model of which something is recommended, are named by what reads them: recommendations and stages.
  const waits = ofRole('Wait').filter(({ resource }) => `${resource.properties.IsImported}` === 'true');
  const others = new Map<string, { readonly family: string; readonly name: string; readonly mine: ResourceView[] }>();
  const named = [
    ...recommendations.map((resource) => ({ resource, family: String(resource.properties.Family), isChoice: true })),
    ...waits.map((wait) => ({ ...wait, isChoice: false })),
  ];
  for (const { resource, family, isChoice } of named) {
    const name = importedName(resource, byId);
    if (name === undefined) { continue; }
    const key = `${family}/${name}`;
    const one = others.get(key) ?? { family, name, mine: [] };
    if (isChoice) { one.mine.push(resource); }
    others.set(key, one);
  }
  const ofOthers = [...others.values()].map(async ({ family, name, mine }): Promise<JobOfStack> => {
    const job = await readJob(account, family, name);
    return { construct: undefined, family, job, jobName: job?.name ?? name, choices: await choices(job, mine) };
  });
  return Promise.all([...ofStart, ...ofRegistry, ...ofOthers]);
}

/**
 * The newest attempt of the job that a construct holds. In a deploy, the resource has its id seconds after the job has started. A service that has no
 * limit for a job leaves it to the stack.
 */
async function jobOfStart(account: Account, family: string, { physicalId, properties: { MaxSeconds } }: ResourceView): Promise<JobView | undefined> {
  const job = physicalId === undefined || !isJobId(physicalId) ? undefined : await readNewest(account, family, physicalId);
  const seconds = Number(MaxSeconds);
  return job && { ...job, mostMinutes: job.mostMinutes ?? (seconds > 0 ? seconds / 60 : undefined) };
}

/** The start resources at the end of a resource's references: through the stages of the wait chain. */
function startsBehind({ stack, properties }: ResourceView, byId: ReadonlyMap<string, ResourceView>): ResourceView[] {
  return referencesOf(properties.JobName).flatMap((id) => {
    const found = byId.get(`${stack}/${id}`);
    const role = found && jobResourceOf(found.type)?.role;
    return role === '' ? [found!] : role === 'Wait' ? startsBehind(found!, byId) : [];
  });
}

/** The name of a job that something else has started, or of a model: a model's resource has the name in its id. */
function importedName({ stack, properties }: ResourceView, byId: ReadonlyMap<string, ResourceView>): string | undefined {
  if (typeof properties.JobName === 'string') { return properties.JobName.split('/').pop() || undefined; }
  return referencesOf(properties.JobName).map((id) => {
    const found = byId.get(`${stack}/${id}`);
    const of = found && jobResourceOf(found.type);
    return of?.role === 'Wait' ? importedName(found!, byId) : of ? undefined : found?.physicalId?.split('/').pop();
  }).find((name) => name !== undefined);
}
