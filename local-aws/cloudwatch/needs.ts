import { Need } from '../iam';
import { Context } from '../iam/policy';
import { Region } from '../kernel';
import { actionsOf } from './state';

/** The permissions that a request needs. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
export function cloudwatchNeeds(region: Region, operation: string, input: any, given: Context): Need[] {
  const names: unknown[] = input.AlarmName !== undefined ? [input.AlarmName] : Array.isArray(input.AlarmNames) ? input.AlarmNames : ['*'];
  const actions = actionsOf(input);
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-alarm-actions.html
  const context: Context = { ...given, ...actions.length > 0 && { 'cloudwatch:AlarmActions': actions } };
  const on = (action: string) => names.map((name): Need => ({ action: `cloudwatch:${action}`, resource: region.arn('cloudwatch', `alarm:${name}`), context }));
  return [...on(operation), ...operation === 'PutMetricAlarm' && given['aws:TagKeys'] !== undefined ? on('TagResource') : []];
}
