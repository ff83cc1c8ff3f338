import type { IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { CfnResource, IResolvable, IResolveContext, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { Construct, IConstruct } from 'constructs';
import type { Place } from './facts';
import { topOf } from '../common/names';
import { warn } from '../common/warn';
import { ESCAPES, parameterNames, positionOf, SEPARATOR, textMark } from '../contract/parameters';
import { RecommendationField } from '../contract/pools';
import { REPLICA_RESOURCE_TYPE } from '../contract/replica';
import { PackageFacts, packageFacts } from '../model-package/facts';
import { ModelPackage } from '../model-package/model-package';

const PLACE = ['account', 'region'] as const;

/** The source of a recommendation's fields: a resource of the stack, figures in the code, or parameters. */
export interface FieldSource {
  text(field: RecommendationField): string;
  number(field: RecommendationField): number;
}

/** The facts of a recommendation that its fields need. */
export interface Producer {
  readonly resource: CfnResource;
  readonly isInBackground: boolean;
  /** Publishes the recommendation to Parameter Store and returns the path. If it is undefined, other stacks get exports. */
  readonly pathFor?: (consumer: Stack) => string;
}

/**
 * A cross-stack field of a recommendation: an attribute in its own stack, a parameter in any other. A recommendation changes, but an export cannot
 * change while another stack imports it. The CDK exports the attribute only if the user chooses so.
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
    return publishedValue(topOf(consumer), pathFor(topOf(consumer)), this.attribute);
  }

  public toString(): string {
    return Token.asString(this);
  }
}

/** A field that another app, account or Region published to Parameter Store. */
class WrittenField implements IResolvable {
  public readonly creationStack: string[] = [];

  constructor(private readonly reader: IConstruct, private readonly path: string, private readonly attribute: string) {}

  public resolve(context: IResolveContext): unknown {
    const stack = Stack.of(this.reader);
    if (context.preparing) { warnOfPlace(this.reader, stack, this.path); }
    return publishedValue(stack, this.path, this.attribute);
  }

  public toString(): string {
    return Token.asString(this);
  }
}

/** The fields below a path of Parameter Store. The reader's stack reads them at each of its deploys. */
export function writtenFields(reader: IConstruct, path: string): FieldSource {
  const token = (attribute: string) => new WrittenField(reader, path, attribute);
  return { text: (attribute) => Token.asString(token(attribute)), number: (attribute) => Token.asNumber(token(attribute)) };
}

/** The package that a recommendation names when the stack is deployed, in a policy by both spellings. */
export function writtenPackage(
  scope: Construct, id: string, arn: string, inLowerCase: string, readable: Pick<PackageFacts, 'isOpaque' | 'grantRead'> = { isOpaque: true },
): IModelPackageRef {
  const written = ModelPackage.fromModelPackageArn(scope, id, arn);
  packageFacts.keep(written, { arns: [arn, inLowerCase], ...readable });
  return written;
}

/** It does not warn of an output, which deploys nothing, or of a replica, which an event updates. */
function warnOfFallback(resource: CfnResource, consumer: IConstruct): void {
  if (!CfnResource.isCfnResource(consumer) || consumer.cfnResourceType === REPLICA_RESOURCE_TYPE) { return; }
  // On the resource: for a warning this late, the CDK finds an acknowledgement only above the construct that has the warning.
  warn(resource, 'OwnStackFallback', 'The recommendation\'s own stack, or a stack that imports its exports, deploys the fallback even after the job has completed,'
    + ' because CloudFormation reads its fields only when its own properties change. Deploy it in another stack, which reads parameters at each deploy. Or,'
    + ' once there is a result, change one of its options (or the job\'s `trigger`, which runs another job).');
}

/** @throws if a consumer is in another place than the producer, and the producer has no replica there */
export function checkPlace(producer: IConstruct, consumer: Stack, replicas: readonly Place[]): void {
  if (!isElsewhere(producer, consumer, replicas)) { return; }
  throw new Error(`Stack '${consumer.node.path}' in ${nameOf(consumer)} uses '${producer.node.path}' of ${nameOf(Stack.of(producer))}:`
    + ' make a `RecommendationReplica` for that place, or give both stacks the same `env` if the places are the same.');
}

function isElsewhere(producer: IConstruct, consumer: Stack, replicas: readonly Place[]): boolean {
  const home = Stack.of(producer);
  return PLACE.some((part) => consumer[part] !== home[part] && !Token.isUnresolved(consumer[part]))
    && !replicas.some((place) => PLACE.every((part) => place[part] === consumer[part]));
}

function nameOf(stack: Stack): string {
  return PLACE.map((part) => (Token.isUnresolved(stack[part]) ? 'unknown' : stack[part])).join('/');
}

/** A recommendation of the app whose path the user has chosen. */
interface Publication {
  readonly producer: IConstruct;
  readonly path: string;
  readonly replicas: readonly Place[];
}

/** By app. */
const PUBLICATIONS = new WeakMap<IConstruct, readonly Publication[]>();
const WARNED = new WeakSet<IConstruct>();

export function enterPublication(publication: Publication): void {
  const { root } = publication.producer.node;
  PUBLICATIONS.set(root, [...PUBLICATIONS.get(root) ?? [], publication]);
}

/** CloudFormation says of a missing parameter only that it cannot be fetched. Another app may publish it there, so this is a warning. */
function warnOfPlace(reader: IConstruct, stack: Stack, path: string): void {
  const published = (PUBLICATIONS.get(reader.node.root) ?? []).filter((one) => one.path === path);
  if (WARNED.has(reader) || published.length === 0) { return; }
  if (!published.every(({ producer, replicas }) => isElsewhere(producer, stack, replicas))) { return; }
  WARNED.add(reader);
  const [{ producer }] = published;
  warn(reader, 'parameterElsewhere', `\`parameterPath\` '${path}' is published by '${producer.node.path}' in ${nameOf(Stack.of(producer))}, and read in`
    + ` ${nameOf(stack)}: make a \`RecommendationReplica\` for that place, unless another app publishes it there.`);
}

/**
 * Keeps the exports that other stacks import as long as no job runs: the names of what the figures in the code are for. An export in use cannot be
 * deleted, and the stack of a recommendation is deployed before its consumers.
 */
export function keepExports(stack: Stack, names: ReadonlyArray<string | undefined>): void {
  if (stack.nestedStackParent) { return; }
  for (const name of names) {
    const reference = name === undefined ? undefined : Tokenization.reverse(name, { failConcat: false });
    if (Reference.isReference(reference) && Stack.of(reference.target) === stack) { stack.exportValue(name); }
  }
}

/** A value below a path. The template has one parameter for all fields and one for all texts, and reads them at each deploy. */
function publishedValue(stack: Stack, path: string, attribute: string): unknown {
  const { fields, texts } = parameterNames(path);
  const position = positionOf(attribute);
  if (position >= 0) { return selected(position, SEPARATOR, StringParameter.valueForStringParameter(stack, fields)); }
  const text = selected(0, SEPARATOR, selected(1, textMark(attribute), StringParameter.valueForStringParameter(stack, texts)));
  return ESCAPES.reduceRight<unknown>((so, [character, escape]) => ({ 'Fn::Join': [character, { 'Fn::Split': [escape, so] }] }), text);
}

function selected(index: number, separator: string, text: unknown): unknown {
  return { 'Fn::Select': [index, { 'Fn::Split': [separator, text] }] };
}
