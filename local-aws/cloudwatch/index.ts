import { guarded, Operations } from '../kernel';
import { alarmOperations } from './alarms';
import { CLOUDWATCH_OPERATIONS, CLOUDWATCH_SHAPES } from './shapes';
import { AlarmState } from './state';

export { AlarmState } from './state';
export type { Alarm } from './state';

/** CloudWatch of an account in a Region: metric alarms and their actions. There are no metrics, so only SetAlarmState changes an alarm's state. */
export class CloudWatch extends AlarmState {
  public readonly operations: Operations = guarded('monitoring', alarmOperations, CLOUDWATCH_OPERATIONS, CLOUDWATCH_SHAPES);
}
