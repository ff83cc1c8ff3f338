import { resolve } from 'path';
import { LocalAwsOptions } from './index';

/** The options of every command that starts a local AWS, as `parseArgs` of Node takes them. */
export const FLAGS = {
  'port': { type: 'string' }, 'region': { type: 'string' }, 'account': { type: 'string' }, 'without-capacity': { type: 'string' }, 'state': { type: 'string' },
} as const;

export const FLAGS_USAGE = '[--port N] [--region R] [--account A] [--without-capacity TYPE,…] [--state DIR]';

/**
 * The options of a local AWS, from the texts of the flags. Files are named from a folder.
 *
 * @throws Error with one sentence that names the flag
 */
export function optionsFrom(given: { readonly [flag in keyof typeof FLAGS]?: string }, folder: string): LocalAwsOptions {
  const { 'port': text = '0', region, account, 'without-capacity': types, state } = given;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) { throw new Error(`--port ${text} must be a number from 0 to 65535`); }
  if (region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) { throw new Error(`--region ${region} must be the name of a Region, such as eu-west-1`); }
  if (account !== undefined && !/^\d{12}$/.test(account)) { throw new Error(`--account ${account} must be a number of 12 digits`); }
  if (state === '') { throw new Error('--state must name a folder'); }
  return { port, region, account, withoutCapacity: types?.split(','), ...state !== undefined && { state: resolve(folder, state) } };
}
