import { createHash } from 'crypto';
import { AlarmState } from '../cloudwatch';
import { Region } from '../kernel';
import { isSameName } from '../sagemaker/state';

/** A registered variant or inference component. */
export interface ScalableTarget {
  readonly id: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly dimension: string;
  /** Of a variant. */
  readonly endpointName?: string;
  readonly variantName?: string;
  readonly created: Date;
  readonly min: number;
  readonly max: number;
  readonly suspended: Readonly<Record<string, boolean>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** A scaling policy of a target. */
export interface ScalingPolicy {
  readonly id: string;
  readonly arn: string;
  readonly created: Date;
  /** The request's members: name, type, configuration. */
  readonly input: Record<string, any>;
}

/** Names of the alarms of a policy that tracks a target. */
export function trackingAlarms(id: string, { ResourceId }: any): string[] {
  return ['AlarmHigh', 'AlarmLow'].map((kind) => `TargetTracking-${ResourceId}-${kind}-${id}`);
}

/** The state of Application Auto Scaling for an account in a Region. */
export class AutoScalingState {
  /** By resource id. */
  public readonly targets = new Map<string, ScalableTarget>();
  /** By resource id and name. */
  public readonly policies = new Map<string, ScalingPolicy>();
  /** By resource id and name. */
  public readonly scheduledActions = new Map<string, ScalingPolicy>();
  /** What takes an action's next time off the clock, by the action's ARN. */
  public readonly armed = new Map<string, () => void>();
  /** When each step policy may scale again, by its id. */
  public readonly cooldowns = new Map<string, number>();
  /** Whether a target has been registered here: the first one creates the service's role. */
  public serviceLinkedRoleMade = false;
  private ids = 0;

  constructor(protected readonly region: Region) {}

  /** Whether the account has the service's role. It is created once, and stays. */
  public get hasServiceLinkedRole(): boolean {
    const { account, partition, world } = this.region;
    return world.allRegions().filter((region) => region.account === account && region.partition === partition)
      .some((region) => region.room(AutoScalingState).serviceLinkedRoleMade);
  }

  public newId(): string {
    const hex = createHash('sha256').update(`autoscaling ${this.region.account}/${this.region.name}/${++this.ids}`).digest('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  }

  /** The registered variants of an endpoint. */
  public targetsOf(endpoint: string): Array<Required<Pick<ScalableTarget, 'endpointName' | 'variantName'>>> {
    return [...this.targets.values()].flatMap(({ endpointName, variantName }) => (
      endpointName !== undefined && variantName !== undefined && isSameName(endpointName, endpoint) ? { endpointName, variantName } : []));
  }

  /** Deletes a policy, and the alarms that its target tracking has made. */
  public deletePolicy(key: string): void {
    const { id, input } = this.policies.get(key)!;
    this.policies.delete(key);
    trackingAlarms(id, input).forEach((name) => this.region.room(AlarmState).alarms.delete(name));
  }

  /** Takes a scheduled action's next time off the clock, if it has one. */
  public disarm({ arn }: ScalingPolicy): void {
    this.armed.get(arn)?.();
    this.armed.delete(arn);
  }

  public boundsOf(resourceId: string): Pick<ScalableTarget, 'min' | 'max'> | undefined {
    return [...this.targets.values()].find((target) => isSameName(target.resourceId, resourceId));
  }

  /** API_DeregisterScalableTarget also deletes the target's policies and scheduled actions. */
  public deregister(resourceId: string): void {
    this.targets.delete(resourceId);
    [...this.policies].filter(([, { input }]) => input.ResourceId === resourceId).forEach(([key]) => this.deletePolicy(key));
    for (const [key, action] of [...this.scheduledActions].filter(([, { input }]) => input.ResourceId === resourceId)) {
      this.disarm(action);
      this.scheduledActions.delete(key);
    }
  }
}
