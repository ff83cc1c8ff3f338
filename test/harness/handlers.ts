import type { JobFamily } from '../../lambda/jobs/family';
import { inferenceRecommendations } from '../../lambda/jobs/inference-recommendations/family';
import { modelHandler } from '../../lambda/model/handler';
import { recommendHandler } from '../../lambda/recommend/handler';
import { replicaHandler } from '../../lambda/replica/handler';
import { scalingHandler } from '../../lambda/scaling/handler';
import { startHandler } from '../../lambda/start/handler';
import { waitEndHandler } from '../../lambda/wait-end/handler';

/** The functions of the library, by their folders. */
export const FUNCTIONS = ['start', 'wait-end', 'recommend', 'model', 'scaling', 'replica'] as const;
export type FunctionKind = typeof FUNCTIONS[number];

type Handler = (payload: any) => Promise<unknown>;

/** All handlers, on clients and a clock of the test's. */
export function handlers(deps: any, families: readonly JobFamily[] = [inferenceRecommendations]): Readonly<Record<FunctionKind, Handler>> {
  const given = { families, ...deps };
  return {
    'start': startHandler(given),
    'wait-end': waitEndHandler(given),
    'recommend': recommendHandler(given),
    'model': modelHandler(given),
    'scaling': scalingHandler(given),
    'replica': replicaHandler(given),
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
