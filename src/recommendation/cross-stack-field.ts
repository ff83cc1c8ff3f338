import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { CfnResource, IResolvable, IResolveContext, Stack, Token } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { topOf } from '../common/names';
import { warn } from '../common/warn';
import { parameterNames } from '../contract/parameters';
import { RecommendationAttribute } from '../contract/recommend';
import { REPLICA_RESOURCE_TYPE } from '../contract/replica';

const PLACE = ['account', 'region'] as const;

/** Where the fields of a recommendation come from: a resource of the stack, figures in the code, parameters. */
export interface FieldSource {
  text(attribute: RecommendationAttribute): string;
  number(attribute: RecommendationAttribute): number;
}

/** What a field needs to know of its recommendation. */
export interface Producer {
  readonly resource: CfnResource;
  readonly isInBackground: boolean;
  /** Makes the recommendation write itself to Parameter Store, and gives the path. Other stacks get exports where this is left out. */
  readonly pathFor?: (consumer: Stack) => string;
}

/**
 * A field of a recommendation: an attribute in its own stack, a parameter in any other. An export could not change while another stack imports it, and a
 * recommendation does. The CDK makes an export of the attribute only where the user wants it.
 */
export class CrossStackField implements IResolvable {
  public readonly creationStack: string[] = [];

  constructor(private readonly producer: Producer, private readonly attribute: string) {}

  public resolve(context: IResolveContext): unknown {
    const { resource, isInBackground, pathFor } = this.producer;
    const [own, consumer] = [Stack.of(resource), Stack.of(context.scope)];
    if (!pathFor || topOf(own) === topOf(consumer)) {
      if (context.preparing && isInBackground) { warnOfFallback(resource, context.scope); }
      return resource.getAtt(this.attribute);
    }
    return parameterValue(topOf(consumer), pathFor(topOf(consumer)), this.attribute);
  }

  public toString(): string {
    return Token.asString(this);
  }
}

/** A field that another app, account or Region wrote to Parameter Store. It becomes a parameter of the template where something uses it. */
class WrittenField implements IResolvable {
  public readonly creationStack: string[] = [];

  constructor(private readonly stack: Stack, private readonly path: string, private readonly attribute: string) {}

  public resolve(): unknown {
    return parameterValue(this.stack, this.path, this.attribute);
  }

  public toString(): string {
    return Token.asString(this);
  }
}

/** The fields below a path of Parameter Store, read anew at each deploy. */
export function writtenFields(stack: Stack, path: string): FieldSource {
  const token = (attribute: string) => new WrittenField(stack, path, attribute);
  return { text: (attribute) => Token.asString(token(attribute)), number: (attribute) => Token.asNumber(token(attribute)) };
}

/** An output misleads nobody, and a replica follows by an event. */
function warnOfFallback(resource: CfnResource, consumer: IConstruct): void {
  if (!CfnResource.isCfnResource(consumer) || consumer.cfnResourceType === REPLICA_RESOURCE_TYPE) { return; }
  // On the resource: the CDK knows an acknowledgement only above the construct that a warning this late is on.
  warn(resource, 'OwnStackFallback', 'Its own stack, or a stack with exports of it, deploys the fallback, also when the job is done: CloudFormation reads its'
    + ' fields only when its own properties change. Deploy from it in another stack, which reads parameters at each deploy. Or change an option of it (or the'
    + ' job\'s `trigger`, which runs another job) once there is a result.');
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

/** A parameter that a template reads anew at each deploy. */
function parameterValue(stack: Stack, path: string, attribute: string): string {
  return StringParameter.valueForStringParameter(stack, parameterNames(path).field(attribute));
}
