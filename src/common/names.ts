import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Fn, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib/core';
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

/** The ARNs of a name in a policy, in all its spellings. */
export function sagemakerArns(resource: string, name: string): string[] {
  return nameSpellings(name).map((spelling) => sagemakerArn(resource, spelling));
}

/** A whole ARN of SageMaker in a policy, in all spellings of its name. A token is one spelling. */
export function arnSpellings(given: string): string[] {
  const [, place, name] = NAMED_ARN.exec(given) ?? [];
  return name === undefined ? [given] : nameSpellings(name).map((spelling) => place + spelling);
}

/** @throws if the ARN is a pattern: a grant on it would reach more than one resource */
export function checkOneResource(prop: string, given: string): void {
  if (/[*?]/.test(given)) { throw new Error(`\`${prop}\` must name one resource, so it must have no '*' and no '?', got: '${given}'.`); }
}

/** Whether an ARN shows its name at synth, so that `arnSpellings` knows it. */
export function showsName(given: string): boolean {
  return NAMED_ARN.test(given);
}

/**
 * A name as given and in lower case: SageMaker was seen to authorize requests by either, and IAM compares with case. A template cannot lower the case
 * of a token, and a pattern that covers both is wider than the name, so the parts that are tokens stay as they are.
 *
 * Sources: https://github.com/aws-samples/ml-edge-getting-started/issues/18 (as given), https://github.com/philschmid/cdk-samples/issues/2 (lower case)
 */
export function nameSpellings(name: string): string[] {
  const lower = name.split(TOKENS).map((part, index) => (index % 2 === 1 ? part : part.toLowerCase())).join('');
  return lower === name ? [name] : [name, lower];
}

const TOKENS = /(\$\{Token\[[^\]]*\]\})/;
const NAMED_ARN = /^(arn:[^:]*:sagemaker:[^:]*:[^:]*:[\w-]+\/)(.+)$/s;

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
  LENGTHS.set(made, mostCharacters(body) + (isToken(name) ? NAME_LENGTH : mostCharacters(name)));
  return made;
}

/** The most characters that an ARN has once it is deployed. */
export function mostCharacters(given: string): number {
  const known = LENGTHS.get(given);
  if (known !== undefined) { return known; }
  const most = isToken(given) ? (isRoleArn(given) ? ROLE_ARN_LENGTH : ARN_LENGTH) : charactersOf(given);
  LENGTHS.set(given, most);
  return most;
}

function charactersOf(given: string): number {
  return given.split(TOKENS).reduce((sum, part, index) => sum + (index % 2 === 0 ? part.length : PSEUDO.test(part) ? 14 : NAME_LENGTH), 0);
}

/** Whether a text is one token and nothing else. */
function isToken(text: string): boolean {
  const [before, , after, ...more] = text.split(TOKENS);
  return before === '' && after === '' && more.length === 0;
}

/** Roles are most of what a policy names. One with a path is as long as any other ARN. */
function isRoleArn(token: string): boolean {
  const reference = Tokenization.reverseString(token).firstToken;
  const role = reference && Reference.isReference(reference) ? reference.target : undefined;
  return CfnRole.isCfnRole(role) && role.path === undefined;
}

/** `arn:aws-us-gov:iam::123456789012:role/` and 64 characters. */
const ROLE_ARN_LENGTH = 103;
/** The longest ARN that a token may be: `arn:aws-us-gov:states:ap-southeast-1:123456789012:stateMachine:` and 80 characters. */
const ARN_LENGTH = 150;
const NAME_LENGTH = 64;
/** The pseudo parameters: the longest Region, as `ap-southeast-1`, has 14 characters. */
const PSEUDO = /Token\[AWS[.:]/;
const LENGTHS = new Map<string, number>();

const ARNS = new Map<string, string>();

/** The top-level stack. Fields that stay within it and its nested stacks need no export. */
export function topOf(stack: Stack): Stack {
  return stack.nestedStackParent ? topOf(stack.nestedStackParent) : stack;
}

/** The default path in Parameter Store below which a stack's recommendations are written. */
export function ownPaths(scope: IConstruct): string {
  return `/cdk-sagemaker-inference-recommender/${topOf(Stack.of(scope)).stackName}`;
}

/** Below these paths a stack counts the benchmarks of its registries. No stack's name has a point, so nothing else of this library is there. */
export function registryPaths(): string {
  return `/cdk-sagemaker-inference-recommender/registries.${stackPrefixToken()}`;
}
