import { scaleBySteps } from './alarms';
import { policyOperations } from './policies';
import { resumeScheduledActions, scheduledActionOperations } from './scheduled-actions';
import { AUTOSCALING_OPERATIONS, AUTOSCALING_SHAPES } from './shapes';
import { AutoScalingState } from './state';
import { targetOperations } from './targets';
import { AlarmState } from '../cloudwatch';
import { guarded, Operations, Region } from '../kernel';
import { SageMakerState } from '../sagemaker';

export type { ScalableTarget, ScalingPolicy } from './state';

/**
 * Application Auto Scaling of an account in a Region, for SageMaker's variants only. A count out of bounds makes it scale, a step policy that an alarm
 * invokes, and a scheduled action.
 */
export class ApplicationAutoScaling extends AutoScalingState {
  public readonly operations: Operations = guarded(
    'application-autoscaling', { ...targetOperations, ...policyOperations, ...scheduledActionOperations }, AUTOSCALING_OPERATIONS, AUTOSCALING_SHAPES,
  );

  constructor(region: Region) {
    super(region);
    region.room(SageMakerState).scaling = this;
    region.room(AlarmState).actions.set('autoscaling', (alarm, arn) => scaleBySteps(region, alarm, arn));
  }

  /** Goes on with a state of an earlier run. */
  public resume(): void {
    resumeScheduledActions(this.region);
  }
}
