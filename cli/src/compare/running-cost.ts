import type { Prices } from '../../../src/service/prices';
import { MILLION } from '../subject/figures';

/** Of what runs, all that its cost follows from. */
interface Ran {
  readonly fleet: ReadonlyArray<{ readonly instanceType: string; readonly count: number }>;
  readonly serverless?: { readonly memoryMb: number };
  readonly minutes: number;
  readonly invocations: number;
  readonly latencyUs: number;
}

/** What an instance of a type costs an hour by the job, or by its stack. */
interface Paid {
  readonly instanceType?: string;
  readonly paid: number;
}

/** The cost now, and of the window's requests. */
export function costOf(running: Ran, { instanceType: own, paid }: Paid, prices: Prices | undefined) {
  const { fleet, serverless, invocations, minutes, latencyUs } = running;
  if (serverless) {
    const { serverlessGbSecond: price = NaN } = prices ?? {};
    const perMillion = price * serverless.memoryMb / 1024 * latencyUs;
    return { hourly: NaN, perMillion, notes: Number.isNaN(perMillion) ? [] : [`The cost per million is the compute of the mean latency at ${price} USD a GB-second (${prices!.source}, ${prices!.date}).`] };
  }
  const priceOf = (type: string) => (type === own && !Number.isNaN(paid) ? paid : prices?.hourly(type) ?? NaN);
  const hourly = fleet.reduce((sum, { instanceType, count }) => sum + priceOf(instanceType) * count, 0);
  const unpriced = fleet.map(({ instanceType }) => instanceType).filter((type) => Number.isNaN(priceOf(type)));
  const isOfTable = fleet.some(({ instanceType }) => instanceType !== own || Number.isNaN(paid));
  return {
    hourly,
    // What nobody has called costs no finite amount per request.
    perMillion: invocations > 0 ? hourly * minutes / 60 / invocations * MILLION : NaN,
    notes: [
      ...unpriced.length > 0 ? [`The price of ${unpriced.join(', ')} is not known: give one with --prices FILE.`] : [],
      ...isOfTable && unpriced.length === 0 ? [`Prices of instances are those of ${prices!.region}${prices!.date ? ` of ${prices!.date}` : ''} (${prices!.source}).`] : [],
      ...Number.isNaN(hourly) || !(invocations > 0) ? [] : ['The cost per million is the cost of the instances of now over the window, divided by its requests: it counts idle time, which a benchmark has not.'],
    ],
  };
}
