import { Compared, runsText } from './archives';
import { ENDPOINT_ACTIONS, LONGEST_DAYS, readRunning } from './endpoint';
import { ComparedJob, Comparison, familyOf, tailOf } from './jobs';
import { comparePair, isOfOneKind, withFigures } from './pair';
import { compareRunning, compareRunningRuns, LatencyUnit } from './running';
import { isFile, Side, sideOf } from './side';
import { endpointsOf } from './stack-endpoints';
import { asCsv, asData, asMarkdown, asText, Gate, gateOf, isComparable, Report } from './text';
import { secondsOf, UsageError } from '../../../local-aws/arguments';
import { kindOf } from '../../../src/contract/kinds';
import { Prices, pricesOf } from '../../../src/service/prices';
import { Account, accountOf } from '../account/account';
import { policyOf, SUBJECT_ACTIONS } from '../account/policy';
import { pricesIn } from '../account/prices-file';
import { ACCOUNT_FLAGS, formatOf, required, wordsAndFlags } from '../terminal/flags';
import { Io } from '../terminal/io';
import { Format } from '../terminal/table';
import { USAGES } from '../terminal/usages';

/** The exit code where a metric is worse by more than `--fail-on-regression`. */
export const REGRESSION_EXIT_CODE = 3;

const FLAGS = {
  ...ACCOUNT_FLAGS,
  'format': { type: 'string' },
  'endpoint': { type: 'string' },
  'since': { type: 'string' },
  'latency-unit': { type: 'string' },
  'prices': { type: 'string' },
  'equal-within': { type: 'string' },
  'fail-on-regression': { type: 'string' },
  'chosen': { type: 'boolean' },
} as const;

/** Options that only a comparison with an endpoint has. */
const ENDPOINT_FLAGS = ['since', 'latency-unit', 'prices'] as const;
const DEFAULT_SINCE = '24h';
const DEFAULT_EQUAL_WITHIN = '1';

interface Options {
  readonly words: readonly string[];
  readonly endpoint?: string;
  readonly sinceSeconds: number;
  readonly latencyUnit?: LatencyUnit;
  readonly prices?: string;
  readonly equalWithin: number;
  readonly threshold?: number;
  readonly onlyChosen: boolean;
}

/** Compares two jobs, or a job with what runs now. */
export async function compare(args: readonly string[], io: Io): Promise<number> {
  const { values, words } = wordsAndFlags(args, FLAGS, { usage: USAGES.compare, most: 2 });
  if (values.policy) { io.out(policyOf([...SUBJECT_ACTIONS, ...ENDPOINT_ACTIONS])); return 0; }
  required(words[0], 'The name of a stack, of a job or of a file', USAGES.compare);
  const format = formatOf(values);
  const options = optionsOf(values, words);
  return written(await reportOf(accountOf(values), options), options, format, io);
}

function optionsOf(values: { readonly [flag in keyof typeof FLAGS]?: string | boolean }, words: readonly string[]): Options {
  const text = (flag: keyof typeof FLAGS) => values[flag] as string | undefined;
  if (words.length === 2) {
    if (text('endpoint') !== undefined) { throw new UsageError(`--endpoint ${text('endpoint')} stands for the second word, and there is ${words[1]}: leave one out`); }
    const [stray] = ENDPOINT_FLAGS.filter((flag) => text(flag) !== undefined);
    if (stray) { throw new UsageError(`--${stray} is for a comparison with an endpoint, and not with ${words[1]}: leave it out`); }
  } else if (isFile(words[0]) && text('endpoint') === undefined) {
    throw new UsageError(`${words[0]} is a file: say what it is compared with, a stack, a job, a file, or --endpoint NAME`);
  }
  const since = text('since') ?? DEFAULT_SINCE;
  const days = /^(\d+)d$/.exec(since)?.[1];
  const sinceSeconds = days === undefined ? secondsOf(since) : Number(days) * 86_400;
  if (!sinceSeconds || sinceSeconds > LONGEST_DAYS * 86_400) { throw new UsageError(`--since ${since} must be a duration such as 24h, 30m or 7d, of at most ${LONGEST_DAYS} days`); }
  const unit = text('latency-unit');
  if (unit !== undefined && unit !== 'ms' && unit !== 'us') { throw new UsageError(`--latency-unit ${unit} must be ms or us, the unit of the job's latencies`); }
  const threshold = text('fail-on-regression');
  if (values.chosen && threshold === undefined) { throw new UsageError('--chosen says what --fail-on-regression PERCENT judges: add it, or leave --chosen out'); }
  return {
    words,
    endpoint: text('endpoint'),
    sinceSeconds,
    latencyUnit: unit,
    prices: text('prices'),
    equalWithin: percentOf('equal-within', text('equal-within') ?? DEFAULT_EQUAL_WITHIN),
    threshold: threshold === undefined ? undefined : percentOf('fail-on-regression', threshold),
    onlyChosen: Boolean(values.chosen),
  };
}

