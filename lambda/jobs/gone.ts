import type { Job, JobKey } from './family';
import type { SageMakerApi } from '../runtime/deps';
import { UserError } from '../runtime/errors';
import { Tags, tagsOf } from '../runtime/tags';

/** Describes the jobs of a family, with what the caller reads of them. */
export interface Describer<J extends Job> {
  describe(sagemaker: SageMakerApi, jobName: string): Promise<J | undefined>;
}

/** Does something with a job that another stack may delete meanwhile. `undefined` if it is gone. */
export async function unlessGone<T>(
  family: Describer<Job>, jobName: string, sagemaker: SageMakerApi, work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    // Whatever the error: the tags that were the permission are gone with the job, and a call without an answer may have deleted it.
    if (error instanceof UserError || await family.describe(sagemaker, jobName)) { throw error; }
    return undefined;
  }
}

/** The tags of a job that was there at the last look. `undefined` if it is gone. */
export function tagsUnlessGone(family: Describer<Job>, { name, arn }: JobKey, sagemaker: SageMakerApi): Promise<Tags | undefined> {
  return unlessGone(family, name, sagemaker, () => tagsOf(sagemaker, arn));
}
