import { readFileSync, statSync, writeFileSync } from 'fs';
import { basename, join, resolve } from 'path';
import type { ReportData } from './data';
import { jobData } from './gather';
import { measuredData } from './measured';
import { pageHtml, ReportedJob } from './page-html';
import { scalingRanges } from './scaling';
import { UsageError } from '../../../local-aws/arguments';
import { accountOf } from '../account/account';
import { policyOf, SUBJECT_ACTIONS } from '../account/policy';
import { archiveResults, isArchive } from '../subject/benchmark-archive';
import { recordedFile } from '../subject/recorded';
import { subjectOf } from '../subject/subject';
import type { JobOfStack, Subject } from '../subject/subject';
import { NO_JOBS } from '../subject/words';
import { ACCOUNT_FLAGS, required, wordsAndFlags } from '../terminal/flags';
import { Io } from '../terminal/io';
import { USAGES } from '../terminal/usages';

const FLAGS = { ...ACCOUNT_FLAGS, out: { type: 'string' }, from: { type: 'string' } } as const;

/** The page's script, as it is built beside the command. */
export const SHIPPED_SCRIPT = join(__dirname, 'report-page.js');

/** Writes a page about a stack's jobs, or about one job. */
export async function report(args: readonly string[], io: Io, script = SHIPPED_SCRIPT): Promise<number> {
  const { values, words } = wordsAndFlags(args, FLAGS, { usage: USAGES.report, most: 1 });
  if (values.policy) { io.out(policyOf([...SUBJECT_ACTIONS, 'application-autoscaling:DescribeScalableTargets'])); return 0; }
  if (values.from !== undefined && words.length > 0) { throw new UsageError(`--from and ${words[0]} contradict each other, because a file has its own job: leave one out`); }
  const word = values.from ?? required(words[0], 'The name of a stack or of a job', USAGES.report);
  const out = values.json ? values.out : required(values.out, '--out, the file to write,', USAGES.report);
  const { jobs, data } = values.from === undefined ? await fromAccount(word, values) : await fromFile(word);
  if (jobs.length === 0) {
    io.err(`Stack ${word} has ${NO_JOBS}`);
    return 1;
  }
  if (values.json) { io.out(JSON.stringify(data, undefined, 2)); }
  if (out !== undefined) {
    const file = resolve(out);
    writePage(file, out, pageHtml(data, jobs, readFileSync(script, 'utf8')));
    (values.json ? io.err : io.out)(`The report is in ${out}`);
  }
  return 0;
}

interface Found {
  readonly jobs: readonly ReportedJob[];
  readonly data: ReportData;
}

async function fromAccount(word: string, flags: { readonly region?: string; readonly profile?: string }): Promise<Found> {
  const account = accountOf(flags);
  const subject = await subjectOf(account, word);
  const ranges = subject.stack ? await scalingRanges(account, subject.stack) : new Map();
  return { jobs: subject.jobs.map(withRuns), data: dataOf(subject, ranges, await account.region()) };
}

function withRuns(one: JobOfStack): ReportedJob {
  const { measured } = one.job ?? {};
  return { ...one, runs: measured && 'runs' in measured ? measured.runs : undefined };
}

/** A job as a command has printed it, or the archive of an AI benchmark job. */
async function fromFile(file: string): Promise<Found> {
  if (isArchive(file)) {
    const results = await archiveResults(file);
    const name = basename(file);
    const job = { name, noun: 'archive', benchmarks: [], request: {}, choices: [], measured: measuredData(results) };
    return { jobs: [{ jobName: name, choices: [], runs: results.runs }], data: { title: name, made: new Date().toISOString(), jobs: [job] } };
  }
  const subject = recordedFile(file);
  return { jobs: subject.jobs.map(withRuns), data: dataOf(subject, new Map()) };
}

function dataOf({ stack, jobs }: Subject, ranges: Awaited<ReturnType<typeof scalingRanges>>, region?: string): ReportData {
  return {
    title: stack?.name ?? jobs[0]?.jobName ?? 'Job',
    stack: stack && { name: stack.name, id: stack.id, status: stack.status },
    region,
    made: new Date().toISOString(),
    jobs: jobs.map((job) => jobData(job, ranges)),
  };
}

function writePage(file: string, given: string, text: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) { throw new UsageError(`--out ${given} is a folder: name a file in it, such as ${join(given, 'report.html')}`); }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Error(`--out ${given} cannot be written: ${(error as Error).message}`);
  }
}
