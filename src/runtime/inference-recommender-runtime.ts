import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { RemovalPolicy, Stack, Stage } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';

/**
 * How the functions, state machines and log groups are made that this library adds to a stack.
 */
export interface InferenceRecommenderRuntimeOptions {
  /**
   * A symmetric key of the stack's own Region for the log groups, the environment of functions, and the state machines with their execution
   * history, which holds the URL that answers CloudFormation.
   *
   * CloudWatch Logs is given the use of a key that is made in this app; the policy of an imported one must give it. Whoever deploys needs
   * `kms:DescribeKey` and `kms:GenerateDataKey`, and whoever reads the execution history `kms:Decrypt`. To go back to AWS's own key, leave this out and
   * keep the call of `configure()`, and keep the key until the logs are gone.
   *
   * Parameters that recommendations are published to stay of type `String`, without this key: a template's parameters can read no secure one, and what
   * stands in them (instance types, figures, tuned variables) must be no secret.
   *
   * @default - a key that AWS owns
   */
  readonly encryptionKey?: IKeyRef;
  /**
   * How long the log groups keep their lines.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;
  /**
   * What happens to the log groups when the stack is deleted.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly logRemovalPolicy?: RemovalPolicy;
  /**
   * Which events of the state machines are logged, each in a log group of its own. Their data is never logged: the URL that answers CloudFormation is in it.
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

const CONFIGURED = new WeakMap<IConstruct, InferenceRecommenderRuntimeOptions>();
const MADE = new WeakSet<IConstruct>();

/**
 * What the jobs of a stack share: functions, state machines and log groups, made with the stack's first job, recommendation, model of a recommendation
 * or scaling endpoint.
 */
export class InferenceRecommenderRuntime {
  /**
   * Says how the runtime is made in every stack of a scope. A stack's own options stand in place of its stage's or app's.
   *
   * @param scope a stack, stage or app in which no runtime is made yet
   */
  public static configure(scope: IConstruct, options: InferenceRecommenderRuntimeOptions): void {
    const path = scope.node.path || 'the app';
    if (!Stack.isStack(scope) && !Stage.isStage(scope)) { throw new Error(`\`scope\` must be a stack, a stage or an app, got: ${path}.`); }
    if (CONFIGURED.has(scope)) { throw new Error(`The runtime is configured for ${path} already: give all options in one call.`); }
    const late = scope.node.findAll().find((construct) => MADE.has(construct));
    if (late) {
      throw new Error(`The runtime of ${late.node.path} is made already: call \`InferenceRecommenderRuntime.configure()\` before the stack's first construct of this library.`);
    }
    CONFIGURED.set(scope, options);
  }

  /**
   * The options of a stack whose runtime is being made; undefined if nothing is configured.
   *
   * @internal
   */
  public static _optionsOf(stack: Stack): InferenceRecommenderRuntimeOptions | undefined {
    MADE.add(stack);
    const scope = stack.node.scopes.reverse().find((one) => CONFIGURED.has(one));
    return scope && CONFIGURED.get(scope);
  }

  private constructor() {}
}
