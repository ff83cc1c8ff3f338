import { CustomResource, Duration, Lazy } from 'aws-cdk-lib/core';
import { Construct, IDependable } from 'constructs';
import { Runtime } from './runtime';
import { FOLLOW_RESOURCE_TYPE, FollowedRecommendation, FollowProperties, SCHEMA_VERSION } from '../api/contract';

const TIMEOUT = Duration.minutes(15);

/** What a follower follows. */
export interface Followed {
  readonly jobName: string;
  readonly jobLogicalId: string;
}

/** Follows a job in the background, for whoever listens and for its recommendations. */
export class Follower extends Construct {
  private readonly recommendations: FollowedRecommendation[] = [];
  private readonly resource: CustomResource;

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
    this.resource = new CustomResource(this, 'Resource', {
      resourceType: FOLLOW_RESOURCE_TYPE, serviceToken: runtime.start.functionArn, serviceTimeout: TIMEOUT, properties,
    });
    this.resource.node.addDependency(runtime.start.permissions);
  }

  /** Writes a recommendation when the job is over. Its own resource stands before and goes after: what it takes back is not written again. */
  public write(recommendation: FollowedRecommendation, resource: IDependable): void {
    this.recommendations.push(recommendation);
    this.resource.node.addDependency(resource);
  }
}
