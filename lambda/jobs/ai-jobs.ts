import type { Job, JobReader, JobStopper } from './family';
import { unlessGone } from './gone';
import { AI_LOGS } from '../../src/service/console-link';
import type { JobStatuses } from '../../src/service/job-status';
import type { SageMakerApi } from '../runtime/deps';
import { isNotFound } from '../runtime/errors';

/** A command of the SDK on a job by its name. */
type CommandOf = new (input: any) => any;

/** What two families of the generative API have under names of their own. */
export interface AiJobNoun {
  /** `AIRecommendationJob` or `AIBenchmarkJob`: the beginning of its members' names. */
  readonly noun: string;
  readonly name: string;
  readonly title: string;
  readonly statuses: JobStatuses;
  readonly commands: { readonly describe: CommandOf; readonly stop: CommandOf; readonly delete: CommandOf };
}

/** The part of a family of the generative API that reads, stops and deletes jobs. */
export interface AiJobReader extends Omit<JobReader, 'delete'>, JobStopper {
  logs(jobName: string): string;
  /** What the service describes. `undefined` if it does not know the job. */
  described(sagemaker: SageMakerApi, jobName: string): Promise<any>;
  jobOf(found: any): Job;
  delete(sagemaker: SageMakerApi, jobName: string): Promise<void>;
}

/**
 * Reads, stops and deletes jobs of one noun.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeAIRecommendationJob.html, API_DescribeAIBenchmarkJob.html
 */
export function aiJobReader({ noun, name, title, statuses, commands }: AiJobNoun): AiJobReader {
  const named = (jobName: string) => ({ [`${noun}Name`]: jobName });
  const described = async (sagemaker: SageMakerApi, jobName: string) => {
    try {
      return await sagemaker.send(new commands.describe(named(jobName)));
    } catch (error) {
      if (isNotFound(error)) { return undefined; }
      throw error;
    }
  };
  const jobOf = (found: any): Job => ({
    name: found[`${noun}Name`],
    arn: found[`${noun}Arn`],
    status: found[`${noun}Status`],
    phase: statuses.phaseOf(found[`${noun}Status`]),
    failureReason: found.FailureReason,
    created: found.CreationTime,
  });
  const describe: JobReader['describe'] = async (sagemaker, jobName) => {
    const found = await described(sagemaker, jobName);
    return found && jobOf(found);
  };
  return {
    name,
    title,
    described,
    jobOf,
    describe,
    async stop(sagemaker, jobName) { await sagemaker.send(new commands.stop(named(jobName))); },
    async delete(sagemaker, jobName) {
      await unlessGone({ describe }, jobName, sagemaker, () => sagemaker.send(new commands.delete(named(jobName))));
    },
    // The API names no parts of a job.
    failures: async () => [],
    logs: (jobName) => `groups ${AI_LOGS}…, streams with ${jobName} in their names`,
  };
}
