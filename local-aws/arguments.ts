import { parseArgs } from 'util';
import { LocalAwsOptions } from './index';

/** A command line that cannot be understood. */
export class UsageError extends Error {}

/** The exit code for a command line that cannot be understood. */
export const USAGE_EXIT_CODE = 2;

/** The options that each command line with a local AWS takes. */
export const FLAGS = {
  'port': { type: 'string' }, 'region': { type: 'string' }, 'account': { type: 'string' }, 'without-capacity': { type: 'string' }, 'state': { type: 'string' },
} as const;

export const FLAGS_USAGE = '[--port N] [--region R] [--account A] [--without-capacity TYPE,…] [--state DIR]';

type Values = { readonly [flag in keyof typeof FLAGS]?: string };
type Parsed = Readonly<Record<string, string | boolean | undefined>>;
type Config = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;

/** The values of a command line's flags as options: the one place where texts become options. */
export function optionsOf(values: Values): LocalAwsOptions {
  const { 'port': text = '0', region, account, 'without-capacity': types, state } = values;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) { throw new UsageError(`--port ${text} must be a number from 0 to 65535`); }
  if (region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) { throw new UsageError(`--region ${region} must be the name of a Region, such as eu-west-1`); }
  if (account !== undefined && !/^\d{12}$/.test(account)) { throw new UsageError(`--account ${account} must be a number of 12 digits`); }
  if (state === '') { throw new UsageError('--state must name a folder'); }
  return { port, region, account, withoutCapacity: types?.split(','), state };
}

/** The options, and the command: all from the first word on that is neither an option nor its value. A `--` before it may be left out. */
export function split(args: readonly string[], config: Config): { readonly values: Parsed; readonly command?: string[] } {
  const first = parseArgs({ args: [...args], options: config, strict: false, tokens: true }).tokens.find(({ kind }) => kind !== 'option');
  return { values: read(first ? args.slice(0, first.index) : args, config), command: first && args.slice(first.kind === 'option-terminator' ? first.index + 1 : first.index) };
}

function read(args: readonly string[], options: Config): Parsed {
  try {
    return parseArgs({ args: [...args], options }).values as Parsed;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
