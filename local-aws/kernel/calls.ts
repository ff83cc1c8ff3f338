import { AwsError } from './errors';

/** A call, for watchers (`npm run demo -- --calls FILE`, the tests' counts). */
export interface CallRecord {
  readonly service: string;
  readonly operation: string;
  readonly request: unknown;
  /** HTTP status of the answer. */
  readonly status: number;
  /** The error's code, if the call was refused. */
  readonly error?: string;
  readonly principal: string;
  /** Virtual milliseconds since 1970. */
  readonly time: number;
}

/** A call on arrival, before its result. */
export type FaultyCall = Pick<CallRecord, 'service' | 'operation' | 'request' | 'principal' | 'time'>;

/** Returns the error that refuses the call, or nothing to let the call through. */
export type FaultScript = (call: FaultyCall) => AwsError | undefined;

/** How services throttle if they do not answer ThrottlingException: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const THROTTLING: Readonly<Record<string, readonly [code: string, status: number]>> = {
  cloudformation: ['Throttling', 400], monitoring: ['Throttling', 400], sts: ['Throttling', 400], s3: ['SlowDown', 503], lambda: ['TooManyRequestsException', 429],
};

/** Throttles the first calls of an operation. */
export function throttles(service: string, operation: string, times: number): FaultScript {
  let left = times;
  return (call) => {
    if (call.service !== service || call.operation !== operation || left === 0) { return undefined; }
    left--;
    return throttling(service);
  };
}

/** The error by which a service throttles. */
export function throttling(service: string): AwsError {
  const [code, status] = THROTTLING[service] ?? ['ThrottlingException', 400];
  return new AwsError(code, 'Rate exceeded', status);
}
