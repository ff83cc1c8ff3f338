import type { Deps } from './deps';
import { errorMessage, isDenied } from './errors';
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
 * The tags of a stack: CloudFormation puts them on what it makes, but not on what a custom resource makes. A function that may not read them does without.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
 */
export async function stackTags(stacks: StacksApi, StackName: string, { log }: Pick<Deps, 'log'>): Promise<Tag[]> {
  try {
    // Only AWS's own services set tags of the prefix `aws:`.
    return (await stacks.send(new DescribeStacks({ StackName }))).tags.filter(({ Key }) => !Key.startsWith('aws:'));
  } catch (error) {
    if (!isDenied(error)) { throw error; }
    log({ message: 'no stack tags', reason: errorMessage(error) });
    return [];
  }
}

/** Whether a stack goes back to its earlier state. A function that may not know says no. */
export async function isRollingBack(stacks: StacksApi, StackName: string, { log }: Pick<Deps, 'log'>): Promise<boolean> {
  try {
    return (await stackStatus(stacks, StackName)).includes('ROLLBACK');
  } catch (error) {
    if (!isDenied(error)) { throw error; }
    log({ message: 'no stack status', reason: errorMessage(error) });
    return false;
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
