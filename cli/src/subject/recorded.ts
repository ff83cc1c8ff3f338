import { recordedView } from './families';
import { choicesWithoutStack, Subject } from './subject';
import { recordedJob } from '../../../local-aws';
import { recordedJson } from '../../../src/service/recorded-job';

/**
 * A job of any family as `aws sagemaker` has described it, without an account. No stack chooses from it, so the first objective of its kind does.
 *
 * @throws Error that says in one sentence what the file has, and what is expected
 */
export function recordedSubject(text: string, file: string): Subject {
  const job = recordedView(text, answerIn(text), file);
  // What is none of a known family is refused in the words of the first.
  if (!job) { throw refusal(text, file); }
  return { jobs: [{ family: job.family, job, jobName: job.name, choices: choicesWithoutStack(job) }] };
}

function answerIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const found = recordedJson(text);
    return typeof found === 'object' && found !== null ? found as Record<string, unknown> : {};
  } catch {
    return {};
  }
}

function refusal(text: string, file: string): Error {
  try {
    recordedJob(text);
  } catch (error) {
    return new Error(`${file}: ${(error as Error).message}`);
  }
  return new Error(`${file} has no job`);
}
