import { Parameter, qualified } from './rules';
import { AwsError } from '../kernel';

/** A parameter with its tags. */
type Tagged = Parameter & { readonly tags?: ReadonlyMap<string, string> };

type Test = (value: string, wanted: string) => boolean;

const STRING: Readonly<Record<string, Test>> = {
  Equals: (value, wanted) => value === wanted,
  BeginsWith: (value, wanted) => value.startsWith(wanted),
};

const PATH: Readonly<Record<string, Test>> = {
  OneLevel: (name, path) => isBelow(name, path) && !qualified(name).slice(root(path).length).includes('/'),
  Recursive: isBelow,
};

/** By key: the member that it tests, and its options, the default first. Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html */
const KEYS: Readonly<Record<string, readonly [member: keyof Parameter, options: Readonly<Record<string, Test>>]>> = {
  Name: ['Name', { ...STRING, Contains: (value, wanted) => value.includes(wanted) }],
  Type: ['Type', STRING],
  Tier: ['Tier', STRING],
  DataType: ['DataType', STRING],
  KeyId: ['KeyId', STRING],
  Path: ['Name', PATH],
};

/** Whether a parameter is below a path, at any depth. */
function isBelow(name: string, path: string): boolean {
  return qualified(name).startsWith(root(path));
}

/** Whether a parameter passes every filter. */
export function passes(parameter: Tagged, filters: readonly any[] = []): boolean {
  return filters.every(({ Key, Option, Values = [] }) => {
    // A filter of a tag without values wants the tag alone.
    if (Key.startsWith('tag:')) {
      const tag = parameter.tags?.get(Key.slice('tag:'.length));
      return tag !== undefined && (Values.length === 0 || Values.some((wanted: string) => STRING[Option ?? 'Equals']?.(tag, wanted)));
    }
    const [member, options] = KEYS[Key] ?? [];
    if (member === undefined || options === undefined) { throw new AwsError('InvalidFilterKey', `The filter key ${Key} is not part of the local AWS`); }
    const option = Option ?? Object.keys(options)[0];
    if (!Object.hasOwn(options, option)) { throw new AwsError('InvalidFilterOption', `The filter option ${option} is not valid for ${Key}: ${Object.keys(options)}`); }
    return Values.some((wanted: string) => options[option](String(parameter[member]), wanted));
  });
}

function root(path: string): string {
  return path.replace(/\/*$/, '/');
}
