import type { Tags } from './tags';
import type { Tag } from '../../src/contract/contract';

/** Tags by which a job is known as ours. */
const PREFIX = 'cdk-sagemaker-inference-recommender:';
const STACK_TAG = `${PREFIX}stack-id`;
const LOGICAL_ID_TAG = `${PREFIX}logical-id`;
const REQUEST_TAG = `${PREFIX}request-id`;
const REPORTED_TAG = `${PREFIX}failure-reported`;
const HELD_TAG = `${PREFIX}held`;

/** Tags of a job that a stack's request starts. */
export function ownerTags(event: { StackId: string; LogicalResourceId: string; RequestId: string }): Tag[] {
  return [
    { Key: STACK_TAG, Value: event.StackId },
    { Key: LOGICAL_ID_TAG, Value: event.LogicalResourceId },
    { Key: REQUEST_TAG, Value: event.RequestId },
  ];
}

export function isOwnedBy(tags: Tags, stackId: string): boolean {
  return tags[STACK_TAG] === stackId;
}

/** Whether this very request started the job: then a repeated delivery must not start another. */
export function isStartedBy(tags: Tags, requestId: string): boolean {
  return tags[REQUEST_TAG] === requestId;
}

/** Set when a stack has been told that its job failed: whoever deploys again after that asks for a new attempt. */
export function reportedTag(requestId: string): Tag {
  return { Key: REPORTED_TAG, Value: requestId };
}

/** Whether the failure was told to another request than this one. */
export function isReportedBefore(tags: Tags, requestId: string): boolean {
  return REPORTED_TAG in tags && tags[REPORTED_TAG] !== requestId;
}

/** Set when a later resource is given the job: CloudFormation has taken its id then, and sends a Delete of it when it goes. */
export function heldTag(): Tag {
  return { Key: HELD_TAG, Value: 'true' };
}

export function isHeld(tags: Tags): boolean {
  return HELD_TAG in tags;
}
