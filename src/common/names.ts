import { Fn, Stack, Token } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';

const GUID = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };

/** What `stackPrefix()` makes of a stack's id, in the template: the same at each deploy, another for each stack. */
const PREFIX = Token.asString({ 'Fn::Select': [0, { 'Fn::Split': ['-', GUID] }] });

/** The beginning of all names that this library gives at deploy: IAM policies rest on it. */
export function stackPrefixToken(): string {
  return PREFIX;
}

/** An ARN of this stack's own account and Region. */
export function sagemakerArn(resource: string, name: string): string {
  return arn('sagemaker', `${resource}/`, name);
}

/** What keeping parameters below a path takes. */
export const KEEP_PARAMETERS = ['ssm:GetParametersByPath', 'ssm:PutParameter', 'ssm:DeleteParameters'];

/** The ARN of a parameter whose name begins with a slash. */
export function parameterArn(name: string): string {
  return arn('ssm', 'parameter', name);
}

/** As one Fn::Sub: templates with hundreds of such ARNs are smaller, and resolved in half the time, than with a Fn::Join of each pseudo parameter. */
export function arn(service: string, resource: string, name: string): string {
  const body = `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;
  return Token.isUnresolved(name) ? Fn.sub(`${body}\${Name}`, { Name: name }) : Fn.sub(`${body}${name}`);
}

/** The stack that is deployed: fields within it and its nested stacks need no export. */
export function topOf(stack: Stack): Stack {
  return stack.nestedStackParent ? topOf(stack.nestedStackParent) : stack;
}

/** The path in Parameter Store below which a stack's recommendations are written, where the user gives them no path. */
export function ownPaths(scope: IConstruct): string {
  return `/cdk-sagemaker-inference-recommender/${topOf(Stack.of(scope)).stackName}`;
}
