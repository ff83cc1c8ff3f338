import type { Stage } from './stage';

const rows = [{
  Metrics: { CostPerHour: 0.2, CostPerInference: 1e-7, MaxInvocations: 100, ModelLatency: 5 },
  EndpointConfiguration: { EndpointName: 'e', VariantName: 'v', InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 },
  ModelConfiguration: {},
}];

/** A job that completes after so many minutes. */
export const lasts = (minutes: number) => () => ({ durationSeconds: minutes * 60, recommendations: rows });

/** A job that fails after so many minutes, and a benchmark with it. */
export const failsAfter = (minutes: number) => () => ({
  durationSeconds: minutes * 60,
  outcome: 'FAILED' as const,
  failureReason: 'Every benchmark failed',
  recommendations: [],
  failedSteps: [{ failureReason: 'Out of memory', EndpointConfiguration: { InstanceType: 'ml.c5.large' } }],
});

/** Starts a job on a stage, and gives its name. */
export async function started(stage: Stage): Promise<string> {
  return (await stage.send(stage.start('Create'))).Data!.JobName;
}
