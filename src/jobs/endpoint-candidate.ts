import { Size } from 'aws-cdk-lib/core';
import { checkProp, serverlessMemory, enumValue, firstTwice } from '../common/check';
import { InstanceType } from '../common/instance-type';

/** Options of an endpoint candidate besides its instance type. */
export interface EndpointCandidateOptions {
  /**
   * Name of an additional inference specification of the model package.
   *
   * @default - the package's own inference specification
   */
  readonly inferenceSpecificationName?: string;
  /**
   * Environment variables of the container, each with the values to try: at most 5 variables with 1 to 3 values each.
   *
   * @default - the container's own environment
   */
  readonly environment?: { [name: string]: string[] };
}

/** Properties of a serverless endpoint candidate. */
export interface ServerlessCandidateProps extends EndpointCandidateOptions {
  /** Memory: 1 to 6 GiB in steps of 1 GiB. */
  readonly memorySize: Size;
  /** Concurrent invocations at most: 1 to 200. */
  readonly maxConcurrency: number;
}

/**
 * One endpoint configuration that a load test tries.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_EndpointInputConfiguration.html
 * @example
 * const phases: TrafficPhase[] = [{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }];
 * new InferenceRecommendationsJob(this, 'Job', {
 *   target: BenchmarkTarget.fromModelPackage(modelPackage),
 *   jobType: JobType.loadTest({
 *     trafficPattern: TrafficPattern.phases(phases),
 *     endpointCandidates: [
 *       EndpointCandidate.instance(InstanceType.of('ml.c5.xlarge'), { environment: { OMP_NUM_THREADS: ['2', '4'] } }),
 *       EndpointCandidate.serverless({ memorySize: Size.gibibytes(2), maxConcurrency: 5 }),
 *     ],
 *   }),
 * });
 */
export class EndpointCandidate {
  /**
   * A real-time endpoint on one instance type.
   *
   * @param instanceType the instance type, e.g. `InstanceType.of('ml.c5.xlarge')`
   * @param options inference specification and environment variables to try
   * @throws if a name or a list of values is out of its bounds
   */
  public static instance(instanceType: InstanceType, options: EndpointCandidateOptions = {}): EndpointCandidate {
    return new EndpointCandidate({ InstanceType: enumValue('instanceType', instanceType, 'InstanceType') }, options);
  }

  /**
   * A real-time endpoint on each of some instance types, all with the same options.
   *
   * @param instanceTypes the instance types: at most 10, because a job tries at most 10 candidates
   * @param options inference specification and environment variables to try, of each candidate
   * @returns a candidate for each type, in this order
   * @throws if a type is given twice, or a name or a list of values is out of its bounds
   */
  public static instances(instanceTypes: InstanceType[], options: EndpointCandidateOptions = {}): EndpointCandidate[] {
    const candidates = instanceTypes.map((type) => EndpointCandidate.instance(type, options));
    const twice = firstTwice(instanceTypes.map(({ value }) => value));
    if (twice !== undefined) { throw new Error(`\`instanceTypes\` must be different, got '${twice}' twice: remove one.`); }
    return candidates;
  }

  /**
   * A serverless endpoint.
   *
   * @param props memory, concurrency, inference specification and environment variables to try
   * @throws if a figure, a name or a list of values is out of its bounds
   */
  public static serverless(props: ServerlessCandidateProps): EndpointCandidate {
    return new EndpointCandidate({
      ServerlessConfig: { MemorySizeInMB: serverlessMemory(props.memorySize), MaxConcurrency: props.maxConcurrency },
    }, props);
  }

  /** @internal */
  public readonly _inferenceSpecificationName?: string;
  /** @internal */
  public readonly _environmentNames: readonly string[];
  private readonly rendered: Record<string, unknown>;

  private constructor(endpoint: Record<string, unknown>, options: EndpointCandidateOptions) {
    for (const [name, values] of Object.entries(options.environment ?? {})) {
      checkProp(`environment.${name}`, 'String64', name);
      checkProp(`environment.${name}`, 'CategoricalParameterRangeValues', values);
    }
    checkProp('inferenceSpecificationName', 'InferenceSpecificationName', options.inferenceSpecificationName);
    this._inferenceSpecificationName = options.inferenceSpecificationName;
    this._environmentNames = Object.keys(options.environment ?? {}).sort();
    const ranges = Object.entries(options.environment ?? {}).map(([Name, Value]) => ({ Name, Value }));
    this.rendered = {
      ...endpoint,
      InferenceSpecificationName: options.inferenceSpecificationName,
      EnvironmentParameterRanges: ranges.length > 0 ? { CategoricalParameterRanges: ranges } : undefined,
    };
    checkProp('endpointCandidate', 'EndpointInputConfiguration', { ...this.rendered, InstanceType: undefined });
  }

  /**
   * The API's EndpointInputConfiguration.
   *
   * @internal
   */
  public _render(): Record<string, unknown> {
    return this.rendered;
  }
}
