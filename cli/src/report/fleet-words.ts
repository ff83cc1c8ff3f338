import { capacityOf, ChoiceData, RecommendationData, servable } from './data';
import { BreakEven, breakEven, fleetAt, mostLoad } from './fleet';
import type { TargetLoad } from '../../../lambda/recommend/criteria';
import { kindOf } from '../../../src/contract/kinds';
import { figureOf } from '../../../src/service/recommendation-kinds';
import { dollars, rounded } from '../subject/numbers';

/** What an endpoint costs at a load. */
export interface FleetRow {
  readonly recommendation: RecommendationData;
  /** `3 instances`, or `a concurrency of 12`. */
  readonly needs: string;
  /** `undefined` where a serverless endpoint does not bear the load. */
  readonly usdPerMonth?: number;
  readonly isCheapest: boolean;
}

const MOST_INSTANCES = 1e6;

export function loadText(invocationsPerMinute: number): string {
  return `${rounded(invocationsPerMinute)} ${invocationsPerMinute === 1 ? 'request' : 'requests'} a minute`;
}

export function loadOf({ load }: ChoiceData, invocationsPerMinute: number): TargetLoad {
  return { invocationsPerMinute, headroomPercent: load?.headroomPercent ?? 0 };
}

/** The endpoints in the order of their ranks. */
export function fleetRows(choice: ChoiceData, invocationsPerMinute: number): FleetRow[] {
  const [load, kind] = [loadOf(choice, invocationsPerMinute), kindOf(choice.family)];
  const rows = servable(choice).map((recommendation) => {
    const { instances, concurrency = 0, usdPerMonth } = fleetAt(recommendation.benchmarked, load, kind);
    if (instances !== undefined) { return { recommendation, needs: instancesText(instances), usdPerMonth }; }
    return concurrency > choice.maxConcurrency ? { recommendation, needs: `a concurrency of ${rounded(concurrency)}, and ${choice.maxConcurrency} is the most` }
      : { recommendation, needs: `a concurrency of ${rounded(concurrency)}`, usdPerMonth };
  });
  const least = Math.min(...rows.flatMap(({ usdPerMonth }) => usdPerMonth ?? []));
  return rows.map((row) => ({ ...row, isCheapest: row.usdPerMonth === least }));
}

function instancesText(count: number): string {
  return count === 1 ? '1 instance' : `${count < MOST_INSTANCES ? new Intl.NumberFormat('en-US').format(count) : rounded(count)} instances`;
}

/** The texts of a row: also what the slider writes. */
export function rowCells({ recommendation: { rank, name, verdict }, needs, usdPerMonth, isCheapest }: FleetRow, all: readonly FleetRow[]): string[] {
  const least = all.find((row) => row.isCheapest)?.usdPerMonth;
  const more = usdPerMonth === undefined || !least ? '' : `+${rounded(Number(((usdPerMonth / least - 1) * 100).toPrecision(3)))}%`;
  return [String(rank), verdict === 'rejected' ? `${name}, not allowed` : name, needs, usdPerMonth === undefined ? '–' : dollars(usdPerMonth), isCheapest ? 'the least' : more];
}

/** `At 1,200 requests a minute, ml.c5d.large costs the least: 167.90 USD a month for 2 instances.` */
export function fleetSentence(choice: ChoiceData, invocationsPerMinute: number): string {
  const rows = fleetRows(choice, invocationsPerMinute);
  const [cheapest] = rows.filter(({ isCheapest }) => isCheapest);
  if (cheapest?.usdPerMonth === undefined) { return `At ${loadText(invocationsPerMinute)}, no endpoint bears the load.`; }
  const { recommendation: { name, verdict }, needs, usdPerMonth } = cheapest;
  const refused = verdict === 'rejected' ? ', which may not be chosen here,' : '';
  const chosen = rows.find((row) => row.recommendation.verdict === 'chosen');
  const least = `At ${loadText(invocationsPerMinute)}, ${name}${refused} costs the least: ${dollars(usdPerMonth)} USD a month for ${needs}.`;
  return verdict === 'chosen' || chosen?.usdPerMonth === undefined || chosen.isCheapest ? least
    : `${least} The chosen ${chosen.recommendation.name} costs ${dollars(chosen.usdPerMonth)} USD for ${chosen.needs}.`;
}

/** What a serverless endpoint costs by. A kind without it has none. */
const BY_REQUEST = 'CostPerInference';

export interface Pair {
  readonly instances?: RecommendationData;
  readonly serverless?: RecommendationData;
}

export function isServerless({ benchmarked }: RecommendationData): boolean {
  return Boolean(benchmarked.serverlessConfig);
}

