import { RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, IRoleRef, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Aws, Resource, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { checkParameterPath } from './choice-request';
import { recommendationFacts } from './facts';
import { IRecommendation } from './recommendation-interface';
import { dependOnStack } from '../common/dependencies';
import { ours } from '../common/iam';
import { KEEP_PARAMETERS, parameterArn } from '../common/names';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { RECOMMENDATION_WRITTEN } from '../contract/events';
import { digest } from '../contract/job-name';
import { parameterNames } from '../contract/parameters';
import { CopyRequest, REPLICA_RESOURCE_TYPE, ReplicaProperties } from '../contract/replica';
import { eventRule, FunctionTarget } from '../runtime/event-rule';
import { Runtime } from '../runtime/runtime';

/** Properties of a recommendation's replica. */
export interface RecommendationReplicaProps {
  /** The recommendation to copy, of the same stack. It is also published to Parameter Store in its own account and Region. */
  readonly recommendation: IRecommendation;
  /** Region of the replica: without a `role`, another Region than the stack's own. */
  readonly region: string;
  /**
   * A role in the other account that may write parameters there. `ReplicaRole` makes one, in a stack of the replica's Region. The role must trust the
   * account of the recommendation.
   *
   * @default - none: the replica is in the recommendation's own account
   */
  readonly role?: IRoleRef;
}

/**
 * A copy of a published recommendation in Parameter Store of another Region or account. It also copies the pending result below
 * `<parameterPath>/pending`.
 *
 * The copy is updated at each deploy. If the job runs in the background, it is also updated when the job's result is published. The copy is deleted
 * with this construct.
 *
 * Add the replica to the stack of the recommendation. In the other Region or account, stacks of the same app use the recommendation's fields, and
 * stacks of other apps use `Recommendation.fromSsmParameter()` with the same path.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 * @example
 * new RecommendationReplica(this, 'Frankfurt', { recommendation: best, region: 'eu-central-1' });
 */
export class RecommendationReplica extends Resource {
  /**
   * Copies the recommendation to the Region, and to the role's account if there is a role.
   *
   * @param scope where to add the replica, in the recommendation's stack
   * @param id construct id, unique in the scope
   * @param props the recommendation, and the Region and role of the copy
   * @throws if the recommendation is of another stack, `region` is the stack's own and there is no `role`, or a `ReplicaRole` is in another Region
   */
  constructor(scope: Construct, id: string, props: RecommendationReplicaProps) {
    super(scope, id);
    const { recommendation, region, role } = props;
    const stack = Stack.of(this);
    const { chosen, copied } = recommendationFacts.of(recommendation) ?? {};
    if (!chosen || !copied) {
      throw new Error(`\`recommendation\` must be one that this stack chooses, got '${recommendation.node.path}', which is fixed or read from parameters.`);
    }
    if (Stack.of(recommendation) !== stack) {
      throw new Error(`\`recommendation\` must be of the replica's own stack, got one of '${Stack.of(recommendation).node.path}'.`);
    }
    if (role instanceof ReplicaRole && ![region, role.env.region].some(Token.isUnresolved) && region !== role.env.region) {
      throw new Error(`\`role\` is a \`ReplicaRole\` in ${role.env.region} and may write only there, got \`region\` ${region}:`
        + ' make a `ReplicaRole` in a stack of that Region.');
    }
    chosen.addReplica({ region, account: role ? role.env.account : stack.account });
    if (!role && region === stack.region) {
      throw new Error(`\`region\` must not be the stack's own, got: ${region}. For a replica in another account, pass \`role\`.`);
    }
    const written = chosen.logicalId;
    if (written === undefined) { return; }
    // A stack of another account has only the role's name, in which the CDK sees no dependency.
    if (role && Stack.of(role) !== stack) { dependOnStack(stack, Stack.of(role), 'it assumes the role'); }
    const source = chosen.publish();
    const replica = Runtime.of(this).replica();
    // The policy's id follows from the place and the role: if they change, the old policy stays until the old copy is deleted.
    const id8 = digest(JSON.stringify(stack.resolve([source, region, role?.roleRef.roleArn])), 8);
    const policy = replica.allowIn(this, [
      // Reason: reads the recommendation that it copies.
      new PolicyStatement({ actions: ['ssm:GetParametersByPath'], resources: [source, parameterNames(source).pending].map(parameterArn) }),
      writing(stack, source, region, role),
    ], `Policy${id8}`);
    const place: ReplicaProperties = { SchemaVersion: SCHEMA_VERSION, ParameterPath: source, Region: region, RoleArn: role?.roleRef.roleArn };
    const properties: ReplicaProperties = { ...place, Content: [...copied()] };
    const resource = replica.provide(this, 'Resource', REPLICA_RESOURCE_TYPE, properties);
    resource.node.addDependency(policy);
    if (chosen.isInBackground) {
      const request: CopyRequest = { copy: place, owner: { StackId: Aws.STACK_ID, LogicalResourceId: stack.getLogicalId(resource) } };
      const target = new FunctionTarget(replica.functionArn, RuleTargetInput.fromObject(request));
      eventRule(this, 'Written', RECOMMENDATION_WRITTEN, { LogicalResourceId: [written] }, { target }).node.addDependency(resource);
    }
  }
}

/** What writes a copy: the function itself, or a role of the other account. */
function writing(stack: Stack, source: string, region: string, role?: IRoleRef): PolicyStatement {
  // Reason: writes the copy in another account, with the role that the other account gives.
  if (role) { return new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [role.roleRef.roleArn] }); }
  // Reason: writes the copy in another Region, and deletes it with the replica. Only below the recommendation's path.
  return new PolicyStatement({ actions: KEEP_PARAMETERS, resources: parametersIn(stack, source, region, stack.account) });
}

