import { Fn, Stack, Token } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';

const GUID = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };

/** The same as `stackPrefix()` of a stack's id, but in the template: it differs for each stack and never changes in a stack. */
const PREFIX = Token.asString({ 'Fn::Select': [0, { 'Fn::Split': ['-', GUID] }] });

/** The prefix of all names that this library makes at deploy. IAM policies depend on it. */
export function stackPrefixToken(): string {
  return PREFIX;
}

/** An ARN in the account and Region of the stack. */
export function sagemakerArn(resource: string, name: string): string {
  return arn('sagemaker', `${resource}/`, name);
}

/** Actions to write, list and delete parameters below a path. */
export const KEEP_PARAMETERS = ['ssm:GetParametersByPath', 'ssm:PutParameter', 'ssm:DeleteParameters'];

/** The ARN of a parameter whose name begins with a slash. */
export function parameterArn(name: string): string {
  return arn('ssm', 'parameter', name);
}

/**
 * Uses one Fn::Sub: with hundreds of such ARNs, a template is smaller and takes half the time to resolve, compared to a Fn::Join.
 * The same arguments give the same token, so that a policy statement lists an ARN once, however many constructs name it.
 */
export function arn(service: string, resource: string, name: string): string {
  const key = JSON.stringify([service, resource, name]);
  const known = ARNS.get(key);
  if (known) { return known; }
  const body = `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;
  const made = Token.isUnresolved(name) ? Fn.sub(`${body}\${Name}`, { Name: name }) : Fn.sub(`${body}${name}`);
  ARNS.set(key, made);
  return made;
}

const ARNS = new Map<string, string>();

/** The top-level stack. Fields that stay within it and its nested stacks need no export. */
export function topOf(stack: Stack): Stack {
  return stack.nestedStackParent ? topOf(stack.nestedStackParent) : stack;
}

/** The default path in Parameter Store below which a stack's recommendations are written. */
export function ownPaths(scope: IConstruct): string {
  return `/cdk-sagemaker-inference-recommender/${topOf(Stack.of(scope)).stackName}`;
}
