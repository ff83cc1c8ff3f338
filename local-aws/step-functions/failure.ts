/** A failure of a state, with an error name of the state language. If nothing catches it, the execution fails too. */
export class StateFailure extends Error {
  constructor(readonly error: string | undefined, readonly reason: string | undefined) {
    super(`${error}: ${reason}`);
  }
}

/** A failure that cannot be retried or caught: the definition does not fit the data. */
export function runtimeFailure(reason: string): StateFailure {
  return new StateFailure('States.Runtime', reason);
}

/** Whether a name in ErrorEquals matches an error (Handling errors in Step Functions workflows). */
export function matches(errorEquals: readonly string[], error: string | undefined): boolean {
  if (error === undefined || error === 'States.Runtime') { return false; }
  return errorEquals.some((name) => {
    switch (name) {
      case 'States.ALL': return error !== 'States.DataLimitExceeded';
      case 'States.TaskFailed': return error !== 'States.Timeout' && error !== 'States.DataLimitExceeded';
      case 'States.Timeout': return error === 'States.Timeout' || error === 'States.HeartbeatTimeout';
      default: return name === error;
    }
  });
}
