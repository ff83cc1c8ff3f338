import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { CfnResource, IResolvable, IResolveContext, Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { warn } from '../hosting/hosting-advice';
import { parameterNames, REPLICA_RESOURCE_TYPE } from '../contract/contract';
import type { Recommendation } from './recommendation';

const PLACE = ['account', 'region'] as const;

/** What a field needs to know of the recommendation that it is one of. */
export interface Handover {
  readonly resource: CfnResource;
  /** Makes the recommendation write itself to Parameter Store, and gives the path. Other stacks may ask for it, unless they get exports. */
  readonly pathFor?: (consumer: Stack) => string;
}

/**
 * A field of a recommendation: an attribute in its own stack, a parameter in any other. An export could not change while anybody uses it, and a
 * recommendation does: the CDK makes one of the attribute only where the user wants it.
 */
export class HandedOver implements IResolvable {
  public readonly creationStack: string[] = [];

  constructor(private readonly handover: Handover, private readonly attribute: string) {}

  public resolve(context: IResolveContext): unknown {
    const { resource, pathFor } = this.handover;
    const [producer, consumer] = [Stack.of(resource), Stack.of(context.scope)];
    if (!pathFor || topOf(producer) === topOf(consumer)) {
      if (context.preparing) { warnOfFallback(resource, context.scope); }
      return resource.getAtt(this.attribute);
    }
    return parameterValue(topOf(consumer), pathFor(topOf(consumer)), this.attribute);
  }

  public toString(): string {
    return Token.asString(this);
  }
}

/** An output misleads nobody, and a replica follows by an event. */
function warnOfFallback(resource: CfnResource, consumer: IConstruct): void {
  const { _isInBackground } = resource.node.scope as Recommendation;
  if (!_isInBackground || !CfnResource.isCfnResource(consumer) || consumer.cfnResourceType === REPLICA_RESOURCE_TYPE) { return; }
  // Of the resource: the CDK knows an acknowledgement only above the construct that a warning this late is of.
  warn(resource, 'OwnStackFallback', 'What is deployed from it in its own stack, or by exports, is the fallback, also when the job is done: CloudFormation'
    + ' asks for its fields only when its own properties change. Deploy from it in another stack, which reads parameters at each deploy, or change an'
    + ' option of it (or the job\'s `trigger`, which runs another job) once there is a result.');
}

/** An account and a Region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** @throws if a consumer is in another place than what it uses, and that has no replica there */
export function checkPlace(producer: IConstruct, consumer: Stack, replicas: readonly Place[]): void {
  const home = Stack.of(producer);
  const isElsewhere = PLACE.some((part) => consumer[part] !== home[part] && !Token.isUnresolved(consumer[part]));
  if (!isElsewhere || replicas.some((place) => PLACE.every((part) => place[part] === consumer[part]))) { return; }
  const nameOf = (stack: Stack) => PLACE.map((part) => (Token.isUnresolved(stack[part]) ? 'unknown' : stack[part])).join('/');
  throw new Error(`Stack '${consumer.node.path}' in ${nameOf(consumer)} uses '${producer.node.path}' of ${nameOf(home)}:`
    + ' make a `RecommendationReplica` for that place, or give both stacks the same `env` if it is the same.');
}

/** A field that stands in Parameter Store, as a template reads it anew at every deploy. */
export function parameterValue(stack: Stack, path: string, attribute: string): string {
  return StringParameter.valueForStringParameter(stack, parameterNames(path).field(attribute));
}

export function parameterNumber(stack: Stack, path: string, attribute: string): number {
  return Token.asNumber(Tokenization.reverseCompleteString(parameterValue(stack, path, attribute)));
}

/** The stack that is deployed. What is handed over within it and its nested ones needs no export. */
export function topOf(stack: Stack): Stack {
  return stack.nestedStackParent ? topOf(stack.nestedStackParent) : stack;
}

/** Where recommendations of a stack are written whose path the user leaves to the library: each below it. */
export function ownPaths(scope: IConstruct): string {
  return `/cdk-sagemaker-inference-recommender/${topOf(Stack.of(scope)).stackName}`;
}
