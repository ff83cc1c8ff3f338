import { Size } from 'aws-cdk-lib/core';
import { InstanceType } from '../common/instance-type';
import { checkProp, serverlessMemory } from '../common/check';

/** What a candidate may vary besides its instance type. */
export interface EndpointCandidateOptions {
  /**
   * An additional inference specification of the model package.
   *
   * @default - the package's own inference specification
   */
  readonly inferenceSpecificationName?: string;
  /**
   * Environment variables of the container, each with the values to try: at most 5 variables of 1 to 3 values.
   *
   * @default - the container's own environment
   */
  readonly environment?: { [name: string]: string[] };
}

/** A serverless candidate. */
export interface ServerlessCandidateProps extends EndpointCandidateOptions {
  /** Memory: 1 to 6 GiB in steps of 1 GiB. */
  readonly memorySize: Size;
  /** Invocations that it serves at a time: 1 to 200. */
  readonly maxConcurrency: number;
}

/**
 * One endpoint that a load test tries.
 *
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_EndpointInputConfiguration.html
 */
export class EndpointCandidate {
  /** A real-time endpoint on one instance type. */
  public static instance(instanceType: InstanceType, options: EndpointCandidateOptions = {}): EndpointCandidate {
    return new EndpointCandidate({ InstanceType: instanceType.value }, options);
  }

  /** A serverless endpoint. */
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
   * EndpointInputConfiguration as the API has it.
   *
   * @internal
   */
  public _render(): Record<string, unknown> {
    return this.rendered;
  }
}
