import { createHash } from 'crypto';
import { RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, IRole, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CustomResource, Duration, Resource, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { REPLICA_RESOURCE_TYPE, ReplicaProperties, SCHEMA_VERSION } from './api/contract';
import { parameterArn } from './private/arns';
import { dependOnStack } from './private/dependencies';
import { FunctionTarget } from './private/function-target';
import { checkParameterPath } from './private/recommendation-request';
import { Runtime } from './private/runtime';
import { Recommendation } from './recommendation';

/** Copying takes seconds; the rest is for roles that IAM has not spread yet. */
const TIMEOUT = Duration.minutes(15);

/** Properties of a replica. */
export interface RecommendationReplicaProps {
  /** The recommendation. It is written to Parameter Store in its own place, too. */
  readonly recommendation: Recommendation;
  /** Region of the replica. */
  readonly region: string;
  /**
   * A role of another account, which may write there: `ReplicaRole` makes one. It must let the replica's account assume it.
   *
   * @default - this account, and no role
   */
  readonly role?: IRole;
}

/**
 * A copy of a recommendation in Parameter Store of another Region or account: at each deploy and, where the job runs in the background, at each
 * change. It goes with this construct.
 *
 * Made in the stack of the recommendation. Stacks in the other place then use the recommendation's fields or, in other apps,
 * `Recommendation.fromSsmParameter()` with the same path.
 */
export class RecommendationReplica extends Resource {
  /**
   * @throws if it stands in another stack than its recommendation, or in the same Region
   */
  constructor(scope: Construct, id: string, props: RecommendationReplicaProps) {
    super(scope, id);
    const { recommendation, region, role } = props;
    const stack = Stack.of(this);
    if (Stack.of(recommendation) !== stack) {
      throw new Error(`\`recommendation\` must be of the replica's own stack, got one of '${Stack.of(recommendation).node.path}'.`);
    }
    recommendation._addReplica({ region, account: role ? role.env.account : stack.account });
    if (!role && region === stack.region) {
      throw new Error(`\`region\` must be another than the stack's own ${region}, where the recommendation is written already; in another account, give a \`role\`.`);
    }
    if (recommendation._isFixed) { return; }
    // Named, not referred to, from another account: the CDK sees no dependency in that.
    if (role && Stack.of(role) !== stack) { dependOnStack(stack, Stack.of(role), 'it assumes the role'); }
    const source = recommendation._publish();
    const { replica } = Runtime.of(this);
    // Its id follows from the place: where that changes, the old one may be written until it has been cleared.
    const id8 = createHash('sha256').update(JSON.stringify(stack.resolve([source, region, role?.roleArn]))).digest('hex').slice(0, 8);
    const policy = replica.allowIn(this, [
      new PolicyStatement({ actions: ['ssm:GetParametersByPath'], resources: [parameterArn(source)] }),
      role ? new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [role.roleArn] })
        : new PolicyStatement({ actions: WRITING, resources: parametersIn(stack, source, region, stack.account) }),
    ], `Policy${id8}`);
    const place: ReplicaProperties = { SchemaVersion: SCHEMA_VERSION, ParameterPath: source, Region: region, RoleArn: role?.roleArn };
    const { jobName, recommendationId, environment, summary } = recommendation;
    const resource = new CustomResource(this, 'Resource', {
      resourceType: REPLICA_RESOURCE_TYPE,
      serviceToken: replica.functionArn,
      serviceTimeout: TIMEOUT,
      properties: { ...place, Content: [jobName, recommendationId, environment, summary] } satisfies ReplicaProperties,
    });
    resource.node.addDependency(replica.permissions, policy);
    if (recommendation._isInBackground) {
      const target = new FunctionTarget(replica.functionArn, RuleTargetInput.fromObject({ copy: place }));
      recommendation.onChange('Change', { target, crossStackScope: this }).node.addDependency(resource);
    }
  }
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
 * A role in the account of a replica that lets the recommendation's account write below one path, and nothing else. It is there before the replica, so it
 * stands in another stack than what uses the copy.
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
    this.addToPolicy(new PolicyStatement({ actions: WRITING, resources: parametersIn(stack, props.parameterPath, stack.region, stack.account) }));
  }
}

const WRITING = ['ssm:GetParametersByPath', 'ssm:PutParameter', 'ssm:DeleteParameters'];

/** The path itself, which reading below it is asked of, and what is below. */
function parametersIn(stack: Stack, path: string, region: string, account: string): string[] {
  return [path, `${path}/*`].map((name) => stack.formatArn({ service: 'ssm', region, account, resource: `parameter${name}` }));
}