function percentOf(flag: string, text: string): number {
  if (!/^\d+(\.\d+)?%?$/.test(text)) { throw new UsageError(`--${flag} ${text} must be a number of percent, such as 10`); }
  return parseFloat(text);
}

async function reportOf(account: Account, options: Options): Promise<Report> {
  const { words: [first, second], equalWithin } = options;
  if (second === undefined) { return runningReport(account, options); }
  const [before, after] = await sidesOf(account, [first, second]);
  const { pairs, notes } = jobPairs(before, after);
  const compared = pairs.map(([one, other]) => comparedOrNot(one, other, equalWithin, pairs.length > 1));
  if (compared.every(({ comparisons: own }) => own.length === 0)) { throw new Error(compared.flatMap((one) => one.notes).join(' ')); }
  const comparisons = compared.flatMap(({ title, comparisons: own }) => own.map((comparison): Comparison => (
    pairs.length > 1 ? { ...comparison, title: [title, comparison.title].filter(Boolean).join(', ') } : comparison)));
  return {
    before: sideText(before),
    after: sideText(after),
    columns: ['A', 'B'],
    equalWithin,
    comparisons,
    notes: [...before.notes, ...after.notes, ...notes, ...compared.flatMap((one) => one.notes)],
  };
}

/** A file that cannot be read is told before AWS is asked. */
async function sidesOf(account: Account, words: readonly [string, string]): Promise<readonly Side[]> {
  const files = await Promise.all(words.map((word) => (isFile(word) ? sideOf(account, word) : undefined)));
  return Promise.all(words.map((word, at) => files[at] ?? sideOf(account, word)));
}

function sideText({ label, jobs: [job, ...others] }: Side): string {
  const text = nameText({ label, jobs: [job, ...others] });
  return others.length === 0 && job.runs && job.runs.length > 0 ? `${text}, ${runsText(job.runs)}` : text;
}

/** Of several pairs, one that cannot be compared is a note. */
function comparedOrNot(one: ComparedJob, other: ComparedJob, equalWithin: number, isOneOfMany: boolean): Compared & { readonly title?: string } {
  const title = other.construct ?? one.construct ?? other.name;
  try {
    return { title, ...comparePair(one, other, equalWithin) };
  } catch (error) {
    if (!isOneOfMany) { throw error; }
    return { title, comparisons: [], notes: [`${title}: ${(error as Error).message}.`] };
  }
}

function nameText({ label, jobs: [job, ...others] }: Pick<Side, 'label' | 'jobs'>): string {
  return others.length > 0 || job.name === undefined || label.endsWith(job.name) ? label : `${label}, job ${job.name}`;
}

