import { parseArgs } from 'util';
import { Format, FORMATS } from './table';
import { understood, UsageError } from '../../../local-aws/arguments';

type Config = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly short?: string }>>;
type Values<C extends Config> = { readonly [flag in keyof C]?: C[flag]['type'] extends 'boolean' ? boolean : string };

/** The options of every verb that reads an account. */
export const ACCOUNT_FLAGS = {
  region: { type: 'string' },
  profile: { type: 'string' },
  policy: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** Options anywhere, and so many words. @throws UsageError with how to say it */
export function wordsAndFlags<C extends Config>(
  args: readonly string[], options: C, { usage, most }: { readonly usage: string; readonly most: number },
): { readonly values: Values<C>; readonly words: readonly string[] } {
  const { values, positionals } = understood(() => parseArgs({ args: [...args], options, allowPositionals: true }));
  if (positionals.length > most) { throw new UsageError(`${positionals[most]} is one word too many: ${usage}`); }
  return { values: values as Values<C>, words: positionals };
}

/** @throws UsageError if the word is missing */
export function required(word: string | undefined, what: string, usage: string): string {
  if (!word) { throw new UsageError(`${what} is missing: ${usage}`); }
  return word;
}

export function formatOf({ format, json }: { readonly format?: string; readonly json?: boolean }): Format {
  if (format === undefined) { return json ? 'json' : 'table'; }
  const found = FORMATS.find((one) => one === format);
  if (!found) { throw new UsageError(`--format ${format} must be one of ${FORMATS.join(', ')}`); }
  if (json && found !== 'json') { throw new UsageError(`--json and --format ${format} contradict each other: leave one out`); }
  return found;
}
