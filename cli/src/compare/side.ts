import { readFileSync } from 'fs';
import { Chosen, ComparedJob } from './jobs';
import { comparedEndpoint } from './match';
import type { Figures, JobRecommendation } from '../../../lambda/jobs/family';
import { AI_BENCHMARKS } from '../../../src/contract/families';
import type { BenchmarkRun } from '../../../src/service/aiperf';
import { BenchmarkSearch, searchText } from '../../../src/service/aiperf-search';
import { recordedJson } from '../../../src/service/recorded-job';
import { Account } from '../account/account';
import { archiveRuns, isArchive } from '../subject/benchmark-archive';
import { Choice } from '../subject/choice';
import type { Endpoint } from '../subject/endpoint';
import type { JobView } from '../subject/job';
import { judged, Verdict } from '../subject/ranking';
import { recordedSubject } from '../subject/recorded';
import { JobOfStack, Subject, subjectOf } from '../subject/subject';
import { fallbackText, NO_JOBS, whyTooFew } from '../subject/words';

const DESCRIBE = 'aws sagemaker describe-inference-recommendations-job';
const SHOW = 'inference-recommender show --json';
const EXPECTED = `what \`${DESCRIBE}\` or \`${SHOW}\` prints`;

/** What a word of the command line names. */
export interface Side {
  /** What people read. */
  readonly label: string;
  readonly jobs: readonly ComparedJob[];
  /** Jobs that cannot be compared, and why. */
  readonly notes: readonly string[];
  readonly subject?: Subject;
}

/** Members of what `aws sagemaker describe-…` prints of a job of each family, or of a model. */
const DESCRIBED = ['InferenceRecommendations', 'JobName', 'Status', 'AIRecommendationJobName', 'AIBenchmarkJobName', 'ModelName'];

/** Whether a word names a file: names of stacks and jobs have neither dots nor slashes, and ARNs begin with `arn:`. */
export function isFile(word: string): boolean {
  return /[./\\]/.test(word) && !word.startsWith('arn:');
}

/** @throws Error with one sentence if there is nothing of that name, or nothing that can be compared */
export async function sideOf(account: Account, word: string): Promise<Side> {
  const side = isArchive(word) ? await sideOfArchive(word)
    : isFile(word) ? sideOfText(fileText(word), word) : sideOfSubject(await subjectOf(account, word), word);
  if (side.jobs.length === 0) { throw new Error(side.notes.join('; ') || `${word} has ${NO_JOBS}`); }
  return side;
}

async function sideOfArchive(path: string): Promise<Side> {
  const runs = await archiveRuns(path);
  return { label: path, jobs: [{ name: path, title: 'archive of a benchmark', recommendations: [], chosen: [], runs }], notes: [] };
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`The file ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}; expected ${EXPECTED}`);
  }
}

function sideOfSubject(subject: Subject, word: string): Side {
  const { stack, jobs } = subject;
  const whyNone = ({ job, jobName }: JobOfStack) => (job?.phase === 'completed' ? whyWithoutFigures(job)
    : job ? `its job ${job.name} is ${job.status}` : jobName ? `SageMaker does not know its job ${jobName}` : 'its job has not started yet');
  const isComparable = (one: JobOfStack) => whyNone(one) === undefined;
  return {
    label: stack ? `stack ${stack.name}` : `${jobs[0].job?.noun ?? 'job'} ${jobs[0].jobName}`,
    subject,
    jobs: jobs.filter(isComparable).map(({ construct, job, choices }): ComparedJob => ({
      ...compared(job!),
      construct,
      // Without a stack, nothing is known that chooses.
      chosen: stack ? choices.map(chosenOf) : [],
    })),
    notes: jobs.filter((one) => !isComparable(one)).map((one) => `${one.construct ? `${one.construct} of ${word}` : word} has no results: ${whyNone(one)}`),
  };
}

interface MeasuredJob {
  readonly family?: string;
  readonly measured?: { readonly trouble?: string; readonly runs?: readonly BenchmarkRun[]; readonly search?: BenchmarkSearch };
}

/** Why a job that was to measure has no figures. `undefined` if it has some, or recommends instead. */
function whyWithoutFigures({ family, measured }: MeasuredJob): string | undefined {
  if (!measured) { return family === AI_BENCHMARKS ? `what describes an AI benchmark job has no figures: give its output.tar.gz, or what \`${SHOW}\` prints` : undefined; }
  const { trouble, runs = [], search } = measured;
  if (trouble !== undefined || runs.length > 0) { return trouble; }
  return `its archive has no runs${search ? `, but the outcome of a search: ${searchText(search)}` : ''}`;
}

