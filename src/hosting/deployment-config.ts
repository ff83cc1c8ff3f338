import { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Duration, Token } from 'aws-cdk-lib/core';
import { checkProp } from '../common/check';

/**
 * A part of a fleet.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CapacitySize.html
 */
export class CapacitySize {
  /**
   * So many instances: at least 1.
   *
   * @throws if it is less
   */
  public static instances(count: number): CapacitySize {
    return new CapacitySize('INSTANCE_COUNT', count);
  }

  /**
   * So many percent of the fleet: at least 1. What a deployment takes is narrower, and stands there.
   *
   * @throws if it is less
   */
  public static percent(percent: number): CapacitySize {
    return new CapacitySize('CAPACITY_PERCENT', percent);
  }

  private constructor(private readonly type: 'INSTANCE_COUNT' | 'CAPACITY_PERCENT', private readonly size: number) {
    checkProp(type === 'INSTANCE_COUNT' ? 'instances' : 'percent', 'CapacitySizeValue', size);
  }

  /** @internal */
  public _render(): CfnEndpoint.CapacitySizeProperty {
    return { type: this.type, value: this.size };
  }

  /**
   * Its share of a fleet in percent, where that is known.
   *
   * @internal
   */
  public _percentOf(instances: number | undefined): number | undefined {
    if (Token.isUnresolved(this.size)) { return undefined; }
    if (this.type === 'CAPACITY_PERCENT') { return this.size; }
    return instances && 100 * this.size / instances;
  }
}

/** What every deployment may be given. */
export interface DeploymentOptions {
  /**
   * Time to watch the new fleet for, after each step and before the next, in whole seconds: 0 to 3,600. Changing it replaces nothing.
   *
   * @default Duration.minutes(5)
   */
  readonly waitInterval?: Duration;
  /**
   * Time for the whole deployment, in whole seconds: 600 to 28,800 (8 hours). Changing it replaces nothing.
   *
   * @default - the service's own
   */
  readonly maximumExecutionTimeout?: Duration;
}

/** A blue/green deployment: the new fleet is made whole before the old one goes. */
export interface BlueGreenOptions extends DeploymentOptions {
  /**
   * Time to keep the old fleet for after the last step, in whole seconds: 0 to 3,600. Changing it replaces nothing.
   *
   * @default Duration.seconds(0)
   */
  readonly terminationWait?: Duration;
}

/** A blue/green deployment in two steps. */
export interface CanaryProps extends BlueGreenOptions {
  /** The first step: at most 50% of a variant's instances. Changing it replaces nothing. */
  readonly canarySize: CapacitySize;
}

/** A blue/green deployment in equal steps. */
export interface LinearProps extends BlueGreenOptions {
  /** Each step: 10 to 50% of a variant's instances. Changing it replaces nothing. */
  readonly stepSize: CapacitySize;
}

/** A deployment in batches. */
export interface RollingProps extends DeploymentOptions {
  /** Each batch: 5 to 50% of a variant's instances. Changing it replaces nothing. */
  readonly maximumBatchSize: CapacitySize;
  /**
   * Each batch of a rollback. Changing it replaces nothing.
   *
   * @default - all of the old fleet at once
   */
  readonly rollbackMaximumBatchSize?: CapacitySize;
}

/** A size that a page bounds, by the prop that sets it. */
interface BoundedSize {
  readonly prop: string;
  readonly size: CapacitySize;
  readonly least: number;
  readonly most: number;
}

/**
 * How an endpoint moves to a new configuration: SageMaker's deployment guardrails.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html
 */
export class DeploymentConfig {
  /**
   * Blue/green: all traffic goes to the new fleet at once.
   *
   * @throws if a time is out of its range
   */
  public static allAtOnce(options: BlueGreenOptions = {}): DeploymentConfig {
    return DeploymentConfig.blueGreen({ type: 'ALL_AT_ONCE' }, options);
  }

  /**
   * Blue/green: a small part of the traffic first, then the rest.
   *
   * @throws if a time or the size is out of its range
   */
  public static canary(props: CanaryProps): DeploymentConfig {
    return DeploymentConfig.blueGreen({ type: 'CANARY', canarySize: props.canarySize._render() }, props,
      { prop: 'canarySize', size: props.canarySize, least: 0, most: 50 });
  }

  /**
   * Blue/green: the traffic in equal steps.
   *
   * @throws if a time or the size is out of its range
   */
  public static linear(props: LinearProps): DeploymentConfig {
    return DeploymentConfig.blueGreen({ type: 'LINEAR', linearStepSize: props.stepSize._render() }, props,
      { prop: 'stepSize', size: props.stepSize, least: 10, most: 50 });
  }

  /**
   * Batch by batch, new instances take the place of old ones: it needs less capacity than two fleets.
   *
   * @throws if a time or the size is out of its range
   */
  public static rolling(props: RollingProps): DeploymentConfig {
    return new DeploymentConfig({
      rollingUpdatePolicy: {
        maximumBatchSize: props.maximumBatchSize._render(),
        rollbackMaximumBatchSize: props.rollbackMaximumBatchSize?._render(),
        waitIntervalInSeconds: waitSeconds(props),
        maximumExecutionTimeoutInSeconds: timeoutSeconds(props),
      },
    }, { prop: 'maximumBatchSize', size: props.maximumBatchSize, least: 5, most: 50 });
  }

  private static blueGreen(
    routing: CfnEndpoint.TrafficRoutingConfigProperty, options: BlueGreenOptions, bounded?: BoundedSize,
  ): DeploymentConfig {
    const terminationWaitInSeconds = options.terminationWait?.toSeconds();
    checkProp('terminationWait', 'TerminationWaitInSeconds', terminationWaitInSeconds);
    return new DeploymentConfig({
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: { ...routing, waitIntervalInSeconds: waitSeconds(options) },
        terminationWaitInSeconds,
        maximumExecutionTimeoutInSeconds: timeoutSeconds(options),
      },
    }, bounded);
  }

  private constructor(private readonly policy: CfnEndpoint.DeploymentConfigProperty, private readonly bounded?: BoundedSize) {
    const wrong = this._oversize(undefined);
    if (wrong) { throw new Error(wrong); }
  }

  /** @internal */
  public get _isRolling(): boolean {
    return this.policy.rollingUpdatePolicy !== undefined;
  }

  /** @internal */
  public _render(): CfnEndpoint.DeploymentConfigProperty {
    return this.policy;
  }

  /**
   * A sentence, if its size is out of what the API's page allows, for a fleet of so many instances.
   *
   * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html and API_RollingUpdatePolicy.html
   *
   * @internal
   */
  public _oversize(instances: number | undefined): string | undefined {
    if (!this.bounded) { return undefined; }
    const { prop, size, least, most } = this.bounded;
    const percent = size._percentOf(instances);
    if (percent === undefined || (percent >= least && percent <= most)) { return undefined; }
    const range = least > 0 ? `${least} to ${most}%` : `at most ${most}%`;
    return `\`${prop}\` must be ${range} of a variant's instances, got: ${Math.round(percent)}%.`;
  }
}

function waitSeconds({ waitInterval = Duration.minutes(5) }: DeploymentOptions): number {
  checkProp('waitInterval', 'WaitIntervalInSeconds', waitInterval.toSeconds());
  return waitInterval.toSeconds();
}

function timeoutSeconds({ maximumExecutionTimeout }: DeploymentOptions): number | undefined {
  checkProp('maximumExecutionTimeout', 'MaximumExecutionTimeoutInSeconds', maximumExecutionTimeout?.toSeconds());
  return maximumExecutionTimeout?.toSeconds();
}
