import { findBus, notFound, tag } from './buses';
import { parsePattern } from './pattern';
import { parseSchedule } from './schedule';
import { Bus, DEFAULT_BUS, EventsState, Rule } from './state';
import { checkTarget } from './targets';
import { AwsError, Call, invalid, isTooDeep, Lacking, Operations, page, readEach, refusal } from '../kernel';

const MOST_TARGETS = 5;

/** A rule by its name and bus; an error if there is none. */
export function findRule({ Name, Rule: named = Name, EventBusName }: any, call: Pick<Call, 'region'>): Rule {
  const bus = findBus(EventBusName, call);
  const rule = bus.rules.get(named);
  if (!rule) { throw notFound(`Rule ${named} does not exist on EventBus ${bus.name}.`); }
  return rule;
}

/** The operations of rules, and of the tags of rules and buses. */
export const ruleOperations: Operations = {
  // API_PutRule replaces an existing rule as a whole, except its targets and tags.
  PutRule({ Tags = [], ...input }, call) {
    const { region } = call;
    const bus = findBus(input.EventBusName, call);
    const { Name, EventPattern, ScheduleExpression, State = 'ENABLED' } = input;
    if (EventPattern === undefined && ScheduleExpression === undefined) { throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.'); }
    if (ScheduleExpression !== undefined && bus.name !== DEFAULT_BUS) { throw invalid('ScheduleExpression is supported only on the default event bus.'); }
    if (!['ENABLED', 'DISABLED'].includes(State)) { throw new Lacking(`The state ${State} is not part of the local AWS`); }
    const old = bus.rules.get(Name);
    const again = old !== undefined && old.input.ScheduleExpression === ScheduleExpression;
    const scheduled = again ? old.scheduled : region.clock.now();
    if (EventPattern !== undefined) { understood(EventPattern); }
    if (ScheduleExpression !== undefined) { checkSchedule(ScheduleExpression, scheduled); }
    const rule: Rule = {
      bus,
      name: Name,
      arn: region.arn('events', `rule/${bus.name === DEFAULT_BUS ? '' : `${bus.name}/`}${Name}`),
      tags: old?.tags ?? new Map(),
      targets: old?.targets ?? new Map(),
      input,
      enabled: State === 'ENABLED',
      scheduled,
    };
    const room = region.room(EventsState);
    if (old) { room.disarm(old); } else { tag(rule, Tags); }
    bus.rules.set(Name, rule);
    room.arm(rule);
    return { RuleArn: rule.arn };
  },

  DescribeRule(input, call) {
    const rule = findRule(input, call);
    return { ...described(rule), CreatedBy: call.region.account };
  },

  EnableRule: (input, call) => switchTo(true, findRule(input, call), call),
  DisableRule: (input, call) => switchTo(false, findRule(input, call), call),

  DeleteRule({ Name, EventBusName }, call) {
    const { rules } = findBus(EventBusName, call);
    const rule = rules.get(Name);
    if (!rule) { return {}; }
    if (rule.targets.size > 0) { throw invalid('Rule can\'t be deleted since it has targets.'); }
    call.region.room(EventsState).disarm(rule);
    rules.delete(Name);
    return {};
  },

  ListRules({ NamePrefix = '', EventBusName, Limit, NextToken }, call) {
    const found = [...findBus(EventBusName, call).rules.values()].filter(({ name }) => name.startsWith(NamePrefix));
    return page('Rules', found.map((rule) => ({ key: rule.name, item: described(rule) })), { MaxResults: Limit ?? 100, NextToken });
  },

  PutTargets(input, call) {
    const { targets } = findRule(input, call);
    readEach(input.Targets, (target: any) => checkTarget(target, call.region));
    if (new Set([...targets.keys(), ...input.Targets.map(({ Id }: any) => Id)]).size > MOST_TARGETS) {
      throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
    }
    input.Targets.forEach((target: any) => targets.set(target.Id, target));
    return { FailedEntryCount: 0, FailedEntries: [] };
  },

  RemoveTargets(input, call) {
    const { targets } = findRule(input, call);
    input.Ids.forEach((id: string) => targets.delete(id));
    return { FailedEntryCount: 0, FailedEntries: [] };
  },

  ListTargetsByRule(input, call) {
    const targets = [...findRule(input, call).targets.values()];
    return page('Targets', targets.map((item) => ({ key: item.Id, item })), { MaxResults: input.Limit ?? 100, NextToken: input.NextToken });
  },

  TestEventPattern({ EventPattern, Event }) {
    const matches = understood(EventPattern);
    let event: any;
    try {
      event = JSON.parse(Event);
    } catch { /* is told below */ }
    if (typeof event !== 'object' || event === null || isTooDeep(event)) { throw invalid('Parameter Event is not valid. Reason: it is no JSON object.'); }
    // API_TestEventPattern
    const missing = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'].find((member) => event[member] === undefined);
    if (missing) { throw invalid(`Parameter Event is not valid. Reason: ${missing} is missing.`); }
    return { Result: matches(event) };
  },

  ListTagsForResource: ({ ResourceARN }, call) => ({ Tags: [...findTagged(ResourceARN, call).tags].map(([Key, Value]) => ({ Key, Value })) }),

  TagResource({ ResourceARN, Tags }, call) {
    tag(findTagged(ResourceARN, call), Tags);
    return {};
  },

  UntagResource({ ResourceARN, TagKeys }, call) {
    const { tags } = findTagged(ResourceARN, call);
    TagKeys.forEach((key: string) => tags.delete(key));
    return {};
  },
};

function switchTo(enabled: boolean, rule: Rule, { region }: Call): object {
  const room = region.room(EventsState);
  room.disarm(rule);
  rule.enabled = enabled;
  room.arm(rule);
  return {};
}

function understood(pattern: string): (event: unknown) => boolean {
  try {
    return parsePattern(pattern);
  } catch (error) {
    throw refusal(error, 'InvalidEventPatternException', `Event pattern is not valid. Reason: ${(error as Error).message}`);
  }
}

function checkSchedule(expression: string, from: number): void {
  try {
    parseSchedule(expression, from);
  } catch (error) {
    throw refusal(error, 'ValidationException', `Parameter ScheduleExpression is not valid. Reason: got ${expression}, but ${(error as Error).message}`);
  }
}

function described({ bus, name, arn, enabled, input: { EventPattern, ScheduleExpression, Description, RoleArn } }: Rule): object {
  return { Name: name, Arn: arn, EventPattern, ScheduleExpression, State: enabled ? 'ENABLED' : 'DISABLED', Description, RoleArn, EventBusName: bus.name };
}

function findTagged(arn: string, { region }: Call): Bus | Rule {
  const buses = [...region.room(EventsState).buses.values()];
  const found = [...buses, ...buses.flatMap(({ rules }) => [...rules.values()])].find((one) => one.arn === arn);
  if (!found) { throw notFound(`Resource ${arn} does not exist.`); }
  return found;
}
