import { approveHandler } from '../../lambda/approve/handler';
import { aiBenchmarks } from '../../lambda/jobs/ai-benchmarks/family';
import { aiBenchmarksReader } from '../../lambda/jobs/ai-benchmarks/reader';
import { aiBenchmarksResults } from '../../lambda/jobs/ai-benchmarks/results';
import { aiRecommendations } from '../../lambda/jobs/ai-recommendations/family';
import { aiRecommendationsReader } from '../../lambda/jobs/ai-recommendations/reader';
import { aiRecommendationsResults } from '../../lambda/jobs/ai-recommendations/results';
import { deploymentRecommendations } from '../../lambda/jobs/deployment-recommendations/results';
import type { JobFamily, JobResultsReader } from '../../lambda/jobs/family';
import { inferenceRecommendations } from '../../lambda/jobs/inference-recommendations/family';
import { inferenceRecommendationsReader, stop } from '../../lambda/jobs/inference-recommendations/reader';
import { inferenceRecommendationsResults } from '../../lambda/jobs/inference-recommendations/results';
import { modelHandler } from '../../lambda/model/handler';
import { recommendHandler } from '../../lambda/recommend/handler';
import { replicaHandler } from '../../lambda/replica/handler';
import type { Clock } from '../../lambda/runtime/deps';
import { scalingHandler } from '../../lambda/scaling/handler';
import { startHandler } from '../../lambda/start/handler';
import { waitEndHandler } from '../../lambda/wait-end/handler';
import { MODEL_RESOURCE_TYPE } from '../../src/contract/model';
import { REPLICA_RESOURCE_TYPE } from '../../src/contract/replica';
import { SCALING_PAUSE_RESOURCE_TYPE, SCALING_RESOURCE_TYPE } from '../../src/contract/scaling';
import { jobResourceOf } from '../../src/contract/start';
import { FUNCTION_SECONDS } from '../../src/contract/waiting';
import { Random } from '../faults/random';

/** The functions of the library, by their folders. */
export const FUNCTIONS = ['start', 'wait-end', 'recommend', 'model', 'scaling', 'replica', 'approve'] as const;
export type FunctionKind = typeof FUNCTIONS[number];

type Handler = (payload: any) => Promise<unknown>;

/** For deps without one. */
const random = () => RANDOM.next();
const RANDOM = new Random(1);

/** All handlers, on clients and a clock of the test's. Each has the part of its family that is bundled with it. */
export function handlers(deps: any, families?: ReadonlyArray<JobFamily & JobResultsReader>): Readonly<Record<FunctionKind, Handler>> {
  const timed = (kind: FunctionKind, handlerOf: (timedDeps: any) => Handler) => timedHandler(kind, deps, handlerOf);
  return {
    'start': timed('start', (given) => startHandler({ families: families ?? [inferenceRecommendations, aiRecommendations, aiBenchmarks], ...given })),
    'wait-end': timed('wait-end', (given) => waitEndHandler({ families: families ?? [{ ...inferenceRecommendationsReader, stop }, aiRecommendationsReader, aiBenchmarksReader], ...given })),
    'recommend': timed('recommend', (given) => recommendHandler({ families: families ?? [inferenceRecommendationsResults, aiRecommendationsResults, aiBenchmarksResults, deploymentRecommendations], random, ...given })),
    'model': timed('model', modelHandler),
    'scaling': timed('scaling', scalingHandler),
    'replica': timed('replica', (given) => replicaHandler({ random, ...given })),
    'approve': timed('approve', (given) => approveHandler({ families: families ?? [inferenceRecommendations], random, ...given })),
  };
}

/** As Lambda's context tells a function how long it may still run. */
function timedHandler(kind: FunctionKind, deps: { readonly clock: Omit<Clock, 'left'> }, handlerOf: (timedDeps: any) => Handler): Handler {
  const { clock } = deps;
  let end = Infinity;
  const timedClock: Clock = { now: () => clock.now(), sleep: (ms) => clock.sleep(ms), left: () => end - clock.now() };
  const handler = handlerOf({ ...deps, clock: timedClock });
  return (payload) => {
    end = clock.now() + FUNCTION_SECONDS[idOf(kind)] * 1000;
    return handler(payload);
  };
}

/** Which of the library's functions one is, by the name that CloudFormation made of its logical id. */
export function kindOf({ functionName }: { readonly functionName: string }): FunctionKind | undefined {
  return FUNCTIONS.find((kind) => functionName.includes(`Runtime${idOf(kind)}`));
}

/** Its construct's id: `WaitEnd` for `wait-end`. */
export function idOf(kind: FunctionKind): keyof typeof FUNCTION_SECONDS {
  return kind.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('') as keyof typeof FUNCTION_SECONDS;
}

/** Which function serves a type of custom resource. */
export function kindFor(resourceType: string): FunctionKind {
  if (resourceType === MODEL_RESOURCE_TYPE) { return 'model'; }
  if (resourceType === REPLICA_RESOURCE_TYPE) { return 'replica'; }
  if ([SCALING_PAUSE_RESOURCE_TYPE, SCALING_RESOURCE_TYPE].includes(resourceType)) { return 'scaling'; }
  const role = jobResourceOf(resourceType)?.role;
  if (role === 'Approvals') { return 'approve'; }
  return role === undefined || role === 'Results' ? 'recommend' : 'start';
}
