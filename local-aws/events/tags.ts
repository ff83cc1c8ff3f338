import { Call, Operations } from '../world';
import { Bus, notFound, tag } from './buses';
import { Rule } from './rules';

/** Tags of rules and buses. */
export const tagOperations: Operations = {
  ListTagsForResource: ({ ResourceARN }, call) => ({ Tags: [...find(ResourceARN, call).tags].map(([Key, Value]) => ({ Key, Value })) }),

  TagResource({ ResourceARN, Tags }, call) {
    tag(find(ResourceARN, call), Tags);
    return {};
  },

  UntagResource({ ResourceARN, TagKeys }, call) {
    const { tags } = find(ResourceARN, call);
    TagKeys.forEach((key: string) => tags.delete(key));
    return {};
  },
};

function find(arn: string, { region: { events } }: Call): Bus | Rule {
  const buses = [...events.buses.values()];
  const found = [...buses, ...buses.flatMap(({ rules }) => [...rules.values()])].find((one) => one.arn === arn);
  if (!found) { throw notFound(`Resource ${arn} does not exist.`); }
  return found;
}
