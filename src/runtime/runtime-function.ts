import { createHash } from 'crypto';
import { Policy, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnResource, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Handler, HandlerProps } from './handler';
import { dependOnResource } from '../common/dependencies';
import { PASSED_TO_SAGEMAKER, policyFor, serviceRole } from '../common/iam';
import { KEEP_PARAMETERS, parameterArn } from '../common/names';
import { WRITER_SECONDS } from '../contract/waiting';

export interface RuntimeFunctionProps extends Pick<HandlerProps, 'timeout' | 'environment' | 'environmentEncryption' | 'maxEventAge'> {
  readonly logGroup: ILogGroup;
  /** The path of the library's own parameters, which share one policy. */
  readonly ownPaths: string;
}

/** For a resource that is written to Parameter Store: the whole run of its function, and the time that its event waits. */
export const WRITER_TIMEOUT = Duration.seconds(2 * WRITER_SECONDS);

type Conditions = Record<string, Record<string, string>>;

/** One function with a role of its own. */
export class RuntimeFunction extends Construct {
  public readonly functionArn: string;
  private readonly role: Role;
  private readonly permissions = new PolicyDocument();
  private readonly shared = new Map<string, PolicyStatement>();
  private readonly ownPaths: string;

  constructor(scope: Construct, id: string, asset: string, { ownPaths, ...props }: RuntimeFunctionProps) {
    super(scope, id);
    this.ownPaths = ownPaths;
    // No CreateLogGroup: a line that comes after the stack is deleted would create its log group again.
    this.permissions.addStatements(new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [props.logGroup.logGroupArn] }));
    if (props.environmentEncryption) {
      this.permissions.addStatements(new PolicyStatement({ actions: ['kms:Decrypt'], resources: [props.environmentEncryption.keyRef.keyArn] }));
    }
    // The policy is inline in the role, so that a resource that waits for the function waits for its permissions, too.
    this.role = serviceRole(this, 'Role', 'lambda', `The ${asset} function of Inference Recommender jobs`, { inline: { Policy: this.permissions } });
    this.functionArn = new Handler(this, 'Function', { ...props, asset, role: this.role }).functionArn;
  }

  /** A custom resource that the function answers, mostly in seconds. The rest of the timeout is for retries and for IAM propagation. */
  public provide(scope: Construct, id: string, resourceType: string, properties: object, serviceTimeout = Duration.minutes(15)): CfnResource {
    return new CfnResource(scope, id, {
      type: resourceType,
      properties: { ServiceToken: this.functionArn, ServiceTimeout: serviceTimeout.toSeconds().toString(), ...properties },
    });
  }

  public allow(actions: string[], ...resources: string[]): void {
    this.add(new PolicyStatement({ actions, resources }));
  }

  public allowIf(actions: string[], resource: string, conditions: Conditions): void {
    this.add(new PolicyStatement({ actions, resources: [resource], conditions }));
  }

  /** Allows actions without resource-level permissions. A test requires a reason for each. */
  public allowOnAny(...actions: string[]): void {
    this.add(new PolicyStatement({ actions, resources: ['*'] }));
  }

  /** Adds a resource to the one statement of an action, which all jobs of a stack share. */
  public allowAlso(action: string, resource: string, conditions?: Conditions): void {
    const statement = this.shared.get(action);
    const added = new PolicyStatement({ actions: [action], resources: [resource], conditions });
    if (!statement) {
      this.shared.set(action, added);
      this.add(added);
    } else if (!statement.resources.includes(resource)) {
      statement.addResources(resource);
      this.report(added);
    }
  }

  private add(statement: PolicyStatement): void {
    this.permissions.addStatements(statement);
    this.report(statement);
  }

  /** A role that the app brings has no inline policy, but its report lists what it needs. */
  private report(statement: PolicyStatement): void {
    if (!this.role.node.defaultChild) { this.role.addToPrincipalPolicy(statement); }
  }

  /** Adds a policy for one construct only. It is not inline, because the function must not wait for that construct's resources. */
  public allowIn(scope: Construct, statements: PolicyStatement[], id = 'Policy'): Policy {
    return policyFor(this.role, scope, id, statements);
  }

  /**
   * Lets the function write below a path of Parameter Store for a resource. The policy's id follows from the path: if the path changes or is removed,
   * the old policy stays until the parameters below the old path have been deleted.
   *
   * The library's own paths share one policy. Each path of the user has one, which takes about 400 of the 10,240 characters that all inline policies
   * of a role may have: some 20 fit into a stack.
   */
  public allowParameters(path: string, writer: CfnResource): void {
    const own = this.ownPaths;
    const isOwn = path.startsWith(`${own}/`);
    const id = `Parameters${createHash('sha256').update(isOwn ? own : path).digest('hex').slice(0, 8)}`;
    const below = new PolicyStatement({ actions: KEEP_PARAMETERS, resources: [parameterArn(`${isOwn ? own : path}/*`)] });
    // IAM checks a read by path against the path itself. The function may not write a parameter of that name.
    const itself = isOwn ? [] : [new PolicyStatement({ actions: ['ssm:GetParametersByPath'], resources: [parameterArn(path)] })];
    const policy = this.node.tryFindChild(id) ?? policyFor(this.role, this, id, [...itself, below]);
    // Between resources, not constructs: a path may be requested while the CDK prepares the app, after it has resolved dependencies of constructs.
    dependOnResource(writer, policy.node.defaultChild as CfnResource);
  }

  /** Lets the function pass a role to SageMaker, and to no other service. */
  public allowPassRole(roleArn: string): void {
    this.allowAlso('iam:PassRole', roleArn, PASSED_TO_SAGEMAKER);
  }
}
