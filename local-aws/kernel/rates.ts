import { throttling } from './calls';
import { VirtualClock } from './clock';

/** The calls a second that a service takes from one account in one Region. */
export interface Rate {
  readonly service: string;
  /** The operations that share the rate. @default - all operations of the service */
  readonly operations?: readonly string[];
  readonly perSecond: number;
  /** The calls that may come at once. @default perSecond */
  readonly atOnce?: number;
}

/**
 * The rates that AWS documents and that this library comes near: those of Parameter Store without its setting for higher throughput.
 * Source: https://docs.aws.amazon.com/general/latest/gr/ssm.html (service quotas: Parameter Store throughput, rate of PutParameter requests)
 */
export const DOCUMENTED_RATES: readonly Rate[] = [
  { service: 'ssm', operations: ['PutParameter'], perSecond: 3 },
  { service: 'ssm', operations: ['GetParameter', 'GetParameters', 'GetParametersByPath'], perSecond: 40 },
];

const PAUSE_MS = 1000;

/** Makes a call until the service takes it, as CloudFormation does for its own resources. Other errors pass. */
export async function outlasting<T>({ clock }: { readonly clock: Pick<VirtualClock, 'sleep'> }, service: string, call: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if ((error as Error).name !== throttling(service).code) { throw error; }
      await clock.sleep(PAUSE_MS);
    }
  }
}

interface Bucket {
  tokens: number;
  readonly filled: number;
}

/** Token buckets: one for each rate, account and Region. They fill with time. */
export class Rates {
  private readonly buckets = new Map<string, Bucket>();

  /** `now` is in milliseconds. */
  constructor(private readonly rates: readonly Rate[], public now: () => number) {}

  /** Counts a call, but for one that is refused. @throws AwsError as the service throttles, if there are too many */
  public take(service: string, operation: string, { account, name }: { readonly account: string; readonly name: string }): void {
    const buckets = this.rates.flatMap((rate, index) => (
      rate.service === service && (rate.operations?.includes(operation) ?? true) ? [this.bucket(`${index}/${account}/${name}`, rate)] : []
    ));
    if (buckets.some(({ tokens }) => tokens < 1)) { throw throttling(service); }
    buckets.forEach((bucket) => { bucket.tokens--; });
  }

  /** The bucket of a rate, filled up to now. */
  private bucket(key: string, { perSecond, atOnce = perSecond }: Rate): Bucket {
    const now = this.now();
    const { tokens, filled } = this.buckets.get(key) ?? { tokens: atOnce, filled: now };
    const bucket = { tokens: Math.min(atOnce, tokens + (now - filled) / 1000 * perSecond), filled: now };
    this.buckets.set(key, bucket);
    return bucket;
  }
}