/** Jobs of the same construct. The stacks may have different names. */
function jobPairs(before: Side, after: Side): { pairs: Array<readonly [ComparedJob, ComparedJob]>; notes: string[] } {
  if (before.jobs.length === 1 && after.jobs.length === 1) { return { pairs: [[before.jobs[0], after.jobs[0]]], notes: [] }; }
  const keyOf = ({ construct, name }: ComparedJob) => (construct === undefined ? name ?? '' : tailOf(construct));
  const pairs = before.jobs.flatMap((one) => {
    const other = after.jobs.find((candidate) => keyOf(candidate) === keyOf(one));
    return other ? [[one, other] as const] : [];
  });
  // A single job can mean the one of its kind.
  const alike = before.jobs.flatMap((one) => after.jobs.filter((other) => isOfOneKind(one, other)).map((other) => [one, other] as const));
  if (pairs.length === 0 && alike.length === 1 && Math.min(before.jobs.length, after.jobs.length) === 1) { pairs.push(alike[0]); }
  const named = (side: Side) => side.jobs.map(({ construct, name }) => construct ?? name).join(', ');
  if (pairs.length === 0) {
    throw new Error(`The jobs cannot be matched by their constructs: A has ${named(before)}, and B has ${named(after)}. Compare two jobs by their names`);
  }
  const alone = (side: Side, at: 0 | 1, letter: string) => side.jobs.filter((one) => !pairs.some((pair) => pair[at] === one))
    .map(({ construct, name }) => `Only ${letter} has the job ${construct ?? name}.`);
  return { pairs, notes: [...alone(before, 0, 'A'), ...alone(after, 1, 'B')] };
}

async function runningReport(account: Account, options: Options): Promise<Report> {
  const { words: [word], endpoint, sinceSeconds, equalWithin, latencyUnit, prices: file } = options;
  const side = await sideOf(account, word);
  const found = (endpoint === undefined ? endpointsOf(side, word) : [{ name: endpoint, job: onlyJob(side, word) }])
    .map((one) => ({ ...one, job: withFigures(one.job) }));
  const prices = await pricesFor(account, file);
  const endpoints = await Promise.all(found.map(async ({ name, job }) => ({ job, running: await readRunning(account, name, sinceSeconds) })));
  const comparisons = endpoints.flatMap(({ running, job }) => running.map((one) => {
    // Of more choices from one job, the one whose type runs.
    const chosen = job.chosen.find(({ endpoint: its }) => its?.instanceType === one.fleet[0]?.instanceType) ?? job.chosen[0];
    const by = { equalWithin, latencyUnit, prices, chosen, kind: kindOf(familyOf(job)) };
    return job.runs ? compareRunningRuns(one, job.runs, by) : compareRunning(one, job.recommendations, by);
  }));
  return {
    before: sideText(side),
    after: [...new Set(endpoints.flatMap(({ running }) => running.map((one) => `endpoint ${one.endpoint}`)))].join(', '),
    columns: ['benchmark', 'runs now'],
    equalWithin,
    comparisons,
    notes: side.notes,
  };
}

function onlyJob({ jobs }: Side, word: string): ComparedJob {
  if (jobs.length > 1) { throw new Error(`${word} has ${jobs.length} jobs: say which one the endpoint is compared with, ${jobs.map(({ name }) => name).join(' or ')}`); }
  return jobs[0];
}

async function pricesFor(account: Account, file: string | undefined): Promise<Prices | undefined> {
  const region = await account.region();
  return file === undefined ? pricesOf(region) : pricesIn(file, region);
}

function written(report: Report, { threshold, onlyChosen }: Options, format: Format, io: Io): number {
  const gate = threshold === undefined ? undefined : gateOf(report.comparisons, threshold, onlyChosen);
  io.out(textOf(report, gate, format, io));
  if (!isComparable(report.comparisons, gate ? onlyChosen ? 'chosen' : 'matched' : 'all')) {
    io.err(`There is no figure${gate && onlyChosen ? ' of the chosen endpoint' : ''} that both have and that can be compared`);
    return 1;
  }
  return gate && gate.broken.length + gate.lost.length > 0 ? REGRESSION_EXIT_CODE : 0;
}

function textOf(report: Report, gate: Gate | undefined, format: Format, io: Io): string {
  switch (format) {
    case 'json': return JSON.stringify(asData(report, gate), undefined, 2);
    case 'csv': return asCsv(report, io);
    case 'markdown': return asMarkdown(report, gate, io);
    case 'table': return asText(report, gate, io);
  }
}
