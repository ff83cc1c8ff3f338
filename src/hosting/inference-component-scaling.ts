import { PredefinedMetric, ScalableTarget, ServiceNamespace } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Duration, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { checkRange } from '../common/check';
import { componentResourceId, SCALABLE_COMPONENT, scalableTargetFindings } from '../service/scaling-rules';

/** Bounds of the number of copies of an inference component. */
export interface CopyScalingProps {
  /** Minimum number of copies: at least 0. Zero needs a way out of it, e.g. a step policy on the metric `NoCapacityInvocationFailures`. */
  readonly minCopies: number;
  /** Maximum number of copies: not less than `minCopies`. */
  readonly maxCopies: number;
}

/** Options of a target that the scaling of copies tracks. */
export interface CopyScalingOptions {
  /**
   * Time after a scale-in before the next one, in whole seconds.
   *
   * @default - the service's default, 5 minutes
   */
  readonly scaleInCooldown?: Duration;
  /**
   * Time after a scale-out before the next one, in whole seconds.
   *
   * @default - the service's default, 5 minutes
   */
  readonly scaleOutCooldown?: Duration;
  /**
   * Whether copies are only added and never removed.
   *
   * @default false
   */
  readonly disableScaleIn?: boolean;
}

/** The largest figure that Application Auto Scaling's integers hold. */
const MOST_COPIES = 2 ** 31 - 1;

/** The role that Application Auto Scaling makes for itself: without it, the CDK would make another one, which the service does not use. */
const SERVICE_ROLE = 'aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint';

/**
 * Scales the number of copies of an inference component: `component.scaleCopies()` returns it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html
 * @example
 * declare const component: InferenceComponent;
 * component.scaleCopies({ minCopies: 1, maxCopies: 8 }).trackConcurrentRequestsPerCopy(5);
 */
export class CopyScaling extends Construct {
  /** The scalable target, for schedules, step policies and other metrics. */
  public readonly scalableTarget: ScalableTarget;
  private readonly tracked = new Set<PredefinedMetric>();

  /**
   * Registers a component's copies with Application Auto Scaling.
   *
   * @param scope where to add it, usually the component
   * @param id id of the construct within `scope`
   * @param inferenceComponentName name of the component
   * @param props bounds of the number of copies
   * @throws if a bound is out of its range
   */
  constructor(scope: Construct, id: string, inferenceComponentName: string, props: CopyScalingProps) {
    super(scope, id);
    const { minCopies, maxCopies } = props;
    checkRange('minCopies', minCopies, 0, MOST_COPIES);
    checkRange('maxCopies', maxCopies, 1, MOST_COPIES);
    const bounds = { MinCapacity: minCopies, MaxCapacity: maxCopies };
    const [wrong] = scalableTargetFindings(bounds, { asynchronous: true }, (value) => !Token.isUnresolved(value));
    if (wrong) { throw new Error(`\`minCopies\` ${wrong.sentence.replace('MaxCapacity', '`maxCopies`')}.`); }
    this.scalableTarget = new ScalableTarget(this, 'Target', {
      serviceNamespace: ServiceNamespace.SAGEMAKER,
      resourceId: componentResourceId(inferenceComponentName),
      scalableDimension: SCALABLE_COMPONENT.ScalableDimension,
      minCapacity: minCopies,
      maxCapacity: maxCopies,
      role: Role.fromRoleArn(this, 'Role', Stack.of(this).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: SERVICE_ROLE })),
    });
  }

  /**
   * Tracks the number of requests a minute for each copy.
   *
   * @param invocations requests a minute for each copy: more than 0
   * @param options cooldowns, and whether copies are removed
   * @throws if `invocations` is not more than 0, or the metric is tracked already
   */
  public trackInvocationsPerCopy(invocations: number, options?: CopyScalingOptions): void {
    this.track('Invocations', 'invocations', invocations, PredefinedMetric.SAGEMAKER_INFERENCE_COMPONENT_INVOCATIONS_PER_COPY, options);
  }

  /**
   * Tracks the number of concurrent requests for each copy, measured every ten seconds. It suits models that answer slowly, as generative ones do.
   *
   * @param requests concurrent requests for each copy: more than 0
   * @param options cooldowns, and whether copies are removed
   * @throws if `requests` is not more than 0, or the metric is tracked already
   */
  public trackConcurrentRequestsPerCopy(requests: number, options?: CopyScalingOptions): void {
    const metric = PredefinedMetric.SAGEMAKER_INFERENCE_COMPONENT_CONCURRENT_REQUESTS_PER_COPY_HIGH_RESOLUTION;
    this.track('Requests', 'requests', requests, metric, options);
  }

  private track(id: string, prop: string, targetValue: number, predefinedMetric: PredefinedMetric, options?: CopyScalingOptions): void {
    if (!Token.isUnresolved(targetValue) && !(targetValue > 0)) { throw new Error(`\`${prop}\` must be more than 0, got: ${targetValue}.`); }
    if (this.tracked.has(predefinedMetric)) { throw new Error(`The scaling '${this.node.path}' tracks this metric already: call the method once.`); }
    this.tracked.add(predefinedMetric);
    this.scalableTarget.scaleToTrackMetric(id, { targetValue, predefinedMetric, ...options });
  }
}
