import { AddTagsCommand, DeleteTagsCommand, ListTagsCommand } from '@aws-sdk/client-sagemaker';
import type { SageMakerApi } from './deps';
import type { Owner, Tag } from '../../src/contract/custom-resource';

export type Tags = Readonly<Record<string, string>>;

export async function tagsOf(sagemaker: SageMakerApi, arn: string): Promise<Tags> {
  const { Tags: tags } = await sagemaker.send(new ListTagsCommand({ ResourceArn: arn }));
  return Object.fromEntries((tags ?? []).map((tag) => [tag.Key, tag.Value ?? '']));
}

export async function addTags(sagemaker: SageMakerApi, arn: string, tags: Tag[]): Promise<void> {
  await sagemaker.send(new AddTagsCommand({ ResourceArn: arn, Tags: tags }));
}

/** Changes the user's own tags from their old state to their new one. Other people's tags stay untouched. */
export async function renewTags(sagemaker: SageMakerApi, arn: string, tags: readonly Tag[] = [], oldTags: readonly Tag[] = []): Promise<void> {
  const gone = oldTags.map((tag) => tag.Key).filter((key) => !tags.some((tag) => tag.Key === key));
  const changed = tags.filter((tag) => !oldTags.some((old) => old.Key === tag.Key && old.Value === tag.Value));
  if (gone.length > 0) { await sagemaker.send(new DeleteTagsCommand({ ResourceArn: arn, TagKeys: gone })); }
  if (changed.length > 0) { await addTags(sagemaker, arn, changed); }
}

/** Prefix of the tags that mark a job as ours. */
const PREFIX = 'cdk-sagemaker-inference-recommender:';
const STACK_TAG = `${PREFIX}stack-id`;
const LOGICAL_ID_TAG = `${PREFIX}logical-id`;
const REQUEST_TAG = `${PREFIX}request-id`;
const REPORTED_TAG = `${PREFIX}failure-reported`;
const HELD_TAG = `${PREFIX}held`;

/** Tags of a job that a stack's request starts. */
export function ownerTags(event: Owner & { readonly RequestId: string }): Tag[] {
  return [
    { Key: STACK_TAG, Value: event.StackId },
    { Key: LOGICAL_ID_TAG, Value: event.LogicalResourceId },
    { Key: REQUEST_TAG, Value: event.RequestId },
  ];
}

export function isOwnedBy(tags: Tags, stackId: string): boolean {
  return tags[STACK_TAG] === stackId;
}

/** Whether this very request started the job. A repeated delivery must not start another job. */
export function isStartedBy(tags: Tags, requestId: string): boolean {
  return tags[REQUEST_TAG] === requestId;
}

/** Set after a stack was told that its job failed. The next deploy then starts a new attempt. */
export function reportedTag(requestId: string): Tag {
  return { Key: REPORTED_TAG, Value: requestId };
}

/** Whether the failure was reported to a different request. */
export function isReportedBefore(tags: Tags, requestId: string): boolean {
  return REPORTED_TAG in tags && tags[REPORTED_TAG] !== requestId;
}

/** Set if a later resource takes over the job. CloudFormation then holds the job's id and sends a Delete for it later. */
export function heldTag(): Tag {
  return { Key: HELD_TAG, Value: 'true' };
}

export function isHeld(tags: Tags): boolean {
  return HELD_TAG in tags;
}
