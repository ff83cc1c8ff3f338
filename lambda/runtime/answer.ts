import type { Deps, PutAnswer } from './deps';
import type { AnswerAddress } from '../../src/contract/custom-resource';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html */
export const MAX_ANSWER_BYTES = 4096;

/** The longest that one try takes. */
export const PUT_TIMEOUT_MS = 10_000;

/** Name of the error if CloudFormation takes no answer. */
export const ANSWER_NOT_TAKEN = 'AnswerNotTaken';

/** Attributes by name. Every value is a string, as `Fn::GetAtt` returns it. */
export type Attributes = Readonly<Record<string, string>>;

export type Outcome =
  | { readonly status: 'SUCCESS'; readonly physicalId: string; readonly attributes?: Attributes }
  | { readonly status: 'FAILED'; readonly physicalId: string; readonly reason: string };

/** The body of an answer. A failure's reason is shortened so that the whole answer fits CloudFormation's limit, counted in bytes. */
export function answerBody(address: Omit<AnswerAddress, 'ResponseURL' | 'PhysicalResourceId'>, outcome: Outcome): string {
  const render = (reason?: string) => JSON.stringify({
    Status: outcome.status,
    Reason: reason,
    PhysicalResourceId: outcome.physicalId,
    StackId: address.StackId,
    RequestId: address.RequestId,
    LogicalResourceId: address.LogicalResourceId,
    Data: outcome.status === 'SUCCESS' ? outcome.attributes : undefined,
  });
  if (outcome.status === 'SUCCESS') {
    const body = render();
    const bytes = Buffer.byteLength(body);
    if (bytes > MAX_ANSWER_BYTES) {
      throw new Error(`The answer for ${address.LogicalResourceId} has ${bytes} bytes and CloudFormation takes ${MAX_ANSWER_BYTES}:`
        + ' shorten the environment variables that the job tunes.');
    }
    return body;
  }
  return render(shortened(outcome.reason, (reason) => Buffer.byteLength(render(reason)) - MAX_ANSWER_BYTES));
}

/** A text without its end, until it has no byte too many. */
function shortened(text: string, excessOf: (text: string) => number): string {
  for (let excess = excessOf(text); excess > 0; excess = excessOf(text)) {
    // Cut whole code points, so that no character is split. JSON escapes a code point to at most 6 bytes.
    text = Array.from(text).slice(0, -Math.ceil(excess / 6) - 1).join('').replace(/…$/, '') + '…';
  }
  return text;
}

/** Room for CloudFormation's own members of an answer: the names of the stack, the request and the resource, as long as they may be. */
const RESERVED_BYTES = 1000;

/** How many bytes of an answer its attributes leave to further texts. */
export function bytesLeft(attributes: Attributes): number {
  return MAX_ANSWER_BYTES - RESERVED_BYTES - answerBytes(attributes);
}

/** How many bytes a value has in an answer. */
export function answerBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** As much of a text as fits. */
export function fittingText(text: string, mostBytes: number): string {
  return mostBytes < answerBytes('…') ? '' : shortened(text, (one) => answerBytes(one) - mostBytes);
}

/** As JSON, as many of the first as fit. The answer escapes quotes once more. */
export function fittingJson(all: readonly unknown[], mostBytes: number): string {
  for (let count = all.length; count > 0; count--) {
    const text = JSON.stringify(all.slice(0, count));
    if (answerBytes(text) <= mostBytes) { return text; }
  }
  return '[]';
}

/**
 * Sends the answer to CloudFormation. It tries until the function's time is used up, because the stack would wait an hour for an answer that does
 * not arrive.
 *
 * @throws if CloudFormation takes no answer; whoever invoked the function then invokes it again
 */
export async function answer(address: AnswerAddress, outcome: Outcome, deps: Pick<Deps, 'put' | 'clock' | 'log'>): Promise<void> {
  const body = answerBody(address, outcome);
  for (let tried = 1; ; tried++) {
    try {
      await deps.put(address.ResponseURL, body);
      deps.log({
        message: 'answered',
        resource: address.LogicalResourceId,
        status: outcome.status,
        physicalId: outcome.physicalId,
        reason: outcome.status === 'FAILED' ? outcome.reason : undefined,
      });
      return;
    } catch (error) {
      const pause = Math.min(500 * 2 ** tried, 16_000);
      if (deps.clock.left() < pause + PUT_TIMEOUT_MS) {
        const message = `CloudFormation did not take the answer for ${address.LogicalResourceId} after ${tried} tries.`;
        throw Object.assign(new Error(message), { name: ANSWER_NOT_TAKEN });
      }
      await deps.clock.sleep(pause);
    }
  }
}

/** Over HTTP, as the pre-signed URL requires: no content type, and the length in bytes (fetch counts it). */
export const putOverHttp: PutAnswer = async (url, body) => {
  const response = await fetch(url, { method: 'PUT', body: Buffer.from(body), headers: { 'content-type': '' }, signal: AbortSignal.timeout(PUT_TIMEOUT_MS) });
  if (!response.ok) { throw new Error(`CloudFormation refused the answer with status ${response.status}.`); }
};

/** Flat strings, empty for an absent value: `Fn::GetAtt` fails for a key that is left out. */
export function asStrings(attributes: Readonly<Record<string, string | number | undefined>>): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, value === undefined ? '' : String(value)]));
}

/** JSON has no NaN, so NaN becomes the word that the service sends. */
export function withNaN(figures: object): Record<string, number | string> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number.isNaN(value) ? 'NaN' : value]));
}
