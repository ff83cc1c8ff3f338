import type { JobFamily, JobResultsReader } from '../../lambda/jobs/family';
import { inferenceRecommendations } from '../../lambda/jobs/inference-recommendations/family';
import { inferenceRecommendationsReader } from '../../lambda/jobs/inference-recommendations/reader';
import { inferenceRecommendationsResults } from '../../lambda/jobs/inference-recommendations/results';
import { modelHandler } from '../../lambda/model/handler';
import { recommendHandler } from '../../lambda/recommend/handler';
import { replicaHandler } from '../../lambda/replica/handler';
import { scalingHandler } from '../../lambda/scaling/handler';
import { startHandler } from '../../lambda/start/handler';
import { waitEndHandler } from '../../lambda/wait-end/handler';
import { MODEL_RESOURCE_TYPE } from '../../src/contract/model';
import { REPLICA_RESOURCE_TYPE } from '../../src/contract/replica';
import { SCALING_PAUSE_RESOURCE_TYPE, SCALING_RESOURCE_TYPE } from '../../src/contract/scaling';
import { jobResourceOf } from '../../src/contract/start';
import { Random } from '../faults/random';

/** The functions of the library, by their folders. */
export const FUNCTIONS = ['start', 'wait-end', 'recommend', 'model', 'scaling', 'replica'] as const;
export type FunctionKind = typeof FUNCTIONS[number];

type Handler = (payload: any) => Promise<unknown>;

/** For deps without one. */
const random = () => RANDOM.next();
const RANDOM = new Random(1);

/** All handlers, on clients and a clock of the test's. Each has the part of its family that is bundled with it. */
export function handlers(deps: any, families?: ReadonlyArray<JobFamily & JobResultsReader>): Readonly<Record<FunctionKind, Handler>> {
  return {
    'start': startHandler({ families: families ?? [inferenceRecommendations], ...deps }),
    'wait-end': waitEndHandler({ families: families ?? [inferenceRecommendationsReader], ...deps }),
    'recommend': recommendHandler({ families: families ?? [inferenceRecommendationsResults], random, ...deps }),
    'model': modelHandler(deps),
    'scaling': scalingHandler(deps),
    'replica': replicaHandler({ random, ...deps }),
  };
}

/** Which of the library's functions one is, by the name that CloudFormation made of its logical id. */
export function kindOf({ functionName }: { readonly functionName: string }): FunctionKind | undefined {
  return FUNCTIONS.find((kind) => functionName.includes(`Runtime${idOf(kind)}`));
}

/** Its construct's id: `WaitEnd` for `wait-end`. */
export function idOf(kind: FunctionKind): string {
  return kind.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');
}

/** Which function serves a type of custom resource. */
export function kindFor(resourceType: string): FunctionKind {
  if (resourceType === MODEL_RESOURCE_TYPE) { return 'model'; }
  if (resourceType === REPLICA_RESOURCE_TYPE) { return 'replica'; }
  if ([SCALING_PAUSE_RESOURCE_TYPE, SCALING_RESOURCE_TYPE].includes(resourceType)) { return 'scaling'; }
  const role = jobResourceOf(resourceType)?.role;
  return role === undefined || role === 'Results' ? 'recommend' : 'start';
}
