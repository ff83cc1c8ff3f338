import { createHash } from 'crypto';
import { Policy, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnResource, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Handler, HandlerProps } from './handler';
import { dependOnResource } from '../common/dependencies';
import { serviceRole } from '../common/iam';
import { KEEP_PARAMETERS, parameterArn } from '../common/names';

export interface RuntimeFunctionProps extends Pick<HandlerProps, 'timeout' | 'environment' | 'environmentEncryption' | 'maxEventAge'> {
  readonly logGroup: ILogGroup;
  /** The path of the library's own parameters: all of them share one policy. */
  readonly ownPaths: string;
}

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
    // No CreateLogGroup: a line that comes after the stack is gone would bring its log group back.
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], props.logGroup.logGroupArn);
    if (props.environmentEncryption) { this.allow(['kms:Decrypt'], props.environmentEncryption.keyRef.keyArn); }
    // The policy is a part of the role, so whatever waits for the function waits for all that it is allowed.
    this.role = serviceRole(this, 'Role', 'lambda', `The ${asset} function of Inference Recommender jobs`, { inline: { Policy: this.permissions } });
    this.functionArn = new Handler(this, 'Function', { ...props, asset, role: this.role }).functionArn;
  }

  /** A custom resource that the function answers for: mostly in seconds. The rest of the time is for retries and for roles that IAM does not know yet. */
  public provide(scope: Construct, id: string, resourceType: string, properties: object, serviceTimeout = Duration.minutes(15)): CfnResource {
    return new CfnResource(scope, id, {
      type: resourceType,
      properties: { ServiceToken: this.functionArn, ServiceTimeout: serviceTimeout.toSeconds().toString(), ...properties },
    });
  }

  public allow(actions: string[], ...resources: string[]): void {
    this.permissions.addStatements(new PolicyStatement({ actions, resources }));
  }

  public allowIf(actions: string[], resource: string, conditions: Conditions): void {
    this.permissions.addStatements(new PolicyStatement({ actions, resources: [resource], conditions }));
  }

  /** Allows actions that have no resource-level permission. A test asks for the reason of each. */
  public allowOnAny(...actions: string[]): void {
    this.permissions.addStatements(new PolicyStatement({ actions, resources: ['*'] }));
  }

  /** Adds a resource to the one statement of an action: many jobs in a stack share it. */
  public allowAlso(action: string, resource: string, conditions?: Conditions): void {
    let statement = this.shared.get(action);
    if (!statement) {
      statement = new PolicyStatement({ actions: [action], conditions });
      this.shared.set(action, statement);
      this.permissions.addStatements(statement);
    }
    statement.addResources(resource);
  }

  /** Allows what the function needs for one construct only, whose resources the function must not wait for. */
  public allowIn(scope: Construct, statements: PolicyStatement[], id = 'Policy'): Policy {
    return new Policy(scope, id, { roles: [this.role], statements });
  }

  /**
   * Lets the function write below a path of Parameter Store for a resource. The policy's id follows from the path: where the path changes or goes,
   * the old policy is there until what is below the old path has been deleted.
   *
   * The library's own paths share one policy. Each path of the user's has one, and takes about 400 of the 10,240 characters that all inline policies
   * of a role may have: some 20 fit into a stack.
   */
  public allowParameters(path: string, writer: CfnResource): void {
    const own = this.ownPaths;
    const isOwn = path.startsWith(`${own}/`);
    const id = `Parameters${createHash('sha256').update(isOwn ? own : path).digest('hex').slice(0, 8)}`;
    const below = new PolicyStatement({ actions: KEEP_PARAMETERS, resources: [parameterArn(`${isOwn ? own : path}/*`)] });
    // IAM checks a read of a path against the path itself, which may not be written where it is a parameter.
    const itself = isOwn ? [] : [new PolicyStatement({ actions: ['ssm:GetParametersByPath'], resources: [parameterArn(path)] })];
    const policy = this.node.tryFindChild(id) ?? new Policy(this, id, { roles: [this.role], statements: [...itself, below] });
    // Not between constructs: a path may be requested while the app is being prepared, when those dependencies are in place already.
    dependOnResource(writer, policy.node.defaultChild as CfnResource);
  }

  /** Lets the function hand a role to SageMaker, and to nothing else. */
  public allowPassRole(roleArn: string): void {
    this.allowAlso('iam:PassRole', roleArn, { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
  }
}
