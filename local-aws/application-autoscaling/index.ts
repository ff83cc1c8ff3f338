import { guarded, Operations, Region } from '../kernel';
import { policyOperations } from './policies';
import { AUTOSCALING_OPERATIONS, AUTOSCALING_SHAPES } from './shapes';
import { AutoScalingState } from './state';
import { targetOperations } from './targets';
import { SageMakerState } from '../sagemaker';

export type { ScalableTarget, ScalingPolicy } from './state';

/** Application Auto Scaling of an account in a Region, for SageMaker's variants only. It registers targets; only a count out of bounds makes it scale. */
export class ApplicationAutoScaling extends AutoScalingState {
  public readonly operations: Operations = guarded('application-autoscaling', { ...targetOperations, ...policyOperations }, AUTOSCALING_OPERATIONS, AUTOSCALING_SHAPES);

  constructor(region: Region) {
    super(region);
    region.room(SageMakerState).scaling = this;
  }
}
