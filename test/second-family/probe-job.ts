import { IRole } from 'aws-cdk-lib/aws-iam';
import { IModelPackageRef } from 'aws-cdk-lib/aws-sagemaker';
import { ITaggableV2, Lazy, Resource, TagManager, TagType } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { PROBES } from './family';
import { serviceRole } from '../../src/common/iam';
import { renderTags } from '../../src/common/render';
import { scopeProperties } from '../../src/common/scope';
import { SCHEMA_VERSION } from '../../src/contract/custom-resource';
import { jobResourceType, JobProperties } from '../../src/contract/start';
import { stageCount } from '../../src/contract/waiting';
import { jobOf, logicalIdOf, startResource, toleratesFailure, waitChain } from '../../src/jobs/wait-chain';
import { permissionArns } from '../../src/model-package/facts';
import { jobFacts } from '../../src/recommendation/facts';
import { Recommendation } from '../../src/recommendation/recommendation';
import { IRecommendationJob } from '../../src/recommendation/recommendation-interface';
import { RecommendationOptions } from '../../src/recommendation/recommendation-options';
import { Runtime } from '../../src/runtime/runtime';

export interface ProbeJobProps {
  readonly modelPackage: IModelPackageRef;
  readonly trigger?: string;
  /** How long it may take. @default - two stages */
  readonly seconds?: number;
}

/** A job of the second family: all that a construct of it has to say by itself. */
export class ProbeJob extends Resource implements IRecommendationJob, ITaggableV2 {
  public readonly jobName: string;
  public readonly modelPackage: IModelPackageRef;
  public readonly role: IRole;
  public readonly cdkTagManager = new TagManager(TagType.KEY_VALUE, jobResourceType(PROBES.name, ''));

  constructor(parent: Construct, id: string, props: ProbeJobProps) {
    super(parent, id);
    this.modelPackage = props.modelPackage;
    this.role = serviceRole(this, 'Role', 'sagemaker', 'Probes a model');
    jobFacts.keep(this, { family: PROBES, namespace: scopeProperties(this, 'stack').Namespace });
    const start = Runtime.of(this).start(PROBES);
    start.allowPassRole(this.role.roleArn);
    start.allow(['sagemaker:DescribeModelPackage'], ...permissionArns(props.modelPackage));
    const scope = scopeProperties(this, 'stack');
    Runtime.of(this).allowJobs(PROBES, scope);
    const properties: JobProperties = {
      ...scope,
      SchemaVersion: SCHEMA_VERSION,
      Trigger: props.trigger,
      Request: { Subject: props.modelPackage.modelPackageRef.modelPackageArn, RoleArn: this.role.roleArn, Rounds: 3 },
      ToleratesFailure: toleratesFailure(this),
      Tags: Lazy.any({ produce: () => renderTags(this.cdkTagManager) }) as any,
      Stages: `${stageCount(props.seconds)}`,
    };
    const resource = startResource(this, PROBES, properties, this.role);
    this.jobName = waitChain(this, PROBES, { ...properties, ...jobOf(resource), JobLogicalId: logicalIdOf(resource) });
  }

  public addRecommendation(id: string, options: RecommendationOptions = {}): Recommendation {
    return new Recommendation(this, id, { job: this, ...options });
  }
}
