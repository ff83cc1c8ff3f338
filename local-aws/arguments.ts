import { parseArgs } from 'util';
export { secondsOf } from './kernel/duration';

/** A command line that cannot be understood. */
export class UsageError extends Error {}

/** The exit code for a command line that cannot be understood. */
export const USAGE_EXIT_CODE = 2;

type Config = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;
type Values<C extends Config> = { readonly [flag in keyof C]?: C[flag]['type'] extends 'boolean' ? boolean : string };

/** The options, and the command: all from the first word on that is neither an option nor its value. A `--` before it may be left out. */
export function split<C extends Config>(args: readonly string[], options: C): { readonly values: Values<C>; readonly command?: readonly string[] } {
  const first = parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens.find(({ kind }) => kind !== 'option');
  return {
    values: understood(() => parseArgs({ args: args.slice(0, first?.index), options }).values as Values<C>),
    command: first && args.slice(first.kind === 'option-terminator' ? first.index + 1 : first.index),
  };
}

/** What a command line says. An error is the user's. */
export function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
