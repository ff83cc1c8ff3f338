/** Rises when an answer gains an attribute: the change in the properties makes CloudFormation ask for a new answer. */
export const SCHEMA_VERSION = '1';

/** A resource tag, as the API has it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Where and as what CloudFormation expects an answer. */
export interface AnswerAddress {
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
}

/** A resource of a stack, by which parameters, jobs and events name their owner. */
export interface Owner {
  readonly StackId: string;
  readonly LogicalResourceId: string;
}
