import { busOperations } from './buses';
import { putEventsOperations } from './put-events';
import { ruleOperations } from './rules';
import { OPERATIONS, SHAPES } from './shapes';
import { EventsState } from './state';
import { TARGET_KINDS } from './targets';
import { guarded, Operations, Region } from '../kernel';

export type { Event } from './input';
export { inputOf } from './input';
export type { FailedInvocation, Sent, TargetKind } from './state';
export { checkRole } from './targets';

/** EventBridge of an account in a Region. */
export class Events extends EventsState {
  public readonly operations: Operations = guarded('events', { ...putEventsOperations, ...ruleOperations, ...busOperations }, OPERATIONS, SHAPES);

  constructor(region: Region) {
    super(region);
    Object.entries(TARGET_KINDS).forEach(([service, kind]) => this.targetKinds.set(service, kind));
  }
}
