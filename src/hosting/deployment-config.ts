import { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Duration, Token } from 'aws-cdk-lib/core';
import { checkProp } from '../common/check';

/**
 * The size of a step of a deployment: a number of instances or a percentage of the fleet.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CapacitySize.html
 * @example
 * const rolling = DeploymentConfig.rolling({ maximumBatchSize: CapacitySize.percent(25) });
 */
export class CapacitySize {
  /**
   * A number of instances.
   *
   * @param count number of instances: at least 1
   * @throws if `count` is less than 1
   */
  public static instances(count: number): CapacitySize {
    return new CapacitySize('INSTANCE_COUNT', count);
  }

  /**
   * A percentage of the fleet. Each deployment has a narrower range: see `CanaryProps`, `LinearProps` and `RollingProps`.
   *
   * @param percent percentage of the fleet: at least 1
   * @throws if `percent` is less than 1
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
   * The percentage of a fleet, if it is known.
   *
   * @internal
   */
  public _percentOf(instances: number | undefined): number | undefined {
    if (Token.isUnresolved(this.size)) { return undefined; }
    if (this.type === 'CAPACITY_PERCENT') { return this.size; }
    return instances && 100 * this.size / instances;
  }
}

/** Options of every deployment. */
export interface DeploymentOptions {
  /**
   * How long the service watches the new fleet after each step and before the next one, in whole seconds: 0 to 3,600. Changing it
   * replaces nothing.
   *
   * @default Duration.minutes(5)
   */
  readonly waitInterval?: Duration;
  /**
   * Maximum time for the whole deployment, in whole seconds: 600 to 28,800 (8 hours). Changing it replaces nothing.
   *
   * @default - the service default
   */
  readonly maximumExecutionTimeout?: Duration;
}

/** Options of a blue/green deployment: the service creates the whole new fleet before it removes the old one. */
export interface BlueGreenOptions extends DeploymentOptions {
  /**
   * How long the service keeps the old fleet after the last step, in whole seconds: 0 to 3,600. Changing it replaces nothing.
   *
   * @default Duration.seconds(0)
   */
  readonly terminationWait?: Duration;
}

/** Properties of a blue/green deployment in two steps. */
export interface CanaryProps extends BlueGreenOptions {
  /**
   * Size of the first step: at most 50% of a variant's instances. A larger percentage is an error. For a larger number of instances, `Endpoint`
   * adds a warning if it knows the size of the fleet. Changing it replaces nothing.
   */
  readonly canarySize: CapacitySize;
}

/** Properties of a blue/green deployment in equal steps. */
export interface LinearProps extends BlueGreenOptions {
  /**
   * Size of each step: 10 to 50% of a variant's instances. A percentage outside this range is an error. For a number of instances outside it,
   * `Endpoint` adds a warning if it knows the size of the fleet. Changing it replaces nothing.
   */
  readonly stepSize: CapacitySize;
}

/** Properties of a rolling deployment: batch by batch, with no second fleet. */
export interface RollingProps extends DeploymentOptions {
  /**
   * Maximum size of each batch: 5 to 50% of a variant's instances. A percentage outside this range is an error. For a number of instances outside
   * it, `Endpoint` adds a warning if it knows the size of the fleet. Changing it replaces nothing.
   */
  readonly maximumBatchSize: CapacitySize;
  /**
   * Maximum size of each batch of a rollback. Changing it replaces nothing.
   *
   * @default - the whole old fleet at once
   */
  readonly rollbackMaximumBatchSize?: CapacitySize;
}

/** A size with its documented range in percent, and the prop that sets it. */
interface BoundedSize {
  readonly prop: string;
  readonly size: CapacitySize;
  readonly least: number;
  readonly most: number;
}

/**
 * The way in which an endpoint moves to a new configuration: SageMaker's deployment guardrails.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html
 * @example
 * new Endpoint(this, 'Endpoint', {
 *   endpointConfig: config,
 *   deployment: DeploymentConfig.canary({ canarySize: CapacitySize.percent(10) }),
 *   rollbackAlarms: [alarm],
 * });
 */
export class DeploymentConfig {
  /**
   * A blue/green deployment that moves all traffic to the new fleet at once.
   *
   * @param options times of the deployment
   * @throws if a time is out of its range
   */
  public static allAtOnce(options: BlueGreenOptions = {}): DeploymentConfig {
    return DeploymentConfig.blueGreen({ type: 'ALL_AT_ONCE' }, options);
  }

  /**
   * A blue/green deployment that moves a small part of the traffic first, then the rest.
   *
   * @param props size of the first step, and times of the deployment
   * @throws if a time or the size is out of its range
   */
  public static canary(props: CanaryProps): DeploymentConfig {
    return DeploymentConfig.blueGreen({ type: 'CANARY', canarySize: props.canarySize._render() }, props,
      { prop: 'canarySize', size: props.canarySize, least: 0, most: 50 });
  }

  /**
   * A blue/green deployment that moves the traffic in equal steps.
   *
   * @param props size of each step, and times of the deployment
   * @throws if a time or the size is out of its range
   */
  public static linear(props: LinearProps): DeploymentConfig {
    return DeploymentConfig.blueGreen({ type: 'LINEAR', linearStepSize: props.stepSize._render() }, props,
      { prop: 'stepSize', size: props.stepSize, least: 10, most: 50 });
  }

  /**
   * A rolling deployment: new instances replace old ones batch by batch. It needs less capacity than two fleets.
   *
   * @param props size of each batch, and times of the deployment
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
   * An error sentence, if the size is outside the documented range for a fleet of `instances` instances.
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
