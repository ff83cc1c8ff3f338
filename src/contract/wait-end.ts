import type { AnswerAddress } from './custom-resource';

/** The status of a job before the first poll that succeeds: no family's own, so it never means that the job is over. */
export const NOT_POLLED = 'NONE';

/** A time in which a machine polls less often. */
export interface Seldom {
  readonly pollSeconds: number;
  /** ISO times. */
  readonly from: string;
  readonly until: string;
}

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
  /** Jobs to delete after a successful `stop`, if the family can delete them. */
  readonly deletedNames: readonly string[];
  readonly pollSeconds: number;
  /** While the job can hardly end. Absent if nothing says when that is. */
  readonly seldom?: Seldom;
  /** ISO time at which this execution stops its polling. */
  readonly deadline: string;
  /** ISO time from which a failed end of the wait is not tried again. */
  readonly lastTry: string;
  /** Number of the stage, from 1. Absent for a stop. */
  readonly stage?: string;
  /** Whether no later stage continues the wait after this one. */
  readonly lastStage: boolean;
  /** The construct that claims the job. Absent for a job of somebody else's, which this library does not tag. */
  readonly claimant?: { readonly StackId: string; readonly LogicalResourceId: string; readonly StackKey: string };
  /** How long the job may run, in seconds from its creation, if the library limits it. */
  readonly maxSeconds?: number;
  /** Whether CloudFormation returns the stage to an earlier state, whose job cannot be run again. */
  readonly isReturn?: boolean;
  /** Whether a failed job ends the wait like a completed one, because a fallback is used. */
  readonly toleratesFailure: boolean;
  /** `NOT_POLLED` at first, so that the machine's choice always finds a status. */
  readonly job: { readonly Status: string };
}

/** The input of an execution that looks after a job: somebody has to hold it once its stack is at rest. */
export interface WatchInput {
  readonly family: string;
  readonly purpose: 'watch';
  readonly jobName: string;
  readonly claimant: { readonly StackId: string; readonly LogicalResourceId: string; readonly StackKey: string; readonly Namespace: string };
  readonly pollSeconds: number;
  /** How long the job may run, in seconds from its creation, if the library limits it. */
  readonly maxSeconds?: number;
  /** ISO time of the first look at the stack. */
  readonly deadline: string;
  /** `NOT_POLLED` at first. */
  readonly job: { readonly Status: string };
  /** Initial value of what the stack holds. */
  readonly held: { readonly Id: string; readonly Status: string };
}

/** The state machine's input for the function that decides about a job which still runs when its stack is at rest. */
export interface Watched extends WatchInput {
  readonly stack: { readonly Status: string };
}

/** The function's answer to the state machine. */
export interface Unread {
  /** Whether an event tells of the job. */
  readonly Unread: boolean;
  readonly Stopped: boolean;
}

/** The state machine's input for the function that ends a wait. */
export interface WaitEnd extends WaitInput {
  /** Set if ending the wait failed before: the function then only answers CloudFormation. */
  readonly failure?: { readonly Error?: string; readonly Cause?: string };
}
