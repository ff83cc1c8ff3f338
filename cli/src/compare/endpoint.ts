import { GetMetricDataCommandInput, MetricDataResult, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import {
  DescribeEndpointCommand, DescribeEndpointCommandOutput, DescribeEndpointConfigCommand, DescribeInferenceComponentCommand,
  paginateListInferenceComponents, ProductionVariant, ProductionVariantSummary,
} from '@aws-sdk/client-sagemaker';
import { Running } from './running';
import { Account } from '../account/account';

export const ENDPOINT_ACTIONS = [
  'cloudwatch:GetMetricData', 'sagemaker:DescribeEndpoint', 'sagemaker:DescribeEndpointConfig',
  'sagemaker:DescribeInferenceComponent', 'sagemaker:ListInferenceComponents',
];

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Until an endpoint is there first, its status changes, and nothing else. */
const CREATION = 30 * MINUTE;

/** How long CloudWatch keeps periods. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html (retention) */
const RETENTION = [{ days: 15, seconds: 60 }, { days: 63, seconds: 300 }, { days: 455, seconds: 3600 }] as const;
export const LONGEST_DAYS = 455;

const INVOCATIONS = 'AWS/SageMaker';
const INSTANCES = '/aws/sagemaker/Endpoints';
const COMPONENTS = '/aws/sagemaker/InferenceComponents';

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (endpoint invocation metrics, endpoint instance metrics) */
const QUERIES = {
  invocations: [INVOCATIONS, 'Invocations', 'Sum'],
  latencySum: [INVOCATIONS, 'ModelLatency', 'Sum'],
  latencyCount: [INVOCATIONS, 'ModelLatency', 'SampleCount'],
  clientErrors: [INVOCATIONS, 'Invocation4XXErrors', 'Sum'],
  serverErrors: [INVOCATIONS, 'Invocation5XXErrors', 'Sum'],
  cpu: [INSTANCES, 'CPUUtilization', 'Average'],
  memory: [INSTANCES, 'MemoryUtilization', 'Average'],
} as const;
type Query = keyof typeof QUERIES;

/**
 * The variants of an endpoint as they run, or the inference components that they host, with what CloudWatch has of the last seconds.
 *
 * @throws Error with one sentence if there is no such endpoint, or it serves nothing
 */
export async function readRunning(account: Account, name: string, sinceSeconds: number): Promise<Running[]> {
  const endpoint = await described(account, name);
  // A name of an ARN may be in lower case, and CloudWatch's dimensions have the name as it was given.
  const { ProductionVariants: variants = [], EndpointStatus: status, EndpointConfigName, EndpointName = name } = endpoint;
  if (variants.length === 0) { throw new Error(`The endpoint ${name} is ${status} and serves nothing: compare once it is InService`); }
  const { ProductionVariants: configured = [] } = await account.sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName }));
  const window = windowOf(endpoint, sinceSeconds, account.time.now());
  const between = [new Date(window.begin), new Date(window.end)] as const;
  const components = await componentsOf(account, EndpointName);
  const all = variants.flatMap((variant): Served[] => {
    const hosted = components.filter(({ variantName }) => variantName === variant.VariantName);
    return hosted.length > 0 ? hosted.map((component) => ({ variant, component, others: hosted.length - 1 })) : [{ variant, others: 0 }];
  });
  return Promise.all(all.map(async ({ variant, component, others }) => {
    const config = configured.find(({ VariantName }) => VariantName === variant.VariantName);
    const metrics = await metricsOf(account, component ? ofComponent(component.name) : ofVariant(EndpointName, variant.VariantName!), ...between);
    const running = runningOf(endpoint, variant, config, metrics, window);
    return component ? { ...running, component, notes: [...running.notes, ...componentNotes(component, others)] } : running;
  }));
}

/** A variant, or one of the components that it hosts beside others. */
interface Served {
  readonly variant: ProductionVariantSummary;
  readonly component?: HostedComponent;
  readonly others: number;
}

