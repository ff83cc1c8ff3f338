import { readFileSync } from 'fs';
import { recordedView } from './families';
import { choicesWithoutStack, Subject } from './subject';

/**
 * A job of any family as `aws sagemaker` has described it, without an account. No stack chooses from it, so the first objective of its kind does.
 *
 * @throws Error that says in one sentence what the file has, and what is expected
 */
export function recordedSubject(text: string, file: string): Subject {
  const job = recordedView(text, file);
  return { jobs: [{ family: job.family, job, jobName: job.name, choices: choicesWithoutStack(job) }] };
}

/** The job that a file has. @throws Error with one sentence */
export function recordedFile(path: string): Subject {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`--from ${path} cannot be read: ${(error as Error).message}`);
  }
  return recordedSubject(text, path);
}
