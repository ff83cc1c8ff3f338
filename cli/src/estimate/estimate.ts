import { readAssembly, Template } from './assembly';
import { AppCost, StackCost, total } from './cost';
import { getProducts, PRODUCTS_ACTIONS, productsRegion } from './products';
import { asData, asText, budgetSentence } from './text';
import { UsageError } from '../../../local-aws/arguments';
import { pricedRegions, Prices, pricesOf } from '../../../src/service/prices';
import { accountOf } from '../account/account';
import { policyOf } from '../account/policy';
import { pricesIn } from '../account/prices-file';
import { ACCOUNT_FLAGS, formatOf, wordsAndFlags } from '../terminal/flags';
import { Io } from '../terminal/io';
import { USAGES } from '../terminal/usages';

/** The exit code where the most that an app may cost is above a budget, or not known. */
export const OVER_BUDGET_EXIT_CODE = 3;

const FLAGS = {
  ...ACCOUNT_FLAGS,
  'format': { type: 'string' },
  'app': { type: 'string' },
  'prices': { type: 'string' },
  'get-products': { type: 'boolean' },
  'budget': { type: 'string' },
  'monthly-budget': { type: 'string' },
} as const;

/** Says what a synthesized app may cost, before any deploy. */
export async function estimate(args: readonly string[], io: Io): Promise<number> {
  const { values } = wordsAndFlags(args, FLAGS, { usage: USAGES.estimate, most: 0 });
  if (values.policy) { io.out(policyOf(PRODUCTS_ACTIONS)); return 0; }
  const format = formatOf(values);
  const budgets = { jobs: dollars(values.budget, '--budget'), monthly: dollars(values['monthly-budget'], '--monthly-budget') };
  if (values.prices !== undefined && values['get-products']) {
    throw new UsageError('--prices and --get-products contradict each other: leave one out');
  }
  const templates = readAssembly(values.app ?? (process.env.CDK_OUTPUT || 'cdk.out'));
  const app = new AppCost(templates);
  const pricesFor = pricesBy(values);
  const stacks: StackCost[] = [];
  for (const template of app.priced()) { stacks.push(app.of(template, await pricesFor(await regionOf(template, values)))); }
  const totals = { jobs: total(stacks.map(({ jobsUsd }) => jobsUsd)), monthly: total(stacks.map(({ monthlyUsd }) => monthlyUsd)) };
  if (format === 'json') { io.out(JSON.stringify(asData(stacks, totals), undefined, 2)); } else { io.out(asText(stacks, totals, format, io)); }
  const broken = [budgetSentence('The jobs', totals.jobs, budgets.jobs), budgetSentence('The endpoints a month', totals.monthly, budgets.monthly)]
    .filter((sentence) => sentence !== undefined);
  for (const sentence of broken) { io.err(sentence); }
  return broken.length > 0 ? OVER_BUDGET_EXIT_CODE : 0;
}

interface Options {
  readonly 'region'?: string;
  readonly 'profile'?: string;
  readonly 'prices'?: string;
  readonly 'get-products'?: boolean;
}

/** The prices of a Region from where the user has them, each read once. */
function pricesBy(values: Options): (region: string) => Promise<Prices> {
  const read = new Map<string, Promise<Prices>>();
  const find = async (region: string): Promise<Prices> => {
    if (values.prices !== undefined) { return pricesIn(values.prices, region); }
    if (values['get-products']) { return getProducts(accountOf({ profile: values.profile, region: productsRegion(region) }).pricing, region); }
    const found = pricesOf(region);
    if (found) { return found; }
    throw new Error(`This version has no prices for ${region}, only for ${pricedRegions().join(', ')}: give them with --prices FILE, or ask AWS with --get-products.`);
  };
  return (region) => {
    if (!read.has(region)) { read.set(region, find(region)); }
    return read.get(region)!;
  };
}

/** The stack's own Region; of a stack that leaves it open, that of the option, the environment or the profile. */
async function regionOf({ name, region }: Template, options: Options): Promise<string> {
  if (region !== undefined) { return region; }
  try {
    return await accountOf(options).region();
  } catch {
    throw new Error(`Stack ${name} leaves its Region open: say it with --region, or set AWS_REGION.`);
  }
}

function dollars(given: string | undefined, flag: string): number | undefined {
  if (given === undefined) { return undefined; }
  const usd = given.trim() === '' ? NaN : Number(given);
  if (!(usd >= 0 && Number.isFinite(usd))) { throw new UsageError(`${flag} ${given} must be US dollars, such as ${flag} 50`); }
  return usd;
}