interface HostedComponent {
  readonly name: string;
  readonly variantName?: string;
  readonly status: string;
  readonly copies: number;
}

/** The inference components of an endpoint, without adapters: these run in the copies of their base. */
async function componentsOf({ sagemaker }: Account, EndpointNameEquals: string): Promise<HostedComponent[]> {
  const names: string[] = [];
  for await (const { InferenceComponents = [] } of paginateListInferenceComponents({ client: sagemaker }, { EndpointNameEquals })) {
    names.push(...InferenceComponents.map(({ InferenceComponentName }) => InferenceComponentName!));
  }
  const all = await Promise.all(names.map(async (name) => {
    const found = await sagemaker.send(new DescribeInferenceComponentCommand({ InferenceComponentName: name }));
    return {
      name,
      variantName: found.VariantName,
      status: found.InferenceComponentStatus ?? '',
      copies: found.RuntimeConfig?.CurrentCopyCount ?? 0,
      isAdapter: found.Specification?.BaseInferenceComponentName !== undefined,
    };
  }));
  return all.filter(({ isAdapter }) => !isAdapter).map(({ isAdapter: _, ...component }) => component);
}

function componentNotes({ name, status }: HostedComponent, others: number): string[] {
  return [
    ...status === 'InService' ? [] : [`The component ${name} is ${status}.`],
    ...others > 0 ? [`${others} more ${others === 1 ? 'component shares' : 'components share'} the instances, whose whole cost is counted.`] : [],
  ];
}

async function described({ sagemaker, region }: Account, EndpointName: string): Promise<DescribeEndpointCommandOutput> {
  try {
    return await sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
  } catch (error) {
    if (/could not find/i.test((error as Error).message)) {
      throw new Error(`There is no endpoint ${EndpointName} in ${await region()}: look at the name, the Region and the account`);
    }
    throw error;
  }
}

/** Whole minutes, because CloudWatch has no others: the one that runs is not over. An endpoint that is younger has a shorter window. */
export function windowOf({ CreationTime, LastModifiedTime }: Pick<Described, 'CreationTime' | 'LastModifiedTime'>, sinceSeconds: number, now: number): Window {
  const minuteOf = (time: number) => Math.floor(time / MINUTE) * MINUTE;
  // The clock of this machine may be behind.
  const end = minuteOf(Math.max(now, LastModifiedTime?.getTime() ?? 0));
  const asked = minuteOf(end - sinceSeconds * 1000);
  const begin = Math.min(Math.max(asked, minuteOf(CreationTime?.getTime() ?? 0)), end - MINUTE);
  return { begin, end, isShort: begin > asked };
}

/** The shortest period that CloudWatch still keeps for all of a window. */
export function periodSeconds(windowMs: number): number {
  return RETENTION.find(({ days }) => windowMs <= days * DAY)?.seconds ?? RETENTION[RETENTION.length - 1].seconds;
}

interface Metrics {
  readonly values: Readonly<Record<Query, readonly number[]>>;
  readonly period: number;
  /** Metrics of which CloudWatch has not given all. */
  readonly partial: readonly string[];
}

/** Whose metrics are read, and the namespace of its utilization. */
interface Measured {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly utilization: string;
}

