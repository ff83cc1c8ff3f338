import { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { CfnResource, Duration, Lazy, Names, Stack, Token } from 'aws-cdk-lib/core';
import { Construct, IConstruct } from 'constructs';
import { checkParameterPath } from './choice-request';
import { checkPlace, CrossStackField, enterPublication, FieldSource, keepExports } from './cross-stack-field';
import { enterRecommendation, JobFacts, Place, Publisher, recommendationsOf } from './facts';
import { ChoiceOptions, CrossStackReference } from './recommendation-options';
import { dependOnStack } from '../common/dependencies';
import { ownPaths, sagemakerArns } from '../common/names';
import { RECOMMENDATION_CHANGE } from '../contract/events';
import { parameterNames } from '../contract/parameters';
import { RECOMMENDATION_RESOURCE_TYPE, RecommendationProperties } from '../contract/recommend';
import { SERVICE_TIMEOUT_SECONDS } from '../contract/waiting';
import { eventRule } from '../runtime/event-rule';
import { allowMetrics } from '../runtime/permissions';
import { Runtime } from '../runtime/runtime';
import type { RuntimeFunction } from '../runtime/runtime-function';

/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html (Entries) */
const MOST_EVENTS = 10;

/** What a recommendation is chosen from, and what the app has of it. */
export interface ChosenFrom {
  /** The function that chooses. It is made only if something is chosen. */
  readonly recommend: () => RuntimeFunction;
  /** The job. Absent if there is none, as for what the service recommends at once. */
  readonly job?: IConstruct;
  readonly facts: Pick<JobFacts, 'namespace' | 'isInBackground' | 'hasPendingResults' | 'fallbackTarget'>;
  /** The package or model of this stack that each recommendation is deployed with, if they have the same. */
  readonly target?: Pick<RecommendationProperties, 'ModelPackageArn' | 'ModelName'>;
}

/** A choice that a resource of its own stack makes when the stack is deployed, and what publishes it for other stacks, Regions and accounts. */
export class Chosen implements Publisher {
  /** The path in Parameter Store; undefined until something needs it. */
  public path?: string;
  private resource?: CfnResource;
  private readonly replicas: Place[] = [];

  constructor(private readonly owner: Construct, private readonly from: ChosenFrom, parameterPath: string | undefined) {
    this.path = parameterPath;
  }

  /** Makes the resource. It returns its fields, which other stacks read from Parameter Store or from exports. */
  public make(properties: RecommendationProperties, hasFallback: boolean, reference?: CrossStackReference): FieldSource {
    const resource = this.provide(properties, hasFallback);
    this.resource = resource;
    if (this.path !== undefined) { enterPublication({ producer: this.owner, path: this.path, replicas: this.replicas }); }
    if (this.path !== undefined || this.isInBackground) { this.publish(); }
    const isExported = reference === CrossStackReference.CDK;
    const pathFor = isExported ? undefined : (consumer: Stack) => this.publishFor(consumer);
    const token = (attribute: string) => new CrossStackField({ resource, isInBackground: this.isInBackground, pathFor }, attribute);
    return { text: (attribute) => Token.asString(token(attribute)), number: (attribute) => Token.asNumber(token(attribute)) };
  }

  /** Makes the resource wait for a construct. */
  public addDependency(construct: IConstruct): void {
    this.resource?.node.addDependency(construct);
  }

  /** Publishes the recommendation to Parameter Store and returns the path. */
  public publish(): string {
    if (this.path === undefined) {
      this.path = `${ownPaths(this.owner)}/${Names.uniqueResourceName(this.owner, { maxLength: 100, separator: '-' })}`;
      checkParameterPath(this.path);
    }
    if (this.resource) { this.from.recommend().allowParameters(this.path, this.resource); }
    return this.path;
  }

  /** Adds a rule for the changes of the recommendation in the background. */
  public onChange(id: string, options: OnEventOptions): Rule {
    if (!this.isInBackground) { throw new Error('`onChange` needs a job that runs in the background: set its `wait` to `Wait.inBackground()`.'); }
    return this.onEvent(RECOMMENDATION_CHANGE, id, options);
  }

  /** Adds a rule for events of the recommendation. */
  public onEvent(detailType: string, id: string, options: OnEventOptions): Rule {
    return eventRule(this.owner, id, detailType, { LogicalResourceId: [this.logicalId ?? this.owner.node.path] }, options);
  }

  /** The logical id of its resource; undefined if the recommendation is fixed by the app. */
  public get logicalId(): string | undefined {
    return this.resource && Stack.of(this.owner).getLogicalId(this.resource);
  }

  public get isInBackground(): boolean { return this.from.facts.isInBackground ?? false; }

  public addReplica(place: Place): void {
    this.replicas.push(place);
  }

  /** The target of a fallback, and the package or model of this stack that every recommendation of its job is deployed with. */
  public get fallbackTarget(): Pick<RecommendationProperties, 'ModelPackageArn' | 'ModelName'> {
    return this.from.facts.fallbackTarget ?? this.from.target ?? {};
  }

  private publishFor(consumer: Stack): string {
    checkPlace(this.owner, consumer, this.replicas);
    dependOnStack(consumer, Stack.of(this.owner), 'it reads the recommendation from Parameter Store');
    keepExports(Stack.of(this.owner), Object.values(this.fallbackTarget));
    return this.publish();
  }

  private provide(properties: RecommendationProperties, hasFallback: boolean): CfnResource {
    const { job, facts: { namespace, hasPendingResults, fallbackTarget } } = this.from;
    const recommend = this.from.recommend();
    if (properties.PublishMetrics) { allowMetrics(recommend); }
    const given: RecommendationProperties = {
      ...properties,
      Namespace: namespace,
      ParameterPath: Lazy.string({ produce: () => this.path }),
      InBackground: this.isInBackground ? 'true' : undefined,
      ...fallbackTarget ? { Fallback: { ...properties.Fallback, ...fallbackTarget } } : this.fallbackTarget,
      PendingPath: hasPendingResults ? Lazy.string({ produce: () => parameterNames(this.path!).pending }) : undefined,
    };
    const timeout = properties.ApprovalSeconds === undefined ? undefined : Duration.seconds(SERVICE_TIMEOUT_SECONDS);
    const resource = recommend.provide(this.owner, 'Resource', RECOMMENDATION_RESOURCE_TYPE, given, timeout);
    if (!job) { return resource; }
    if (this.isInBackground && recommendationsOf(job).length === MOST_EVENTS) {
      throw new Error(`A job that runs in the background can have at most ${MOST_EVENTS} recommendations, got one more, because one request`
        + ' puts the events of all of them. Let the deploy wait for the job, or make another job.');
    }
    const { JobName: _job, ...followed } = given;
    enterRecommendation(job, {
      resource,
      hasFallback,
      followed: this.isInBackground ? () => ({ ...followed, ParameterPath: this.path!, LogicalResourceId: this.logicalId! }) : undefined,
    });
    return resource;
  }
}

/** The choice from a job, whose function may then read it. */
export function chosenFromJob(
  owner: Construct, job: IConstruct, facts: JobFacts, target: ChosenFrom['target'], { parameterPath }: Pick<ChoiceOptions, 'parameterPath'>,
): Chosen {
  return new Chosen(owner, { recommend: () => Runtime.of(owner).recommend(facts.family), job, facts, target }, parameterPath);
}

/** Lets the function read what a job benchmarks, and an imported job. */
export function allowReading(owner: Construct, { family, importedName, allowDescribe }: JobFacts): void {
  const recommend = Runtime.of(owner).recommend(family);
  allowDescribe?.(recommend);
  // The name at import, not the name from a wait stage: the function's policy must exist before that stage.
  // Reason: reads the results of an imported job.
  if (importedName !== undefined) { recommend.allow([`sagemaker:${family.operations.describe}`], ...sagemakerArns(family.arnResource, importedName)); }
}
