import { MetricState } from './metric-state';

export type StateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** A metric alarm. */
export interface Alarm {
  readonly name: string;
  readonly arn: string;
  /** The request's members, without tags. */
  readonly input: Readonly<Record<string, any>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly configured: Date;
  state: StateValue;
  reason: string;
  reasonData?: string;
  /** When the state was set, if to the same one again. */
  set: Date;
  /** When the state became another one. */
  changed: Date;
}

export interface Dashboard {
  readonly name: string;
  /** JSON, as it was given. */
  readonly body: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly modified: Date;
}

/** What an alarm does by one of its actions. */
export type AlarmAction = (alarm: Alarm, actionArn: string) => void;

/** The metrics, alarms and dashboards of an account in a Region. */
export class AlarmState extends MetricState {
  /** By name. */
  public readonly alarms = new Map<string, Alarm>();
  /** Actions by the service of their ARNs. Higher rooms register theirs here. */
  public readonly actions = new Map<string, AlarmAction>();
  /** By name. */
  public readonly dashboards = new Map<string, Dashboard>();

  /** The alarms that have an action, whatever the state that it is for. */
  public having(actionArn: string): Alarm[] {
    return [...this.alarms.values()].filter(({ input }) => actionsOf(input).includes(actionArn));
  }

  /** Runs the actions of an alarm's state. An action of a service that no room models does nothing. */
  public act(alarm: Alarm): void {
    if (alarm.input.ActionsEnabled === false) { return; }
    for (const action of alarm.input[ACTIONS[alarm.state]] ?? []) { this.actions.get(action.split(':')[2])?.(alarm, action); }
  }
}

const ACTIONS: Readonly<Record<StateValue, string>> = {
  OK: 'OKActions', ALARM: 'AlarmActions', INSUFFICIENT_DATA: 'InsufficientDataActions',
};

/** The actions for all states of an alarm, in a request or in an answer. */
export function actionsOf(input: any): string[] {
  return Object.values(ACTIONS).flatMap((member) => (Array.isArray(input[member]) ? input[member].map(String) : []));
}