function compared({ family, title, name, endpointName, measured, recommendations, request }: JobView): Omit<ComparedJob, 'chosen'> {
  return { family, title, name, endpointName, runs: measured && 'runs' in measured ? measured.runs : undefined, recommendations, request };
}

function chosenOf(choice: Choice): Chosen {
  const { name, criteria, fallback } = choice;
  const all = judged(choice).map(({ verdict, ranked: { recommendation, instanceCount, concurrency, figures } }) => (
    { verdict, endpoint: comparedEndpoint(recommendation, { instanceCount, concurrency }), figures }));
  return shownChosen({ name, criteria, fallback }, all);
}

interface Shown {
  readonly verdict: Verdict;
  readonly endpoint: Endpoint;
  readonly figures: Figures;
}

/** What a choice chooses, else why it does not. */
function shownChosen(
  { name, criteria, fallback }: Pick<Choice, 'name' | 'criteria' | 'fallback'>,
  all: readonly Shown[],
): Chosen {
  const first = all.find(({ verdict }) => verdict === 'chosen');
  const types = all.filter(({ verdict }) => verdict !== 'rejected').map(({ endpoint: { instanceType } }) => instanceType);
  const rest = first ? { endpoint: first.endpoint, figures: first.figures } : { tooFew: whyTooFew(types, criteria?.instancePools ?? 1) };
  return { name, criteria, fallback: fallback && fallbackText(fallback), ...rest };
}

/** @throws Error with one sentence if the text is neither of the two */
export function sideOfText(text: string, path: string): Side {
  const refuse = (got: string) => new Error(`The file ${path} is ${got}; expected ${EXPECTED}`);
  let found: any;
  try {
    found = recordedJson(text);
  } catch {
    throw refuse(text.trim() === '' ? 'empty' : 'no JSON');
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) { throw refuse(Array.isArray(found) ? 'a list' : 'a plain value'); }
  try {
    if (Array.isArray(found.jobs)) { return sideOfShown(found, path); }
    if (DESCRIBED.some((name) => found[name] !== undefined)) {
      return { ...sideOfSubject(recordedSubject(text, path), path), label: path, subject: undefined };
    }
  } catch (error) {
    if (error instanceof TypeError) { throw refuse('JSON with members of another form'); }
    throw error;
  }
  throw refuse('Steps' in found ? 'a list of a job\'s steps' : 'JSON of something else');
}

/** Jobs as `show --json` prints them. JSON has no NaN: what it lacks is unknown. */
function sideOfShown({ jobs, stack }: any, path: string): Side {
  const whyNone = ({ recommendations, measured, family, status }: any): string | undefined => (Array.isArray(recommendations) || measured
    ? whyWithoutFigures({ family, measured }) : `its job is ${status ?? 'unknown'}`);
  const isComparable = (one: any) => whyNone(one) === undefined;
  return {
    label: stack ? `${path} (stack ${stack.name})` : path,
    jobs: jobs.filter(isComparable).map((one: any): ComparedJob => {
      const { construct, name, family, title, endpointName, measured, recommendations = [], choices = [] } = one;
      const all = recommendations.map(shownRecommendation);
      return {
        construct,
        name,
        family,
        title,
        endpointName,
        runs: measured?.runs,
        recommendations: all,
        chosen: stack ? choices.map((choice: any) => shownChoice(choice, all)) : [],
      };
    }),
    notes: jobs.filter((one: any) => !isComparable(one)).map((one: any) => `${one.construct ?? one.name} of ${path} has no results: ${whyNone(one)}`),
  };
}

function shownRecommendation({ inferenceSpecification, modelPackageArn, copiesPerInstance, figures, ...one }: any): JobRecommendation {
  const attributes = {
    InferenceSpecificationName: inferenceSpecification, ModelPackageArn: modelPackageArn, CopyCountPerInstance: copiesPerInstance,
  };
  return { ...one, figures: figuresOf(figures), attributes };
}

function shownChoice({ recommendations, ...choice }: any, all: readonly JobRecommendation[]): Chosen {
  return shownChosen(choice, recommendations.map(({ id, verdict, reasons: _reasons, figures, ...endpoint }: any): Shown => {
    const benchmarked = all.find((one) => one.id === id);
    const { instanceCount, concurrency } = endpoint;
    return { verdict, endpoint: benchmarked ? comparedEndpoint(benchmarked, { instanceCount, concurrency }) : endpoint, figures: figuresOf(figures) };
  }));
}

function figuresOf(figures: Readonly<Record<string, number | null>>): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, value ?? NaN]));
}
