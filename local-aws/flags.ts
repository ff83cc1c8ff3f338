import { readFileSync } from 'fs';
import { resolve } from 'path';
import { LocalAwsOptions, VirtualClock } from './index';
import { secondsOf } from './kernel';
import { benchmarksFrom, instanceTypeFault, quotaFault } from './sagemaker';
import { scenarioOptions } from './scenarios';

/** The options of every command that starts a local AWS, as `parseArgs` of Node takes them. */
export const FLAGS = {
  'port': { type: 'string' },
  'region': { type: 'string' },
  'account': { type: 'string' },
  'without-capacity': { type: 'string' },
  'assume-imports': { type: 'boolean' },
  'quota': { type: 'string' },
  'load': { type: 'string' },
  'benchmarks': { type: 'string' },
  'scenario': { type: 'string' },
  'fail-at': { type: 'string' },
  'speed': { type: 'string' },
  'state': { type: 'string' },
} as const;

export const FLAGS_USAGE = '[--port N] [--region R] [--account A] [--without-capacity TYPE,…] [--assume-imports] [--quota "NAME=N,…"] [--load N] [--benchmarks FILE] [--scenario NAME,…] [--fail-at 30m] '
  + '[--speed virtual|60x|real] [--state DIR]';

/**
 * The options of a local AWS, from the texts of the flags. Files are named from a folder.
 *
 * @throws Error with one sentence that names the flag
 */
export function optionsFrom(given: { readonly [flag in keyof typeof FLAGS]?: (typeof FLAGS)[flag]['type'] extends 'boolean' ? boolean : string }, folder: string): LocalAwsOptions {
  const {
    port = '0', region, account, 'without-capacity': withoutCapacity, 'assume-imports': assumes, quota, load, benchmarks, scenario, 'fail-at': failAt, speed = 'virtual',
    state,
  } = given;
  if (!/^\d+$/.test(port) || Number(port) > 65535) { throw new Error(`--port ${port} must be a number from 0 to 65535`); }
  if (region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) { throw new Error(`--region ${region} must be the name of a Region, such as eu-west-1`); }
  if (account !== undefined && !/^\d{12}$/.test(account)) { throw new Error(`--account ${account} must be a number of 12 digits`); }
  if (state === '') { throw new Error('--state must name a folder'); }
  if (load !== undefined && !/^\d{1,9}(\.\d+)?$/.test(load)) { throw new Error(`--load ${load} must be a number of requests a minute, such as 600`); }
  const failAtSeconds = failAt === undefined ? undefined : secondsOf(failAt);
  if (failAt !== undefined && !failAtSeconds) { throw new Error(`--fail-at ${failAt} must be a duration such as 30m, 1h30m or 90s`); }
  const script = benchmarks === undefined ? undefined : about(`--benchmarks ${benchmarks}: `, () => benchmarksFrom(readFileSync(resolve(folder, benchmarks), 'utf8')));
  const { withoutCapacity: lacking = [], quotas: exhausted, ...others } = about('--scenario: ', () => scenarioOptions({ names: list(scenario), failAtSeconds, benchmarks: script }));
  const pace = paceOf(speed);
  return {
    port: Number(port),
    ...region !== undefined && { region },
    ...account !== undefined && { account },
    ...assumes && { imported: 'assumed' },
    withoutCapacity: [...typesOf(list(withoutCapacity)), ...lacking],
    ...(quota !== undefined || exhausted) && { quotas: { ...quotasOf(list(quota)), ...exhausted } },
    ...others,
    ...load !== undefined && { load: Number(load) },
    ...state !== undefined && { state: resolve(folder, state) },
    ...pace !== undefined && { clock: new VirtualClock({ pace }) },
  };
}

/** Quotas by their names, from texts such as `ml.c5.xlarge for endpoint usage=0`. */
function quotasOf(texts: readonly string[]): Record<string, number> {
  return Object.fromEntries(texts.map((text) => {
    const [, name = text, value] = /^(.*?)\s*=\s*(\d{1,9})$/.exec(text) ?? [];
    if (value === undefined) { throw new Error(`--quota ${text} must be a name and a number, such as "ml.c5.xlarge for endpoint usage=0"`); }
    const fault = quotaFault(name, Number(value));
    if (fault !== undefined) { throw new Error(`--quota ${text}: ${fault}`); }
    return [name, Number(value)];
  }));
}

/** Instance types, each of which the service knows: of another one, nothing would ever be asked. */
function typesOf(types: string[]): string[] {
  const fault = types.map(instanceTypeFault).find((found) => found !== undefined);
  if (fault !== undefined) { throw new Error(`--without-capacity: ${fault}`); }
  return types;
}

/** Virtual time for real time; `undefined` if it jumps. */
function paceOf(speed: string): number | undefined {
  if (speed === 'virtual') { return undefined; }
  const [, factor] = /^(\d+(?:\.\d+)?)x$/.exec(speed === 'real' ? '1x' : speed) ?? [];
  if (!(Number(factor) > 0)) { throw new Error(`--speed ${speed} must be virtual, real, or a factor such as 60x`); }
  return Number(factor);
}

function list(text: string | undefined): string[] {
  return text?.split(',').map((word) => word.trim()).filter((word) => word !== '') ?? [];
}

function about<T>(what: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new Error(`${what}${(error as Error).message}`);
  }
}