/** Properties of a role that may write replicas. */
export interface ReplicaRoleProps {
  /** Account of the recommendation: 12 digits. It may assume the role. */
  readonly sourceAccount: string;
  /** Path that the recommendation is published below: its `parameterPath`. It may not be a token. */
  readonly parameterPath: string;
  /**
   * Name of the role. The recommendation's stack, in the other account, refers to the role by this name.
   *
   * @default - by CloudFormation
   */
  readonly roleName?: string;
}

/**
 * A role in the account of a replica. It lets the recommendation's account write below one path in the Region of the role's stack, and nothing else.
 *
 * The role must exist before the replica, so add it to another stack than the one that uses the copy.
 *
 * To change the path, add a second role, and remove this one after the replica has moved. If you change the path of this role, the library cannot
 * delete the old copy, and a failed deploy of the replica cannot roll back.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 * @example
 * new ReplicaRole(consumer, 'Role', { sourceAccount: '111122223333', parameterPath: '/shop/recommendation', roleName: 'shop-recommendation' });
 */
export class ReplicaRole extends Role {
  /**
   * Makes the role in the scope's account.
   *
   * @param scope where to add the role: a stack of the replica's account and Region
   * @param id construct id, unique in the scope
   * @param props the recommendation's account and path, and the role's name
   * @throws if `parameterPath` is no path, or `sourceAccount` is no account of 12 digits
   */
  constructor(scope: Construct, id: string, props: ReplicaRoleProps) {
    checkParameterPath(props.parameterPath);
    if (!Token.isUnresolved(props.sourceAccount) && !/^\d{12}$/.test(props.sourceAccount)) {
      throw new Error(`\`sourceAccount\` must be an account of 12 digits, got: '${props.sourceAccount}'.`);
    }
    // When: the app has a `ReplicaRole`, for a replica of another account's recommendation.
    super(scope, id, {
      roleName: props.roleName,
      description: `Writes a recommendation of account ${props.sourceAccount} to Parameter Store`,
      assumedBy: new AccountPrincipal(props.sourceAccount),
    });
    ours(this);
    const stack = Stack.of(this);
    const resources = parametersIn(stack, props.parameterPath, stack.region, stack.account);
    // Reason: writes the copy of another account's recommendation, and deletes it. Only below one path.
    this.addToPolicy(new PolicyStatement({ actions: KEEP_PARAMETERS, resources }));
  }
}

/** The path itself and all below it: IAM checks a read by path against the path itself. */
function parametersIn(stack: Stack, path: string, region: string, account: string): string[] {
  return [path, `${path}/*`].map((name) => stack.formatArn({ service: 'ssm', region, account, resource: `parameter${name}` }));
}
