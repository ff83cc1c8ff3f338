import { guarded, Operations, Region } from '../kernel';
import { policyOperations } from './policies';
import { AUTOSCALING_OPERATIONS, AUTOSCALING_SHAPES } from './shapes';
import { AutoScalingState } from './state';
import { targetOperations } from './targets';
import { SageMakerState } from '../sagemaker';

export type { ScalableTarget, ScalingPolicy } from './state';

/** Application Auto Scaling of an account in a Region, as far as SageMaker's variants go. It registers; nothing makes it scale but a capacity out of bounds. */
export class ApplicationAutoScaling extends AutoScalingState {
  public readonly operations: Operations = guarded({ ...targetOperations, ...policyOperations }, AUTOSCALING_OPERATIONS, AUTOSCALING_SHAPES);

  constructor(region: Region) {
    super(region);
    region.room(SageMakerState).scaling = this;
  }
}
