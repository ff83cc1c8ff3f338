/** Increased if an answer gains an attribute: the changed property makes CloudFormation request a new answer. */
export const SCHEMA_VERSION = '1';

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
}
