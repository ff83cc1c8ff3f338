import { CfnResource, Lazy } from 'aws-cdk-lib/core';
import { Construct, IDependable } from 'constructs';
import { Runtime } from '../runtime/runtime';
import { FOLLOW_RESOURCE_TYPE, FollowedRecommendation, FollowProperties, SCHEMA_VERSION } from '../contract/contract';

/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html (Entries) */
const MOST_ENTRIES = 10;

/** What a follower follows. */
export interface Followed {
  readonly jobName: string;
  readonly jobLogicalId: string;
}

/** Follows a job in the background, for whoever listens and for its recommendations. */
export class Follower extends Construct {
  private readonly recommendations: FollowedRecommendation[] = [];
  private readonly resource: CfnResource;

  constructor(scope: Construct, id: string, { jobName, jobLogicalId }: Followed) {
    super(scope, id);
    const runtime = Runtime.of(this);
    const properties: FollowProperties = {
      SchemaVersion: SCHEMA_VERSION,
      JobName: jobName,
      JobLogicalId: jobLogicalId,
      StateMachineArn: runtime.followMachineArn,
      Recommendations: Lazy.any({ produce: () => this.recommendations }, { omitEmptyArray: true }) as any,
    };
    this.resource = runtime.start.provide(this, 'Resource', FOLLOW_RESOURCE_TYPE, properties);
    this.resource.node.addDependency(runtime.stoppingPolicy);
  }

  /** Writes a recommendation when the job is over. Its own resource stands before and goes after: what it takes back is not written again. */
  public write(recommendation: FollowedRecommendation, resource: IDependable): void {
    if (this.recommendations.push(recommendation) > MOST_ENTRIES) {
      throw new Error(`A job that runs in the background can have ${MOST_ENTRIES} recommendations at most, got one more: their changes go out as one`
        + ' request. Let the deploy wait for the job, or make another job.');
    }
    this.resource.node.addDependency(resource);
  }
}
