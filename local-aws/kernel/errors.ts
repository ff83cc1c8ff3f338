/** An AWS error. Each wire protocol renders the code, the message and the HTTP status in its own way. */
export class AwsError extends Error {
  constructor(readonly code: string, message: string, readonly status: number = 400) {
    super(message);
    this.name = code;
  }
}
