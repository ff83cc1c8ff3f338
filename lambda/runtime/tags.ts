import { AddTagsCommand, DeleteTagsCommand, ListTagsCommand } from '@aws-sdk/client-sagemaker';
import { Asked, isAfter } from './asked';
import type { SageMakerApi } from './deps';
import { TAG_PREFIX } from '../../src/contract/claims';
import type { Tag } from '../../src/contract/custom-resource';

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
  if (gone.length > 0) { await deleteTags(sagemaker, arn, gone); }
  if (changed.length > 0) { await addTags(sagemaker, arn, changed); }
}

const REQUEST_TAG = `${TAG_PREFIX}request`;

/** Tells by which request something was made, or kept last. */
export function requestTag(asked: Asked): Tag {
  return { Key: REQUEST_TAG, Value: requestText(asked) };
}

/** Whether a later request made or kept it. An event that comes late, or once more, must not touch what came after it. */
export function isMadeAfter(tags: Tags, asked: Asked): boolean {
  return isAfter(requestIn(tags[REQUEST_TAG])?.at, asked.at);
}

/** A request in a tag's value. */
export function requestText({ at, id }: Asked): string {
  return `${at} ${id}`;
}

export function requestIn(value: string | undefined): Asked | undefined {
  const [at, id] = value?.split(' ') ?? [];
  return value === undefined ? undefined : { at, id };
}

export async function deleteTags(sagemaker: SageMakerApi, arn: string, keys: string[]): Promise<void> {
  await sagemaker.send(new DeleteTagsCommand({ ResourceArn: arn, TagKeys: keys }));
}
