/** An AWS error. Each wire protocol renders the code, the message and the HTTP status in its own way. */
export class AwsError extends Error {
  constructor(readonly code: string, message: string, readonly status: number = 400) {
    super(message);
    this.name = code;
  }
}

/** A refusal of what AWS has and the local AWS lacks. A name or a value that AWS does not know either is a plain `AwsError`. */
export class Lacking extends AwsError {
  constructor(message: string, code = 'ValidationException') {
    super(code, message);
  }
}

/** A service's error for what an inner one found: it is of a lack if the inner one is. */
export function refusal(cause: unknown, code: string, message: string): AwsError {
  return cause instanceof Lacking ? new Lacking(message, code) : new AwsError(code, message);
}

/** Reads each of a list. A mistake in any comes before what another lacks: AWS would refuse the whole. */
export function readEach<T, R>(all: readonly T[], read: (one: T) => R): R[] {
  let lack: Lacking | undefined;
  const found = all.flatMap((one) => {
    try {
      return [read(one)];
    } catch (error) {
      if (!(error instanceof Lacking)) { throw error; }
      lack ??= error;
      return [];
    }
  });
  if (lack) { throw lack; }
  return found;
}

/** The line of a function's answer, or of its crash, that says that something of AWS is not here: of these, only the text comes back. */
export function lackingIn(message: string): string | undefined {
  return message.split('\n').find((line) => /\b(?:is|are) not (?:part of|supported by) the local AWS\b/.test(line))?.trim();
}
