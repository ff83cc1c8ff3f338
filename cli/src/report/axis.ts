/** How an axis shows its values. */
export interface Axis {
  readonly type: 'linear' | 'log';
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

/** From this ratio of the greatest to the least on, equal steps would press the small ones together. */
const WIDE = 12;
const MANTISSAS = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1]];

/** An axis for values above zero, with some room at its ends and at most so many ticks. */
export function axisOf(values: readonly number[], mostTicks: number): Axis {
  const known = values.filter((value) => value > 0 && Number.isFinite(value));
  if (known.length === 0) { return { type: 'linear', domain: [0, 1], ticks: [0, 1] }; }
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (most / least >= WIDE) { return logAxis(least / 1.5, most * 1.5, mostTicks); }
  // What differs by less than a text shows is one spot.
  const room = most - least < most / 10_000 ? most / 4 : (most - least) / 6;
  return linearAxis(least - room < most / 4 ? 0 : least - room, most + room, mostTicks);
}

/** Steps of 1, 2, 2.5 or 5. */
function linearAxis(least: number, most: number, mostTicks: number): Axis {
  const rough = (most - least) / Math.max(1, mostTicks - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((mantissa) => mantissa * power).find((one) => one >= rough * (1 - 1e-9))!;
  const first = Math.ceil(least / step - 1e-9);
  const ticks = Array.from({ length: Math.floor(most / step + 1e-9) - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
  return { type: 'linear', domain: [least, most], ticks };
}

export function logAxis(least: number, most: number, mostTicks: number): Axis {
  const [first, last] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  const powers = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const within = (tick: number) => tick >= least * (1 - 1e-9) && tick <= most * (1 + 1e-9);
  const of = (mantissas: readonly number[], every: number) => powers.filter((power) => (power - first) % every === 0)
    .flatMap((power) => mantissas.map((mantissa) => Number(`${mantissa}e${power}`))).filter(within);
  const candidates = [...MANTISSAS.map((mantissas) => of(mantissas, 1)), ...[2, 3, 4, 6, 12].map((every) => of([1], every))];
  return { type: 'log', domain: [least, most], ticks: candidates.find((ticks) => ticks.length <= mostTicks) ?? [] };
}

/** `0.2`, `1,500`, `20K`, `1.5M`: short enough for an axis. */
export function tickText(value: number): string {
  return new Intl.NumberFormat('en-US', value >= 10_000 ? { notation: 'compact', maximumSignificantDigits: 4 } : { maximumSignificantDigits: 4 }).format(value);
}
