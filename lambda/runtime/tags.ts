import { AddTagsCommand, DeleteTagsCommand, ListTagsCommand } from '@aws-sdk/client-sagemaker';
import { Asked, isAfter } from './asked';
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
const REQUEST_TAG = `${PREFIX}request`;
const REPORTED_TAG = `${PREFIX}failure-reported`;
const HELD_TAG = `${PREFIX}held`;

/** Tags of a job that a stack's request starts. `state` is when the start resource was asked for the state of the stack that the job belongs to. */
export function ownerTags({ StackId, LogicalResourceId }: Owner, asked: Asked, state = asked.at): Tag[] {
  return [
    { Key: STACK_TAG, Value: StackId },
    { Key: LOGICAL_ID_TAG, Value: LogicalResourceId },
    requestTag(asked, state),
  ];
}

/** Tells by which request something was made, or kept last. */
export function requestTag(asked: Asked, state = asked.at): Tag {
  return { Key: REQUEST_TAG, Value: `${valueOf(asked)} ${state}` };
}

export function isOwnedBy(tags: Tags, stackId: string): boolean {
  return tags[STACK_TAG] === stackId;
}

/** Whether a later request started the job. An event that comes late, or once more, must not touch what came after it. */
export function isStartedAfter(tags: Tags, asked: Asked): boolean {
  return isAfter(requestIn(tags[REQUEST_TAG])?.at, asked.at);
}

/** Whether this very request started the job, or a later one. A repeated delivery must not start another job. */
export function isStartedSince(tags: Tags, asked: Asked): boolean {
  return requestIn(tags[REQUEST_TAG])?.id === asked.id || isStartedAfter(tags, asked);
}

/** Whether a job belongs to a state of the stack that came after this time. */
export function isOfStateAfter(tags: Tags, time: string): boolean {
  return isAfter(requestIn(tags[REQUEST_TAG])?.state, time);
}

/** Set after a stack was told that its job failed. The next deploy then starts a new attempt. */
export function reportedTag(asked: Asked): Tag {
  return { Key: REPORTED_TAG, Value: valueOf(asked) };
}

/** Whether the failure was reported to a different request, which did not come later. */
export function isReportedBefore(tags: Tags, asked: Asked): boolean {
  const reported = requestIn(tags[REPORTED_TAG]);
  return reported !== undefined && reported.id !== asked.id && !isAfter(reported.at, asked.at);
}

function valueOf({ at, id }: Asked): string {
  return `${at} ${id}`;
}

/** The request in a tag's value, and the state that a job belongs to. */
function requestIn(value: string | undefined): Asked & { readonly state?: string } | undefined {
  const [at, id, state] = value?.split(' ') ?? [];
  return value === undefined ? undefined : { at, id, state };
}

/** Set if a later resource takes over the job. CloudFormation then holds the job's id and sends a Delete for it later. */
export function heldTag(): Tag {
  return { Key: HELD_TAG, Value: 'true' };
}

export function isHeld(tags: Tags): boolean {
  return HELD_TAG in tags;
}
