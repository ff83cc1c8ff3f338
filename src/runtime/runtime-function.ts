import { createHash } from 'crypto';
import { IRole, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnResource, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { KEEP_PARAMETERS, parameterArn } from '../common/arns';
import { dependOnResource } from '../common/dependencies';
import { Handler, HandlerProps } from './handler';
import { ownPaths } from '../recommendation/cross-stack-field';
import { logGroupProps } from './runtime-options';
import { serviceRole } from '../common/service-role';
import { onAnyResource } from '../common/without-resource';
import { InferenceRecommenderRuntime } from './inference-recommender-runtime';

/** One function with a role, a policy and a log group of its own. */
export class RuntimeFunction extends Construct {
  public readonly functionArn: string;
  private readonly role: IRole;
  private readonly policy: Policy;
  private readonly shared = new Map<string, PolicyStatement>();

  constructor(scope: Construct, id: string, asset: string, options: Pick<HandlerProps, 'timeout' | 'environment' | 'maxEventAge'>) {
    super(scope, id);
    const runtimeOptions = InferenceRecommenderRuntime._optionsOf(Stack.of(this));
    const environmentEncryption = options.environment && runtimeOptions?.encryptionKey;
    const logGroup = new LogGroup(this, 'Logs', logGroupProps(runtimeOptions));
    this.role = serviceRole(this, 'Role', { description: `The ${asset} function of Inference Recommender jobs`, service: 'lambda' });
    this.policy = new Policy(this, 'Policy', {
      roles: [this.role],
      // No CreateLogGroup: a line that comes after the stack is gone would bring its log group back.
      statements: [new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] })],
    });
    const handler = new Handler(this, 'Function', { ...options, asset, role: this.role, logGroup, environmentEncryption });
    if (environmentEncryption) { this.allow(['kms:Decrypt'], environmentEncryption.keyArn); }
    handler.node.addDependency(this.policy);
    this.functionArn = handler.functionArn;
  }

  /** A custom resource that the function answers for: mostly in seconds, and the rest is for retries and for roles that IAM has not spread yet. */
  public provide(scope: Construct, id: string, resourceType: string, properties: object, serviceTimeout = Duration.minutes(15)): CfnResource {
    const resource = new CfnResource(scope, id, {
      type: resourceType,
      properties: { ServiceToken: this.functionArn, ServiceTimeout: serviceTimeout.toSeconds().toString(), ...properties },
    });
    // What must be in place before the function can do what was allowed. Not between constructs, which takes longer where there are hundreds.
    dependOnResource(resource, this.policy.node.defaultChild as CfnResource);
    return resource;
  }

  public allow(actions: string[], ...resources: string[]): void {
    this.policy.addStatements(new PolicyStatement({ actions, resources }));
  }

  public allowIf(actions: string[], resource: string, conditions: Record<string, Record<string, string>>): void {
    this.policy.addStatements(new PolicyStatement({ actions, resources: [resource], conditions }));
  }

  public allowOnAny(...actions: Parameters<typeof onAnyResource>): void {
    this.policy.addStatements(new PolicyStatement(onAnyResource(...actions)));
  }

  /** Adds a resource to the one statement of an action: many jobs in a stack share it. */
  public allowAlso(action: string, resource: string, conditions?: Record<string, Record<string, string>>): void {
    let statement = this.shared.get(action);
    if (!statement) {
      statement = new PolicyStatement({ actions: [action], conditions });
      this.shared.set(action, statement);
      this.policy.addStatements(statement);
    }
    statement.addResources(resource);
  }

  /** Allows what the function needs for one construct only, whose resources the function must not wait for. */
  public allowIn(scope: Construct, statements: PolicyStatement[], id = 'Policy'): Policy {
    return new Policy(scope, id, { roles: [this.role], statements });
  }

  /**
   * Lets the function write below a path of Parameter Store for a resource. The policy's id follows from the path: where the path changes or goes,
   * the old policy is there until what stands below the old path has been taken back.
   *
   * The library's own paths share one policy. Each path of the user's has one, and takes about 400 of the 10,240 characters that all inline policies
   * of a role may have: some 20 fit into a stack.
   */
  public allowParameters(path: string, writer: CfnResource): void {
    const own = ownPaths(this);
    const isOwn = path.startsWith(`${own}/`);
    const id = `Parameters${createHash('sha256').update(isOwn ? own : path).digest('hex').slice(0, 8)}`;
    const below = new PolicyStatement({ actions: KEEP_PARAMETERS, resources: [parameterArn(`${isOwn ? own : path}/*`)] });
    // Reading a path is asked of the path itself; it may not be written, where it is a parameter.
    const itself = isOwn ? [] : [new PolicyStatement({ actions: ['ssm:GetParametersByPath'], resources: [parameterArn(path)] })];
    const policy = this.node.tryFindChild(id) ?? new Policy(this, id, { roles: [this.role], statements: [...itself, below] });
    // Not between constructs: a path may be asked for while the app is being prepared, when those dependencies are in place already.
    dependOnResource(writer, policy.node.defaultChild as CfnResource);
  }

  /** Lets the function hand a role to SageMaker, and to nothing else. */
  public allowPassRole(roleArn: string): void {
    this.allowAlso('iam:PassRole', roleArn, { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
  }
}
