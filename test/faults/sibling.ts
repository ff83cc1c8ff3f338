import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { SIBLING } from './apps';
import { Region } from '../../local-aws';

/** What else is in a stack: it answers at once, or fails after a while. */
export async function answerAsSibling(event: CloudFormationCustomResourceEvent, { cloudformation, clock }: Region): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, ResourceProperties: { Behaviour }, ResponseURL, RequestType } = event;
  const minutes = Number(/^fails after (\d+)$/.exec(Behaviour)?.[1] ?? NaN);
  const fails = RequestType !== 'Delete' && !isNaN(minutes);
  if (fails) { await clock.sleep(minutes * 60_000); }
  const answer = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: SIBLING, Status: fails ? 'FAILED' : 'SUCCESS', Reason: 'The sibling fails' };
  cloudformation.respond(tokenOf(ResponseURL), JSON.stringify(answer));
}

/** What names a request in the address of its answer. */
export function tokenOf(url: string): string {
  return new URL(url).pathname.split('/').pop()!;
}
