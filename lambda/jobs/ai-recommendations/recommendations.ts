import type { AIRecommendation, AIRecommendationPerformanceMetric, DescribeAIRecommendationJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { acceleratorCount } from '../../../src/service/instance-facts';
import { figureOf, GENERATIVE } from '../../../src/service/recommendation-kinds';
import { canonicalStat, namedMetric, numberIn, quantityOf, TOKEN_METRICS, TokenMetric } from '../../../src/service/token-metrics';
import { fittingJson } from '../../runtime/answer';
import type { Figures, JobRecommendation } from '../family';

/** Room for the figures in an answer, which has at most 4,096 bytes. */
const MOST_PERFORMANCE_BYTES = 900;
/** The statistics in the order in which one is taken for a figure without a statistic, if all recommendations have it. */
const PREFERRED = ['avg', 'p50', 'p90', 'p95', 'p99'];
/** They say how values spread or how many there are, and not how fast a model is. */
const NO_LEVEL = ['std', 'count', 'sum'];

/** What one entry of the expected performance says. */
interface Expected {
  readonly metric: string;
  readonly stat: string;
  /** In the unit in which figures of the metric are compared. `undefined` if the reported unit is not known, or is of something else. */
  readonly value?: number;
  /** As the service reported it. */
  readonly text: string;
}

/** Converts what a job recommends to the words that all families share. The order of the list counts no more than that of any other family. */
export function recommendationsOf(
  { Recommendations: rows = [], OptimizeModel }: Pick<DescribeAIRecommendationJobCommandOutput, 'Recommendations' | 'OptimizeModel'>,
): JobRecommendation[] {
  const expected = rows.map(({ ExpectedPerformance: entries = [] }) => entries.flatMap(expectedOf));
  const shared = sharedStatistics(expected);
  return rows.map((row, at) => ({ ...recommendationOf(row, expected[at], shared), flaw: flawOf(row, OptimizeModel) }));
}

/** The costs of a million tokens, from what an hour of one instance costs. A cost that the service reports stays. */
export function priced(recommendation: JobRecommendation, hourly: (instanceType: string) => number | undefined): JobRecommendation {
  const { instanceType, instanceCount, figures, attributes } = recommendation;
  const CostPerHour = known(figures, 'CostPerHour') ?? (instanceType === undefined ? NaN : (hourly(instanceType) ?? NaN) * instanceCount);
  const output = figureOf(figures, 'OutputTokenThroughput');
  // Of every second, in millions an hour.
  const perMillion = (tokens: number) => (tokens > 0 ? CostPerHour / (tokens * 3600 / 1e6) : NaN);
  const costs: Figures = {
    CostPerHour,
    CostPerMillionOutputTokens: known(figures, 'CostPerMillionOutputTokens') ?? perMillion(output),
    CostPerMillionInputTokens: known(figures, 'CostPerMillionInputTokens') ?? perMillion(figureOf(figures, TOTAL) - output),
  };
  return { ...recommendation, figures: { ...figures, ...costs }, attributes: { ...attributes, ...reportable(costs) } };
}

const TOTAL = 'TotalTokenThroughput';

/**
 * AWS's guide deploys the package of a recommendation and says that each has one. A script of AWS's samples expects that a job which optimizes nothing may
 * register none: https://github.com/aws-samples/sample-sagemaker-agentic-model-deployment (deploy_recommendation.py).
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-deploy.html
 */
function flawOf({ ModelDetails }: AIRecommendation, optimizes: boolean | undefined): string | undefined {
  if (ModelDetails?.ModelPackageArn) { return undefined; }
  return `the job has registered no model package for it${optimizes === false ? ' (its `optimizeModel` is false)' : ''}, so it cannot be deployed`;
}

function recommendationOf(
  { ModelDetails: model, DeploymentConfiguration: deployment, AIBenchmarkJobArn, ExpectedPerformance }: AIRecommendation,
  expected: readonly Expected[], shared: ReadonlyMap<string, string>,
): JobRecommendation {
  const [details] = model?.InstanceDetails ?? [];
  const instanceType = deployment?.InstanceType ?? details?.InstanceType;
  const instanceCount = deployment?.InstanceCount ?? details?.InstanceCount ?? 1;
  const copies = deployment?.CopyCountPerInstance ?? details?.CopyCountPerInstance ?? 1;
  const accelerators = instanceType === undefined ? undefined : acceleratorCount(instanceType);
  const InferenceSpecificationName = model?.InferenceSpecificationName;
  const { figures, reported } = figuresOf(expected, shared);
  // The service gives no id. A specification is of one type, but nothing says that it must be.
  const id = `${InferenceSpecificationName ?? ''}/${instanceType ?? ''}`;
  return {
    id,
    instanceType,
    instanceCount,
    isCompiled: false,
    environment: deployment?.EnvironmentVariables ?? {},
    figures,
    reported,
    attributes: {
      RecommendationId: id,
      ModelPackageArn: model?.ModelPackageArn,
      InferenceSpecificationName,
      InstanceType: instanceType,
      InitialInstanceCount: instanceCount,
      CopyCountPerInstance: copies,
      AcceleratorCount: accelerators === undefined ? undefined : Math.max(1, Math.floor(accelerators / copies)),
      MinMemoryRequiredInMb: deployment?.MinCpuMemoryRequiredInMb,
      BenchmarkJobName: AIBenchmarkJobArn?.split('/').pop(),
      // As the service reported it.
      Performance: fittingJson(ExpectedPerformance ?? [], MOST_PERFORMANCE_BYTES),
      ...reportable(Object.fromEntries(OWN.map((metric) => [metric, figureOf(figures, metric)]))),
    },
  };
}

/** The figures that are attributes of their own. */
const OWN = ['TimeToFirstToken', 'InterTokenLatency', 'OutputTokenThroughput', 'RequestThroughput'] as const satisfies ReadonlyArray<keyof typeof GENERATIVE.metrics>;

/** Each figure by its statistic, and by its name alone with the statistic that the recommendations share. */
function figuresOf(expected: readonly Expected[], shared: ReadonlyMap<string, string>): Pick<JobRecommendation, 'figures' | 'reported'> {
  const names = (one: Expected) => [
    ...one.stat === '' ? [] : [`${one.metric}.${one.stat}`], ...shared.get(one.metric) === one.stat ? [one.metric] : [],
  ];
  const entries = expected.flatMap((one) => names(one).map((name) => [name, one] as const));
  return {
    figures: Object.fromEntries(entries.map(([name, { value = NaN }]) => [name, value])),
    reported: Object.fromEntries(entries.filter(([, { value }]) => value === undefined).map(([name, { text }]) => [name, text])),
  };
}

/** For each metric, the statistic of its figure: the first preferred one that all recommendations with the metric have, else that most of them have. */
function sharedStatistics(all: ReadonlyArray<readonly Expected[]>): Map<string, string> {
  const metrics = new Set(all.flatMap((expected) => expected.map(({ metric }) => metric)));
  return new Map([...metrics].map((metric) => {
    const stats = all.map((expected) => expected.filter((one) => one.metric === metric).map(({ stat }) => stat));
    const preferred = [...new Set([...PREFERRED, '', ...stats.flat().sort()])].filter((stat) => !NO_LEVEL.includes(stat));
    const having = (stat: string) => stats.filter((row) => row.includes(stat)).length;
    const most = Math.max(...preferred.map(having));
    return [metric, preferred.find((stat) => having(stat) === most)!];
  }));
}

function expectedOf({ Metric, Stat, Value, Unit }: AIRecommendationPerformanceMetric): Expected[] {
  const named = namedMetric(Metric ?? '', Unit);
  if (!named) { return []; }
  const unit = Unit ?? named.unit;
  const quantity = quantityOf(numberIn(Value), unit);
  return [{
    metric: nameOf(named.metric),
    stat: canonicalStat(Stat ?? '') ?? named.stat ?? Stat ?? '',
    value: quantity?.dimension === TOKEN_METRICS[named.metric].dimension ? quantity.value : undefined,
    text: `${Value ?? 'nothing'}${unit ? ` ${unit}` : ' without a unit'}`,
  }];
}

/** `TimeToFirstToken` for `time_to_first_token`. */
function nameOf(metric: TokenMetric): string {
  return metric.replace(/(?:^|_)([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

function known(figures: Figures, metric: string): number | undefined {
  const figure = figureOf(figures, metric);
  return Number.isNaN(figure) ? undefined : figure;
}

function reportable(figures: Figures): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).filter(([, figure]) => !Number.isNaN(figure)));
}
