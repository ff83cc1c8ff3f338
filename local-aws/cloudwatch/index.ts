import { alarmOperations } from './alarms';
import { dashboardOperations } from './dashboards';
import { metricOperations } from './metrics';
import { CLOUDWATCH_OPERATIONS, CLOUDWATCH_SHAPES } from './shapes';
import { AlarmState } from './state';
import { guarded, Operations } from '../kernel';

export { AlarmState } from './state';
export { datum } from './datapoints';
export type { Datum } from './datapoints';
export { MetricState } from './metric-state';
export type { Metric, MetricSource } from './metric-state';
export type { Alarm } from './state';

/**
 * CloudWatch of an account in a Region: metrics, dashboards, and metric alarms with their actions. An alarm has the state that its metric says when somebody
 * looks; its actions run by SetAlarmState alone.
 */
export class CloudWatch extends AlarmState {
  public readonly operations: Operations = guarded('monitoring', { ...alarmOperations, ...metricOperations, ...dashboardOperations }, CLOUDWATCH_OPERATIONS, CLOUDWATCH_SHAPES);
}
