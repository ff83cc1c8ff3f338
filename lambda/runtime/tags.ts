import { AddTagsCommand, DeleteTagsCommand, ListTagsCommand, ListTagsCommandOutput } from '@aws-sdk/client-sagemaker';
import { Asked, isAfter } from './asked';
import type { SageMakerApi } from './deps';
import { TAG_PREFIX } from '../../src/contract/claims';
import type { Tag } from '../../src/contract/custom-resource';

export type Tags = Readonly<Record<string, string>>;

export async function tagsOf(sagemaker: SageMakerApi, arn: string): Promise<Tags> {
  const tags: Record<string, string> = {};
  let NextToken: string | undefined;
  do {
    const page: ListTagsCommandOutput = await sagemaker.send(new ListTagsCommand({ ResourceArn: arn, NextToken }));
    for (const { Key, Value = '' } of page.Tags ?? []) { tags[Key!] = Value; }
    NextToken = page.NextToken;
  } while (NextToken);
  return tags;
}

export async function addTags(sagemaker: SageMakerApi, arn: string, tags: Tag[]): Promise<void> {
  await sagemaker.send(new AddTagsCommand({ ResourceArn: arn, Tags: tags }));
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AddTags.html */
export const MOST_TAGS = 50;
/** The tags that a stack or a user may fill. The others are for claims: two who hold a job, and one who stops it, need room. */
export const MOST_USER_TAGS = MOST_TAGS - 6;

/** The tags that a resource is made with: its stack's, as many as fit, and its own, which win as in CloudFormation. */
export function withStackTags(own: readonly Tag[], ofStack: readonly Tag[]): Tag[] {
  return [...ofStack.filter(({ Key }) => !own.some((tag) => tag.Key === Key)).slice(0, Math.max(0, MOST_USER_TAGS - own.length)), ...own];
}

/**
 * Changes the user's own tags from their old state to their new one, and adds those of the stack that are new. Other people's tags stay untouched, and so
 * does a tag that the stack no longer has: nobody knows any more that it was the stack's.
 */
export async function renewTags(
  sagemaker: SageMakerApi, arn: string, ofStack: readonly Tag[], tags: readonly Tag[] = [], oldTags: readonly Tag[] = [],
): Promise<void> {
  const now = ofStack.length > 0 ? await tagsOf(sagemaker, arn) : {};
  const inherited = ofStack.filter(({ Key, Value }) => now[Key] !== Value && !tags.some((tag) => tag.Key === Key));
  const isNew = ({ Key }: Tag) => !(Key in now);
  const fitting = inherited.filter(isNew).slice(0, Math.max(0, MOST_USER_TAGS - Object.keys(now).length));
  const gone = oldTags.map((tag) => tag.Key).filter((key) => ![...tags, ...ofStack].some((tag) => tag.Key === key));
  const changed = [
    ...inherited.filter((tag) => !isNew(tag)),
    ...fitting,
    ...tags.filter((tag) => !oldTags.some((old) => old.Key === tag.Key && old.Value === tag.Value)),
  ];
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
