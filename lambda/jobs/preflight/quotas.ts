import { Checked, finding, note, PASSED, together } from './checked';

/** Applied quotas of an account by their names. */
export type Quotas = Readonly<Record<string, number>>;

/** The instance types that a job tries, and who says so. */
export interface TriedTypes {
  /** Each of these types gets a benchmark. */
  readonly each: readonly string[];
  /** The service chooses among these. Absent if it may choose any type. */
  readonly some?: readonly string[];
  /** Whether the job can do without instances, because it tries serverless endpoints, too. */
  readonly isServerlessToo: boolean;
}

/** Each benchmark runs on one instance. */
const INSTANCES = 1;

/**
 * Whether the quotas allow a job's benchmarks. They do not show what is in use.
 * Source: https://docs.aws.amazon.com/general/latest/gr/sagemaker.html (service quotas, `<type> for endpoint usage`)
 */
export function quotasOf({ each, some, isServerlessToo }: TriedTypes, quotas: Quotas): Checked {
  const value = (type: string): number | undefined => quotas[`${type}${USAGE}`];
  const isShort = (type: string) => (value(type) ?? INSTANCES) < INSTANCES;
  const short = each.filter(isShort);
  const unknown = each.filter((type) => value(type) === undefined);
  const choice = some ?? Object.keys(quotas).flatMap((name) => (name.endsWith(USAGE) ? name.slice(0, -USAGE.length) : []));
  const isEmpty = each.length === 0 && choice.length > 0 && choice.every(isShort);
  return together([
    short.length > 0 ? finding(ofTypes(short, 'a benchmark needs 1')) : PASSED,
    unknown.length > 0 ? note(`The account tells no quota '${unknown.map((type) => type + USAGE).join("', '")}'.`) : PASSED,
    isEmpty && some && !isServerlessToo ? finding(ofTypes(some, 'the job may try no other type')) : PASSED,
    isEmpty && (!some || isServerlessToo) ? note('Every quota for endpoint usage that the job may need is 0.') : PASSED,
    !isEmpty && some?.some(isShort) ? note(`The service will not try ${some.filter(isShort).join(', ')}: the quotas for endpoint usage are 0.`) : PASSED,
  ]);
}

const USAGE = ' for endpoint usage';

function ofTypes(types: readonly string[], why: string): string {
  const names = types.map((type) => `'${type}${USAGE}'`).join(', ');
  return `The quota ${names} of this account and Region is 0, and ${why}: request an increase in Service Quotas`
    + ' (quotas do not show what is in use, so ask for more than 1 if other endpoints run), or name other types';
}
