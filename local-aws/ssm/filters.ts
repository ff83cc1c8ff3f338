import { AwsError } from '../kernel';
import { Parameter } from './rules';

type Test = (value: string, wanted: string) => boolean;

const STRING: Readonly<Record<string, Test>> = {
  Equals: (value, wanted) => value === wanted,
  BeginsWith: (value, wanted) => value.startsWith(wanted),
};

const PATH: Readonly<Record<string, Test>> = {
  OneLevel: (name, path) => isBelow(name, path) && !name.slice(root(path).length).includes('/'),
  Recursive: isBelow,
};

/** By key: the member that it tests, and its options, the default first. Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html */
const KEYS: Readonly<Record<string, readonly [member: keyof Parameter, options: Readonly<Record<string, Test>>]>> = {
  Name: ['Name', { ...STRING, Contains: (value, wanted) => value.includes(wanted) }],
  Type: ['Type', STRING],
  Tier: ['Tier', STRING],
  DataType: ['DataType', STRING],
  Path: ['Name', PATH],
};

/** Whether a parameter is below a path, at any depth. */
function isBelow(name: string, path: string): boolean {
  return name.startsWith(root(path));
}

/** Whether a parameter passes every filter. */
export function passes(parameter: Parameter, filters: readonly any[] = []): boolean {
  return filters.every(({ Key, Option, Values = [] }) => {
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
