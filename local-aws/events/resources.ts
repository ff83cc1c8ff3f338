import { findBus, putStatement, removeStatement, setPolicy } from './buses';
import { Events } from './index';
import { OPERATIONS, SHAPES } from './shapes';
import { Bus } from './state';
import { coerce } from '../../src/service/constraints';
import { AwsError, ResourceProviders, ResourceRequest, ResourceState } from '../kernel';

/** The resource types of EventBridge. */
export const resources: ResourceProviders = {
  'AWS::Events::Rule': {
    create: async (request) => {
      const { properties: { Name, EventBusName }, region, generatedName } = request;
      const name = Name ?? generatedName(64);
      if (findBus(EventBusName, request).rules.has(name)) { throw new AwsError('AlreadyExists', `${region.arn('events', `rule/${name}`)} already exists.`); }
      await call(request, 'PutRule', rule(request, name));
      try {
        await putTargets(request, name);
      } catch (error) {
        await removeRule(request, name);
        throw error;
      }
      return ruleState(request, name);
    },
    update: async (request) => {
      const name = request.physicalId.split('|').pop()!;
      await call(request, 'PutRule', rule(request, name));
      await putTargets(request, name);
      const found = findBus(request.properties.EventBusName, request).rules.get(name)!;
      found.tags.clear();
      tagsOf(request).forEach(({ Key, Value }) => found.tags.set(Key, Value));
      return ruleState(request, name);
    },
    delete: async (request) => {
      if (request.region.room(Events).bus(request.properties.EventBusName)) { await removeRule(request, request.physicalId.split('|').pop()!); }
    },
  },

  'AWS::Events::EventBus': {
    create: async (request) => {
      const { Name, Policy, Tags: _, ...properties } = request.properties;
      await call(request, 'CreateEventBus', { Name, ...properties, Tags: tagsOf(request) });
      const bus = findBus(Name, request);
      try {
        if (Policy !== undefined) { setPolicy(bus, JSON.stringify(Policy)); }
      } catch (error) {
        await call(request, 'DeleteEventBus', { Name });
        throw error;
      }
      return busState(bus);
    },
    update: async (request) => {
      const bus = findBus(request.physicalId, request);
      const { Policy, Description, DeadLetterConfig } = request.properties;
      if (Policy === undefined) { bus.policy = undefined; } else { setPolicy(bus, JSON.stringify(Policy)); }
      bus.description = Description;
      bus.deadLetters = DeadLetterConfig;
      bus.modified = new Date(request.region.clock.now());
      bus.tags.clear();
      tagsOf(request).forEach(({ Key, Value }) => bus.tags.set(Key, Value));
      return busState(bus);
    },
    delete: async (request) => { await call(request, 'DeleteEventBus', { Name: request.physicalId }); },
  },

  'AWS::Events::EventBusPolicy': {
    create: putPolicy,
    update: putPolicy,
    delete: async ({ region, properties: { EventBusName, StatementId } }) => {
      const bus = region.room(Events).bus(EventBusName);
      if (bus) { removeStatement(bus, StatementId); }
    },
  },
};

function rule(request: ResourceRequest, Name: string): object {
  const { Targets: _, Tags: __, EventPattern, ...properties } = request.properties;
  return { ...properties, Name, EventPattern: EventPattern && JSON.stringify(EventPattern), Tags: tagsOf(request) };
}

async function putTargets(request: ResourceRequest, Rule: string): Promise<void> {
  const { EventBusName, Targets = [] } = request.properties;
  const kept: string[] = Targets.map(({ Id }: any) => Id);
  const gone = [...findBus(EventBusName, request).rules.get(Rule)!.targets.keys()].filter((id) => !kept.includes(id));
  if (gone.length > 0) { await call(request, 'RemoveTargets', { Rule, EventBusName, Ids: gone }); }
  if (Targets.length > 0) { await call(request, 'PutTargets', { Rule, EventBusName, Targets }); }
}

async function removeRule(request: ResourceRequest, Name: string): Promise<void> {
  const { EventBusName } = request.properties;
  findBus(EventBusName, request).rules.get(Name)?.targets.clear();
  await call(request, 'DeleteRule', { Name, EventBusName });
}

function ruleState(request: ResourceRequest, name: string): ResourceState {
  const { bus, arn } = findBus(request.properties.EventBusName, request).rules.get(name)!;
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html (Ref)
  return { physicalId: bus.name === 'default' ? name : `${bus.name}|${name}`, attributes: { Arn: arn, RuleName: name } };
}

function busState({ name, arn, policy }: Bus): ResourceState {
  return { physicalId: name, attributes: { Arn: arn, Name: name, Policy: policy && JSON.stringify(policy) } };
}

async function putPolicy(request: ResourceRequest): Promise<ResourceState> {
  const { EventBusName, StatementId, Statement, Action, Principal } = request.properties;
  if (Statement === undefined) {
    await call(request, 'PutPermission', { EventBusName, StatementId, Action, Principal });
  } else {
    putStatement(findBus(EventBusName, request), { ...Statement, Sid: StatementId });
  }
  return { physicalId: `${EventBusName ?? 'default'}|${StatementId}`, attributes: {} };
}

function tagsOf({ properties, tags }: ResourceRequest): Array<{ Key: string; Value: string }> {
  const own = Object.fromEntries((properties.Tags ?? []).map(({ Key, Value }: any) => [Key, String(Value)]));
  return Object.entries({ ...tags, ...own }).map(([Key, Value]) => ({ Key, Value: String(Value) }));
}

function call({ region, stackId }: ResourceRequest, operation: string, input: object): any {
  const coerced = coerce(SHAPES, OPERATIONS[operation].input, input);
  return region.room(Events).operations[operation](coerced, { region, principal: region.root, requestId: stackId });
}
