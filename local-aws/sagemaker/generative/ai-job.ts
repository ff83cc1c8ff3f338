import { TRAINING_LOGS } from './role-needs';
import { RunTarget } from './script';
import { findWorkloadConfig } from './workload-configs';
import { workloadOf } from './workloads';
import { Iam } from '../../iam';
import { AwsError, Call, invalid, listing, Operations } from '../../kernel';
import { Logs } from '../../logs';
import { checkAIJobQuota } from '../quotas';
import { AIJob, isTerminal, SageMakerState } from '../state';

/** Virtual time until a job has its first instance, and until a stopped one has given its instances back. */
const START_MS = 60_000;
const STOP_MS = 2 * 60_000;

/** What the two kinds of job differ in. */
interface Kind<J extends AIJob> {
  /** As in the names of its operations. */
  readonly noun: 'AIRecommendationJob' | 'AIBenchmarkJob';
  readonly title: string;
  /** In ARNs. */
  readonly path: string;
  /** The name of the quota on those that run. */
  readonly quota: string;
  readonly jobs: (state: SageMakerState) => Map<string, J>;
  /** Counts the jobs that passed the checks. */
  readonly count: (state: SageMakerState) => number;
  /** Refuses a request that its shapes let through, or makes the job. */
  readonly make: (request: any, call: Call) => Made<J>;
  /** Why it cannot begin, once it has an instance. */
  readonly begin: (job: J, call: Call) => string | undefined;
  /** The last work of a job that completes, or why it fails at that. */
  readonly finish: (job: J, call: Call) => string | undefined;
  /** Further members of its entry in a list. */
  readonly summary?: (job: J) => object;
  /** Deletes what belongs to it. */
  readonly deleted?: (job: J, call: Call) => void;
}

/** A request that nothing is against: the job of it, from the members that all jobs have. */
type Made<J extends AIJob> = (common: Omit<AIJob, 'run' | 'request'>, target: RunTarget) => J;

/** Create, Stop, Delete and List of a kind of job. */
export function lifecycleOperations<J extends AIJob>(kind: Kind<J>): Operations {
  const { noun, jobs, summary, deleted } = kind;
  const found = (input: any, call: Call) => findJob(jobs(call.region.room(SageMakerState)), input[`${noun}Name`]);
  return {
    [`Create${noun}`]({ Tags, ...request }, call) {
      const { region } = call;
      const state = region.room(SageMakerState);
      const name: string = request[`${noun}Name`];
      const arn = region.arn('sagemaker', `${kind.path}/${name}`);
      if (jobs(state).has(name)) { throw new AwsError('ResourceInUse', `${kind.title} already exists: ${arn}`); }
      const config = findWorkloadConfig(request.AIWorkloadConfigIdentifier, call);
      const made = kind.make(request, call);
      checkAIJobQuota(kind.quota, jobs(state), region);
      const { work, workload } = workloadOf(config);
      const created = new Date(region.clock.now());
      const job = made({ name, arn, workloadName: config.name, workload, created, status: 'InProgress' }, { jobName: name, attempt: kind.count(state), work });
      jobs(state).set(name, job);
      state.tags.set(arn, Tags ?? []);
      void region.clock.run(() => runJob(job, call, kind));
      return { [`${noun}Arn`]: arn };
    },

    // The page names no error but ResourceNotFound. What is over cannot be stopped, as with the first family's jobs.
    [`Stop${noun}`](input, call) {
      const job = found(input, call);
      if (isTerminal(job)) { throw invalid(`The request was rejected because the job "${job.arn}" is in status ${job.status}.`); }
      if (job.status === 'InProgress') {
        job.status = 'Stopping';
        void call.region.clock.run(async () => {
          await call.region.clock.sleep(STOP_MS);
          end(job, 'Stopped', call);
        });
      }
      return { [`${noun}Arn`]: job.arn };
    },

    // AWS's samples: a job must be in a terminal state before it can be deleted.
    // https://github.com/aws-samples/sagemaker-genai-hosting-examples/tree/main/03-features/gen-ai-inference-recommendations
    [`Delete${noun}`](input, call) {
      const job = found(input, call);
      if (!isTerminal(job)) { throw invalid(`Cannot delete the job "${job.arn}": it is in status ${job.status}. Stop it first.`); }
      jobs(call.region.room(SageMakerState)).delete(job.name);
      call.region.room(SageMakerState).tags.delete(job.arn);
      deleted?.(job, call);
      return { [`${noun}Arn`]: job.arn };
    },

    [`List${noun}s`](input, call) {
      return listing(`${noun}s`, [...jobs(call.region.room(SageMakerState)).values()].map((job) => ({
        name: job.name,
        created: job.created,
        modified: job.created,
        status: job.status,
        summary: {
          [`${noun}Name`]: job.name,
          [`${noun}Arn`]: job.arn,
          [`${noun}Status`]: job.status,
          CreationTime: job.created,
          EndTime: job.ended,
          ...summary?.(job),
        },
      })), input);
    },
  };
}

