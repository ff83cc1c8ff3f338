import {
  CfnElement, CfnParameter, CfnResource, DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Lazy, Reference, Stack,
  TokenizedStringFragments, Tokenization,
} from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { canonical, digest, Reuse } from '../contract/job-name';
import { WORKLOAD_MEMBERS } from '../service/ai-job-content';
import { contentOf, countedTarget, MODEL_MEMBERS, PACKAGE_MEMBERS } from '../service/job-content';

const DIGITS = 16;

/** Properties of what a job benchmarks that count. CloudFormation can add to the specifications of a version. */
const COUNTED: Readonly<Record<string, readonly string[]>> = {
  'AWS::SageMaker::ModelPackage': [...PACKAGE_MEMBERS, 'AdditionalInferenceSpecificationsToAdd'],
  'AWS::SageMaker::Model': MODEL_MEMBERS,
  'AWS::SageMaker::AIWorkloadConfig': WORKLOAD_MEMBERS,
};

/** The properties of a start resource by which its job is found or started. */
interface Identified {
  readonly trigger?: string;
  readonly reuse: Reuse;
  /** The part of the request that counts. */
  readonly counted: Readonly<Record<string, unknown>>;
}

/**
 * What `cdk diff` shows if a change may start a paid job: some words, and a hash of the content that is known at synth. A reference counts as what it
 * names, so a construct's id does not count.
 */
export function paidBenchmark(scope: IConstruct, { trigger = '', reuse, counted }: Identified): string {
  const hash = () => hashed([trigger, reuse === 'never' ? 'construct' : reuse, contentOf(new ContentResolver().resolve(scope, counted)).counted]);
  return Lazy.uncachedString({ produce: ({ preparing }) => (preparing ? '' : `Another value may start a paid job: ${hash()}`) });
}

function hashed(content: unknown): string {
  return digest(canonical(content), DIGITS);
}

/** What a reference becomes until all is resolved: in the form of a function of CloudFormation, which properties take for numbers and lists, too. */
const NAMED = 'Fn::Named';

/** A value in which each reference is the text of what it names. */
function plain(value: any): any {
  if (Array.isArray(value)) { return value.map(plain); }
  if (typeof value !== 'object' || value === null) { return value; }
  return value[NAMED] ?? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

/** Resolves as CloudFormation's templates are, but for references: each becomes what it names. */
class ContentResolver extends DefaultTokenResolver {
  private readonly known = new Map<IConstruct, string>();

  constructor() {
    super({
      join: (left, right) => [left, right].map(plain).map((part) => (typeof part === 'string' ? part : part === undefined ? '' : JSON.stringify(part))).join(''),
    });
  }

  public resolve(scope: IConstruct, value: unknown): any {
    return plain(Tokenization.resolve(value, { scope, resolver: this, preparing: false }));
  }

  public resolveString(fragments: TokenizedStringFragments, context: IResolveContext): any {
    return plain(super.resolveString(fragments, context));
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    if (Reference.isReference(token)) { return this.named(token.target, token.displayName); }
    const value = super.resolveToken(token, context, postProcessor);
    // `Fn.ref()` and `Fn.getAtt()` know only the logical id.
    const [logicalId, attribute] = value?.Ref !== undefined ? [value.Ref, 'Ref'] : [value?.['Fn::GetAtt']].flat();
    const element = typeof logicalId === 'string' && elementOf(Stack.of(context.scope), logicalId);
    return element ? this.named(element, attribute) : value;
  }

  private named(target: IConstruct, attribute: string): object {
    if (!this.known.has(target)) {
      // A resource that refers to itself, by way of others, has no hash yet.
      this.known.set(target, '');
      this.known.set(target, hashed(this.contentOf(target)));
    }
    return { [NAMED]: `${this.known.get(target)}.${attribute}` };
  }

  private contentOf(target: IConstruct): unknown {
    if (target instanceof CfnParameter || !CfnResource.isCfnResource(target)) { return this.parameterOf(target); }
    const { cfnResourceType: type } = target;
    const [{ Properties: properties = {} }] = this.partsOf(target, 'Resources');
    if (type in COUNTED) { return [type, contentOf(countedTarget(properties, COUNTED[type])).counted]; }
    const isCustom = /^(Custom::|AWS::CloudFormation::CustomResource$)/.test(type);
    // A change in place of any other resource leaves its name as it is, and the name is all that a request has of it.
    const counts = isCustom ? (name: string) => name !== 'ServiceToken' : (name: string) => name === `${type.split('::')[2]}Name`;
    return [type, Object.fromEntries(Object.entries(properties).filter(([name]) => counts(name)))];
  }

  /** A parameter of the template is what it has as default, or else its name: the deploy gives the value. */
  private parameterOf(target: IConstruct): unknown {
    // A pseudo parameter's target is the construct that uses it.
    if (!CfnElement.isCfnElement(target)) { return undefined; }
    const [{ Type, Default = this.resolve(target, target.logicalId) } = {} as any] = this.partsOf(target, 'Parameters');
    return [Type, Default];
  }

  private partsOf(target: CfnElement, section: string): any[] {
    // Only this method of an element gives its properties as the template has them, with overrides and aspects.
    return Object.values(this.resolve(target, (target as any)._toCloudFormation())?.[section] ?? {});
  }
}

function elementOf(stack: Stack, logicalId: string): CfnElement | undefined {
  return stack.node.findAll().filter(CfnElement.isCfnElement)
    .find((element) => element.stack === stack && stack.resolve(element.logicalId) === logicalId);
}
