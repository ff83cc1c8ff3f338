import { AwsError, FaultScript, throttling } from './kernel';
import {
  AI_BENCHMARK_JOBS, AI_RECOMMENDATION_JOBS, BenchmarkRun, BenchmarkScript, failedAs, FailedStep, GenerativeScript, INSTANCE_TYPES,
  lasting, modelledBenchmarks, modelledGenerative, NO_CAPACITY, QUOTA_FAILURE, RUNNING_JOBS, STARTUP_SECONDS, timed, timesOf, TokenRun,
  TOTAL_INSTANCES, withFailures,
} from './sagemaker';
import { WorldOptions } from './world';

/** Source of the errors' names: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-recommender-troubleshooting.html */
const FAILURES: Readonly<Record<string, FailedStep & { readonly ofJob: string }>> = {
  'out-of-memory': {
    failureReason: 'The primary container of the endpoint did not pass the ping health check. Please check CloudWatch logs for this endpoint.',
    ofJob: 'CLIENT_ERROR: The primary container of the endpoint did not pass the ping health check: it was out of memory. Please check CloudWatch logs for the endpoints of the benchmarks.',
    log: ['Loading the model', 'Worker (pid:31) was sent SIGKILL! Perhaps out of memory?'],
  },
  'model-error': {
    failureReason: 'An error occurred (ModelError) when calling the InvokeEndpoint operation: Received server error (500) from primary.',
    ofJob: 'INVALID_INPUT: ModelError when calling InvokeEndpoint operation. Model (owned by the customer in the container) returned 4xx or 5xx error code.',
    log: ['"GET /ping HTTP/1.1" 200', 'Exception on /invocations [POST]', '"POST /invocations HTTP/1.1" 500'],
  },
  'payload-error': {
    failureReason: 'An error occurred (PayloadError) when calling the InvokeEndpoint operation: the files of the sample payload are empty or not of the expected type.',
    ofJob: 'INVALID_INPUT: PayloadError when calling InvokeEndpoint operation. Check the archive of the sample payload.',
    log: ['"GET /ping HTTP/1.1" 200'],
  },
  'quota': QUOTA_FAILURE,
  'capacity': { failureReason: NO_CAPACITY, ofJob: `CLIENT_ERROR: ${NO_CAPACITY}`, lacksEndpoint: true },
};
const MODEL_ERROR = FAILURES['model-error'];
const INTERNAL_ERROR = { failureReason: 'An internal error of the service has ended the benchmark.', ofJob: 'INTERNAL_ERROR: An internal error of the service has ended the job. Try again.' };

const FAILING = [...Object.keys(FAILURES), 'denied-role', 'no-recommendation', 'partial-failure'];
/** The things that can go wrong on request. */
export const SCENARIOS: readonly string[] = ['slow', ...FAILING, 'throttling', 'lost-answers'];

const SLOWER = 4;
/** A role that cannot be assumed is found before the first benchmark. */
const DENIED_SECONDS = 120;
/** The calls of each operation that are throttled first. */
const THROTTLED_CALLS = 2;
/** The services that functions and state machines call. CloudFormation outlasts the rates of its own calls. */
const CALLED = ['sagemaker', 'ssm', 'states', 'application-autoscaling'];

export interface Scenario {
  readonly names?: readonly string[];
  /** Each job that still runs at this age fails. In seconds. @default - it fails when it would have ended, if it fails */
  readonly failAtSeconds?: number;
  /** What jobs find that nothing goes wrong with. @default - the figures of the performance model */
  readonly benchmarks?: BenchmarkScript;
  /** The same of the generative family. @default - the figures of the performance model for tokens */
  readonly generative?: Partial<GenerativeScript>;
}

/** Options of a local AWS in which things go wrong. @throws Error if a name is unknown, or two contradict each other */
export function scenarioOptions(
  { names = [], failAtSeconds, benchmarks = modelledBenchmarks, generative }: Scenario,
): Pick<WorldOptions, 'benchmarks' | 'generative' | 'faults' | 'lostAnswers' | 'quotas' | 'withoutCapacity'> {
  const strange = names.find((name) => !SCENARIOS.includes(name));
  if (strange !== undefined) { throw new Error(`the scenario ${strange} must be one of ${SCENARIOS.join(', ')}`); }
  const [failing, other] = names.filter((name, index) => FAILING.includes(name) && names.indexOf(name) === index);
  if (other !== undefined) { throw new Error(`the scenarios ${failing} and ${other} both say how jobs fail: name one of them`); }
  return {
    benchmarks: (request, jobName, attempt, target) => {
      const usual = benchmarks(request, jobName, attempt, target);
      const run = names.includes('slow') ? slowed(usual, request) : usual;
      return failed(failing === undefined ? run : failedBy(failing, run, request), failAtSeconds, FAILURES[failing] ?? INTERNAL_ERROR);
    },
    generative: generativeIn({ ...modelledGenerative, ...generative }, names.includes('slow'), failing, failAtSeconds),
    faults: names.includes('throttling') ? [throttledAtFirst()] : [],
    // With a time, the quota is reached while the job runs.
    ...failing === 'quota' && { quotas: { [TOTAL_INSTANCES]: 0, ...failAtSeconds === undefined && { [RUNNING_JOBS]: 0, [AI_RECOMMENDATION_JOBS]: 0, [AI_BENCHMARK_JOBS]: 0 } } },
    lostAnswers: names.includes('lost-answers') ? [onceForEach(() => new AwsError('InternalFailure', 'The request has been done, and its answer was lost.', 500))] : [],
    ...failing === 'capacity' && { withoutCapacity: INSTANCE_TYPES },
  };
}

