import { Random } from './random';
import { AwsError } from '../../local-aws';

/** What goes wrong at a call: instead of it, after it, or around it. */
export const CALL_FAULTS = ['throttled', 'unavailable', 'unanswered', 'expired', 'denied', 'slow', 'killed'] as const;
/** What goes wrong at the answer's PUT. */
export const ANSWER_FAULTS = ['answer refused', 'answer lost', 'killed'] as const;
/** What goes wrong when CloudFormation hands an event to Lambda. */
export const DELIVERY_FAULTS = ['duplicated', 'delayed', 'dropped'] as const;
/** What others do to a lifecycle, besides the jobs that fail by themselves. */
export const INTERFERENCES = ['execution aborted', 'job stopped', 'job vanished', 'update cancelled', 'deleted midway'] as const;
export const OTHER_FAULTS = ['job failed', 'job too long', 'sibling failed', 'clock skewed'] as const;

/** What else goes wrong for registries. */
export const REGISTRY_FAULTS = ['refused', 'outage'] as const;
/** What else people do where they approve packages. */
export const APPROVAL_FAULTS = ['package rejected', 'package deleted'] as const;

export const FAULTS: readonly Fault[] = [...new Set([...CALL_FAULTS, ...ANSWER_FAULTS, ...DELIVERY_FAULTS, ...INTERFERENCES, ...OTHER_FAULTS])];
export type Fault = typeof CALL_FAULTS[number] | typeof ANSWER_FAULTS[number] | typeof DELIVERY_FAULTS[number]
| typeof INTERFERENCES[number] | typeof OTHER_FAULTS[number] | typeof REGISTRY_FAULTS[number] | typeof APPROVAL_FAULTS[number];

/** Where a fault strikes: a call of a function, one of the state machine, the answer's PUT, an event on its way to Lambda or to an execution. */
export type Place = 'sagemaker' | 'states' | 'ssm' | 's3' | 'application-autoscaling' | 'monitoring' | 'poll' | 'invoke' | 'put' | 'delivery' | 'rule';

const AT: Readonly<Record<Place, readonly Fault[]>> = {
  'sagemaker': CALL_FAULTS,
  'states': CALL_FAULTS,
  'ssm': CALL_FAULTS,
  's3': ['unavailable', 'unanswered', 'slow', 'killed'],
  'poll': ['throttled', 'unavailable', 'slow'],
  'invoke': ['throttled', 'unavailable', 'unanswered'],
  'put': ANSWER_FAULTS,
  'delivery': DELIVERY_FAULTS,
  // EventBridge delivers at least once.
  'rule': ['throttled', 'unavailable', 'duplicated', 'delayed'],
  'application-autoscaling': CALL_FAULTS,
  'monitoring': CALL_FAULTS,
};

/**
 * How bad a lifecycle is. In a `gentle` one whatever passes strikes any request twice at most, and nobody interferes: nothing may come of it.
 * In a `harsh` one faults last, and the jobs, their stack and their executions meet with everything.
 */
export type Severity = 'gentle' | 'harsh';
const GENTLE_STRIKES = 2;
/** How often an answer is sent, as the handlers have it. */
const PUT_TRIES = 6;

/** What a campaign shall meet with for certain. @default - as each lifecycle's seed has it */
export interface Emphasis {
  readonly severity: Severity;
  readonly faults: readonly Fault[];
}

/** Decides, from the seed, what goes wrong in one lifecycle, and counts it. */
export class Faults {
  public readonly counts = new Map<Fault, number>();
  /** Nothing goes wrong any more. */
  public calm = false;
  private readonly rates = new Map<Fault, number>();
  private readonly outages = new Map<Place, { readonly fault: Fault; readonly until: number }>();
  private readonly strikes = new Map<string, number>();
  private readonly weights = new Map<string, number>();

  public readonly severity: Severity;

