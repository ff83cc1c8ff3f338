import { BenchmarkTarget } from './benchmarks';
import { isAsynchronous, servedVariants } from './endpoint-variants';
import { modelsOf, typesOf } from './instance-pools';
import { instanceModel } from './instance-types';
import { containersOf } from './models';
import { serverless, serving, underLoad } from './performance-model';
import { Endpoint, isSameName, SageMakerState } from './state';
import { compiledWork, varied, workloadOf } from './workload';
import { Region } from '../kernel';

/** What a minute of a variant, or of a benchmark's endpoint, measures. */
export interface Minute {
  readonly invocations: number;
  /** Of the invocations. */
  readonly errors: number;
  /** The mean. */
  readonly latencyMs: number;
  /** None if it is serverless. */
  readonly instances?: number;
  /** Of all cores together, 100 for each. */
  readonly cpuPercent?: number;
  readonly memoryPercent?: number;
  readonly users?: number;
}

/** A variant that takes requests, or a benchmark's endpoint. */
export interface Served {
  readonly endpointName: string;
  readonly variantName: string;
  readonly jobName?: string;
  /** Milliseconds since 1970. */
  readonly begun: number;
  /** Nothing while it serves. */
  readonly ended?: number;
  /** By the number of the minute, from 0 on. */
  readonly minuteAt: (minute: number) => Minute;
}

/** Time jumps, so hardly any has passed when somebody looks, and clients that look by their own clocks are behind: an endpoint has the load of a day before it, too. */
const BEFORE_MS = 24 * 3_600_000;
/** Latencies differ between minutes by so much at most. */
const VARIATION = 0.03;

/** The variants of all real-time endpoints that serve, if endpoints take a load: each endpoint takes it, and divides it by its variants' weights. */
export function servedEndpoints(region: Region): Served[] {
  const { load, endpoints } = region.room(SageMakerState);
  if (load === 0) { return []; }
  return [...endpoints.values()].filter((endpoint) => endpoint.inService && ['InService', 'Updating'].includes(endpoint.status) && !isAsynchronous(endpoint, region))
    .flatMap((endpoint) => served(endpoint, load, region));
}

function served(endpoint: Endpoint, load: number, region: Region): Served[] {
  const variants = endpoint.variants ?? [];
  const weights = variants.reduce((sum, { CurrentWeight = 1 }) => sum + CurrentWeight, 0);
  return variants.flatMap(({ VariantName, CurrentWeight = 1, CurrentInstanceCount }) => {
    const configured = servedVariants(endpoint, region).find((variant) => variant.VariantName === VariantName);
    const target = configured && targetOf(modelsOf(configured)[0], region);
    const share = load * CurrentWeight / weights;
    if (!target || !(share > 0) || CurrentInstanceCount === 0) { return []; }
    const minute = minuteOf(configured, CurrentInstanceCount, share, target);
    const key = `${endpoint.name}/${VariantName}`;
    return {
      endpointName: endpoint.name,
      variantName: VariantName,
      begun: endpoint.inService!.getTime() - BEFORE_MS,
      minuteAt: (number) => ({ ...minute, latencyMs: minute.latencyMs * varied(`${key}/${number}`, VARIATION) }),
    };
  });
}

function minuteOf(variant: any, instances: number, invocations: number, target: ServedTarget): Minute {
  const work = target.isCompiled ? compiledWork(workloadOf(target)) : workloadOf(target);
  const { ServerlessConfig: config } = variant;
  const type = config ? undefined : instanceModel(typesOf(variant)[0]);
  const { environment } = target;
  const how = type ? serving(work, type, instances, environment) : serverless(work, config.MemorySizeInMB, config.MaxConcurrency, environment);
  const { latencyMs, errors, busy } = underLoad(how, invocations);
  return {
    invocations,
    errors,
    latencyMs,
    memoryPercent: 100 * how.memoryShare,
    ...type && { instances, cpuPercent: 100 * type.vCpus * how.cpuShare * busy },
  };
}

/** What an endpoint's model is, and whether it runs as a benchmark has compiled it. */
interface ServedTarget extends BenchmarkTarget {
  readonly isCompiled: boolean;
}

/** What a model is, by its container and its package; nothing once it was deleted. */
function targetOf(modelName: string | undefined, region: Region): ServedTarget | undefined {
  const { models, packages, compilationJobs } = region.room(SageMakerState);
  const model = modelName === undefined ? undefined : models.get(modelName);
  if (!model) { return undefined; }
  const [container] = containersOf(model);
  const compilation = [...compilationJobs.values()].map((job) => job.description)
    .find(({ ModelArtifacts: { S3ModelArtifacts: artifact } }) => artifact === container.ModelDataUrl);
  const packageName = container.ModelPackageName ?? compilation?.ModelPackageVersionArn;
  const description = [...packages.values()].find(({ arn }) => isSameName(arn, packageName))?.description;
  const [packaged = {}] = description?.InferenceSpecification?.Containers ?? [];
  return {
    domain: description?.Domain,
    task: description?.Task,
    framework: packaged.Framework,
    nearestModel: packaged.NearestModelName,
    environment: { ...packaged.Environment, ...container.Environment },
    isCompiled: compilation !== undefined,
  };
}