/** The same for jobs of the generative family, which have no steps: what fails a benchmark takes its recommendation away. */
function generativeIn(script: GenerativeScript, isSlow: boolean, failing?: string, failAtSeconds?: number): GenerativeScript {
  const ended = <Run extends TokenRun>(usual: Run, { RoleArn }: any): Run => {
    const run = isSlow ? { ...usual, durationSeconds: usual.durationSeconds * SLOWER } : usual;
    const reason = failing === 'denied-role' ? deniedRole(RoleArn) : FAILURES[failing ?? '']?.ofJob;
    const failedRun = reason === undefined ? run
      : { ...run, outcome: 'Failed', failureReason: reason, ...failing === 'denied-role' && { durationSeconds: DENIED_SECONDS } } as Run;
    return failAtSeconds === undefined || failAtSeconds >= failedRun.durationSeconds ? failedRun
      : { ...failedRun, durationSeconds: failAtSeconds, outcome: 'Failed', failureReason: reason ?? INTERNAL_ERROR.ofJob };
  };
  return {
    recommend: (request, target) => {
      const run = ended(script.recommend(request, target), request);
      const kept = failing === 'no-recommendation' ? [] : failing === 'partial-failure' ? run.recommendations.filter((_row, index) => index % 2 === 0) : run.recommendations;
      return { ...run, recommendations: kept };
    },
    benchmark: (request, target) => ended(script.benchmark(request, target), request),
    instant: script.instant,
  };
}

function deniedRole(arn: string): string {
  return `CLIENT_ERROR: Provided role ARN ${arn} cannot be assumed: AWSSecurityTokenServiceException (AccessDenied). Check the role's trust policy.`;
}

function slowed(run: BenchmarkRun, { InputConfig: { JobDurationInSeconds: most = Infinity } }: any): BenchmarkRun {
  return lasting(run, Math.min(run.durationSeconds * SLOWER, Math.max(most, run.durationSeconds)));
}

function failedBy(scenario: string, run: BenchmarkRun, { RoleArn }: any): BenchmarkRun {
  const { recommendations, failedSteps = [] } = run;
  if (scenario === 'denied-role') {
    return { ...run, durationSeconds: DENIED_SECONDS, outcome: 'FAILED', failureReason: deniedRole(RoleArn), recommendations: [], failedSteps: [], ...timed([]) };
  }
  if (scenario === 'partial-failure') { return withFailures(run, (_row, index) => (index % 2 === 1 ? MODEL_ERROR : undefined)); }
  const all = [...recommendations.map(failedAs(FAILURES[scenario] ?? MODEL_ERROR)), ...failedSteps];
  const outcome = scenario === 'no-recommendation' ? 'COMPLETED' : 'FAILED';
  return { ...run, outcome, failureReason: FAILURES[scenario]?.ofJob, recommendations: [], failedSteps: all };
}

/** A run that fails at a time if it still runs then: benchmarks that have ended by then stay as they are, and the others end with it. */
function failed(run: BenchmarkRun, seconds: number | undefined, { ofJob, ...reason }: FailedStep & { readonly ofJob: string }): BenchmarkRun {
  if (seconds === undefined || seconds >= run.durationSeconds) { return run; }
  const { recommendations, failedSteps = [], startupSeconds = STARTUP_SECONDS } = run;
  const most = Math.max(0, seconds - startupSeconds);
  const times = timesOf(run);
  const rows = recommendations.map((row, index) => ({ row, time: times[index] }));
  const done = rows.filter(({ time }) => time.end <= most);
  const failing = [
    ...rows.filter(({ time }) => time.end > most).map(({ row, time }) => ({ step: failedAs(reason)(row), time })),
    ...failedSteps.map((step, index) => ({ step, time: times[rows.length + index] }))
      .map(({ step, time }) => ({ step: time.end <= most ? step : { ...reason, EndpointConfiguration: step.EndpointConfiguration }, time })),
  ];
  return {
    ...run,
    durationSeconds: seconds,
    outcome: 'FAILED',
    failureReason: run.failureReason ?? ofJob,
    recommendations: done.map(({ row }) => row),
    failedSteps: failing.map(({ step }) => step),
    ...timed([...done, ...failing].map(({ time: { begin, end } }) => ({ begin: Math.min(begin, most), end: Math.min(end, most) }))),
  };
}

function throttledAtFirst(): FaultScript {
  const counts = new Map<string, number>();
  return (call) => {
    const key = `${call.service} ${call.operation}`;
    const count = counts.get(key) ?? 0;
    if (!isOfRole(call) || count >= THROTTLED_CALLS) { return undefined; }
    counts.set(key, count + 1);
    return throttling(call.service);
  };
}

function onceForEach(error: () => AwsError): FaultScript {
  const met = new Set<string>();
  return (call) => {
    const key = `${call.service} ${call.operation}`;
    if (!isOfRole(call) || met.has(key)) { return undefined; }
    met.add(key);
    return error();
  };
}

/** Whether a function or a state machine calls. */
function isOfRole({ service, principal }: Parameters<FaultScript>[0]): boolean {
  return CALLED.includes(service) && /:(assumed-)?role\//.test(principal);
}
