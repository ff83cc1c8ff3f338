/** An AWS error. Each wire protocol renders the code, the message and the HTTP status in its own way. */
export class AwsError extends Error {
  constructor(readonly code: string, message: string, readonly status: number = 400) {
    super(message);
    this.name = code;
  }
}

/** The line of an error, or of a function's answer, that says that something of AWS is not here. */
export function lackingIn(message: string): string | undefined {
  return message.split('\n').find((line) => /\b(?:is|are) not (?:part of|supported by) the local AWS\b/.test(line))?.trim();
}
