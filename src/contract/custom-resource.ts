/** Increased if an answer or a parameter changes its form: the changed property makes CloudFormation request a new answer, which writes anew. */
export const SCHEMA_VERSION = '3';

/** A resource tag, in the API's form. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** The address and ids of the answer that CloudFormation expects. */
export interface AnswerAddress {
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
}

/** A resource of a stack: the owner that parameters, jobs and events name. */
export interface Owner {
  readonly StackId: string;
  readonly LogicalResourceId: string;
  /** When CloudFormation asked for what the owner does. Absent if no request of CloudFormation's is the reason. */
  readonly AskedAt?: string;
}
