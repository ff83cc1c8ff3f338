import {
  CloudFormationClient, DescribeStacksCommand, GetTemplateCommand, ListStackResourcesCommand, ListStackResourcesCommandOutput, Stack,
  StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { load } from 'js-yaml';
import { Properties, Resolver, Template } from './template';

/** A stack and the stacks nested in it. */
export interface StackView {
  readonly name: string;
  readonly id: string;
  readonly status: string;
  readonly reason?: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The resources of the stack and of the nested ones. */
  readonly resources: readonly ResourceView[];
}

export interface ResourceView {
  /** The name of the stack that has it. */
  readonly stack: string;
  readonly logicalId: string;
  /** Absent until the resource is there. */
  readonly physicalId?: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  /** The path of its construct in the app, where the CDK has written it. */
  readonly path?: string;
  /** Its properties in the template, with the intrinsics resolved that can be. An intrinsic that only the deploy knows stays as it is. */
  readonly properties: Properties;
}

/** A stack by its name or ARN. `undefined` if there is none. */
export async function readStack(cloudFormation: CloudFormationClient, name: string): Promise<StackView | undefined> {
  const stack = await describe(cloudFormation, name);
  if (!stack) { return undefined; }
  return {
    name: stack.StackName!,
    id: stack.StackId!,
    status: stack.StackStatus!,
    reason: stack.StackStatusReason,
    outputs: Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!])),
    resources: await resourcesOf(cloudFormation, stack),
  };
}

const NESTED = 'AWS::CloudFormation::Stack';

async function describe(cloudFormation: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    return (await cloudFormation.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
  } catch (error) {
    // CloudFormation has no error of its own for a stack that does not exist, or for a name that none may have.
    const { name: code, message } = error as Error;
    if (code === 'ValidationError' && /does not exist|failed to satisfy constraint/i.test(message)) { return undefined; }
    throw error;
  }
}

async function resourcesOf(cloudFormation: CloudFormationClient, stack: Stack): Promise<ResourceView[]> {
  const [summaries, template] = await Promise.all([summariesOf(cloudFormation, stack.StackId!), templateOf(cloudFormation, stack.StackId!)]);
  const resolver = new Resolver(template, {
    stack,
    physicalIds: Object.fromEntries(summaries.flatMap(({ LogicalResourceId: id, PhysicalResourceId: is }) => (is ? [[id!, is]] : []))),
  });
  const nested = await Promise.all(summaries
    .filter(({ ResourceType, PhysicalResourceId: id, ResourceStatus }) => ResourceType === NESTED && id && ResourceStatus !== 'DELETE_COMPLETE')
    .map(async ({ PhysicalResourceId: id }) => {
      const inner = await describe(cloudFormation, id!);
      return inner ? resourcesOf(cloudFormation, inner) : [];
    }));
  return [...summaries.map((summary): ResourceView => ({
    stack: stack.StackName!,
    logicalId: summary.LogicalResourceId!,
    physicalId: summary.PhysicalResourceId || undefined,
    type: summary.ResourceType!,
    status: summary.ResourceStatus!,
    reason: summary.ResourceStatusReason,
    path: template.Resources?.[summary.LogicalResourceId!]?.Metadata?.['aws:cdk:path'],
    properties: resolver.propertiesOf(summary.LogicalResourceId!),
  })), ...nested.flat()];
}

async function summariesOf(cloudFormation: CloudFormationClient, StackName: string): Promise<StackResourceSummary[]> {
  const summaries: StackResourceSummary[] = [];
  let NextToken: string | undefined;
  do {
    const page: ListStackResourcesCommandOutput = await cloudFormation.send(new ListStackResourcesCommand({ StackName, NextToken }));
    summaries.push(...page.StackResourceSummaries ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  return summaries;
}

/** A stack that is in review has no template yet. */
async function templateOf(cloudFormation: CloudFormationClient, StackName: string): Promise<Template> {
  try {
    const { TemplateBody: body = '{}' } = await cloudFormation.send(new GetTemplateCommand({ StackName, TemplateStage: 'Processed' }));
    return load(body) as Template;
  } catch (error) {
    if ((error as Error).name === 'ValidationError') { return {}; }
    throw error;
  }
}
