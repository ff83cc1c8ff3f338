import { UsageError } from '../../../local-aws/arguments';
import { Account, accountOf } from '../account/account';
import { policyOf, SUBJECT_ACTIONS } from '../account/policy';
import { allRunsTable, archiveResults, isArchive, resultsText, runsData } from '../subject/benchmark-archive';
import { recordedFile } from '../subject/recorded';
import { Subject, subjectOf } from '../subject/subject';
import { jobData, jobsText } from '../subject/summary';
import { NO_JOBS } from '../subject/words';
import { ACCOUNT_FLAGS, formatOf, required, wordsAndFlags } from '../terminal/flags';
import type { Io } from '../terminal/io';
import { Format, rendered } from '../terminal/table';
import { USAGES } from '../terminal/usages';

/** Shows what a stack's jobs of all families recommend or have measured, or one job, or what a file has of one. */
export async function show(args: readonly string[], io: Io): Promise<number> {
  const { values, words } = wordsAndFlags(args, { ...ACCOUNT_FLAGS, format: { type: 'string' }, from: { type: 'string' } }, { usage: USAGES.show, most: 1 });
  if (values.policy) { io.out(policyOf(SUBJECT_ACTIONS)); return 0; }
  if (values.from !== undefined && words.length > 0) {
    throw new UsageError(`--from and ${words[0]} contradict each other, because a file has its own job: leave one out`);
  }
  const format = formatOf(values);
  if (values.from !== undefined) { return showFile(values.from, format, io); }
  const word = required(words[0], 'The name of a stack or of a job', USAGES.show);
  return showJobs(accountOf(values), word, format, io);
}

/** @returns the exit code: 1 if there is nothing to show */
export async function showJobs(account: Account, word: string, format: Format, io: Io): Promise<number> {
  return showSubject(await subjectOf(account, word), word, format, io);
}

function showSubject({ stack, jobs }: Subject, word: string, format: Format, io: Io): number {
  if (format === 'json') {
    io.out(JSON.stringify({ stack: stack && { name: stack.name, id: stack.id, status: stack.status }, jobs: jobs.map(jobData) }, undefined, 2));
    return jobs.length > 0 ? 0 : 1;
  }
  if (jobs.length === 0) {
    io.err(`Stack ${word} has ${NO_JOBS}`);
    return 1;
  }
  io.out(jobsText(jobs, format, io));
  return 0;
}

async function showFile(path: string, format: Format, io: Io): Promise<number> {
  return isArchive(path) ? showArchive(path, format, io) : showSubject(recordedFile(path), path, format, io);
}

/** The figures of each run in an archive of an AI benchmark job. */
async function showArchive(path: string, format: Format, io: Io): Promise<number> {
  const { runs, search } = await archiveResults(path);
  switch (format) {
    case 'json': io.out(JSON.stringify({ file: path, search, runs: runsData(runs) }, undefined, 2)); break;
    case 'csv': io.out(rendered(allRunsTable(runs), format, io)); break;
    default: io.out(resultsText({ runs, search }, format, io, path));
  }
  return 0;
}
