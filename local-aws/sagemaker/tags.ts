import { isSameName, SageMakerState, Tag } from './state';
import { Call, invalid, Operations, page, Region } from '../kernel';

/** Tags of every taggable resource. */
export const tagOperations: Operations = {
  AddTags({ ResourceArn, Tags }, call) {
    const { tags } = call.region.room(SageMakerState);
    const merged = new Map([...tagsOf(ResourceArn, call), ...Tags as Tag[]].map((tag) => [tag.Key, tag]));
    if (merged.size > 50) { throw invalid('A resource takes at most 50 tags.'); }
    tags.set(ResourceArn, [...merged.values()]);
    return { Tags: tags.get(ResourceArn) };
  },

  ListTags(input, call) {
    return page('Tags', tagsOf(input.ResourceArn, call).map((tag) => ({ key: tag.Key, item: tag })), { MaxResults: 50, ...input });
  },

  DeleteTags({ ResourceArn, TagKeys }, call) {
    call.region.room(SageMakerState).tags.set(ResourceArn, tagsOf(ResourceArn, call).filter(({ Key }) => !TagKeys.includes(Key)));
    return {};
  },
};

function tagsOf(arn: string, call: Call): Tag[] {
  const { tags, packages } = call.region.room(SageMakerState);
  const found = tags.get(arn);
  if (found) { return found; }
  if ([...packages.values()].some((versioned) => isSameName(versioned.arn, arn))) {
    throw invalid('Tags are not supported in Model Package versions. Please add them to the Model Package Group');
  }
  throw invalid(`Could not find resource "${arn}".`);
}

/** The tags that IAM's conditions see. */
export function sagemakerTags(region: Region, arn: string): Readonly<Record<string, string>> {
  return Object.fromEntries((region.room(SageMakerState).tags.get(arn) ?? []).map(({ Key, Value }) => [Key, Value]));
}
