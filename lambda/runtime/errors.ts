/** A complete message for the user. Nothing of the SDK is added to it. */
export class UserError extends Error {}

export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

export function errorMessage(error: unknown): string {
  return withoutQueries(error instanceof Error ? error.message : String(error));
}

/** Removes queries from URLs: a query may be a signature, and messages appear in logs and in the stack's events. */
export function withoutQueries(text: string): string {
  return text.replace(/(\bhttps?:\/\/[^\s?'"<>\\]+\?)[^\s'"<>\\]*/g, '$1…');
}

/** The service reports this in two ways: a modelled error for jobs, and a ValidationException with a sentence for models and packages. */
export function isNotFound(error: unknown): boolean {
  const name = errorName(error);
  return name === 'ResourceNotFound' || name === 'ResourceNotFoundException'
    || (name === 'ValidationException' && /could not find|does not exist/i.test(errorMessage(error)));
}

export function isDenied(error: unknown): boolean {
  return /^AccessDenied/.test(errorName(error));
}

/** Whether the cause may be IAM propagation: a role or policy made seconds ago is not known everywhere at once. */
export function isIamPropagation(error: unknown): boolean {
  return isDenied(error) || /could not assume role|unable to assume|not authorized to perform: iam:PassRole/i.test(errorMessage(error));
}

/** Whether the same call may succeed later. */
export function mayPass(error: unknown): boolean {
  return isIamPropagation(error) || isTransient(error);
}

/** Whether a retry may succeed: the service is busy, broken or out of reach, and does not refuse this very request. */
export function isTransient(error: unknown): boolean {
  const metadata = (error as { $metadata?: { httpStatusCode?: number } }).$metadata;
  if (!metadata) { return false; }
  const status = metadata.httpStatusCode;
  // With a status of success, the response could not be read to its end.
  return !(status! >= 300 && status! < 500) || isThrottled(error) || errorName(error).startsWith('ExpiredToken');
}

/**
 * Whether the service refused a call because it gets too many.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html (throttling errors), and TooManyUpdates of Parameter Store
 */
export function isThrottled(error: unknown): boolean {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 429
    || /Throttl|TooManyRequests|TooManyUpdates|RequestLimitExceeded|SlowDown/.test(errorName(error));
}
