import type { Deps } from './deps';
import { errorMessage, isDenied, UserError } from './errors';
import { Config, serviceError, signedCall, textOf } from './signed';
import { textIn } from './xml';
import type { Tag } from '../../src/contract/custom-resource';

/** The command of a request, which `retrying()` sends again if the answer may be another one later. */
class DescribeStacks {
  constructor(public readonly input: { readonly StackName: string }) {}
}

/** What CloudFormation says of a stack. */
export interface DescribedStack {
  readonly tags: readonly Tag[];
  readonly status: string;
}

export interface StacksApi {
  send(command: DescribeStacks): Promise<DescribedStack>;
}

/**
 * The tags of a stack, and its status: CloudFormation puts the tags on what it makes, but not on what a custom resource makes. A function that may not read
 * them does without.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
 */
export async function stackFacts(stacks: StacksApi, StackName: string, { log }: Pick<Deps, 'log'>): Promise<{ readonly tags: Tag[]; readonly status?: string }> {
  try {
    const { tags, status } = await stacks.send(new DescribeStacks({ StackName }));
    // Only AWS's own services set tags of the prefix `aws:`.
    return { tags: tags.filter(({ Key }) => !Key.startsWith('aws:')), status };
  } catch (error) {
    if (!isDenied(error)) { throw error; }
    log({ message: 'no facts of the stack', reason: errorMessage(error) });
    return { tags: [] };
  }
}

/** Whether a stack goes back to its earlier state. A function that may not know says no. */
export async function isRollingBack(stacks: StacksApi, StackName: string, deps: Pick<Deps, 'log'>): Promise<boolean> {
  return (await stackFacts(stacks, StackName, deps)).status?.includes('ROLLBACK') === true;
}

/**
 * Refuses a Create that comes once more, or that CloudFormation has given up. What ends the resource may have looked for what it made already, so nothing may
 * be made any more. A function that may not know the status goes on.
 */
export function checkMakes(RequestType: string, status = ''): void {
  // It goes back, or ends.
  if (RequestType === 'Create' && /ROLLBACK|DELETE/.test(status)) {
    throw new UserError(`The stack is ${status}: CloudFormation no longer waits for this Create, so it makes nothing.`);
  }
}

export async function stackStatus(stacks: StacksApi, StackName: string): Promise<string> {
  return (await stacks.send(new DescribeStacks({ StackName }))).status;
}

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
export function cloudFormationStacks(config: Config, given = process.env.AWS_ENDPOINT_URL): StacksApi {
  return {
    async send({ input: { StackName } }) {
      const { statusCode, body } = await signedCall(config, 'cloudformation', given, {
        method: 'POST',
        path: '/',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `Action=DescribeStacks&Version=2010-05-15&StackName=${encodeURIComponent(StackName)}`,
      });
      const xml = await textOf(body);
      if (statusCode !== 200) { throw serviceError(textIn(xml, 'Code'), textIn(xml, 'Message'), statusCode); }
      const tags = /<Tags>(.*?)<\/Tags>/s.exec(xml)?.[1] ?? '';
      return {
        tags: tags.split('</member>').slice(0, -1).map((tag) => ({ Key: textIn(tag, 'Key'), Value: textIn(tag, 'Value') })),
        status: textIn(xml, 'StackStatus'),
      };
    },
  };
}
