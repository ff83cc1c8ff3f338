import { shown } from './figures';
import type { Nearest } from './nearest';
import type { RankedRecommendation, Ranking, Rejected } from './rank';
import { SCHEMA_VERSION } from '../../src/contract/custom-resource';
import { RecommendationProperties } from '../../src/contract/recommend';
import type { MetricName } from '../../src/service/limits';
import { withNaN } from '../runtime/answer';

/** The choice, its alternatives and its reasons, with the API's names. */
export interface Explanation {
  readonly SchemaVersion: string;
  readonly JobName: string;
  readonly Criteria: Readonly<Record<string, unknown>>;
  /** The winner's id. Absent if the fallback is used. */
  readonly Chosen?: string;
  readonly RunnerUp?: string;
  /** Why the fallback is used. */
  readonly Warning?: string;
  /** Best first. */
  readonly Ranking: readonly ExplainedRecommendation[];
  readonly Rejected: readonly ExplainedRecommendation[];
  /** Request time of a background result. An older result never replaces it. */
  readonly AskedAt?: string;
  /** The number of recommendations that did not fit. */
  readonly LeftOut?: number;
}

interface ExplainedRecommendation {
  readonly RecommendationId?: string;
  readonly InstanceType?: string;
  readonly InstanceCount?: number;
  readonly ServerlessConfig?: unknown;
  readonly CompilationJobName?: string;
  readonly InferenceSpecificationName?: string;
  readonly Environment?: Readonly<Record<string, string>>;
  /** The compared metrics. With a target load, the cost per hour is the fleet's. */
  readonly Metrics: Readonly<Record<string, number | string>>;
  readonly Reasons?: readonly string[];
}

const LONGEST_SUMMARY = 600;
const LONGEST_WARNING = 1500;
/** Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (Value, of an advanced parameter) */
const MOST_BYTES = 8192;

export function explain(properties: RecommendationProperties, { ranked, rejected }: Ranking, warning?: string): Explanation {
  const { JobName, Objective, EndpointType, Limits, TargetLoad, Pin, Fallback } = properties;
  return {
    SchemaVersion: SCHEMA_VERSION,
    JobName,
    Criteria: { Objective, EndpointType, Limits, TargetLoad, Pin, Fallback },
    Chosen: warning === undefined ? idOf(ranked[0]) : undefined,
    RunnerUp: warning === undefined ? idOf(ranked[1]) : undefined,
    Warning: warning && shortened(warning, LONGEST_WARNING),
    Ranking: ranked.map((one) => explained(one)),
    Rejected: rejected.map((one) => explained(one, one.reasons)),
  };
}

/** As JSON, with as many recommendations as a parameter can hold. The last ones are dropped first; the log has all of them. */
export function explanationText(explanation: Explanation): string {
  const { Ranking, Rejected } = explanation;
  const all = Ranking.length + Rejected.length;
  for (let kept = all; ; kept--) {
    const text = JSON.stringify({
      ...explanation,
      Ranking: Ranking.slice(0, kept),
      Rejected: Rejected.slice(0, Math.max(0, kept - Ranking.length)),
      LeftOut: kept < all ? all - kept : undefined,
    });
    if (Buffer.byteLength(text) <= MOST_BYTES || kept === 0) { return text; }
  }
}

/** The choice in one sentence, short enough for an output. */
export function summaryOf({ ranked: [winner, runnerUp], rejected }: Ranking): string {
  const beaten = runnerUp ? `, before ${nameOf(runnerUp)} with ${figuresOf(runnerUp)}` : '';
  return shortened(`${nameOf(winner)} with ${figuresOf(winner)}${beaten}; ${rejected.length} rejected.`);
}

/**
 * Why no recommendation may be chosen: what would change that, and then the reason against each one. The reasons come last, because there may be
 * more of them than an answer holds.
 */
export function whyNone(jobName: string, rejected: readonly Rejected[], near: Nearest | undefined): string {
  const sentences = [
    `None of the ${rejected.length} recommendations of job ${jobName} may be chosen`,
    ...near ? [`The nearest is ${nameOf(near.ranked)}: it may be chosen ${inWords(near.changes)}`] : [],
    'The job has completed and is paid: the next deploy finds it and does not pay again',
    ...rejected.length > 0 ? [rejected.map((one) => `${nameOf(one)}: ${one.reasons.join(', ')}`).join('; ')] : [],
  ];
  return `${sentences.join('. ')}.`;
}

function inWords(changes: readonly string[]): string {
  return [changes.slice(0, -1).join(', '), ...changes.slice(-1)].filter((part) => part !== '').join(' and ');
}

export function shortened(sentence: string, most = LONGEST_SUMMARY): string {
  return sentence.length <= most ? sentence : `${sentence.slice(0, most - 1)}…`;
}

function explained({ recommendation, instanceCount, figures }: RankedRecommendation, reasons?: readonly string[]): ExplainedRecommendation {
  const { instanceType, serverlessConfig, attributes, environment } = recommendation;
  return {
    RecommendationId: attributes.RecommendationId?.toString(),
    InstanceType: instanceType,
    InstanceCount: instanceCount,
    ServerlessConfig: serverlessConfig,
    CompilationJobName: attributes.CompilationJobName?.toString(),
    InferenceSpecificationName: attributes.InferenceSpecificationName?.toString(),
    Environment: Object.keys(environment).length > 0 ? environment : undefined,
    Metrics: withNaN(figures),
    Reasons: reasons,
  };
}

function idOf(ranked: RankedRecommendation | undefined): string | undefined {
  return ranked?.recommendation.attributes.RecommendationId?.toString();
}

function nameOf({ recommendation: { id, instanceType, serverlessConfig, isCompiled }, instanceCount }: RankedRecommendation): string {
  const endpoint = serverlessConfig ? `serverless of ${serverlessConfig.MemorySizeInMB} MB` : `${instanceType} × ${instanceCount}`;
  return `${endpoint}${isCompiled ? ' compiled' : ''} (${id})`;
}

function figuresOf({ figures }: RankedRecommendation): string {
  return (Object.keys(figures) as MetricName[]).filter((metric) => !Number.isNaN(figures[metric]))
    .map((metric) => `${metric} ${shown(metric, figures[metric])}`).join(', ');
}