function ofVariant(EndpointName: string, VariantName: string): Measured {
  return { dimensions: { EndpointName, VariantName }, utilization: INSTANCES };
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (dimensions of inference components) */
function ofComponent(InferenceComponentName: string): Measured {
  return { dimensions: { InferenceComponentName }, utilization: COMPONENTS };
}

async function metricsOf({ cloudWatch }: Account, { dimensions, utilization }: Measured, StartTime: Date, EndTime: Date): Promise<Metrics> {
  const period = periodSeconds(EndTime.getTime() - StartTime.getTime());
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const input: GetMetricDataCommandInput = {
    StartTime,
    EndTime,
    MetricDataQueries: (Object.keys(QUERIES) as Query[]).map((query) => {
      const [namespace, MetricName, Stat] = QUERIES[query];
      const Namespace = namespace === INSTANCES ? utilization : namespace;
      return { Id: query, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: period, Stat } };
    }),
  };
  const values = Object.fromEntries(Object.keys(QUERIES).map((query) => [query, [] as number[]])) as Record<Query, number[]>;
  const last = new Map<Query, MetricDataResult>();
  for await (const { MetricDataResults: results = [] } of paginateGetMetricData({ client: cloudWatch }, input)) {
    for (const result of results) {
      values[result.Id as Query].push(...result.Values ?? []);
      last.set(result.Id as Query, result);
    }
  }
  const partial = [...last].filter(([, { StatusCode }]) => StatusCode === 'Forbidden' || StatusCode === 'InternalError').map(([query]) => QUERIES[query][1]);
  return { values, period, partial: [...new Set(partial)] };
}

interface Window {
  readonly begin: number;
  readonly end: number;
  /** Whether the endpoint is younger than the window that was asked for. */
  readonly isShort: boolean;
}

type Described = Pick<DescribeEndpointCommandOutput, 'EndpointName' | 'EndpointStatus' | 'LastModifiedTime' | 'CreationTime'>;

/** What the services' answers say of a variant. */
export function runningOf(
  { EndpointName: endpoint, EndpointStatus: status, LastModifiedTime: modified, CreationTime: created }: Described,
  summary: ProductionVariantSummary, config: ProductionVariant | undefined, { values, period, partial }: Metrics, { begin, end, isShort }: Window,
): Running {
  const { VariantName: variant, CurrentServerlessConfig: serverless, CurrentInstanceCount: count = 0, InstancePools: pools } = summary;
  const fleet = pools?.map(({ InstanceType, CurrentInstanceCount = 0 }) => ({ instanceType: InstanceType!, count: CurrentInstanceCount }))
    ?? (config?.InstanceType ? [{ instanceType: config.InstanceType, count }] : []);
  const [changed, since] = [modified?.getTime() ?? 0, created?.getTime() ?? 0];
  const isChanged = changed > begin && changed - since > CREATION;
  return {
    endpoint: endpoint!,
    variant: variant!,
    fleet: serverless ? [] : fleet.sort((a, b) => b.count - a.count || (a.instanceType < b.instanceType ? -1 : 1)),
    serverless: serverless && { memoryMb: serverless.MemorySizeInMB!, concurrency: serverless.MaxConcurrency! },
    minutes: (end - begin) / MINUTE,
    peakMinutes: period / 60,
    invocations: sumOf(values.invocations),
    peakPerMinute: values.invocations.length > 0 ? values.invocations.reduce((most, one) => Math.max(most, one), 0) / (period / 60) : NaN,
    latencyUs: sumOf(values.latencySum) / sumOf(values.latencyCount),
    cpuPercent: sumOf(values.cpu) / values.cpu.length,
    memoryPercent: sumOf(values.memory) / values.memory.length,
    errors: [...values.clientErrors, ...values.serverErrors].reduce((sum, one) => sum + one, 0),
    notes: [
      ...status !== 'InService' ? [`The endpoint is ${status}.`] : [],
      ...isShort ? [`The endpoint was created within the window: the figures are of ${Math.round((end - begin) / MINUTE)} minutes.`] : [],
      ...isChanged ? [`The endpoint changed at ${new Date(changed).toISOString()}, within the window: the figures mix what ran before and after.`] : [],
      ...partial.length > 0 ? [`CloudWatch has not given all of ${partial.join(', ')}.`] : [],
      ...serverless?.ProvisionedConcurrency ? [`The variant has a provisioned concurrency of ${serverless.ProvisionedConcurrency}, whose cost is not counted.`] : [],
    ],
  };
}

/** NaN without a datapoint. */
function sumOf(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((sum, one) => sum + one, 0) : NaN;
}
