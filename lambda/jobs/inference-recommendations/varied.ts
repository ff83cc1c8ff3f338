import type { DescribeInferenceRecommendationsJobCommandOutput, EnvironmentParameter } from '@aws-sdk/client-sagemaker';

/** A row of a job's answer, or a benchmark step, as far as its variables are concerned. */
interface Row {
  readonly ModelConfiguration?: { readonly EnvironmentParameters?: readonly EnvironmentParameter[] };
}

/**
 * The variables that a job varied. A row has the container's whole environment, which may hold secrets: nothing but these variables may be
 * answered, logged or written. The container has the others anyway.
 *
 * A load test says in its request what it varies. An instance recommendation does not, so only a variable counts that has two values.
 */
export function variedNames({ JobType, InputConfig }: DescribeInferenceRecommendationsJobCommandOutput, rows: readonly Row[]): ReadonlySet<string> {
  const ranges = (InputConfig?.EndpointConfigurations ?? [])
    .flatMap(({ EnvironmentParameterRanges }) => EnvironmentParameterRanges?.CategoricalParameterRanges ?? []);
  if (JobType === 'Advanced' || ranges.length > 0) { return new Set(ranges.map(({ Name }) => Name!)); }
  const values = new Map<string, Set<string | undefined>>();
  for (const { Key, Value } of rows.flatMap(parametersOf)) { values.set(Key!, (values.get(Key!) ?? new Set()).add(Value)); }
  return new Set([...values].filter(([, { size }]) => size > 1).map(([name]) => name));
}

/** The varied variables of a row. */
export function variedOf(row: Row, varied: ReadonlySet<string>): EnvironmentParameter[] {
  return parametersOf(row).filter(({ Key }) => varied.has(Key!));
}

function parametersOf({ ModelConfiguration: model }: Row): readonly EnvironmentParameter[] {
  return model?.EnvironmentParameters ?? [];
}
