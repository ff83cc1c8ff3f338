import fc from 'fast-check';
import { renewTags, withStackTags } from '../../../lambda/runtime/tags';

type Tags = Record<string, string>;
const list = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const tags = (keys: string[], most = 5) => fc.dictionary(fc.constantFrom(...keys), fc.constantFrom('1', '2', '3'), { maxKeys: most });
const inObject = (given: ReadonlyArray<{ Key: string; Value: string }>) => Object.fromEntries(given.map(({ Key, Value }) => [Key, Value]));

/** A service with one resource, whose tags these are. */
function service(now: Tags) {
  const state = { ...now };
  const send = async (command: any) => {
    const { input } = command;
    const operation: string = command.constructor.name;
    // One tag a page.
    if (operation === 'ListTagsCommand') {
      const [all, at] = [list(state), Number(input.NextToken ?? 0)];
      return { Tags: all.slice(at, at + 1), NextToken: at + 1 < all.length ? `${at + 1}` : undefined };
    }
    if (operation === 'AddTagsCommand') { Object.assign(state, inObject(input.Tags)); }
    if (operation === 'DeleteTagsCommand') { input.TagKeys.forEach((key: string) => delete state[key]); }
    return {};
  };
  return { state, api: { send } as any };
}

test('a resource is made with its stack\'s tags, and its own win', () => {
  fc.assert(fc.property(tags(['a', 'b', 'c']), tags(['b', 'c', 'd']), (own, ofStack) => {
    const made = withStackTags(list(own), list(ofStack));
    expect(inObject(made)).toEqual({ ...ofStack, ...own });
    expect(made.length).toBe(Object.keys({ ...ofStack, ...own }).length);
  }));
});

test('its own all have room, however many the stack has', () => {
  const many = list(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v'])));
  const made = withStackTags([{ Key: 'own', Value: '1' }], many);
  expect(made.length).toBeLessThanOrEqual(46);
  expect(made.at(-1)).toEqual({ Key: 'own', Value: '1' });
});

test('after a change it has what its stack and its own props say now, and what others have put there', async () => {
  const KEYS = ['a', 'b', 'c'];
  await fc.assert(fc.asyncProperty(tags(KEYS), tags(KEYS), tags(KEYS), async (before, after, ofStack) => {
    const { state, api } = service({ ...before, theirs: 'x' });
    await renewTags(api, 'arn', list(ofStack), list(after), list(before));
    expect(state).toEqual({ theirs: 'x', ...ofStack, ...after });
  }));
});

test('a stack\'s tags that do not fit are left out, and those that are there already are kept up to date', async () => {
  const full = Object.fromEntries(Array.from({ length: 44 }, (_, index) => [`k${index}`, 'v']));
  const { state, api } = service(full);
  await renewTags(api, 'arn', [{ Key: 'k1', Value: 'new' }, { Key: 'more', Value: 'x' }]);
  expect(state).toEqual({ ...full, k1: 'new' });
});