/** A job by its name; an error if there is none. */
export function findJob<J extends AIJob>(jobs: ReadonlyMap<string, J>, name: string): J {
  const job = jobs.get(name);
  if (!job) { throw new AwsError('ResourceNotFound', `Could not find job "${name}".`); }
  return job;
}

/** The members of a job's description that both kinds have, by the name of the kind. */
export function described(noun: Kind<AIJob>['noun'], { name, arn, status, created, started, ended, failureReason, request }: AIJob, call: Call): object {
  return {
    ...request,
    [`${noun}Name`]: name,
    [`${noun}Arn`]: arn,
    [`${noun}Status`]: status,
    FailureReason: failureReason,
    CreationTime: created,
    StartTime: started,
    EndTime: ended,
    Tags: call.region.room(SageMakerState).tags.get(arn),
  };
}

/** Runs a job to its end, or until it is stopped. */
async function runJob<J extends AIJob>(job: J, call: Call, { begin, finish }: Pick<Kind<J>, 'begin' | 'finish'>): Promise<void> {
  const { clock } = call.region;
  const due = clock.now() + 1000 * job.run.durationSeconds;
  await clock.sleep(Math.min(START_MS, due - clock.now()));
  if (job.status !== 'InProgress') { return; }
  job.started = new Date(clock.now());
  const refused = lostRole(job, call) ?? refusalOf(() => begin(job, call));
  if (refused !== undefined) { return end(job, 'Failed', call, `ClientError: ${refused}.`); }
  if (due > clock.now()) { await clock.sleep(due - clock.now()); }
  if (job.status !== 'InProgress') { return; }
  const { outcome = 'Completed', failureReason = 'The job failed.' } = job.run;
  const lost = lostRole(job, call) ?? (outcome === 'Completed' ? refusalOf(() => finish(job, call)) : undefined);
  if (lost !== undefined) { return end(job, 'Failed', call, `ClientError: ${lost}.`); }
  end(job, outcome, call, outcome === 'Failed' ? failureReason : undefined);
}

/** Why a job cannot do its work: its group or an adapter's package may be gone by now. */
function refusalOf(work: () => string | undefined): string | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AwsError)) { throw error; }
    return error.message.replace(/\.$/, '');
  }
}

function end(job: AIJob, status: AIJob['status'], { region }: Call, reason?: string): void {
  job.status = status;
  job.failureReason = reason?.slice(0, 1024);
  job.ended = new Date(region.clock.now());
}

/** A job whose role was deleted can do nothing more. The words are the local AWS's own. */
function lostRole({ request: { RoleArn } }: AIJob, { region }: Call): string | undefined {
  return region.room(Iam).wasDeleted(RoleArn) ? `SageMaker cannot assume the role ${RoleArn}: it was deleted` : undefined;
}

/** A line in the stream of the training job that runs AIPerf. */
export function log(trainingJob: string, line: string, { region }: Call): void {
  region.room(Logs).append(TRAINING_LOGS, line, streamOf(trainingJob));
}

export function streamOf(trainingJob: string): string {
  return `${trainingJob}/algo-1`;
}
