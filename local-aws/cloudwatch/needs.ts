import { dashboardArn } from './dashboards';
import { actionsOf } from './state';
import { Need } from '../iam';
import { Context } from '../iam/policy';
import { Region } from '../kernel';

/** The permissions that a request needs. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
export function cloudwatchNeeds(region: Region, operation: string, input: any, given: Context): Need[] {
  if (!operation.includes('Alarm')) { return otherNeeds(region, operation, input, given); }
  const names: unknown[] = input.AlarmName !== undefined ? [input.AlarmName] : Array.isArray(input.AlarmNames) ? input.AlarmNames : ['*'];
  const actions = actionsOf(input);
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-alarm-actions.html
  const context: Context = { ...given, ...actions.length > 0 && { 'cloudwatch:AlarmActions': actions } };
  const on = (action: string) => names.map((name): Need => ({ action: `cloudwatch:${action}`, resource: region.arn('cloudwatch', `alarm:${name}`), context }));
  return [...on(operation), ...operation === 'PutMetricAlarm' && given['aws:TagKeys'] !== undefined ? on('TagResource') : []];
}

/** A dashboard's ARN names no Region, and metrics have none. */
function otherNeeds(region: Region, operation: string, input: any, given: Context): Need[] {
  const { DashboardName, DashboardNames } = input;
  const names: unknown[] = DashboardName !== undefined ? [DashboardName] : Array.isArray(DashboardNames) ? DashboardNames : [];
  const context: Context = { ...given, ...operation === 'PutMetricData' && { 'cloudwatch:namespace': `${input.Namespace}` } };
  const resources = names.length > 0 ? names.map((name) => dashboardArn(String(name), region)) : ['*'];
  return resources.map((resource): Need => ({ action: `cloudwatch:${operation}`, resource, context }));
}
