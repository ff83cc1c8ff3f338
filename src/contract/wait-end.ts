import type { AnswerAddress } from './custom-resource';

/** The input of one execution of a state machine that waits. */
export interface WaitInput {
  readonly family: string;
  /** `wait` ends when the job is over, `stop` when the jobs no longer run. */
  readonly purpose: 'wait' | 'stop';
  readonly address: AnswerAddress;
  /** The job that is polled. */
  readonly jobName: string;
  /** Every job that must be over before a `stop` succeeds. */
  readonly jobNames: readonly string[];
  /** Jobs to delete once a `stop` has succeeded, of a family that can. */
  readonly deletedNames: readonly string[];
  readonly pollSeconds: number;
  /** ISO time after which this execution polls no more. */
  readonly deadline: string;
  /** Whether no later stage goes on waiting when this one's time is up. */
  readonly lastStage: boolean;
  /** Whether the job is somebody else's, which gets no tags of ours. */
  readonly isImported?: boolean;
  /** Whether a job that failed ends the wait like one that completed: a fallback stands in. */
  readonly toleratesFailure: boolean;
  /** Seed of the polled status, so that the machine's choice always finds one. */
  readonly job: { readonly Status: string };
}

/** What the state machine hands to the function that ends a wait. */
export interface WaitEnd extends WaitInput {
  /** Set when ending the wait failed before and the machine only wants CloudFormation to be told. */
  readonly failure?: { readonly Error?: string; readonly Cause?: string };
}
