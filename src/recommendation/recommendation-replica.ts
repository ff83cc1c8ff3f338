import { createHash } from 'crypto';
import { RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, IRoleRef, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Aws, Resource, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Recommendation } from './recommendation';
import { checkParameterPath } from './recommendation-request';
import { dependOnStack } from '../common/dependencies';
import { KEEP_PARAMETERS, parameterArn } from '../common/names';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { RECOMMENDATION_WRITTEN } from '../contract/events';
import { parameterNames } from '../contract/parameters';
import { CopyRequest, REPLICA_RESOURCE_TYPE, ReplicaProperties } from '../contract/replica';
import { eventRule, FunctionTarget } from '../runtime/event-rule';
import { Runtime } from '../runtime/runtime';

/** Properties of a replica. */
export interface RecommendationReplicaProps {
  /** The recommendation. It is written to Parameter Store in its own place, too. */
  readonly recommendation: Recommendation;
  /** Region of the replica. */
  readonly region: string;
  /**
   * A role of another account, which may write there: `ReplicaRole` makes one, in a stack of the replica's own Region. It must let the replica's account
   * assume it.
   *
   * @default - this account, and no role
   */
  readonly role?: IRoleRef;
}

/**
 * A copy of a recommendation in Parameter Store of another Region or account, and of what stands below `<parameterPath>/pending`: at each deploy and,
 * where the job runs in the background, whenever that has written it. It goes with this construct.
 *
 * Made in the stack of the recommendation. Stacks in the other place then use the recommendation's fields or, in other apps,
 * `Recommendation.fromSsmParameter()` with the same path.
 */
export class RecommendationReplica extends Resource {
  /**
   * @throws if it stands in another stack than its recommendation, or in the same Region, or in another than the `ReplicaRole`
   */
  constructor(scope: Construct, id: string, props: RecommendationReplicaProps) {
    super(scope, id);
    const { recommendation, region, role } = props;
    const stack = Stack.of(this);
    if (Stack.of(recommendation) !== stack) {
      throw new Error(`\`recommendation\` must be of the replica's own stack, got one of '${Stack.of(recommendation).node.path}'.`);
    }
    if (role instanceof ReplicaRole && ![region, role.env.region].some(Token.isUnresolved) && region !== role.env.region) {
      throw new Error(`\`role\` is a \`ReplicaRole\` in ${role.env.region}, which may write in no other Region, and \`region\` is ${region}:`
        + ' make one in a stack of that Region.');
    }
    recommendation._addReplica({ region, account: role ? role.env.account : stack.account });
    if (!role && region === stack.region) {
      throw new Error(`\`region\` must be another than the stack's own ${region}, where the recommendation is written already; in another account, give a \`role\`.`);
    }
    const written = recommendation._logicalId;
    if (written === undefined) { return; }
    // Named, not referred to, from another account: the CDK sees no dependency in that.
    if (role && Stack.of(role) !== stack) { dependOnStack(stack, Stack.of(role), 'it assumes the role'); }
    const source = recommendation._publish();
    const replica = Runtime.of(this).replica();
    // Its id follows from the place and the role: where they change, the old one may be written until it has been cleared.
    const id8 = createHash('sha256').update(JSON.stringify(stack.resolve([source, region, role?.roleRef.roleArn]))).digest('hex').slice(0, 8);
    const policy = replica.allowIn(this, [
      new PolicyStatement({ actions: ['ssm:GetParametersByPath'], resources: [source, parameterNames(source).pending].map(parameterArn) }),
      role ? new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [role.roleRef.roleArn] })
        : new PolicyStatement({ actions: KEEP_PARAMETERS, resources: parametersIn(stack, source, region, stack.account) }),
    ], `Policy${id8}`);
    const place: ReplicaProperties = { SchemaVersion: SCHEMA_VERSION, ParameterPath: source, Region: region, RoleArn: role?.roleRef.roleArn };
    const properties: ReplicaProperties = { ...place, Content: contentOf(recommendation) };
    const resource = replica.provide(this, 'Resource', REPLICA_RESOURCE_TYPE, properties);
    resource.node.addDependency(policy);
    if (recommendation._isInBackground) {
      const request: CopyRequest = { copy: place, owner: { StackId: Aws.STACK_ID, LogicalResourceId: stack.getLogicalId(resource) } };
      const target = new FunctionTarget(replica.functionArn, RuleTargetInput.fromObject(request));
      eventRule(this, 'Written', RECOMMENDATION_WRITTEN, { LogicalResourceId: [written] }, { target }).node.addDependency(resource);
    }
  }
}

/** All that is deployed, and what it costs and why: figures change with the job or the recommendation. */
function contentOf(best: Recommendation): Array<string | number> {
  return [
    best.jobName, best.recommendationId, best.modelPackageArn, best.modelName, best.instanceType, best.initialInstanceCount, best.instanceCount,
    best.serverlessMemorySizeInMb, best.serverlessMaxConcurrency, best.inferenceSpecificationName, best.compilationJobName, best.environment,
    best.costPerHour, best.costPerInference, best.fleetCostPerHour, best.source, best.summary,
  ];
}

/** Properties of a role that writes replicas. */
export interface ReplicaRoleProps {
  /** The account that the recommendation is of. */
  readonly sourceAccount: string;
  /** The path that the recommendation is written below: its `parameterPath`. It may not be a token. */
  readonly parameterPath: string;
  /**
   * Name of the role: the other account names the role by it.
   *
   * @default - by CloudFormation
   */
  readonly roleName?: string;
}

/**
 * A role in the account of a replica that lets the recommendation's account write below one path in the Region of its own stack, and nothing else. It is
 * there before the replica, so it stands in another stack than what uses the copy.
 *
 * For another path, add another role, and take this one away once the replica has moved: with its own path changed, the old copy stays where it is, and
 * a deploy of the replica that fails has no way back.
 */
export class ReplicaRole extends Role {
  constructor(scope: Construct, id: string, props: ReplicaRoleProps) {
    checkParameterPath(props.parameterPath);
    if (!Token.isUnresolved(props.sourceAccount) && !/^\d{12}$/.test(props.sourceAccount)) {
      throw new Error(`\`sourceAccount\` must be an account of 12 digits, got: '${props.sourceAccount}'.`);
    }
    super(scope, id, {
      roleName: props.roleName,
      description: `Writes a recommendation of account ${props.sourceAccount} to Parameter Store`,
      assumedBy: new AccountPrincipal(props.sourceAccount),
    });
    const stack = Stack.of(this);
    const resources = parametersIn(stack, props.parameterPath, stack.region, stack.account);
    this.addToPolicy(new PolicyStatement({ actions: KEEP_PARAMETERS, resources }));
  }
}

/** The path itself, which reading below it is asked of, and what is below. */
function parametersIn(stack: Stack, path: string, region: string, account: string): string[] {
  return [path, `${path}/*`].map((name) => stack.formatArn({ service: 'ssm', region, account, resource: `parameter${name}` }));
}
