import { InstanceModel } from './instance-types';
import { varied, Workload } from './workload';
import { pricesOf } from '../../src/service/prices';

/** US dollars for a GB-second of a serverless endpoint. */
export const SERVERLESS_PRICE = pricesOf('us-east-1')!.serverlessGbSecond!;

/** What serves requests: a type with a number of instances and an environment, or a serverless endpoint. */
export interface Serving {
  /** Milliseconds of one request alone. */
  readonly serviceMs: number;
  /** Requests that are answered at once, without one waiting for another. */
  readonly lanes: number;
  readonly cpuShare: number;
  readonly memoryShare: number;
}

/** Variables whose numbers the model understands; any other value only moves the figures a little. */
const THREADS = /THREADS/i;
const WORKERS = /WORKERS/i;
const BATCH = /BATCH/i;
const VARIATION = 0.05;
/** A batch takes longer than one request, and less than its requests one after the other. */
const BATCH_EXPONENT = { cores: 0.95, accelerator: 0.6 };
/** The part of a request's work that stays on the host's cores. */
const ON_HOST = 0.002;
/** A process takes this part of the memory at most. */
const USABLE_MEMORY = 0.85;
/** Serverless memory in MB for one vCPU. Our figure: AWS says that a larger memory has more vCPUs, and not how many. */
const MB_PER_VCPU = 1769;

/** Whether the model's memory fits into the type. */
export function fits({ memoryGb, accelerable }: Workload, type: InstanceModel): boolean {
  return accelerable && type.accelerators > 0
    ? memoryGb <= type.accelerators * type.acceleratorMemoryGb * USABLE_MEMORY && memoryGb / 2 <= type.memoryGb
    : memoryGb <= type.memoryGb * USABLE_MEMORY;
}

/**
 * How instances serve a workload. The figures are of a model, and no measurement: they say which of two answers is the larger, not how large it is.
 *
 * A request's work is spread over the threads of a worker (Amdahl's law). Without a variable that says otherwise, workers and threads are both the square
 * root of the vCPUs: so more cores make one request faster, and answer more at once. Workers with more threads than there are cores share them.
 * An accelerator is one worker with one fast core, and the host's part of the work stays on the host's cores.
 */
export function serving(work: Workload, type: InstanceModel, instances: number, environment: Readonly<Record<string, string>> = {}): Serving {
  const onAccelerator = work.accelerable && type.accelerators > 0;
  const cores = onAccelerator ? type.accelerators : type.vCpus;
  const numberOf = (names: RegExp) => Object.entries(environment)
    .flatMap(([name, value]) => (names.test(name) && Number(value) > 0 ? [Number(value)] : [])).pop();
  // What is not given takes what is left of the cores.
  const leftBy = (others: number | undefined) => Math.max(1, Math.min(Math.sqrt(type.vCpus), type.vCpus / (others ?? 1)));
  const workers = numberOf(WORKERS) ?? (onAccelerator ? cores : leftBy(numberOf(THREADS)));
  const threads = numberOf(THREADS) ?? leftBy(workers);
  const batch = numberOf(BATCH) ?? 1;
  const onThreads = (ms: number) => {
    const used = Math.min(threads, type.vCpus);
    return ms * (1 - work.parallel + work.parallel / used) * (1 + 0.02 * (threads / used - 1));
  };
  const alone = onAccelerator
    ? work.coreMs / type.acceleratorSpeed + onThreads(work.coreMs * ON_HOST / type.coreSpeed)
    : onThreads(work.coreMs / type.coreSpeed);
  const wanted = onAccelerator ? workers : workers * Math.min(threads, type.vCpus);
  const shared = Math.max(1, wanted / cores) * (1 + 0.01 * Math.max(0, wanted / cores - 1));
  const serviceMs = alone * shared * batch ** BATCH_EXPONENT[onAccelerator ? 'accelerator' : 'cores'] * nudged(environment);
  return {
    serviceMs,
    lanes: instances * workers * batch,
    cpuShare: onAccelerator ? 0.25 : Math.min(1, wanted / cores),
    memoryShare: Math.min(1, work.memoryGb / type.memoryGb + 0.05),
  };
}

/** How a serverless endpoint serves a workload: each request has an environment of its own. */
export function serverless(work: Workload, memoryMb: number, concurrency: number, environment: Readonly<Record<string, string>> = {}): Serving {
  const vCpus = memoryMb / MB_PER_VCPU;
  const alone = work.coreMs * (vCpus < 1 ? 1 / vCpus : 1 - work.parallel + work.parallel / vCpus);
  const memoryShare = Math.min(1, work.memoryGb * 1024 / memoryMb + 0.05);
  return { serviceMs: alone * nudged(environment), lanes: concurrency, cpuShare: 1, memoryShare };
}

/** Milliseconds until the answer, while so many users each wait for one: it rises with each user. */
export function latencyMs({ serviceMs, lanes }: Serving, users: number): number {
  return serviceMs * (1 + (users - 1) / lanes);
}

/** Answers a minute to so many users: it rises with each user, ever less. */
export function invocationsPerMinute(how: Serving, users: number): number {
  return users * 60_000 / latencyMs(how, users);
}

/** Requests that come whether the ones before are answered or not. */
export interface UnderLoad {
  readonly latencyMs: number;
  /** Of a minute's requests, those that find no place. */
  readonly errors: number;
  /** The busy part of what can be busy. */
  readonly busy: number;
}

/** InvokeEndpoint gives a request up after this time: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html */
const LONGEST_MS = 60_000;

/**
 * How so many requests a minute are served: as by the users who send as many when each waits for an answer. So a load test's most invocations have the load
 * test's latency. Beyond what can be answered, requests wait as long as they may, and the others fail.
 */
export function underLoad(how: Serving, perMinute: number): UnderLoad {
  const { serviceMs, lanes } = how;
  const most = lanes * 60_000 / serviceMs;
  if (perMinute >= most) { return { latencyMs: LONGEST_MS, errors: perMinute - most, busy: 1 }; }
  const users = Math.max(1, perMinute * serviceMs * (1 - 1 / lanes) / (60_000 - perMinute * serviceMs / lanes));
  return { latencyMs: Math.min(LONGEST_MS, latencyMs(how, users)), errors: 0, busy: perMinute / most };
}

function nudged(environment: Readonly<Record<string, string>>): number {
  const understood = (name: string, value: string) => [THREADS, WORKERS, BATCH].some((names) => names.test(name)) && Number(value) > 0;
  return Object.entries(environment).filter(([name, value]) => !understood(name, value))
    .reduce((factor, [name, value]) => factor * varied(`${name}=${value}`, VARIATION), 1);
}
