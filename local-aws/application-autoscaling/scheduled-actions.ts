import { checkNamespace, stillScalable, TargetKey } from './scalable';
import { AutoScalingState, ScalingPolicy } from './state';
import { findTarget, inWords, page } from './targets';
import { parseSchedule, Schedule } from '../events/schedule';
import { AwsError, Call, invalid, Operations, refusal, Region, epochMilliseconds } from '../kernel';

/** Sources: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html and the pages of the others. */
export const scheduledActionOperations: Operations = {
  PutScheduledAction(input, call) {
    findTarget(input, call.region, 'registered');
    const room = call.region.room(AutoScalingState);
    const key = keyOf(input);
    const old = room.scheduledActions.get(key);
    const { StartTime, EndTime, ...given } = input;
    // Members that are left out stay, but for the two times.
    const members = { ...old?.input, StartTime: undefined, EndTime: undefined, ...given, ...times({ StartTime, EndTime }) };
    if (members.Schedule === undefined || members.ScalableTargetAction === undefined) { throw invalid('Schedule and ScalableTargetAction are required to create a scheduled action.'); }
    checkAction(members, call);
    const created = old?.created ?? new Date(call.region.clock.now());
    const schedule = scheduleOf(members, created);
    // That the service refuses a time in the past is our reading.
    if (/^at\(/.test(members.Schedule) && schedule(call.region.clock.now()) === undefined) { throw invalid(`The schedule ${members.Schedule} is in the past.`); }
    if (old) { room.disarm(old); }
    const id = old?.id ?? room.newId();
    const resource = `${input.ServiceNamespace}/${input.ResourceId}:scheduledActionName/${input.ScheduledActionName}`;
    const action: ScalingPolicy = { id, arn: call.region.arn('autoscaling', `scheduledAction:${id}:resource/${resource}`), created, input: members };
    room.scheduledActions.set(key, action);
    arm(action, schedule, call.region);
    return {};
  },

  DeleteScheduledAction(input, call) {
    checkNamespace(input);
    const room = call.region.room(AutoScalingState);
    const { scheduledActions } = room;
    const action = scheduledActions.get(keyOf(input));
    if (!action) { throw new AwsError('ObjectNotFoundException', `No scheduled action found for ${inWords(input)}, scheduled action name: ${input.ScheduledActionName}`); }
    room.disarm(action);
    scheduledActions.delete(keyOf(input));
    return {};
  },

  DescribeScheduledActions(input, call) {
    checkNamespace(input);
    if (input.ScalableDimension !== undefined && input.ResourceId === undefined) { throw invalid('ScalableDimension must be given with ResourceId.'); }
    const actions = [...call.region.room(AutoScalingState).scheduledActions.values()]
      .filter(({ input: action }) => !input.ScheduledActionNames?.length || input.ScheduledActionNames.includes(action.ScheduledActionName))
      .filter(({ input: action }) => ['ResourceId', 'ScalableDimension'].every((member) => [undefined, action[member]].includes(input[member])))
      .map((action) => ({ key: action.arn, item: { ...action.input, ScheduledActionARN: action.arn, CreationTime: action.created } }));
    return page('ScheduledActions', actions, input);
  },
};

/** An action's name is unique only within its target. */
function keyOf({ ResourceId, ScheduledActionName }: any): string {
  return `${ResourceId} ${ScheduledActionName}`;
}

function times(given: Readonly<Record<string, Date | number | undefined>>): Record<string, Date> {
  return Object.fromEntries(Object.entries(given)
    .flatMap(([name, at]) => (at === undefined ? [] : [[name, new Date(epochMilliseconds(at))]])));
}

function checkAction({ ScalableTargetAction: { MinCapacity: min, MaxCapacity: max }, StartTime, EndTime }: any, { region }: Call): void {
  if (min === undefined && max === undefined) { throw invalid('ScalableTargetAction must have at least one of MinCapacity and MaxCapacity.'); }
  if (min < 0 || max < 0) { throw invalid('Minimum and maximum capacity must not be negative.'); }
  if (min > max) { throw invalid(`Minimum capacity ${min} cannot be greater than maximum capacity ${max}.`); }
  if (StartTime !== undefined && EndTime !== undefined && StartTime >= EndTime) { throw invalid('The start time must be before the end time.'); }
  if (EndTime !== undefined && EndTime.getTime() <= region.clock.now()) { throw invalid('The end time must be in the future.'); }
}

/** When an action runs next. Times without a zone are of `Timezone`, which is UTC by default. */
function scheduleOf({ Schedule: expression, Timezone = 'UTC', StartTime: start, EndTime: end }: any, created: Date): Schedule {
  const [, moment] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression) ?? [];
  const offset = offsetOf(Timezone);
  const toUtc = (local: number) => local - offset(local - offset(local));
  if (moment !== undefined) {
    const time = toUtc(Date.parse(`${moment}Z`));
    return (after) => (time > after ? time : undefined);
  }
  let next: Schedule;
  try {
    next = parseSchedule(expression, (start ?? created).getTime());
  } catch (error) {
    throw refusal(error, 'ValidationException', `The schedule ${expression} is invalid: ${(error as Error).message}`);
  }
  const isRate = expression.startsWith('rate');
  return (after) => {
    const from = Math.max(after, (start?.getTime() ?? 0) - 1);
    const due = isRate ? next(from) : next(from + offset(from));
    const time = due === undefined || isRate ? due : toUtc(due);
    return time === undefined || (end && time > end.getTime()) ? undefined : time;
  };
}

/** How far a time zone is ahead of UTC at a time, in milliseconds. */
function offsetOf(timeZone: string): (time: number) => number {
  try {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    return (time) => Date.parse(`${format.format(time).replace(' ', 'T')}Z`) - Math.floor(time / 1000) * 1000;
  } catch {
    throw invalid(`The time zone ${timeZone} is not valid.`);
  }
}

/** Goes on with a state of an earlier run: the schedules do not make up for the time between. */
export function resumeScheduledActions(region: Region): void {
  region.room(AutoScalingState).scheduledActions.forEach((action) => arm(action, scheduleOf(action.input, action.created), region));
}

/** Sets an action's next time on the clock, in the background: a schedule alone does not advance the time. */
function arm(action: ScalingPolicy, schedule: Schedule, region: Region): void {
  const due = schedule(region.clock.now());
  if (due === undefined) { return; }
  region.room(AutoScalingState).armed.set(action.arn, region.clock.inBackground(due, () => {
    run(action, region);
    arm(action, schedule, region);
  }));
}

function run({ input }: ScalingPolicy, region: Region): void {
  const { ResourceId, ScalableTargetAction } = input;
  const { targets } = region.room(AutoScalingState);
  const target = targets.get(ResourceId);
  if (!target || target.suspended.ScheduledScalingSuspended) { return; }
  const { MinCapacity: min = target.min, MaxCapacity: max = target.max } = ScalableTargetAction;
  // A bound that is left out gives way to the other one.
  const changed = { ...target, min: Math.min(min, max), max: Math.max(min, max) };
  targets.set(ResourceId, changed);
  stillScalable(input as TargetKey, region)?.scale(changed);
}
