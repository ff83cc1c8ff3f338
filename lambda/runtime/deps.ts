import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';

/**
 * A request whose clock is further off than that is refused, so no function's is.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html (a request is valid for 5 minutes)
 */
export const SKEW_MS = 300_000;

/** The clock of a handler. It is passed in so that tests control the time. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Milliseconds that the function may still run in this invocation. */
  left(): number;
}

/** Sends a request to an AWS service. The SDK's clients implement it. */
export type SageMakerApi = Pick<SageMakerClient, 'send'>;
export type SsmApi = Pick<SSMClient, 'send'>;

/** Puts an answer to the URL that CloudFormation gave. */
export type PutAnswer = (url: string, body: string) => Promise<void>;

/** Dependencies of every handler. */
export interface Deps {
  readonly clock: Clock;
  readonly put: PutAnswer;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** Dependencies of a handler that calls SageMaker. */
export interface SageMakerDeps extends Deps {
  readonly sagemaker: SageMakerApi;
}

/** Dependencies of a handler that writes to Parameter Store. */
export interface WriterDeps extends Deps {
  readonly ssm: SsmApi;
  /** From 0 to 1. It spreads the tries of many callers. */
  readonly random: () => number;
}

let left = () => Infinity;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  left: () => left(),
};

/** A handler whose clock knows the function's timeout. An execution environment has one invocation at a time. */
export function timed<E, R>(handler: (event: E) => R): (event: E, context: Pick<Context, 'getRemainingTimeInMillis'>) => R {
  return (event, context) => {
    left = () => context.getRemainingTimeInMillis();
    return handler(event);
  };
}

/** The longest that one request of a client takes. Without it, a service that hangs would use up the function's time. */
export const REQUEST_MS = 10_000;

/** Configuration of every client of an AWS service. */
export const CLIENT = { requestHandler: { requestTimeout: REQUEST_MS, throwOnRequestTimeout: true, socketTimeout: REQUEST_MS } };

/** One line of JSON for each entry. Callers pass names and messages only: a ResponseURL is signed and never gets into a log. */
export const logJson: Deps['log'] = (entry) => console.log(JSON.stringify(entry));
