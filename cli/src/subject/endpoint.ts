import type { EndpointOutputConfiguration, ModelConfiguration } from '@aws-sdk/client-sagemaker';
import type { JobRecommendation } from '../../../lambda/jobs/family';

/** What serves: instances of a type, a serverless endpoint, or an endpoint that exists. */
export interface Endpoint {
  readonly instanceType?: string;
  readonly instanceCount?: number;
  /** Copies of the model on each instance, if there is more than one. */
  readonly copiesPerInstance?: number;
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

/** What a recommendation deploys: as it was benchmarked, or with the instances or the concurrency that a load needs. */
export function endpointOfRecommendation(
  { instanceType, instanceCount, serverlessConfig, isCompiled, environment, attributes }: JobRecommendation,
  counts: Pick<Endpoint, 'instanceCount' | 'concurrency'> = { instanceCount, concurrency: serverlessConfig?.MaxConcurrency ?? 1 },
): Endpoint {
  const copies = Number(attributes.CopyCountPerInstance ?? 1);
  return {
    ...instanceType
      ? { instanceType, instanceCount: counts.instanceCount } : { memoryMb: serverlessConfig?.MemorySizeInMB, concurrency: counts.concurrency },
    ...copies > 1 && { copiesPerInstance: copies },
    isCompiled,
    environment,
  };
}

/** `ml.c5.xlarge × 2`, `ml.g6.12xlarge × 1 with 4 copies each`, `serverless 2048 MB × 5`, or an endpoint's name. */
export function endpointText({ instanceType, instanceCount, copiesPerInstance: copies, memoryMb, concurrency, name, isCompiled }: Endpoint): string {
  const text = instanceType ? `${instanceType} × ${instanceCount}` : memoryMb ? `${serverlessText(memoryMb)} × ${concurrency ?? 1}` : name ?? 'an endpoint';
  return text + copiesText(copies) + compiledText(isCompiled);
}

/** Without the count: `ml.c5.xlarge compiled`, `serverless 2048 MB`. */
export function uncountedText(
  { instanceType, copiesPerInstance: copies, memoryMb, isCompiled }: Pick<Endpoint, 'instanceType' | 'copiesPerInstance' | 'memoryMb' | 'isCompiled'>,
): string {
  return (instanceType ?? serverlessText(memoryMb)) + copiesText(copies) + compiledText(isCompiled);
}

export function serverlessText(memoryMb: number | string | undefined): string {
  return `serverless ${memoryMb} MB`;
}

function copiesText(copies: number | undefined): string {
  return copies === undefined ? '' : ` with ${copies} copies each`;
}

function compiledText(isCompiled: boolean): string {
  return isCompiled ? ' compiled' : '';
}
