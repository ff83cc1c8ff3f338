import { parseAttempt } from '../../../src/contract/job-name';
import { isNonTerminal } from '../../../src/service/job-status';
import { Account } from '../account/account';
import { readJob } from '../subject/families';
import { choicesWithoutStack, JobOfStack, subjectOf } from '../subject/subject';

export interface StackState {
  readonly name: string;
  readonly status: string;
  readonly reason?: string;
}

/** A job, and the word that leads to it again: its stack's name, or its own if no stack has it any more. */
export interface WatchedJob extends JobOfStack {
  readonly word?: string;
}

/** What is watched, as it is at one moment. */
export interface Reading {
  /** By the services' clock, in milliseconds since 1970. */
  readonly now: number;
  readonly stacks: readonly StackState[];
  readonly jobs: readonly WatchedJob[];
}

const FAILING = /FAILED|ROLLBACK/;

/** Reads the same stacks and jobs again and again, and loses no job that it has seen running. */
export class Reader {
  private readonly ids = new Map<string, string>();
  /** The names of the jobs that ran at some reading. */
  private readonly ran = new Set<string>();
  private jobs: readonly WatchedJob[] = [];

  constructor(private readonly account: Account) {}

  /** @throws Error with one sentence if a word names neither a stack nor a job */
  public async read(words: readonly string[]): Promise<Reading> {
    const subjects = await Promise.all(words.map((word) => subjectOf(this.account, this.ids.get(word) ?? word)));
    // A stack that is deleted meanwhile is found by its ARN only, and a job is looked for in its own family.
    subjects.forEach(({ stack, jobs: [only] }, index) => {
      const id = stack ? stack.id : only?.job?.arn;
      if (id) { this.ids.set(words[index], id); }
    });
    const jobs = subjects.flatMap(({ stack, jobs: all }) => all.map((one): WatchedJob => ({ ...one, word: stack?.name ?? one.jobName })));
    const lost = await Promise.all(missingFrom(this.jobs, jobs, this.ran).map((one) => this.again(one)));
    this.jobs = [...jobs, ...lost];
    for (const { job } of this.jobs) { if (job && isNonTerminal(job.phase)) { this.ran.add(job.name); } }
    return {
      now: this.account.time.now(),
      // Of a stack that goes well, CloudFormation's reason is only that somebody wanted it.
      stacks: subjects.flatMap(({ stack }) => (
        stack ? [{ name: stack.name, status: stack.status, ...FAILING.test(stack.status) && { reason: stack.reason } }] : [])),
      jobs: this.jobs,
    };
  }

  /** A job whose resource is gone: its stack goes back to an earlier state, or away. */
  private async again(one: WatchedJob): Promise<WatchedJob> {
    const lost = { ...one, word: one.jobName };
    if (!isNonTerminal(lost.job!.phase)) { return lost; }
    const before = lost.job!;
    const read = await readJob(this.account, before.family, before.name);
    const job = read ? { ...read, mostMinutes: read.mostMinutes ?? before.mostMinutes } : before;
    return { ...lost, job, choices: job.phase === 'completed' ? choicesWithoutStack(job) : lost.choices };
  }
}

/** The jobs that ran while somebody watched, and that nothing names any more. A newer attempt stands for the earlier ones. */
export function missingFrom<J extends JobOfStack>(before: readonly J[], now: readonly JobOfStack[], ran: ReadonlySet<string>): J[] {
  const named = new Set(now.flatMap(({ jobName }) => (jobName === undefined ? [] : [parseAttempt(jobName).id])));
  return before.filter(({ job }) => job && ran.has(job.name) && !named.has(parseAttempt(job.name).id));
}

/** Whether a stack is being created, updated, deleted or rolled back, or waits for its first change set. */
export function isMoving({ status }: StackState): boolean {
  return status.endsWith('_IN_PROGRESS');
}

/** Whether nothing goes on: no stack moves, and no job runs that is billed. */
export function isAtRest({ stacks, jobs }: Reading): boolean {
  return !stacks.some(isMoving) && !jobs.some(isRunning);
}

/** Whether a job goes on and is billed. */
export function isRunning({ job }: Pick<JobOfStack, 'job'>): boolean {
  return job !== undefined && isNonTerminal(job.phase) && !job.isFree;
}

/** Since the job was made, and never less than nothing: clocks differ. */
export function elapsedMs({ job }: Pick<JobOfStack, 'job'>, now: number): number {
  return job?.created ? Math.max(0, (job.ended?.getTime() ?? now) - job.created.getTime()) : 0;
}

/** 1 if there is no job, if a job has failed or was stopped, or if a stack that moved has not come where its deploy led. */
export function exitCodeOf(moved: ReadonlySet<string>, { stacks, jobs }: Reading): number {
  const hasFailed = jobs.some(({ job }) => job?.phase === 'failed');
  return jobs.length === 0 || hasFailed || stacks.some(({ name, status }) => moved.has(name) && FAILING.test(status)) ? 1 : 0;
}
