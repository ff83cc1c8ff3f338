import { endpointKind, longestSeconds, MAX_JOB_SECONDS, MOST_RECOMMENDATIONS, SERVERLESS_MEMORY_STEP_MB, supportedTypes } from './job-rules';
import { Prices, SERVERLESS } from './prices';
import type { UsdRange } from './usd';

export { usdRangeText, usdText } from './usd';
export type { UsdRange } from './usd';

/** What a recommendation job costs at most, known before it starts. */
export interface JobEstimate {
  /** The longest time of the whole job. */
  readonly minutes: number;
  /**
   * The highest cost of the job, in US dollars. Where the service chooses the types, it is a range: of the cheapest choice and of a dear one. `undefined`
   * if a type has no price, or if the service chooses and fewer types have prices than it may try.
   */
  readonly usd?: UsdRange;
  /** Whether the request, or the package, names all types that the job may try. */
  readonly isListed: boolean;
  /** Where a request lists its types, if not as a recommendation job does. */
  readonly listedIn?: string;
  /** The types that the job may try. Without a list, those that have a price. */
  readonly types: readonly string[];
  /** The types among these without a price. `serverless` stands for the price of a GB-second; `unknown` for a type that only the deploy knows. */
  readonly unpriced: readonly string[];
}

export interface EstimateOptions {
  /** SupportedRealtimeInferenceInstanceTypes of the model package. @default - the package does not limit the types */
  readonly packageTypes?: readonly string[];
  readonly prices: Prices;
}

/** A type that only the deploy knows. */
export const UNKNOWN = 'unknown';

/** The largest memory of a serverless endpoint. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html */
const MOST_SERVERLESS_MB = 6144;

/** Jobs refuse this family. */
const REFUSED = /^ml\.t2\./;

/**
 * What a job costs at most.
 *
 * - An instance recommendation (`Default`) runs for 45 minutes at most, or for its JobDurationInSeconds, each listed type on one instance. Where the
 *   service chooses, the least is the cheapest type that has a price, and the most is ten of the dearest: a job has at most ten recommendations. Where
 *   it may try serverless endpoints, the most includes one of each memory, at a concurrency of one.
 * - A load test (`Advanced`), or an instance recommendation with endpoint configurations, has a test for each of them and each combination of its
 *   variables' values, at most MaxNumberOfTests. At most MaxParallelOfTests run at one time, and none longer than the job. So at each moment the cost of
 *   an hour is at most that of the dearest tests that fit side by side. MaxParallelOfTests has no documented default: without it, all tests may run at
 *   one time.
 * - A test runs on one instance: a request has no count of them. The guide prints a load test's result for three instances, and does not say how it was
 *   found. If tests ran on more, the job would cost as many times as much.
 * - Endpoints that exist cost nothing more.
 *
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-recommender-instance-recommendation.html,
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RecommendationJobInputConfig.html
 *
 * @param request of CreateInferenceRecommendationsJob. Numbers may be text, as CloudFormation delivers them; what is neither is taken as not known.
 */
export function estimateJob(request: any, options: EstimateOptions): JobEstimate {
  const { JobType: type, InputConfig: input = {} } = request;
  const isLoadTest = type === 'Advanced';
  const { JobDurationInSeconds: given } = input;
  const seconds = longestSeconds(type, given === undefined ? undefined : numberOf(given) ?? MAX_JOB_SECONDS);
  return isLoadTest || input.EndpointConfigurations !== undefined ? tested(input, seconds, options.prices) : chosen(input, seconds, options);
}

/** The sum of ranges. */
export function sumOf(ranges: readonly UsdRange[]): UsdRange {
  return { least: sum(ranges.map(({ least }) => least)), most: sum(ranges.map(({ most }) => most)) };
}

