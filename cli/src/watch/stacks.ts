import { CloudFormationClient, ListStacksCommand, ListStacksCommandOutput, StackStatus, StackSummary } from '@aws-sdk/client-cloudformation';

/** A stack that somebody creates, updates or deletes. */
export interface MovingStack {
  readonly id: string;
  /** Names the operation: another one begins at another time. */
  readonly key: string;
}

/** A stack in review has no operation yet, only a change set. */
const MOVING = Object.values(StackStatus).filter((status) => status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS');

/** The stacks of an account and a Region that are being created, updated or deleted. Nested ones belong to their parents. */
export async function movingStacks(cloudFormation: CloudFormationClient): Promise<MovingStack[]> {
  const found: StackSummary[] = [];
  let NextToken: string | undefined;
  do {
    const page: ListStacksCommandOutput = await cloudFormation.send(new ListStacksCommand({ StackStatusFilter: MOVING, NextToken }));
    found.push(...page.StackSummaries ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  return found.filter(({ ParentId }) => !ParentId).map(({ StackId: id, CreationTime: created, LastUpdatedTime: updated, DeletionTime: deleted }) => (
    { id: id!, key: [id, ...[created, updated, deleted].map((time) => time?.getTime() ?? 0)].join(' ') }));
}

/** Those whose operation was not there before: an operation that goes on has the same key. */
export function begunSince(before: readonly MovingStack[], now: readonly MovingStack[]): string[] {
  const known = new Set(before.map(({ key }) => key));
  return now.filter(({ key }) => !known.has(key)).map(({ id }) => id);
}
