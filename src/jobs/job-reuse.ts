/**
 * How far a job is found again, so that the same benchmark is not paid for twice. Whatever the value is, a job is found again only if its content is
 * certainly the same.
 */
export enum JobReuse {
  /** In stacks of the same name: a stack that was rolled back or made again, and a construct under another name, find the job. */
  STACK = 'stack',
  /** In all stacks of the account and Region with this value: also a construct that moves to another stack, and stages with the same model. */
  ACCOUNT = 'account',
  /** In the construct itself: only the same construct of the same stack finds the job. */
  CONSTRUCT = 'construct',
  /** Not at all: each change of the content, and each new stack, starts a job. A rollback still finds the job that it returns to. */
  NEVER = 'never',
}
