import type { Candidate } from './ranked-recommendation';
import type { Choice, Rejected } from './rank';
import { RecommendationProperties, SCHEMA_VERSION } from '../../src/contract/contract';

/** What was chosen, from what and why, by the API's names. */
export interface Explanation {
  readonly SchemaVersion: string;
  readonly JobName: string;
  readonly Criteria: Readonly<Record<string, unknown>>;
  /** The winner's id; nothing where a fallback stands in. */
  readonly Chosen?: string;
  readonly RunnerUp?: string;
  /** Why a fallback stands in. */
  readonly Warning?: string;
  /** Best first. */
  readonly Ranking: readonly ExplainedRow[];
  readonly Rejected: readonly ExplainedRow[];
  /** When a result of the background was asked for: an older one does not take its place. */
  readonly AskedAt?: string;
  /** How many rows had no room. */
  readonly LeftOut?: number;
}

interface ExplainedRow {
  readonly RecommendationId?: string;
  readonly InstanceType?: string;
  readonly InstanceCount?: number;
  readonly ServerlessConfig?: unknown;
  readonly CompilationJobName?: string;
  readonly InferenceSpecificationName?: string;
  readonly Environment?: Readonly<Record<string, string>>;
  /** The figures that were compared: where a target load is given, with the fleet's cost per hour. */
  readonly Metrics: Readonly<Record<string, number | string>>;
  readonly Reasons?: readonly string[];
}

const LONGEST_SUMMARY = 600;
const LONGEST_WARNING = 1500;
/** Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (Value, of an advanced parameter) */
const MOST_BYTES = 8192;

export function explain(properties: RecommendationProperties, { ranking, rejected }: Choice, warning?: string): Explanation {
  const { JobName, Objective, EndpointType, Limits, TargetLoad, Pin, Fallback } = properties;
  return {
    SchemaVersion: SCHEMA_VERSION,
    JobName,
    Criteria: { Objective, EndpointType, Limits, TargetLoad, Pin, Fallback },
    Chosen: warning === undefined ? ranking[0]?.row.RecommendationId : undefined,
    RunnerUp: warning === undefined ? ranking[1]?.row.RecommendationId : undefined,
    Warning: warning && shortened(warning, LONGEST_WARNING),
    Ranking: ranking.map((candidate) => explainedRow(candidate)),
    Rejected: rejected.map((candidate) => explainedRow(candidate, candidate.reasons)),
  };
}

/** As JSON, with as many rows as a parameter has room for: the last ones are left out first. The log has them all. */
export function explanationText(explanation: Explanation): string {
  const { Ranking, Rejected } = explanation;
  const rows = Ranking.length + Rejected.length;
  for (let kept = rows; ; kept--) {
    const text = JSON.stringify({
      ...explanation,
      Ranking: Ranking.slice(0, kept),
      Rejected: Rejected.slice(0, Math.max(0, kept - Ranking.length)),
      LeftOut: kept < rows ? rows - kept : undefined,
    });
    if (Buffer.byteLength(text) <= MOST_BYTES || kept === 0) { return text; }
  }
}

/** The choice in a sentence, short enough for an output. */
export function summaryOf({ ranking: [winner, runnerUp], rejected }: Choice): string {
  const beaten = runnerUp ? `, before ${nameOf(runnerUp)} with ${figuresOf(runnerUp)}` : '';
  return shortened(`${nameOf(winner)} with ${figuresOf(winner)}${beaten}; ${rejected.length} rejected.`);
}

/** Why no row may be chosen, row by row. */
export function whyNone(jobName: string, rejected: readonly Rejected[]): string {
  const rows = rejected.map((candidate) => `${nameOf(candidate)}: ${candidate.reasons.join(', ')}`);
  return `None of the ${rejected.length} recommendations of job ${jobName} may be chosen${rows.length > 0 ? `. ${rows.join('; ')}` : ''}.`;
}

export function shortened(sentence: string, most = LONGEST_SUMMARY): string {
  return sentence.length <= most ? sentence : `${sentence.slice(0, most - 1)}…`;
}

function explainedRow({ row, instanceCount, isServerless, figures }: Candidate, reasons?: readonly string[]): ExplainedRow {
  const { EndpointConfiguration: endpoint, ModelConfiguration: model } = row;
  const environment = (model?.EnvironmentParameters ?? []).map(({ Key, Value }) => [Key, Value]);
  return {
    RecommendationId: row.RecommendationId,
    InstanceType: isServerless ? undefined : endpoint?.InstanceType,
    InstanceCount: instanceCount,
    ServerlessConfig: endpoint?.ServerlessConfig,
    CompilationJobName: model?.CompilationJobName,
    InferenceSpecificationName: model?.InferenceSpecificationName,
    Environment: environment.length > 0 ? Object.fromEntries(environment) : undefined,
    // JSON has no NaN: it goes as the word that the service sends.
    Metrics: Object.fromEntries(Object.entries(figures).map(([metric, figure]) => [metric, Number.isNaN(figure) ? 'NaN' : figure])),
    Reasons: reasons,
  };
}

function nameOf({ row, instanceCount, isServerless }: Candidate): string {
  const { ServerlessConfig: serverless, InstanceType } = row.EndpointConfiguration ?? {};
  const endpoint = isServerless ? `serverless of ${serverless?.MemorySizeInMB} MB` : `${InstanceType} × ${instanceCount}`;
  return `${endpoint}${row.ModelConfiguration?.CompilationJobName ? ' compiled' : ''} (${row.RecommendationId})`;
}

function figuresOf({ figures }: Candidate): string {
  return Object.entries(figures).filter(([, figure]) => !Number.isNaN(figure)).map(([metric, figure]) => `${metric} ${figure}`).join(', ');
}
