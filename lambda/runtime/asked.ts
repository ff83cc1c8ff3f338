import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { AnswerAddress, Owner } from '../../src/contract/custom-resource';

/** A request of CloudFormation's, or an event of a rule: its id, and the ISO time at which it was sent, empty if that is unknown. */
export interface Asked {
  readonly id: string;
  readonly at: string;
}

/** CloudFormation's addresses are signed for so long. */
const SIGNED_SECONDS = 7200;

/**
 * The request behind an event. Every delivery of it has the same time, which only the signature of its answer's URL tells.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html (X-Amz-Date)
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html (Expires)
 */
export function askedBy({ RequestId, ResponseURL }: Pick<AnswerAddress, 'RequestId' | 'ResponseURL'>): Asked {
  const query = new URL(ResponseURL).searchParams;
  const signed = query.get('X-Amz-Date')?.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const time = signed ? Date.parse(signed) : (Number(query.get('Expires') ?? NaN) - SIGNED_SECONDS) * 1000;
  return { id: RequestId, at: isNaN(time) ? '' : new Date(time).toISOString() };
}

/** Whether this time is later than that of a request. Then the request comes late, or once more: it must not touch what came after it. */
export function isAfter(time: string | undefined, at: string | undefined): boolean {
  return Boolean(time && at) && time! > at!;
}

/** The resource that an event is about, with the time of the request. */
export function ownerIn(event: CloudFormationCustomResourceEvent): Owner {
  return { StackId: event.StackId, LogicalResourceId: event.LogicalResourceId, AskedAt: askedBy(event).at || undefined };
}

/** The time of the state that a stage leaves, if CloudFormation returns it to an earlier one: in a rollback, or after a failed update without one. */
export function leftState(event: CloudFormationCustomResourceEvent): string | undefined {
  if (event.RequestType !== 'Update') { return undefined; }
  const [now, before] = [event.ResourceProperties, event.OldResourceProperties].map(({ AskedAt }) => `${AskedAt ?? ''}`);
  return before > now ? before : undefined;
}
