import { ISecurityGroupRef, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { RemovalPolicy, Stack, Stage } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { keepRuntimeOptions, ownVersion, RUNTIME_ID, runtimeOptionsAt } from '../common/copies';
import { warn } from '../common/warn';

/**
 * Options of the functions, state machines and log groups that this library adds to a stack.
 */
export interface InferenceRecommenderRuntimeOptions {
  /**
   * A symmetric key of the stack's own Region. It encrypts the log groups, the environment of functions, and the state machines with their execution
   * history, which holds the URL that answers CloudFormation.
   *
   * If the key is made in this app, the library lets CloudWatch Logs use it. The policy of an imported key must allow that itself. To deploy, you
   * need `kms:DescribeKey` and `kms:GenerateDataKey`. To read the execution history, you need `kms:Decrypt`. To go back to AWS's own key, remove
   * this option but keep the call of `configure()`, and keep the key until the logs have expired.
   *
   * The key does not encrypt published recommendations. Their parameters are of type `String`, because a template's parameters cannot read a secure
   * string. Put no secret into them: they hold instance types, figures and tuned variables.
   *
   * @default - a key that AWS owns
   */
  readonly encryptionKey?: IKeyRef;
  /**
   * Retention of the log groups.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;
  /**
   * Removal policy of the log groups when the stack is deleted. A state machine's log group has a fixed name: if you retain it and turn its logs off,
   * delete the group before you turn them on again.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly logRemovalPolicy?: RemovalPolicy;
  /**
   * Level of the state machines' events that are logged. Each state machine has a log group of its own. The events' data is never logged, because it
   * holds the URL that answers CloudFormation.
   *
   * @default LogLevel.OFF
   */
  readonly stateMachineLogLevel?: LogLevel;
  /**
   * Whether the state machines send traces to X-Ray.
   *
   * @default false
   */
  readonly stateMachineTracing?: boolean;
  /**
   * VPC of all functions. They must reach S3, SageMaker, Step Functions, Systems Manager and CloudFormation, by a NAT or by endpoints of the VPC: a
   * deploy waits for an hour for a function that cannot answer. A policy of the S3 endpoint must allow the buckets through which custom resources
   * answer. What is not reached besides, such as IAM and Service Quotas before a job starts, is only not checked. `RecommendationReplica` writes to
   * another Region, and the scaling of endpoints calls Application Auto Scaling and CloudWatch.
   *
   * Changing it replaces nothing and starts no job. Lambda gives a function's network interfaces back with the permissions of the function's role.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/vpc-interface-endpoints.html
   * @default - none: the functions are in Lambda's own network
   */
  readonly vpc?: IVpc;
  /**
   * Subnets of the VPC for the functions: 1 to 16. Without `vpc`, setting it is an error.
   *
   * @default - the VPC's private subnets
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * Security groups of the functions: 1 to 5. Without `vpc`, setting it is an error.
   *
   * @default - a new security group in each stack, for all its functions, that allows all outbound traffic
   */
  readonly securityGroups?: ISecurityGroupRef[];
}

/** The options that this version knows. */
const KNOWN: Readonly<Record<keyof InferenceRecommenderRuntimeOptions, true>> = {
  encryptionKey: true,
  logRetention: true,
  logRemovalPolicy: true,
  stateMachineLogLevel: true,
  stateMachineTracing: true,
  vpc: true,
  vpcSubnets: true,
  securityGroups: true,
};

/**
 * The functions, state machines and log groups that all constructs of this library in a stack share. They are made with the stack's first job,
 * recommendation, model of a recommendation or scaling endpoint.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 * @example
 * InferenceRecommenderRuntime.configure(this, {
 *   encryptionKey: key,
 *   logRetention: logs.RetentionDays.ONE_YEAR,
 * });
 */
export class InferenceRecommenderRuntime {
  /**
   * Sets the options of the runtime in every stack of a scope. The options of a stack replace all options of its stage or app. If the app has several
   * copies of this library, the options are those of all copies.
   *
   * @param scope a stack, stage or app that has no construct of this library yet
   * @param options key, logs, traces and network of the runtime
   * @throws if the scope is no stack, stage or app, has options already, or has a runtime already
   */
  public static configure(scope: IConstruct, options: InferenceRecommenderRuntimeOptions): void {
    const path = scope.node.path || 'the app';
    if (!Stack.isStack(scope) && !Stage.isStage(scope)) { throw new Error(`\`scope\` must be a stack, a stage or an app, got: ${path}.`); }
    if (runtimeOptionsAt(scope)) { throw new Error(`The runtime of ${path} is configured already: pass all options in one call.`); }
    const late = scope.node.findAll().find((construct) => Stack.isStack(construct) && construct.node.tryFindChild(RUNTIME_ID));
    if (late) {
      throw new Error(`The runtime of ${late.node.path} is made already: call \`InferenceRecommenderRuntime.configure()\` before the stack's first construct of this library.`);
    }
    keepRuntimeOptions(scope, options);
  }

  /**
   * The options of a stack, read when its runtime is made; undefined if there are none.
   *
   * @internal
   */
  public static _optionsOf(stack: Stack): InferenceRecommenderRuntimeOptions | undefined {
    const options = stack.node.scopes.reverse().map(runtimeOptionsAt).find((found) => found);
    const unknown = Object.keys(options ?? {}).filter((name) => !(name in KNOWN));
    if (unknown.length > 0) {
      warn(stack, 'UnknownRuntimeOption', `\`${unknown.join('`, `')}\` ${unknown.length > 1 ? 'are options' : 'is an option'} of the runtime that this stack's copy of`
        + ` cdk-sagemaker-inference-recommender, version ${ownVersion()}, does not know: use in this stack the version that you call \`configure()\` of.`);
    }
    return options;
  }

  private constructor() {}
}