/** The best of each kind. */
export function bestOfEachKind(choice: ChoiceData): Pair {
  const all = servable(choice);
  // The rejected ones are not ranked.
  const cost = ({ verdict, benchmarked }: RecommendationData) => (verdict === 'rejected' ? figureOf(benchmarked.figures, BY_REQUEST) || Infinity : -1);
  const bestFirst = [...all].sort((a, b) => cost(a) - cost(b));
  return { instances: bestFirst.find((one) => !isServerless(one)), serverless: bestFirst.find(isServerless) };
}

export function breakEvenOf(choice: ChoiceData): BreakEven | undefined {
  const { instances, serverless } = bestOfEachKind(choice);
  const { headroomPercent } = loadOf(choice, 1);
  const bounds = { headroomPercent, maxConcurrency: choice.maxConcurrency };
  return instances && serverless && breakEven(instances.benchmarked, serverless.benchmarked, bounds);
}

/** `undefined` for a kind that recommends no serverless endpoints. */
export function breakEvenSentence(choice: ChoiceData): string | undefined {
  if (!(BY_REQUEST in kindOf(choice.family).metrics)) { return undefined; }
  const { instances, serverless } = bestOfEachKind(choice);
  if (!serverless) { return withoutKind('serverless endpoint', choice.recommendations.some(isServerless)); }
  if (!instances) { return withoutKind('instance type', choice.recommendations.some((one) => !isServerless(one))); }
  const found = breakEvenOf(choice);
  if (!found) { return `The break-even of ${instances.name} and ${serverless.name} is not known, because the job does not report their figures.`; }
  const most = `at most ${loadText(Math.floor(found.mostServerless))}, with a concurrency of ${choice.maxConcurrency}`;
  if (found.first > found.mostServerless) { return `As long as ${serverless.name} bears the load, it costs less than ${instances.name}: ${most}.`; }
  const from = Math.min(found.last, found.mostServerless);
  const alternates = rounded(from) !== rounded(found.first) ? ` From there to ${loadText(from)} it alternates, because instances come whole.` : '';
  return `Break-even: ${serverless.name} costs less than ${instances.name} below ${loadText(found.first)}.${alternates} Above, instances cost less. Serverless bears ${most}.`;
}

function withoutKind(kind: string, isBenchmarked: boolean): string {
  return `${isBenchmarked ? `No ${kind} of this job keeps the limits` : `The job has no result of ${kind === 'instance type' ? 'an' : 'a'} ${kind}`}, so there is no break-even with one.`;
}

/** Whether the deployed endpoints may scale to what the load needs. */
export function scalingSentences(choice: ChoiceData, invocationsPerMinute: number): string[] {
  const [chosen] = choice.recommendations.filter(({ verdict }) => verdict === 'chosen');
  const needed = chosen && fleetAt(chosen.benchmarked, loadOf(choice, invocationsPerMinute), kindOf(choice.family)).instances;
  return choice.scaling.map(({ endpointName, minCapacity, maxCapacity }) => {
    const range = `Endpoint ${endpointName} scales from ${minCapacity} to ${instancesText(maxCapacity)}.`;
    if (needed === undefined || Number.isNaN(needed)) { return range; }
    const verdict = needed > maxCapacity ? 'more than it may scale to' : needed < minCapacity ? 'fewer than it keeps' : 'within its range';
    return `${range} ${loadText(invocationsPerMinute)} ${invocationsPerMinute === 1 ? 'needs' : 'need'} ${needed}: ${verdict}.`;
  });
}

/** The greatest load that the page offers: a power of ten above what one endpoint bears as it was benchmarked. */
export function greatestLoad(choice: ChoiceData): number {
  const capacities = servable(choice).map((one) => capacityOf(one, kindOf(choice.family)));
  const most = Math.max(100, (choice.load?.invocationsPerMinute ?? 0) * 2, ...capacities.map((capacity) => capacity * 10));
  return 10 ** Math.ceil(Math.log10(most) - 1e-9);
}

/** The greatest load of an endpoint within the page's. */
export function greatestLoadOf({ benchmarked }: RecommendationData, choice: ChoiceData): number {
  const { headroomPercent } = loadOf(choice, 1);
  return Math.min(greatestLoad(choice), mostLoad(benchmarked, { headroomPercent, maxConcurrency: choice.maxConcurrency }));
}

/** Steps of about an eighth, twenty to a power of ten, in round numbers. Source: ISO 3, R20 */
const STEPS = [1, 1.1, 1.25, 1.4, 1.6, 1.8, 2, 2.2, 2.5, 2.8, 3.2, 3.5, 4, 4.5, 5, 5.6, 6.3, 7.1, 8, 9];

/** The load of a position of the slider. Each position more is an eighth more. */
export function loadAt(position: number): number {
  return Number((STEPS[position % STEPS.length] * 10 ** Math.floor(position / STEPS.length)).toPrecision(3));
}

/** The position of the slider that is nearest to a load of at least 1. */
export function positionOf(load: number): number {
  return Math.max(0, Math.round(Math.log10(load) * STEPS.length));
}
