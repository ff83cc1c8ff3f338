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
}

/** The options that this version knows. */
const KNOWN: Readonly<Record<keyof InferenceRecommenderRuntimeOptions, true>> = {
  encryptionKey: true, logRetention: true, logRemovalPolicy: true, stateMachineLogLevel: true, stateMachineTracing: true,
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
   * @param options key, logs and traces of the runtime
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
