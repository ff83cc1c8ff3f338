import { AddTagsCommand, DeleteTagsCommand, ListTagsCommand } from '@aws-sdk/client-sagemaker';
import type { SageMakerApi } from './deps';
import type { Tag } from '../../src/contract/contract';

export type Tags = Readonly<Record<string, string>>;

export async function tagsOf(sagemaker: SageMakerApi, arn: string): Promise<Tags> {
  const { Tags: tags } = await sagemaker.send(new ListTagsCommand({ ResourceArn: arn }));
  return Object.fromEntries((tags ?? []).map((tag) => [tag.Key, tag.Value ?? '']));
}

export async function addTags(sagemaker: SageMakerApi, arn: string, tags: Tag[]): Promise<void> {
  await sagemaker.send(new AddTagsCommand({ ResourceArn: arn, Tags: tags }));
}

/** Brings the user's own tags from their old state to their new one; tags of others are not touched. */
export async function renewTags(sagemaker: SageMakerApi, arn: string, tags: readonly Tag[] = [], oldTags: readonly Tag[] = []): Promise<void> {
  const gone = oldTags.map((tag) => tag.Key).filter((key) => !tags.some((tag) => tag.Key === key));
  const changed = tags.filter((tag) => !oldTags.some((old) => old.Key === tag.Key && old.Value === tag.Value));
  if (gone.length > 0) { await sagemaker.send(new DeleteTagsCommand({ ResourceArn: arn, TagKeys: gone })); }
  if (changed.length > 0) { await addTags(sagemaker, arn, changed); }
}
