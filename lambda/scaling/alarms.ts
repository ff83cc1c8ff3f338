/** An alarm, in CloudWatch's own form: also members that this library does not know. */
export type Alarm = Readonly<Record<string, unknown>> & { readonly AlarmName: string };

/** Lists metric alarms, a page at a time. */
export class DescribeAlarms {
  public readonly operation = 'DescribeAlarms';

  constructor(public readonly input: { readonly ActionPrefix: string; readonly NextToken?: string }) {}
}

/** Creates an alarm, or replaces the whole configuration of one. Its state stays as it is. */
export class PutMetricAlarm {
  public readonly operation = 'PutMetricAlarm';

  constructor(public readonly input: Alarm) {}
}

export class DeleteAlarms {
  public readonly operation = 'DeleteAlarms';

  constructor(public readonly input: { readonly AlarmNames: readonly string[] }) {}
}

export interface AlarmsApi {
  send(command: DescribeAlarms | PutMetricAlarm | DeleteAlarms): Promise<{ readonly MetricAlarms?: readonly Alarm[]; readonly NextToken?: string }>;
}

/** What DescribeAlarms tells of an alarm and PutMetricAlarm does not take. */
const TOLD = [
  'AlarmArn', 'AlarmConfigurationUpdatedTimestamp', 'StateValue', 'StateReason', 'StateReasonData', 'StateUpdatedTimestamp', 'StateTransitionedTimestamp',
  'EvaluationState',
];
const ACTIONS = ['AlarmActions', 'OKActions', 'InsufficientDataActions'];

/** Leads all alarms that name one of the old policies to the new one. */
export async function repoint(oldArns: readonly string[], newArn: string, alarms: AlarmsApi): Promise<string[]> {
  const found = new Map<string, Alarm>();
  for (const ActionPrefix of oldArns.filter((arn) => arn !== newArn)) {
    let NextToken: string | undefined;
    do {
      const page = await alarms.send(new DescribeAlarms({ ActionPrefix, NextToken }));
      for (const alarm of page.MetricAlarms ?? []) { found.set(alarm.AlarmName, alarm); }
      ({ NextToken } = page);
    } while (NextToken !== undefined);
  }
  for (const alarm of found.values()) { await alarms.send(new PutMetricAlarm(leading(alarm, oldArns, newArn))); }
  return [...found.keys()];
}

function leading(alarm: Alarm, oldArns: readonly string[], newArn: string): Alarm {
  const members = Object.entries(alarm).filter(([name, value]) => !TOLD.includes(name) && value !== undefined && value !== null);
  return Object.fromEntries(members.map(([name, value]) => [name, ACTIONS.includes(name) && Array.isArray(value)
    ? [...new Set(value.map((action) => (oldArns.includes(action) ? newArn : action)))] : value])) as Alarm;
}