/** The service chooses the types, of those that are supported. */
function chosen(input: any, seconds: number, { packageTypes, prices }: EstimateOptions): JobEstimate {
  const hours = seconds / 3600;
  const minutes = seconds / 60;
  const kind = endpointKind(input);
  const listed = supportedTypes(namesOf(input.ContainerConfig?.SupportedInstanceTypes), packageTypes);
  const gbSecond = prices.serverlessGbSecond;
  const unpricedKind = kind !== 'RealTime' && gbSecond === undefined ? [SERVERLESS] : [];
  const serverless = kind === 'RealTime' ? 0 : serverlessGb() * seconds * (gbSecond ?? 0);
  if (kind === 'Serverless') {
    const usd = unpricedKind.length === 0 ? { least: serverless, most: serverless } : undefined;
    return { minutes, ...usd && { usd }, isListed: true, types: [], unpriced: unpricedKind };
  }
  const types = (listed ?? prices.types).filter((type) => !REFUSED.test(type));
  const unpriced = [...types.filter((type) => prices.hourly(type) === undefined), ...unpricedKind];
  const sorted = dearestFirst(types.map((type) => prices.hourly(type) ?? 0));
  const isKnown = unpriced.length === 0 && (listed !== undefined || types.length >= MOST_RECOMMENDATIONS);
  const most = sum(listed ? sorted : sorted.slice(0, MOST_RECOMMENDATIONS)) * hours;
  const least = listed ? most : (sorted.at(-1) ?? 0) * hours;
  return {
    minutes,
    ...isKnown && { usd: { least, most: most + serverless } },
    isListed: listed !== undefined && !listed.includes(UNKNOWN),
    types: types.filter((type) => type !== UNKNOWN),
    unpriced,
  };
}

/** The memory of one serverless endpoint of each size. */
function serverlessGb(): number {
  const sizes = MOST_SERVERLESS_MB / SERVERLESS_MEMORY_STEP_MB;
  return sizes * (sizes + 1) / 2 * SERVERLESS_MEMORY_STEP_MB / 1024;
}

/** Tests that cost the same an hour. */
interface Tests {
  readonly type: string;
  /** `undefined` without a price. */
  readonly hourly?: number;
  readonly count: number;
}

/** The request says what is tested. */
function tested(input: any, seconds: number, prices: Prices): JobEstimate {
  const limits = input.ResourceLimit ?? {};
  const given = input.EndpointConfigurations;
  const isListed = given !== undefined || input.Endpoints !== undefined;
  const tests = given === undefined ? [] : (asList(given) ?? [{}]).map((candidate) => testsOf(candidate, prices));
  const unpriced = tests.filter(({ hourly }) => hourly === undefined).map(({ type }) => type);
  const atOnce = Math.min(numberOf(limits.MaxNumberOfTests) ?? Infinity, numberOf(limits.MaxParallelOfTests) ?? Infinity);
  const usd = dearest(tests, atOnce) * seconds / 3600;
  return {
    minutes: seconds / 60,
    ...isListed && unpriced.length === 0 && { usd: { least: usd, most: usd } },
    isListed: isListed && !unpriced.includes(UNKNOWN),
    types: [...new Set(tests.map(({ type }) => type))].filter((type) => type !== SERVERLESS && type !== UNKNOWN),
    unpriced: [...new Set(unpriced)],
  };
}

function testsOf({ InstanceType: type, ServerlessConfig: serverless, EnvironmentParameterRanges: ranges }: any, prices: Prices): Tests {
  const values = (asList(ranges?.CategoricalParameterRanges) ?? [ranges]).flatMap((range) => (range ? [asList(range.Value)?.length] : []));
  const count = values.reduce<number>((product, length) => product * (length ?? 1), 1);
  const [memory, concurrency] = [serverless?.MemorySizeInMB, serverless?.MaxConcurrency].map(numberOf);
  const isKnown = serverless ? memory !== undefined && concurrency !== undefined : typeof type === 'string';
  if (!isKnown || values.includes(undefined)) { return { type: UNKNOWN, count }; }
  if (!serverless) { return { type, hourly: prices.hourly(type), count }; }
  const gbSecond = prices.serverlessGbSecond;
  return { type: SERVERLESS, count, ...gbSecond !== undefined && { hourly: memory! / 1024 * concurrency! * gbSecond * 3600 } };
}

/** The cost of an hour of so many of the dearest tests. */
function dearest(tests: readonly Tests[], atOnce: number): number {
  let left = atOnce;
  let usd = 0;
  for (const { hourly = 0, count } of [...tests].sort((a, b) => (b.hourly ?? 0) - (a.hourly ?? 0))) {
    const taken = Math.min(left, count);
    usd += taken * hourly;
    left -= taken;
  }
  return usd;
}

/** Numbers arrive as text from CloudFormation. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Names of types, of which a token is one that is not known yet. */
function namesOf(value: unknown): string[] | undefined {
  return value === undefined ? undefined : (asList(value) ?? [value]).map((name) => (typeof name === 'string' ? name : UNKNOWN));
}

function asList(value: any): any[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function dearestFirst(usd: readonly number[]): number[] {
  return [...usd].sort((a, b) => b - a);
}

function sum(usd: readonly number[]): number {
  return usd.reduce((total, one) => total + one, 0);
}
