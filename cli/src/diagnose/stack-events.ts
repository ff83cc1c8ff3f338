import { CloudFormationClient, DescribeStackEventsCommand, DescribeStackEventsCommandOutput, StackEvent } from '@aws-sdk/client-cloudformation';
import type { Failure } from './facts';
import type { ResourceView } from '../account/stack';
import type { Properties } from '../account/template';

/** An event of a stack or of one nested in it. */
export interface Event {
  readonly stack: string;
  readonly stackId: string;
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly properties?: Properties;
  readonly time: Date;
}

/** So many pages of 100 events are read at most. */
const MOST_PAGES = 50;
const STACK = 'AWS::CloudFormation::Stack';

/** CloudFormation keeps the events of a deleted stack for 90 days, under its ARN. */
async function readEvents(cloudFormation: CloudFormationClient, StackName: string): Promise<Event[]> {
  const events: StackEvent[] = [];
  let NextToken: string | undefined;
  for (let pages = 0; pages < MOST_PAGES && (pages === 0 || NextToken); pages++) {
    const page: DescribeStackEventsCommandOutput = await cloudFormation.send(new DescribeStackEventsCommand({ StackName, NextToken }));
    events.push(...page.StackEvents ?? []);
    NextToken = page.NextToken;
  }
  return events.reverse().map((event) => ({
    stack: event.StackName!,
    stackId: event.StackId!,
    logicalId: event.LogicalResourceId!,
    physicalId: event.PhysicalResourceId || undefined,
    type: event.ResourceType!,
    status: event.ResourceStatus!,
    reason: event.ResourceStatusReason,
    properties: propertiesIn(event.ResourceProperties),
    time: event.Timestamp!,
  }));
}

/** Reads the events of a stack, by its name or ARN, the oldest first. */
export type EventReader = (stack: string) => Promise<Event[]>;

/** A reader of the events of many stacks, which reads each stack once. */
export function eventReader(cloudFormation: CloudFormationClient): EventReader {
  const known = new Map<string, Promise<Event[]>>();
  return (stack) => {
    const events = known.get(stack) ?? readEvents(cloudFormation, stack);
    known.set(stack, events);
    return events;
  };
}

function propertiesIn(text: string | undefined): Properties | undefined {
  try {
    return text === undefined ? undefined : JSON.parse(text) as Properties;
  } catch {
    return undefined;
  }
}

/** A stack's operations, the oldest first: each begins with an event of the stack itself. A rollback belongs to what it takes back. */
export function operationsOf(events: readonly Event[]): Event[][] {
  const operations: Event[][] = [];
  for (const event of events) {
    if (isOfStack(event) && /^(CREATE|UPDATE|DELETE|IMPORT)_IN_PROGRESS$/.test(event.status)) { operations.push([]); }
    operations.at(-1)?.push(event);
  }
  return operations;
}

/** The operation that a diagnosis is about: the last one; before a deletion without a failure, the one that it has cleaned up after. */
export function judgedOperation(events: readonly Event[]): Event[] {
  const operations = operationsOf(events);
  const last = operations.at(-1) ?? [];
  const isCleanDeletion = last[0]?.status === 'DELETE_IN_PROGRESS' && failedIn(last).length === 0;
  return (isCleanDeletion ? operations.at(-2) : undefined) ?? last;
}

/** The failed resources of an operation, in their order. What CloudFormation cancelled because of another failure is none. */
export function failedIn(operation: readonly Event[]): Event[] {
  const isCancelled = ({ reason = '' }: Event) => /^Resource (creation|update|deletion) cancelled/i.test(reason);
  return operation.filter((event) => !isOfStack(event) && event.status.endsWith('_FAILED') && !isCancelled(event));
}

/** The failures of an operation. That of a nested stack is told by the nested stack's own. */
export async function failuresOf(read: EventReader, operation: readonly Event[]): Promise<Failure[]> {
  const failures = await Promise.all(failedIn(operation).map(async (event): Promise<Failure[]> => {
    const own = [{ logicalId: event.logicalId, type: event.type, status: event.status, reason: event.reason ?? 'no reason given', time: event.time }];
    if (event.type !== STACK || event.physicalId === undefined) { return own; }
    const inner = await failuresOf(read, judgedOperation(await read(event.physicalId)));
    return inner.length > 0 ? inner : own;
  }));
  return failures.flat();
}

/** The nested stacks that an operation has touched. */
export function nestedIn(operation: readonly Event[]): string[] {
  const nested = operation.filter((event) => event.type === STACK && !isOfStack(event));
  return [...new Set(nested.flatMap(({ physicalId }) => physicalId ?? []))];
}

/**
 * The resources that an operation has touched, with the properties that it began with: a rollback sends the old ones. An event has them with all intrinsics
 * resolved, also after the resource is gone.
 */
export function resourcesIn(operation: readonly Event[]): ResourceView[] {
  const byId = new Map<string, ResourceView>();
  for (const event of operation.filter((one) => !isOfStack(one))) {
    const { stack, stackId, logicalId, physicalId, type, status, reason, properties } = event;
    const key = `${stackId}/${logicalId}`;
    const known = byId.get(key);
    byId.set(key, {
      stack,
      logicalId,
      type,
      status,
      reason: status.endsWith('_FAILED') ? reason : known?.reason,
      // An update that is taken back ends with the old id.
      physicalId: known?.status.endsWith('_FAILED') ? known.physicalId ?? physicalId : physicalId ?? known?.physicalId,
      properties: known && Object.keys(known.properties).length > 0 ? known.properties : properties ?? {},
    });
  }
  return [...byId.values()];
}

function isOfStack({ type, physicalId, stackId }: Event): boolean {
  return type === STACK && physicalId === stackId;
}
