import { Bus, DEFAULT_BUS, EventsState, newBus } from './state';
import { Context, Statement } from '../iam/policy';
import { AwsError, Call, invalid, Lacking, Operations, page, Principal as Caller, Region } from '../kernel';
import { callerOf, letsIn } from '../sts';

/** A bus of this account and Region by its name or ARN; an error if there is none. */
export function findBus(nameOrArn: string | undefined, { region }: Pick<Call, 'region'>): Bus {
  const bus = region.room(EventsState).bus(nameOrArn);
  if (!bus) { throw notFound(`Event bus ${nameOrArn} does not exist.`); }
  return bus;
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

export const busOperations: Operations = {
  CreateEventBus({ Name, Description, DeadLetterConfig, Tags = [] }, call) {
    const { buses } = call.region.room(EventsState);
    if (Name.includes('/')) { throw invalid('Event bus name must not contain \'/\'.'); }
    if (buses.has(Name)) { throw new AwsError('ResourceAlreadyExistsException', `Event bus ${Name} already exists.`); }
    const bus = newBus(Name, call.region);
    bus.description = Description;
    bus.deadLetters = DeadLetterConfig;
    tag(bus, Tags);
    buses.set(Name, bus);
    return { EventBusArn: bus.arn, Description, DeadLetterConfig };
  },

  DescribeEventBus({ Name }, call) {
    return described(findBus(Name, call));
  },

  DeleteEventBus({ Name }, call) {
    if (Name === DEFAULT_BUS) { throw invalid('Cannot delete event bus default.'); }
    const { buses } = call.region.room(EventsState);
    buses.get(Name)?.rules.forEach((rule) => call.region.room(EventsState).disarm(rule));
    buses.delete(Name);
    return {};
  },

  ListEventBuses({ NamePrefix = '', Limit, NextToken }, call) {
    const found = [...call.region.room(EventsState).buses.values()].filter(({ name }) => name.startsWith(NamePrefix));
    return page('EventBuses', found.map((bus) => ({ key: bus.name, item: described(bus) })), { MaxResults: Limit ?? 100, NextToken });
  },

  PutPermission({ EventBusName, Action, Principal, StatementId, Policy }, call) {
    const bus = findBus(EventBusName, call);
    if (Policy === undefined && [Action, Principal, StatementId].includes(undefined)) {
      throw invalid('Either Policy, or all of Action, Principal and StatementId must be given.');
    }
    if (Policy !== undefined) {
      setPolicy(bus, Policy);
      return {};
    }
    putStatement(bus, {
      Sid: StatementId,
      Effect: 'Allow',
      Principal: Principal === '*' ? '*' : { AWS: `arn:${call.region.partition}:iam::${Principal}:root` },
      Action,
      Resource: bus.arn,
    });
    return {};
  },

  RemovePermission({ EventBusName, StatementId, RemoveAllPermissions }, call) {
    const bus = findBus(EventBusName, call);
    if (RemoveAllPermissions) {
      bus.policy = undefined;
    } else if (!removeStatement(bus, StatementId)) {
      throw notFound('Statement with the provided id does not exist.');
    }
    return {};
  },
};

export function setPolicy(bus: Bus, text: string): void {
  let policy: any;
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalid('The policy is not valid JSON.');
  }
  const statements: any[] = [policy?.Statement ?? []].flat();
  statements.forEach(checkStatement);
  bus.policy = { ...policy, Statement: statements };
}

/** Adds a statement, or replaces one with the same id. */
export function putStatement(bus: Bus, statement: Statement & { readonly Sid: string }): void {
  checkStatement(statement);
  removeStatement(bus, statement.Sid);
  bus.policy = { Version: '2012-10-17', Statement: [...bus.policy?.Statement ?? [], statement] };
}

export function removeStatement(bus: Bus, id: string | undefined): boolean {
  const before = bus.policy?.Statement ?? [];
  const rest = before.filter(({ Sid }) => Sid !== id);
  bus.policy = rest.length > 0 ? { ...bus.policy, Statement: rest } : undefined;
  return rest.length < before.length;
}

/** Refuses a caller of another account that the bus's policy does not allow. */
export function checkPolicy({ arn, policy }: Bus, { world }: Region, principal: Caller, context: Context): void {
  if (policy && letsIn(policy, callerOf(world, principal), 'events:PutEvents', arn, context)) { return; }
  throw new AwsError('AccessDeniedException',
    `${principal.arn} is not authorized to perform: events:PutEvents on resource: ${arn} because no resource-based policy allows the events:PutEvents action`);
}

/** Refuses an invalid statement, and one that cannot be evaluated. */
function checkStatement(statement: any): void {
  if (!['Allow', 'Deny'].includes(statement?.Effect) || statement.Action === undefined || statement.Principal === undefined) {
    throw invalid('The policy is not valid: a statement must have Effect, Principal and Action.');
  }
  if (statement.Condition?.StringEquals?.['aws:PrincipalOrgID'] !== undefined) { throw new Lacking('Organizations are not part of the local AWS'); }
}

export function tag({ tags }: { readonly tags: Map<string, string> }, added: Array<{ Key: string; Value: string }>): void {
  added.forEach(({ Key, Value }) => tags.set(Key, Value));
}

function described({ name, arn, created, modified, description, deadLetters, policy }: Bus): object {
  return {
    Name: name,
    Arn: arn,
    Description: description,
    DeadLetterConfig: deadLetters,
    Policy: policy && JSON.stringify(policy),
    CreationTime: created,
    LastModifiedTime: modified,
  };
}
