import type { Clock, Deps, PutAnswer } from './deps';
import type { AnswerAddress } from '../../src/contract/custom-resource';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html */
export const MAX_ANSWER_BYTES = 4096;

const PUT_TRIES = 6;
const PUT_TIMEOUT_MS = 10_000;

/** Attributes by name, every value a string, as `Fn::GetAtt` gives them. */
export type Attributes = Readonly<Record<string, string>>;

export type Outcome =
  | { readonly status: 'SUCCESS'; readonly physicalId: string; readonly attributes?: Attributes }
  | { readonly status: 'FAILED'; readonly physicalId: string; readonly reason: string };

/** The body of an answer; a failure's reason is cut so that all of it fits CloudFormation's limit, counted in bytes. */
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
  let reason = outcome.reason;
  while (Buffer.byteLength(render(reason)) > MAX_ANSWER_BYTES) {
    const excess = Buffer.byteLength(render(reason)) - MAX_ANSWER_BYTES;
    // By code points, so that no character is cut in two; a code point has at most 6 bytes once JSON has escaped it.
    reason = Array.from(reason).slice(0, -Math.ceil(excess / 6) - 1).join('').replace(/…$/, '') + '…';
  }
  return render(reason);
}

/** Tells CloudFormation. An answer that does not arrive would hang the stack for an hour, so it is tried again. */
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
      if (tried === PUT_TRIES) { throw new Error(`CloudFormation did not take the answer for ${address.LogicalResourceId} after ${tried} tries.`); }
      await backOff(deps.clock, tried);
    }
  }
}

/** Over HTTP, as the pre-signed URL wants it: no content type, and the length in bytes (which fetch counts itself). */
export const putOverHttp: PutAnswer = async (url, body) => {
  const response = await fetch(url, { method: 'PUT', body: Buffer.from(body), headers: { 'content-type': '' }, signal: AbortSignal.timeout(PUT_TIMEOUT_MS) });
  if (!response.ok) { throw new Error(`CloudFormation refused the answer with status ${response.status}.`); }
};

function backOff(clock: Clock, tried: number): Promise<void> {
  return clock.sleep(500 * 2 ** tried);
}

/** Flat strings, empty for what is absent: `Fn::GetAtt` finds no key that is left out. */
export function asStrings(attributes: Readonly<Record<string, string | number | undefined>>): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, value === undefined ? '' : String(value)]));
}
