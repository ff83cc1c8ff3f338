import type { DescribeInferenceRecommendationsJobCommandOutput, EnvironmentParameter } from '@aws-sdk/client-sagemaker';
import { Benchmarked, Row, UNKNOWN } from './benchmarked';

/**
 * The variables that a job varied. A row has the container's whole environment, which may hold secrets: nothing but these variables may be
 * answered, logged or written. The container has the others anyway.
 *
 * A load test says in its request what it varies. An instance recommendation does not. There a variable counts that has another value than the
 * container's own, or that the container lacks and not all rows have alike. If the container is not known, a variable counts that has two values.
 */
export function variedNames(
  { JobType, InputConfig }: DescribeInferenceRecommendationsJobCommandOutput, rows: readonly Row[], { environmentOf }: Benchmarked = UNKNOWN,
): ReadonlySet<string> {
  const ranges = (InputConfig?.EndpointConfigurations ?? [])
    .flatMap(({ EnvironmentParameterRanges }) => EnvironmentParameterRanges?.CategoricalParameterRanges ?? []);
  if (JobType === 'Advanced' || ranges.length > 0) { return new Set(ranges.map(({ Name }) => Name!)); }
  const environments = rows.map((row) => ({ given: environmentIn(row), own: environmentOf(row) }));
  const isVaried = (name: string) => {
    const values = environments.map(({ given }) => given.get(name));
    if (environments.some(({ own }) => !own)) { return new Set(values.filter((value) => value !== undefined)).size > 1; }
    const owns = environments.map(({ own }) => (Object.hasOwn(own!, name) ? own![name] : undefined));
    const tuned = values.map((value, index) => value !== undefined && value !== owns[index]);
    return tuned.some((is, index) => is && owns[index] !== undefined) || (tuned.includes(true) && new Set(values).size > 1);
  };
  return new Set([...new Set(environments.flatMap(({ given }) => [...given.keys()]))].filter(isVaried));
}

/** The varied variables of a row. */
export function variedOf(row: Row, varied: ReadonlySet<string>): EnvironmentParameter[] {
  return parametersOf(row).filter(({ Key }) => varied.has(Key!));
}

function environmentIn(row: Row): ReadonlyMap<string, string | undefined> {
  return new Map(parametersOf(row).map(({ Key, Value }) => [Key!, Value]));
}

function parametersOf({ ModelConfiguration: model }: Row): readonly EnvironmentParameter[] {
  return model?.EnvironmentParameters ?? [];
}
