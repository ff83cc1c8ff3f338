import { createHash } from 'crypto';
import { Region } from '../kernel';

/** One quota of a service. */
export interface Quota {
  readonly name: string;
  /** What an account has that has asked for nothing. */
  readonly value: number;
  /** What the service's refusals count, such as `Instances`. @default - they count without a word */
  readonly counts?: string;
}

/** A service with quotas. */
export interface QuotaService {
  readonly name: string;
  readonly quotas: readonly Quota[];
}

/** The quotas of an account in a Region. The rooms of services define theirs here. */
export class QuotaState {
  /** By the service's code, such as `sagemaker`. */
  protected readonly services = new Map<string, QuotaService>();

  /** The values that are not the default ones, by the quotas' names. */
  constructor(protected readonly region: Region, private readonly applied: Readonly<Record<string, number>> = {}) {}

  public define(code: string, service: QuotaService): void {
    this.services.set(code, service);
  }

  /** The value that holds. @throws Error if the service has no quota of this name */
  public valueOf(code: string, name: string): number {
    return this.valueFor(this.named(code, name));
  }

  /**
   * What a request lacks: the service's words, or nothing if the quota has room.
   *
   * Words: https://github.com/aws-samples/sagemaker-custom-project-templates/issues/51, https://github.com/aws/amazon-sagemaker-examples/issues/307
   */
  public lack(code: string, name: string, used: number, more: number): string | undefined {
    const quota = this.named(code, name);
    const value = this.valueFor(quota);
    if (used + more <= value) { return undefined; }
    const counted = (count: number) => `${count}${quota.counts === undefined ? '' : ` ${quota.counts}`}`;
    return `The account-level service limit '${name}' is ${counted(value)}, with current utilization of ${counted(used)} and a request delta of ${counted(more)}. `
      + 'Please use AWS Service Quotas to request an increase for this quota.';
  }

  protected valueFor({ name, value }: Quota): number {
    return Object.hasOwn(this.applied, name) ? this.applied[name] : value;
  }

  private named(code: string, name: string): Quota {
    const quota = this.services.get(code)?.quotas.find((one) => one.name === name);
    if (!quota) { throw new Error(`${code} has no quota ${name}`); }
    return quota;
  }
}

/** A quota's code in the form that AWS has. AWS's own codes are others: they are not computed from the name. */
export function codeOf(service: string, { name }: Quota): string {
  const full = `${service}/${name}`;
  const known = codes.get(full);
  if (known !== undefined) { return known; }
  const code = `L-${createHash('sha256').update(full).digest('hex').slice(0, 8).toUpperCase()}`;
  codes.set(full, code);
  return code;
}

/** A list of quotas has hundreds of codes, and the same ones each time. */
const codes = new Map<string, string>();
