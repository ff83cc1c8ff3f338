import { AI_BENCHMARKS, AI_RECOMMENDATIONS, DEPLOYMENT_RECOMMENDATIONS, INFERENCE_RECOMMENDATIONS } from '../../../src/contract/families';
import { estimateAiJob } from '../../../src/service/ai-job-estimate';
import { MAX_AI_JOB_SECONDS } from '../../../src/service/ai-job-rules';
import { estimateJob, JobEstimate, UNKNOWN } from '../../../src/service/estimate';
import { endpointKind } from '../../../src/service/job-rules';
import { Prices, SERVERLESS } from '../../../src/service/prices';
import { dollars } from '../subject/numbers';

/** As much of a job as its cost depends on. */
export interface PricedJob {
  readonly request: any;
  /** How long the stack lets it run, if its service has no such limit. */
  readonly maxSeconds?: number;
  readonly target: 'package' | 'unknown package' | 'model';
  /** Types that the package supports, as far as the app says it. */
  readonly packageTypes?: readonly string[];
}

/** What the jobs of a family cost, and why. */
export interface Estimator {
  /** What people call one in the table. */
  readonly kind: 'job' | 'recommendation';
  estimate(job: PricedJob, prices: Prices): JobEstimate;
  /** What the cost rests on, or why it is not known. */
  notesOf(job: PricedJob, estimate: JobEstimate, prices: Prices): string[];
}

/** `undefined` for another family: its jobs are named without a cost. */
export function estimatorOf(family: string): Estimator | undefined {
  return Object.hasOwn(ESTIMATORS, family) ? ESTIMATORS[family] : undefined;
}

/** By the family's name. */
const ESTIMATORS: Readonly<Record<string, Estimator>> = {
  [INFERENCE_RECOMMENDATIONS]: {
    kind: 'job',
    estimate: ({ request, packageTypes }, prices) => estimateJob(request, { packageTypes, prices }),
    notesOf: benchmarkNotes,
  },
  [AI_RECOMMENDATIONS]: {
    kind: 'job',
    estimate: ({ request, maxSeconds = MAX_AI_JOB_SECONDS }, prices) => estimateAiJob(request, maxSeconds, prices),
    notesOf: (_job, { isListed, types, unpriced }, prices) => [
      unpriced.includes(UNKNOWN) ? ONLY_DEPLOY
        : isListed ? types.map((type) => hourlyText(type, prices)).join(', ') : 'the service chooses the types: instanceTypes limits them',
      ...missingNotes(unpriced, prices),
      ...isListed ? ['one instance of each type for the whole of its maxDuration'] : [],
    ],
  },
  [AI_BENCHMARKS]: {
    kind: 'job',
    // Which instances send the requests, AWS's pages do not say. The endpoint is there, and is paid, without the job.
    estimate: ({ maxSeconds = MAX_AI_JOB_SECONDS }) => ({ minutes: maxSeconds / 60, isListed: true, types: [], unpriced: [] }),
    notesOf: () => ['benchmarks an endpoint that exists, whose cost is not part of it: AWS does not say what sends the requests, and what that costs'],
  },
  [DEPLOYMENT_RECOMMENDATIONS]: {
    kind: 'recommendation',
    estimate: () => ({ minutes: 0, usd: { least: 0, most: 0 }, isListed: false, types: [], unpriced: [] }),
    notesOf: () => ['SageMaker recommends with the model at once, without a benchmark, and free'],
  },
};

const ONLY_DEPLOY = 'only the deploy knows its types';

function benchmarkNotes({ target, request }: PricedJob, { isListed, types, unpriced, usd }: JobEstimate, prices: Prices): string[] {
  const { InputConfig: input = {}, JobType: type } = request;
  const isTested = type === 'Advanced' || input.EndpointConfigurations !== undefined;
  const tested = asList(input.EndpointConfigurations);
  const hasServerless = isTested ? tested.some(({ ServerlessConfig }) => ServerlessConfig) : endpointKind(input) !== 'RealTime';
  const choice = [
    `the service chooses the types${target === 'unknown package' ? ', unless the package lists some' : ''}`,
    `at the least ${cheapest(prices)}, at the most ten of the dearest${hasServerless ? ' and serverless' : ''}`,
  ].join(': ');
  return [
    unpriced.includes(UNKNOWN) ? ONLY_DEPLOY : isListed ? [...types, ...hasServerless ? [SERVERLESS] : []].join(', ') : choice,
    ...missingNotes(unpriced, prices),
    ...!usd && !isListed && unpriced.length === 0 ? [`too few types have prices in ${prices.region}`] : [],
    ...isTested && types.length > 0 ? ['one instance for each test'] : [],
  ];
}

function missingNotes(unpriced: readonly string[], { region }: Prices): string[] {
  const missing = unpriced.filter((type) => type !== UNKNOWN && type !== SERVERLESS);
  return [
    ...missing.length > 0 ? [`no price for ${missing.join(', ')} in ${region}`] : [],
    ...unpriced.includes(SERVERLESS) ? [`no price of a serverless GB-second in ${region}`] : [],
  ];
}

/** `ml.g6.12xlarge (5.752 USD an hour)` */
function hourlyText(type: string, { hourly }: Prices): string {
  const usd = hourly(type);
  return usd === undefined ? type : `${type} (${dollars(usd)} USD an hour)`;
}

function asList(value: any): any[] {
  return Array.isArray(value) ? value : [];
}

function cheapest({ types, hourly }: Prices): string {
  return [...types].sort((a, b) => hourly(a)! - hourly(b)!)[0];
}
