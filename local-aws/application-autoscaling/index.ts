import { createHash } from 'crypto';
import { AUTOSCALING_OPERATIONS, AUTOSCALING_SHAPES } from '../../src/service/application-autoscaling-shapes';
import { guarded } from '../sagemaker/guard';
import { Operations, Region } from '../world';
import { policyOperations, ScalingPolicy } from './policies';
import { ScalableTarget, targetOperations } from './targets';

export type { ScalingPolicy } from './policies';
export type { ScalableTarget } from './targets';

/** Application Auto Scaling of an account in a Region, as far as SageMaker's variants go. It registers; nothing makes it scale but a capacity out of bounds. */
export class ApplicationAutoScaling {
  public readonly operations: Operations = guarded({ ...targetOperations, ...policyOperations }, AUTOSCALING_OPERATIONS, AUTOSCALING_SHAPES);
  /** By resource id. */
  public readonly targets = new Map<string, ScalableTarget>();
  /** By resource id and name. */
  public readonly policies = new Map<string, ScalingPolicy>();
  /** Whether a target has been registered here, with which the service makes its role. */
  public serviceLinkedRoleMade = false;
  private ids = 0;

  constructor(private readonly region: Region) {}

  /** Whether the account has the service's role: it is made once, and stays. */
  public get hasServiceLinkedRole(): boolean {
    return this.region.world.allRegions().some(({ account, applicationAutoScaling }) =>
      account === this.region.account && applicationAutoScaling.serviceLinkedRoleMade);
  }

  public newId(): string {
    const hex = createHash('sha256').update(`autoscaling ${this.region.account}/${this.region.name}/${++this.ids}`).digest('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  }

  public targetsOf(endpoint: string): ScalableTarget[] {
    return [...this.targets.values()].filter(({ endpointName }) => endpointName === endpoint);
  }

  /** API_DeregisterScalableTarget: the target's policies go with it. */
  public deregister(resourceId: string): void {
    this.targets.delete(resourceId);
    [...this.policies].filter(([, { input }]) => input.ResourceId === resourceId).forEach(([key]) => this.policies.delete(key));
  }
}
