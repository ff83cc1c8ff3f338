import { Choice, choiceOf, nameOf, readChoice } from './choice';
import { jobsWithPrefix, JobView, readJob, readNewest } from './job';
import { isJobId } from '../../../src/contract/job-name';
import { RECOMMENDATION_RESOURCE_TYPE } from '../../../src/contract/recommend';
import { jobResourceOf } from '../../../src/contract/start';
import { Account } from '../account/account';
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
  /** `undefined` while the service does not know it: it has not started yet, or its record is gone. */
  readonly job?: JobView;
  readonly jobName?: string;
  readonly choices: readonly Choice[];
}

/**
 * Finds what a word names: a stack by its name or ARN, also one that is being deployed, or a job by its name or ARN.
 *
 * @throws Error with one sentence if there is neither
 */
export async function subjectOf(account: Account, word: string): Promise<Subject> {
  const jobName = /:inference-recommendations-job\/(.+)$/.exec(word)?.[1];
  const stack = jobName === undefined ? await readStack(account.cloudFormation, word) : undefined;
  if (stack) { return { stack, jobs: await jobsOf(account, stack) }; }
  const job = await readJob(account.sagemaker, jobName ?? word);
  if (!job) { throw new Error(`${word} is neither a stack nor an Inference Recommender job in ${await account.region()}: look at the name, the Region and the account`); }
  return { jobs: [{ job, jobName: job.name, choices: [choiceOf(job)] }] };
}

/** The jobs of a stack's constructs, with what is chosen from each. */
async function jobsOf(account: Account, { resources }: StackView): Promise<JobOfStack[]> {
  const byId = new Map(resources.map((resource) => [`${resource.stack}/${resource.logicalId}`, resource]));
  const recommendations = resources.filter(({ type, status }) => type === RECOMMENDATION_RESOURCE_TYPE && status !== 'DELETE_COMPLETE');
  const starts = resources.filter(({ type, status }) => jobResourceOf(type)?.role === '' && status !== 'DELETE_COMPLETE');
  const registries = resources.filter(({ type, status }) => jobResourceOf(type)?.role === 'Registry' && status !== 'DELETE_COMPLETE');
  const choices = (job: JobView | undefined, mine: readonly ResourceView[]) => Promise.all(mine.map((one) => readChoice(account.ssm, job, one)));
  const ofStart = starts.map(async (start): Promise<JobOfStack> => {
    const job = await jobOfStart(account, start);
    const mine = recommendations.filter((one) => startsBehind(one, byId).includes(start));
    return { construct: nameOf(start), job, jobName: job?.name ?? start.physicalId, choices: await choices(job, mine) };
  });
  // Of a registry, its newest job: the earlier ones are history.
  const ofRegistry = registries.map(async (registry): Promise<JobOfStack[]> => {
    const [newest] = await jobsWithPrefix(account.sagemaker, String(registry.properties.Namespace));
    const job = newest === undefined ? undefined : await readJob(account.sagemaker, newest);
    const mine = recommendations.filter((one) => one.stack === registry.stack && one.properties.Namespace === registry.properties.Namespace
      && startsBehind(one, byId).length === 0);
    return [{ construct: nameOf(registry), job, jobName: newest, choices: await choices(job, mine) }];
  });
  // An imported job is named by its recommendations alone.
  const imported = new Map<string, ResourceView[]>();
  for (const one of recommendations) {
    const name = importedName(one, byId);
    if (name !== undefined) { imported.set(name, [...imported.get(name) ?? [], one]); }
  }
  const ofOthers = [...imported].map(async ([name, mine]): Promise<JobOfStack> => {
    const job = await readJob(account.sagemaker, name);
    return { construct: undefined, job, jobName: name, choices: await choices(job, mine) };
  });
  return [...await Promise.all(ofStart), ...(await Promise.all(ofRegistry)).flat(), ...await Promise.all(ofOthers)];
}

/** The newest attempt of the job that a construct holds. In a deploy, the resource has its id seconds after the job has started. */
async function jobOfStart({ sagemaker }: Account, { physicalId }: ResourceView): Promise<JobView | undefined> {
  return physicalId === undefined || !isJobId(physicalId) ? undefined : readNewest(sagemaker, physicalId);
}

/** The start resources at the end of a resource's references: through the stages of the wait chain. */
function startsBehind({ stack, properties }: ResourceView, byId: ReadonlyMap<string, ResourceView>): ResourceView[] {
  return referencesOf(properties.JobName).flatMap((id) => {
    const found = byId.get(`${stack}/${id}`);
    const role = found && jobResourceOf(found.type)?.role;
    return role === '' ? [found!] : role === 'Wait' ? startsBehind(found!, byId) : [];
  });
}

/** The name of a job that something else has started. */
function importedName({ stack, properties }: ResourceView, byId: ReadonlyMap<string, ResourceView>): string | undefined {
  if (typeof properties.JobName === 'string') { return properties.JobName || undefined; }
  return referencesOf(properties.JobName).map((id) => {
    const found = byId.get(`${stack}/${id}`);
    return found && jobResourceOf(found.type)?.role === 'Wait' ? importedName(found, byId) : undefined;
  }).find((name) => name !== undefined);
}
