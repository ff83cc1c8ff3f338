import { Minute, Served } from './endpoint-load';
import { instanceModel } from './instance-types';
import { Job, Step } from './state';

/** A benchmark reaches its most invocations after so many minutes: a figure of ours. */
const RAMP_MINUTES = 5;
/** What a benchmark tries whose container answers with errors. */
const FAILING = 60;

/** The endpoints of a job's benchmarks that have begun, as their clients and their instances see them. */
export function underBenchmark({ request, steps, completed }: Job): Served[] {
  return steps.filter(({ begun, lacksEndpoint }) => begun !== undefined && !lacksEndpoint).map((step) => {
    const { EndpointName, VariantName } = (step.recommendation ?? step.benchmark as any).EndpointConfiguration;
    return {
      jobName: request.JobName,
      endpointName: EndpointName,
      variantName: VariantName,
      begun: step.begun!.getTime(),
      ended: (step.ended ?? completed)?.getTime(),
      minuteAt: (minute) => minuteOf(step, Math.min(1, (minute + 1) / RAMP_MINUTES)),
    };
  });
}

/** At a part of the most invocations. Waiting users are as many as answer each other's time: invocations times latency. */
function minuteOf({ recommendation }: Step, part: number): Minute {
  const { MaxInvocations, ModelLatency, CpuUtilization, MemoryUtilization } = recommendation?.Metrics ?? {};
  if (MaxInvocations === undefined || ModelLatency === undefined) { return { invocations: FAILING, errors: FAILING, latencyMs: 0, users: 1 }; }
  const { InstanceType, InitialInstanceCount = 1 } = recommendation!.EndpointConfiguration;
  return {
    invocations: MaxInvocations * part,
    errors: 0,
    latencyMs: ModelLatency * (1 + part) / 2,
    users: Math.max(1, Math.round(MaxInvocations * ModelLatency * part / 60_000)),
    memoryPercent: MemoryUtilization,
    ...InstanceType !== undefined && {
      instances: InitialInstanceCount,
      ...CpuUtilization !== undefined && { cpuPercent: CpuUtilization * instanceModel(InstanceType).vCpus * part },
    },
  };
}
