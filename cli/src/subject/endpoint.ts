import type { EndpointOutputConfiguration, ModelConfiguration } from '@aws-sdk/client-sagemaker';

/** What serves: instances of a type, a serverless endpoint, or an endpoint that exists. */
export interface Endpoint {
  readonly instanceType?: string;
  readonly instanceCount?: number;
  readonly memoryMb?: number;
  readonly concurrency?: number;
  /** Of an endpoint that existed before the job. */
  readonly name?: string;
  readonly isCompiled: boolean;
  readonly environment: Readonly<Record<string, string>>;
}

export function endpointOf(config: EndpointOutputConfiguration | undefined, model: ModelConfiguration | undefined): Endpoint {
  const { InstanceType: type, InitialInstanceCount: count, ServerlessConfig: serverless, EndpointName: name } = config ?? {};
  return {
    // In the guide's own example, a serverless recommendation still carries an instance type and a count.
    ...serverless ? { memoryMb: serverless.MemorySizeInMB, concurrency: serverless.MaxConcurrency }
      : type ? { instanceType: type, instanceCount: count ?? 1 } : { name },
    isCompiled: Boolean(model?.CompilationJobName),
    // Names only: a value may be a secret.
    environment: {},
  };
}

/** `ml.c5.xlarge × 2`, `serverless 2048 MB × 5`, or an endpoint's name. */
export function endpointText({ instanceType, instanceCount, memoryMb, concurrency, name, isCompiled }: Endpoint): string {
  const text = instanceType ? `${instanceType} × ${instanceCount}` : memoryMb ? `${serverlessText(memoryMb)} × ${concurrency ?? 1}` : name ?? 'an endpoint';
  return text + compiledText(isCompiled);
}

/** Without the count: `ml.c5.xlarge compiled`, `serverless 2048 MB`. */
export function uncountedText({ instanceType, memoryMb, isCompiled }: Pick<Endpoint, 'instanceType' | 'memoryMb' | 'isCompiled'>): string {
  return (instanceType ?? serverlessText(memoryMb)) + compiledText(isCompiled);
}

export function serverlessText(memoryMb: number | string | undefined): string {
  return `serverless ${memoryMb} MB`;
}

function compiledText(isCompiled: boolean): string {
  return isCompiled ? ' compiled' : '';
}