  /** @param more What goes wrong besides what goes wrong everywhere. */
  constructor(private readonly random: Random, emphasis?: Emphasis, more: readonly Fault[] = []) {
    this.severity = emphasis?.severity ?? (random.chance(0.3) ? 'gentle' : 'harsh');
    const kinds = [...FAULTS, ...more].filter((kind) => random.chance(0.35) || emphasis?.faults.includes(kind));
    kinds.forEach((kind) => this.rates.set(kind, this.severity === 'gentle' ? 0.05 : emphasis?.faults.includes(kind) ? 0.2 : random.pick([0.01, 0.04, 0.12])));
  }

  /** How often a request was struck. */
  public strikesOf(requestId: string): number {
    return this.strikes.get(requestId) ?? 0;
  }

  /** As often, but for the answer's PUT: it takes all its tries to be as bad as a call that fails. */
  public weightOf(requestId: string): number {
    return this.weights.get(requestId) ?? 0;
  }

  /** What strikes here and now, if anything. */
  public at(place: Place, now: number, requestId?: string): Fault | undefined {
    if (this.calm) { return undefined; }
    const gentle = this.severity === 'gentle';
    if (gentle && requestId !== undefined && this.strikesOf(requestId) >= GENTLE_STRIKES) { return undefined; }
    const outage = this.outages.get(place);
    const fault = outage && now < outage.until ? outage.fault : this.drawn(place);
    if (fault === undefined || (gentle && fault === 'dropped')) { return undefined; }
    if (!gentle && !(outage && now < outage.until) && fault !== 'slow' && !isOfDelivery(fault) && this.random.chance(0.3)) {
      this.outages.set(place, { fault, until: now + this.random.pick([10, 60, 100, 180, 600]) * 1000 });
    }
    this.strike(fault, requestId);
    return fault;
  }

  /** Whether a fault that needs no call shall come about. Whoever brings it about counts it. */
  public wants(fault: Fault, probability: number): boolean {
    return !this.calm && this.severity === 'harsh' && this.rates.has(fault) && this.random.chance(probability);
  }

  public strike(fault: Fault, requestId?: string): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    if (requestId === undefined || fault === 'duplicated') { return; }
    this.strikes.set(requestId, this.strikesOf(requestId) + 1);
    this.weights.set(requestId, this.weightOf(requestId) + (fault.startsWith('answer') ? 1 / PUT_TRIES : 1));
  }

  /** Everything at a place fails for so long. */
  public breakDown(place: Place, fault: Fault, until: number): void {
    this.outages.set(place, { fault, until });
    this.strike('outage');
  }

  /** How long what is slow takes. */
  public get slowness(): number {
    return this.random.pick([200, 2_000, 12_000, 25_000]);
  }

  private drawn(place: Place): Fault | undefined {
    let left = this.random.next();
    for (const fault of AT[place]) {
      left -= this.rates.get(fault) ?? 0;
      if (left < 0) { return fault; }
    }
    return undefined;
  }
}

function isOfDelivery(fault: Fault): boolean {
  return DELIVERY_FAULTS.some((one) => one === fault);
}

/** An error as the SDK throws it. */
export function sdkError(fault: Fault, action: string): Error {
  const [name, message, httpStatusCode] = SDK_ERRORS[fault]!;
  return Object.assign(new Error(message.replace('ACTION', action)), { name, $metadata: { httpStatusCode } });
}

/** An error as the service throws it. */
export function serviceError(fault: Fault): AwsError {
  return fault === 'throttled' ? new AwsError('ThrottlingException', 'Rate exceeded') : new AwsError('InternalFailure', 'An unknown error', 500);
}

const SDK_ERRORS: Partial<Record<Fault, readonly [name: string, message: string, status: number | undefined]>> = {
  throttled: ['ThrottlingException', 'Rate exceeded', 400],
  unavailable: ['InternalFailure', 'The request processing has failed because of an unknown error', 500],
  unanswered: ['TimeoutError', 'The connection timed out', undefined],
  expired: ['ExpiredTokenException', 'The security token included in the request is expired', 403],
  denied: ['AccessDeniedException', 'User: a function is not authorized to perform: ACTION', 400],
};
