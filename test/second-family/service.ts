import { AwsError, Operation, Region, World } from '../../local-aws';
import { SAGEMAKER_OPERATIONS } from '../../local-aws/sagemaker/shapes';
import type { CourseScript } from '../faults/family';

/** A job of an invented service: other statuses, another member for its name, another shape of its result, and a Delete. */
export interface Probe {
  readonly arn: string;
  readonly request: Record<string, any>;
  status: 'Queued' | 'Running' | 'Done' | 'Broken' | 'Halting' | 'Halted';
  reason?: string;
  readonly findings: ReadonlyArray<{ readonly Key: string; readonly Machine: string; readonly Measured: Record<string, string> }>;
}

const NOUN = 'CapacityProbe';
const FINDINGS: Probe['findings'] = [
  { Key: 'a', Machine: 'ml.c6i.xlarge', Measured: { cost: '0.000002 USD', latency: '12.5 ms', throughput: '900 / minute' } },
  { Key: 'b', Machine: 'ml.c6i.4xlarge', Measured: { cost: '0.000004 USD', latency: '4.1 ms', throughput: '4000 / minute' } },
];
const STOP_MS = 120_000;

const PROBES = new WeakMap<Region, Map<string, Probe>>();

export function probesOf(region: Region): Map<string, Probe> {
  const known = PROBES.get(region) ?? new Map<string, Probe>();
  PROBES.set(region, known);
  return known;
}

// As a service's model would say it: the errors that have names of their own.
Object.assign(SAGEMAKER_OPERATIONS, Object.fromEntries(['Create', 'Describe', 'Stop', 'Delete', 'List'].map((verb) => (
  [verb === 'List' ? `List${NOUN}s` : `${verb}${NOUN}`, { input: '', errors: ['ResourceNotFound', 'ConflictException'] }]
))));

/** Brings the service into a Region of the local AWS, as one more noun of SageMaker. */
export function installProbes(_world: World, region: Region & { readonly sagemaker: any; readonly iam: any }, script: CourseScript): void {
  const { sagemaker, iam, clock } = region;
  const probes = probesOf(region);
  const find = (name: string): Probe => {
    const probe = probes.get(name);
    if (!probe) { throw new AwsError('ResourceNotFound', `There is no probe ${name}`); }
    return probe;
  };
  const operations: Record<string, Operation> = {
    CreateCapacityProbe({ Tags = [], ...request }) {
      const arn = region.arn('sagemaker', `capacity-probe/${request.ProbeName}`);
      if (probes.has(request.ProbeName)) { throw new AwsError('ConflictException', `The name ${request.ProbeName} is taken`); }
      const { seconds, failureReason, withoutFirst } = script(request.Note);
      const probe: Probe = { arn, request, status: 'Queued', findings: FINDINGS.slice(withoutFirst ? 1 : 0) };
      probes.set(request.ProbeName, probe);
      sagemaker.state.tags.set(arn, Tags);
      clock.at(clock.now() + 1000, () => { if (probe.status === 'Queued') { probe.status = 'Running'; } });
      clock.at(clock.now() + seconds * 1000, () => {
        if (probe.status !== 'Running') { return; }
        probe.status = failureReason === undefined ? 'Done' : 'Broken';
        probe.reason = failureReason;
      });
      return { ProbeArn: arn };
    },
    DescribeCapacityProbe({ ProbeName }) {
      const { arn, request, status, reason, findings } = find(ProbeName);
      return { ...request, ProbeArn: arn, ProbeState: status, Trouble: reason, Findings: status === 'Done' ? findings : undefined };
    },
    StopCapacityProbe({ ProbeName }) {
      const probe = find(ProbeName);
      if (!['Queued', 'Running'].includes(probe.status)) { throw new AwsError('ConflictException', `The probe ${ProbeName} is ${probe.status}`); }
      probe.status = 'Halting';
      clock.at(clock.now() + STOP_MS, () => { probe.status = 'Halted'; });
      return {};
    },
    DeleteCapacityProbe({ ProbeName }) {
      const probe = find(ProbeName);
      if (!['Done', 'Broken', 'Halted'].includes(probe.status)) { throw new AwsError('ConflictException', `The probe ${ProbeName} is ${probe.status}`); }
      probes.delete(ProbeName);
      return {};
    },
    ListCapacityProbes({ Prefix = '' }) {
      const found = [...probes].filter(([name]) => name.startsWith(Prefix));
      return { Probes: found.map(([ProbeName, { status }]) => ({ ProbeName, ProbeState: status })) };
    },
  };
  Object.assign(sagemaker.operations, operations);
  const check = iam.check.bind(iam);
  iam.check = (call: unknown, service: string, operation: string, input: any) => {
    const ResourceArn = input?.ProbeName === undefined ? '*' : region.arn('sagemaker', `capacity-probe/${input.ProbeName}`);
    check(call, service, operation, operation.includes(NOUN) ? { ...input, ResourceArn } : input);
  };
}
