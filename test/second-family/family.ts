import type { JobFamily, JobRecommendation, JobResultsReader, JobWithRecommendations } from '../../lambda/jobs/family';
import type { SageMakerApi } from '../../lambda/runtime/deps';
import { UserError } from '../../lambda/runtime/errors';
import type { JobFamily as RuntimeFamily } from '../../src/runtime/job-family';
import { JobStatuses } from '../../src/service/job-status';
import { METRICS, MetricName } from '../../src/service/limits';

const NAME = 'CapacityProbe';
export const PROBE_STATUSES = new JobStatuses('a probe', {
  Queued: 'running', Running: 'running', Done: 'completed', Broken: 'failed', Halting: 'ending', Halted: 'failed',
});

/** The family as constructs know it. */
export const PROBES: RuntimeFamily = {
  name: NAME,
  title: 'Capacity probe',
  idPrefix: 'Probe',
  arnResource: 'capacity-probe',
  operations: { create: 'CreateCapacityProbe', describe: 'DescribeCapacityProbe', stop: 'StopCapacityProbe', delete: 'DeleteCapacityProbe' },
  listAction: 'sagemaker:ListCapacityProbes',
  readActions: [],
  poll: { nameMember: 'ProbeName', statusMember: 'ProbeState', notFound: 'SageMaker.ResourceNotFoundException', nonTerminalStatuses: PROBE_STATUSES.nonTerminal },
  outcomes: { completed: ['Done'], failed: ['Broken', 'Halted'] },
  counted: ({ RoleArn: _role, Note: _note, ...counted }) => counted,
};

/** Sends a command as the SDK's are: the harness goes by the name of its class. */
function send(sagemaker: SageMakerApi, operation: string, input: object): Promise<any> {
  return sagemaker.send(Object.assign(Object.create({ constructor: { name: `${operation}Command` } }), { input }));
}

function isGone(error: unknown): boolean {
  return (error as Error).name === 'ResourceNotFound';
}

/** The family as functions know it. */
export const probes: JobFamily & JobResultsReader = {
  name: NAME,
  title: 'Capacity probe',
  request: ({ Request }) => ({ ...Request, Rounds: Number(Request.Rounds) }),
  counted: PROBES.counted,
  contentOf: async (request) => ({ counted: probes.counted(request), isCertain: false }),
  forPackage: (request, packageArn) => ({ ...request, Subject: packageArn }),
  check: ({ Rounds }) => { if (!(Number(Rounds) >= 1)) { throw new UserError(`Rounds must be at least 1, got: ${Rounds}.`); } },
  target: async (sagemaker, { Subject }) => {
    const { CreationTime } = await send(sagemaker, 'DescribeModelPackage', { ModelPackageName: Subject });
    return { name: `${Subject}`, created: new Date(CreationTime) };
  },
  arn: ({ StackId }, name) => StackId.split(':').slice(0, 5).join(':').replace(':cloudformation:', ':sagemaker:') + `:capacity-probe/${name}`,
  async create(sagemaker, name, request, tags) {
    try {
      return { name, arn: (await send(sagemaker, 'CreateCapacityProbe', { ...request, ProbeName: name, Tags: tags })).ProbeArn };
    } catch (error) {
      const known = (error as Error).name === 'ConflictException' ? await probes.describe(sagemaker, name) : undefined;
      if (!known) { throw error; }
      return { ...known, isFound: true };
    }
  },
  async describe(sagemaker, name): Promise<JobWithRecommendations | undefined> {
    try {
      const found: any = await send(sagemaker, 'DescribeCapacityProbe', { ProbeName: name });
      return {
        name,
        arn: found.ProbeArn,
        status: found.ProbeState,
        phase: PROBE_STATUSES.phaseOf(found.ProbeState),
        failureReason: found.Trouble,
        packageArn: found.Subject,
        recommendations: (found.Findings ?? []).map((finding: any) => recommendationOf(name, finding)),
      };
    } catch (error) {
      if (isGone(error)) { return undefined; }
      throw error;
    }
  },
  async stop(sagemaker, name) { await send(sagemaker, 'StopCapacityProbe', { ProbeName: name }); },
  async list(sagemaker, nameContains) {
    const { Probes } = await send(sagemaker, 'ListCapacityProbes', { Prefix: nameContains });
    return Probes.map(({ ProbeName, ProbeState }: any) => ({ name: ProbeName, phase: PROBE_STATUSES.phaseOf(ProbeState) }));
  },
  async delete(sagemaker, name) {
    await send(sagemaker, 'DeleteCapacityProbe', { ProbeName: name }).catch((error: unknown) => { if (!isGone(error)) { throw error; } });
  },
  failures: async () => [],
  logs: (name) => `group /probes, stream ${name}`,
};

/** Figures come as text with a unit. */
function recommendationOf(jobName: string, { Key, Machine, Measured }: any): JobRecommendation {
  const figures: Partial<Record<MetricName, number>> = {
    CostPerInference: parseFloat(Measured.cost), ModelLatency: parseFloat(Measured.latency), MaxInvocations: parseFloat(Measured.throughput),
  };
  return {
    id: `${jobName}/${Key}`,
    instanceType: Machine,
    instanceCount: 1,
    isCompiled: false,
    environment: {},
    figures: Object.fromEntries(METRICS.map((metric) => [metric, figures[metric] ?? NaN])) as Record<MetricName, number>,
    attributes: { RecommendationId: `${jobName}/${Key}`, InstanceType: Machine, InitialInstanceCount: 1, ...figures },
  };
}
