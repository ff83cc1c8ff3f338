import { CfnResource } from 'aws-cdk-lib/core';
import { Construct, Dependable, IConstruct, IDependable } from 'constructs';
import { lazily } from '../common/render';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { ClaimProperties, FollowProperties, jobResourceType } from '../contract/start';
import { recommendationsOf } from '../recommendation/facts';
import type { JobFamily } from '../runtime/job-family';
import { Runtime } from '../runtime/runtime';

/** The job that a follower follows. */
export interface Followed {
  readonly jobName: string;
  readonly jobLogicalId: string;
  readonly claims: ClaimProperties;
}

/** Follows a job in the background, for listeners and for its recommendations. */
export class Follower extends Construct {
  constructor(scope: Construct, id: string, family: JobFamily, job: IConstruct, { jobName, jobLogicalId, claims }: Followed) {
    super(scope, id);
    const runtime = Runtime.of(this);
    const properties: FollowProperties = {
      SchemaVersion: SCHEMA_VERSION,
      JobName: jobName,
      JobLogicalId: jobLogicalId,
      StackKey: claims.StackKey,
      Namespace: claims.Namespace,
      StateMachineArn: runtime.followMachineArn(family),
      Recommendations: lazily(() => recommendationsOf(job).flatMap(({ followed }) => followed?.() ?? []), { omitEmptyArray: true }),
    };
    const resource: CfnResource = runtime.start(family).provide(this, 'Resource', jobResourceType(family.name, 'Follow'), properties);
    // A recommendation's resource is made before its follower and deleted after it, so that the follower never rewrites a deleted parameter.
    resource.node.addDependency(runtime.followPolicy(family), recommendationResources(job));
  }
}

/** Looked up when the template is made, because recommendations are added after the job. */
function recommendationResources(job: IConstruct): IDependable {
  const resources: IDependable = {};
  Dependable.implement(resources, {
    get dependencyRoots() { return recommendationsOf(job).filter(({ followed }) => followed).map(({ resource }) => resource); },
  });
  return resources;
}
