/** A span of virtual or real time, as h:mm:ss. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** A bar that fills from 0 to 1. */
export function bar(share: number, width = 40): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}]`;
}

export interface Row {
  readonly id: string;
  readonly instanceType: string;
  readonly costPerInference: number;
  readonly maxInvocations: number;
  readonly modelLatency: number;
  readonly compiled: boolean;
}

/** Converts a job's recommendations to rows of the table. */
export function rowsOf(job: any): Row[] {
  return job.InferenceRecommendations.map((row: any) => ({
    id: row.RecommendationId,
    instanceType: row.EndpointConfiguration.InstanceType ?? 'serverless',
    costPerInference: row.Metrics.CostPerInference,
    maxInvocations: row.Metrics.MaxInvocations,
    modelLatency: row.Metrics.ModelLatency,
    compiled: row.ModelConfiguration.CompilationJobName !== undefined,
  }));
}

/** The table, with each note behind its row. */
export function table(rows: readonly Row[], notes: Readonly<Record<string, string>>): string[] {
  const line = (mark: string, cells: string[], note = '') =>
    `   ${mark} ${cells[0].padEnd(15)}${cells.slice(1).map((cell) => cell.padStart(14)).join('')}   ${note}`.trimEnd();
  return [
    line(' ', ['instance type', '$ per million', 'requests/min', 'latency', 'compiled']),
    ...rows.map((row) => line(notes[row.id]?.startsWith('chosen') ? '>' : ' ', [
      row.instanceType, (row.costPerInference * 1e6).toFixed(3), String(row.maxInvocations), String(row.modelLatency), row.compiled ? 'yes' : 'no',
    ], notes[row.id])),
  ];
}

/** The demo's checks: each prints its result, and one miss fails the demo. */
export class Checks {
  public readonly missed: string[] = [];
  public count = 0;

  /** Returns the mark for the line that states the check. */
  public that(holds: boolean, what: string): string {
    this.count++;
    if (!holds) { this.missed.push(what); }
    return holds ? 'ok' : `MISSED: ${what}`;
  }
}
