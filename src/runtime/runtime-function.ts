import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnResource, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { allowFunctionInterfaces } from './function-network';
import { Handler, HandlerProps } from './handler';
import { dependOnResource } from '../common/dependencies';
import { PASSED_TO_SAGEMAKER, serviceRole } from '../common/iam';
import { KEEP_PARAMETERS, parameterArn } from '../common/names';
import { Conditions, RolePolicies } from '../common/policies';
import { digest } from '../contract/job-name';
import { deliverySeconds } from '../contract/waiting';

export interface RuntimeFunctionProps extends Pick<HandlerProps, 'code' | 'timeout' | 'environment' | 'environmentEncryption' | 'maxEventAge' | 'network'> {
  readonly logGroup: ILogGroup;
  /** The path of the library's own parameters, which share one policy. */
  readonly ownPaths: string;
}

/** One function with a role of its own. */
export class RuntimeFunction extends Construct {
  public readonly functionArn: string;
  private readonly permissions: RolePolicies;
  private readonly ownPaths: string;
  private readonly deliveries: Duration;
  private readonly policies = new Map<string, Construct>();

  constructor(scope: Construct, id: string, asset: string, { ownPaths, ...props }: RuntimeFunctionProps) {
    super(scope, id);
    this.ownPaths = ownPaths;
    this.deliveries = Duration.seconds(deliverySeconds(props.timeout.toSeconds()));
    // No CreateLogGroup: a line that comes after the stack is deleted would create its log group again.
    this.permissions = new RolePolicies(this);
    // Reason: writes the function's log. It may not make a log group.
    this.permissions.add(new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [props.logGroup.logGroupArn] }));
    // Reason: reads its own environment variables, which the stack's key encrypts.
    if (props.environmentEncryption) {
      this.permissions.add(new PolicyStatement({ actions: ['kms:Decrypt'], resources: [props.environmentEncryption.keyRef.keyArn] }));
    }
    if (props.network) { allowFunctionInterfaces(this.permissions, props.network); }
    // The policy is inline in the role, so that a resource that waits for the function waits for its permissions, too.
    const role = serviceRole(this, 'Role', 'lambda', `The ${asset} function of Inference Recommender jobs`, { inline: { Policy: this.permissions.inline } });
    this.permissions.attachTo(role);
    this.functionArn = new Handler(this, 'Function', { ...props, asset, role }).functionArn;
  }

  /** A custom resource that the function answers, mostly in seconds. The rest of the timeout is for every delivery of the event to the function. */
  public provide(scope: Construct, id: string, resourceType: string, properties: object, serviceTimeout = this.deliveries): CfnResource {
    return new CfnResource(scope, id, {
      type: resourceType,
      properties: { ServiceToken: this.functionArn, ServiceTimeout: serviceTimeout.toSeconds().toString(), ...properties },
    });
  }

  public allow(actions: readonly string[], ...resources: readonly string[]): void {
    this.permissions.add(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }

  public allowIf(actions: string[], resource: string, conditions: Conditions): void {
    this.permissions.add(new PolicyStatement({ actions, resources: [resource], conditions }));
  }

  /** Allows actions without resource-level permissions. A test requires a reason for each. */
  public allowOnAny(...actions: string[]): void {
    this.allow(actions, '*');
  }

  /** Adds a policy for one construct only, at the first call. The function must not wait for that construct's resources. */
  public allowIn(scope: Construct, statements: readonly PolicyStatement[], id = 'Policy'): Construct {
    const key = `${scope.node.addr}/${id}`;
    const policy = this.policies.get(key) ?? this.permissions.addPolicy(scope, id, statements);
    this.policies.set(key, policy);
    return policy;
  }

  /**
   * Lets the function write below a path of Parameter Store for a resource. The policy's id follows from the path: if the path changes or is removed,
   * the old policy stays until the parameters below the old path have been deleted.
   *
   * The library's own paths share one policy.
   */
  public allowParameters(path: string, writer: CfnResource): void {
    const own = this.ownPaths;
    const isOwn = path.startsWith(`${own}/`);
    const id = `Parameters${digest(isOwn ? own : path, 8)}`;
    // Reason: writes the recommendation below its path in Parameter Store, and deletes it with the recommendation.
    const below = new PolicyStatement({ actions: KEEP_PARAMETERS, resources: [parameterArn(`${isOwn ? own : path}/*`)] });
    // IAM checks a read by path against the path itself. The function may not write a parameter of that name.
    // Reason: reads what is below the path. IAM checks such a read against the path itself.
    const itself = isOwn ? [] : [new PolicyStatement({ actions: ['ssm:GetParametersByPath'], resources: [parameterArn(path)] })];
    const policy = this.allowIn(this, [...itself, below], id);
    // Between resources, not constructs: a path may be requested while the CDK prepares the app, after it has resolved dependencies of constructs.
    dependOnResource(writer, policy.node.defaultChild as CfnResource);
  }

  /** Lets the function pass a role to SageMaker, and to no other service. */
  public allowPassRole(roleArn: string): void {
    // Reason: hands the job's or the model's role to SageMaker, and to no other service.
    this.allowIf(['iam:PassRole'], roleArn, PASSED_TO_SAGEMAKER);
  }
}
