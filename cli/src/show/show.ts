import { Account, accountOf } from '../account/account';
import { policyOf, SUBJECT_ACTIONS } from '../account/policy';
import { subjectOf } from '../subject/subject';
import { jobData, jobsText } from '../subject/summary';
import { ACCOUNT_FLAGS, formatOf, required, wordsAndFlags } from '../terminal/flags';
import { Io } from '../terminal/io';
import { Format } from '../terminal/table';
import { USAGES } from '../terminal/usages';

/** Shows what a stack's jobs recommend, or one job. */
export async function show(args: readonly string[], io: Io): Promise<number> {
  const { values, words } = wordsAndFlags(args, { ...ACCOUNT_FLAGS, format: { type: 'string' } }, { usage: USAGES.show, most: 1 });
  if (values.policy) { io.out(policyOf(SUBJECT_ACTIONS)); return 0; }
  const word = required(words[0], 'The name of a stack or of a job', USAGES.show);
  const format = formatOf(values);
  return showJobs(accountOf(values), word, format, io);
}

/** @returns the exit code: 1 if there is nothing to show */
export async function showJobs(account: Account, word: string, format: Format, io: Io): Promise<number> {
  const { stack, jobs } = await subjectOf(account, word);
  if (format === 'json') {
    io.out(JSON.stringify({ stack: stack && { name: stack.name, id: stack.id, status: stack.status }, jobs: jobs.map(jobData) }, undefined, 2));
    return jobs.length > 0 ? 0 : 1;
  }
  if (jobs.length === 0) {
    io.err(`Stack ${word} has no Inference Recommender job`);
    return 1;
  }
  io.out(jobsText(jobs, format, io));
  return 0;
}
