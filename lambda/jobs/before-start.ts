import type { JobRequest, JobStarter, Target } from './family';
import { PASSED } from './preflight/checked';
import { preflight } from './preflight/preflight';
import { COST_TAG } from '../../src/contract/claims';
import type { Tag } from '../../src/contract/custom-resource';
import type { CheckProperties } from '../../src/contract/start';
import { costRefusal } from '../../src/service/max-cost';
import { usdRangeText } from '../../src/service/usd';
import type { AccountApi } from '../runtime/account';
import type { Deps } from '../runtime/deps';
import { UserError } from '../runtime/errors';

/** A job that is about to start. */
export interface Planned {
  readonly request: JobRequest;
  readonly target?: Target;
  readonly jobName: string;
  readonly StackId: string;
  /** The tags that the job gets, but for that of the estimate. */
  readonly tags: readonly Tag[];
}

/** What a job gets at its start besides what was asked for. */
export interface Start {
  readonly tags: readonly Tag[];
  /** Members of the log entry. */
  readonly log: Readonly<Record<string, unknown>>;
}

/** How long a job may run, if the library limits it. */
export function maxSecondsOf({ MaxSeconds }: CheckProperties): number | undefined {
  return MaxSeconds === undefined ? undefined : Number(MaxSeconds);
}

/** What the checks call. */
export interface CheckDeps extends Pick<Deps, 'clock' | 'log'> {
  readonly account: AccountApi;
}


/**
 * Checks a job right before its start: its request, what it needs of its account, and its cost.
 *
 * @throws UserError with everything that will certainly fail, in one message
 */
export async function beforeStart(
  family: JobStarter, planned: Planned, { Preflight = [], MaxCost, MaxSeconds }: CheckProperties, deps: CheckDeps,
): Promise<Start> {
  const { request, target, jobName, StackId, tags } = planned;
  const [, , , region, account] = StackId.split(':');
  const refusal = refusalOf(() => family.check(request, tags, target));
  const needs = Preflight.length > 0 ? needsOf(() => family.needs?.(request, target, { region, account, jobName }), refusal) : undefined;
  const { findings, notes } = needs ? await preflight(needs, Preflight, deps) : PASSED;
  if (notes.length > 0) { deps.log({ message: 'notes before the start', jobName, notes }); }
  // A request that the service would refuse costs nothing.
  const estimate = refusal ? undefined : family.estimate?.(request, target, region, maxSecondsOf({ MaxSeconds }));
  const tooDear = MaxCost === undefined || refusal ? undefined : costRefusal(estimate, Number(MaxCost), region);
  const all = [refusal?.message.replace(/\.$/, ''), ...findings, tooDear].filter((one) => one !== undefined);
  if (refusal && all.length === 1) { throw refusal; }
  if (all.length === 1) { throw new UserError(`The job was not started. ${all[0]}.`); }
  if (all.length > 1) {
    throw new UserError(`The job was not started, for ${all.length} reasons: ${all.map((one, at) => `(${at + 1}) ${one}.`).join(' ')}`);
  }
  const cost = estimate?.usd && usdRangeText(estimate.usd);
  return cost === undefined ? { tags: [], log: {} } : { tags: [{ Key: COST_TAG, Value: cost }], log: { estimate: cost } };
}

function refusalOf(check: () => void): UserError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) { throw error; }
    return error;
  }
}

/** A refused request may have members of any form. */
function needsOf<T>(read: () => T, refusal: UserError | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!refusal) { throw error; }
    return undefined;
  }
}
