import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { AppName } from './apps';
import type { AppOfFamily, CampaignFamily, FamilyJobs, InApp, Subject } from './family';
import { APPROVAL_FAULTS } from './faults';
import type { HostileAws } from './hostile-aws';
import type { Invariant, Violation } from './invariants';
import { left, overdue } from './leftovers';
import type { Random } from './random';
import type { StackLife } from './stack-life';
import { aiRecommendations } from '../../lambda/jobs/ai-recommendations/family';
import { Region } from '../../local-aws';
import { GenerativeScript, TokenRecommendation } from '../../local-aws/sagemaker';
import {
  AIRecommendationJob, AIWorkloadConfig, GenerativeModelSource, GenerativeObjective, InstanceType, ModelPackageGroup, PackageApproval,
  PerformanceTarget, RecommendedEndpoint, Workload,
} from '../../src';
import { APPROVAL_NEEDED } from '../../src/contract/events';
import { parseAttempt } from '../../src/contract/job-name';
import { countedAiRequest, WORKLOAD_MEMBERS } from '../../src/service/ai-job-content';
import { AI_RECOMMENDATION_STATUSES } from '../../src/service/job-status';

/** Whoever trains makes it: it is there before the stacks and stays after them. */
const GROUP = 'chat';
const PRICES = { 'ml.g6.12xlarge': 6, 'ml.p5.48xlarge': 80 };
export const SHORT_SECONDS = 75 * 60;
export const LONG_SECONDS = 3 * 3600;

/** Who approves what an app deploys, and whether what its jobs have registered is deleted with them. */
const APPROVED_BY: Readonly<Record<AppName, 'stack' | 'person'>> = {
  'one-job': 'stack', 'endpoint': 'stack', 'load-test': 'person', 'shared': 'stack', 'own': 'person',
};
const DELETES: Readonly<Record<AppName, boolean>> = { 'one-job': true, 'endpoint': true, 'load-test': false, 'shared': true, 'own': false };

const JOBS: FamilyJobs = {
  family: aiRecommendations,
  operations: {
    create: 'CreateAIRecommendationJob', stop: 'StopAIRecommendationJob', delete: 'DeleteAIRecommendationJob', nameMember: 'AIRecommendationJobName',
  },
  all: ({ sagemaker: { state } }) => [...state.aiRecommendationJobs.values()].map(({ name, arn, status, request, recommendations = [] }) => ({
    name,
    arn,
    status,
    phase: AI_RECOMMENDATION_STATUSES.phaseOf(status),
    roleArn: request.RoleArn,
    recommended: new Map(recommendations.map(({ ModelDetails, DeploymentConfiguration: { InstanceType: type } }) => (
      [`${ModelDetails.InferenceSpecificationName}/${type}`, type] as const))),
  })),
  drop: ({ sagemaker: { state } }, jobName) => {
    state.tags.delete(state.aiRecommendationJobs.get(jobName)!.arn);
    state.aiRecommendationJobs.delete(jobName);
  },
  foreign: async (aws, roleArn) => {
    await foreignRole(aws);
    return {
      ModelSource: { S3: { S3Uri: 's3://foreign/chat/' } },
      OutputConfig: { S3OutputLocation: 's3://foreign/results/' },
      AIWorkloadConfigIdentifier: 'foreign',
      PerformanceTarget: { Constraints: [{ Metric: 'cost' }] },
      RoleArn: roleArn,
    };
  },
  subjectOf,
  readsArtifacts: true,
};

/** The role of jobs of a person's, which need permissions, and their workload. */
export async function foreignRole(aws: HostileAws): Promise<void> {
  aws.region.iam.putRolePolicy('foreign', 'All', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
  await aws.sagemaker('CreateAIWorkloadConfig', { AIWorkloadConfigName: 'foreign' });
}

/** A request in which the workload counts by what it says. */
export function workloadSubject(request: Readonly<Record<string, any>>, { sagemaker: { state } }: Region): string {
  const { AIWorkloadConfigIdentifier: workload, ...counted } = countedAiRequest(request) as Record<string, any>;
  const input = state.workloadConfigs.get(workload)?.input ?? {};
  return JSON.stringify([counted, WORKLOAD_MEMBERS.map((member) => input[member])]);
}

/** A model counts by its address, or by what is there. */
function subjectOf(request: Readonly<Record<string, any>>, region: Region): Subject {
  const named = workloadSubject(request, region);
  const artifact: string = request.ModelSource.S3.S3Uri;
  return { named, told: { counted: named.replace(artifact, ''), artifact }, created: '' };
}

/** The second one is the faster, and the dearer. */
const ROWS: readonly TokenRecommendation[] = ([['ml.g6.12xlarge', 180, 800, 1], ['ml.p5.48xlarge', 120, 9000, 4]] as const).map(
  ([instanceType, first, tokens, copyCountPerInstance]) => ({
    instanceType,
    copyCountPerInstance,
    image: '763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.36.0-lmi25.0.0-cu130',
    environment: { OPTION_MAX_MODEL_LEN: '4096' },
    minCpuMemoryMb: 4096,
    performance: [
      { Metric: 'TimeToFirstToken', Stat: 'avg', Value: `${first}`, Unit: 'ms' },
      { Metric: 'OutputTokenThroughput', Stat: 'avg', Value: `${tokens}`, Unit: 'tokens/sec' },
    ],
  }));

/** Jobs that recommend for a generative model, and register packages that somebody must approve. */
export const AI_RECOMMENDATION_JOBS: CampaignFamily = {
  jobs: JOBS,
  faults: APPROVAL_FAULTS,
  script: (script) => ({
    generative: {
      recommend: (({ ModelSource }) => {
        const { seconds, failureReason, withoutFirst } = script(ModelSource.S3.S3Uri.startsWith('s3://foreign/') ? 'foreign' : undefined);
        const isFailed = failureReason !== undefined;
        return {
          durationSeconds: seconds,
          ...isFailed && { outcome: 'Failed', failureReason },
          recommendations: isFailed ? [] : ROWS.slice(withoutFirst ? 1 : 0),
        };
      }) satisfies GenerativeScript['recommend'],
    },
  }),
  setUp: async (aws, random) => {
    await aws.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: GROUP });
    hirePerson(aws, random.aside());
  },
  inApp: generativeApp,
  tidy: async (aws, reason) => {
    const [, name] = /Model package (\S+) is (?:PendingManualApproval|Rejected), /.exec(reason) ?? [];
    if (name !== undefined) { await aws.sagemaker('UpdateModelPackage', { ModelPackageArn: name, ModelApprovalStatus: 'Approved' }).catch(() => {}); }
  },
  violations: (aws, lives, foreign, isOver) => {
    const say = (invariant: Invariant) => (what: string): Violation => ({ invariant, what });
    const limits = (app: AppName) => (app === 'load-test' ? LONG_SECONDS : SHORT_SECONDS);
    return [
      ...overdue(aws, lives, foreign, ({ sagemaker }, name) => sagemaker.state.aiRecommendationJobs.get(name)!.created, limits).map(say('overdue')),
      ...left(aws, lives).map(say('left')),
      ...touched(aws, lives, isOver).map(say('packages')),
      ...approved(aws, lives).map(say('approval')),
    ];
  },
};

function generativeApp(stack: Stack, { app, content, artifact }: InApp): AppOfFamily<AIRecommendationJob> {
  const bucket = Bucket.fromBucketName(stack, 'Data', 'benchmark-data');
  const isOwn = app === 'one-job' || app === 'endpoint';
  const modelPackageGroup = isOwn ? new ModelPackageGroup(stack, 'Group', { removalPolicy: RemovalPolicy.DESTROY })
    : ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', GROUP);
  const workload = workloadIn(stack, content);
  return {
    job: (id, { trigger, isLong, reuse }) => new AIRecommendationJob(stack, id, {
      model: GenerativeModelSource.fromBucket(bucket, `${artifact}/`),
      workload,
      performanceTarget: PerformanceTarget.cost(),
      instanceTypes: Object.keys(PRICES).map((type) => InstanceType.of(type)),
      outputBucket: bucket,
      modelPackageGroup,
      packageRemovalPolicy: DELETES[app] ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      maxDuration: Duration.seconds(isLong ? LONG_SECONDS : SHORT_SECONDS),
      trigger,
      reuse,
    }),
    choose: (job, { objective, parameterPath }) => {
      const best = job.addRecommendation('Best', {
        objective: objective === 'latency' ? GenerativeObjective.lowestTimeToFirstToken() : undefined,
        instancePrices: PRICES,
        parameterPath,
        approval: APPROVED_BY[app] === 'stack' ? PackageApproval.byThisStack() : PackageApproval.byPerson(),
      });
      return { jobName: best.jobName, host: () => { new RecommendedEndpoint(stack, 'Hosted', { recommendation: best, inferenceComponent: {} }); } };
    },
  };
}

/** A workload with a content that only the deploy knows: so it is in the name by hand, because a configuration cannot be changed. */
export function workloadIn(stack: Stack, content: string): AIWorkloadConfig {
  return new AIWorkloadConfig(stack, 'Workload', {
    workloadConfigName: `${stack.stackName.toLowerCase()}${content}`,
    workload: Workload.synthetic({ inputTokens: { mean: 550 }, outputTokens: { mean: 150 }, concurrency: 10, tokenizer: content }),
  });
}

/** A person who approves what waits for it, and sometimes rejects it, or deletes it. */
function hirePerson(aws: HostileAws, random: Random): void {
  const { events } = aws.region;
  const take = events.take.bind(events);
  events.take = (bus, event, forwarded) => {
    take(bus, event, forwarded);
    if (event['detail-type'] !== APPROVAL_NEEDED) { return; }
    const { clock } = aws.world;
    const { ModelPackageArn } = event.detail as { readonly ModelPackageArn: string };
    clock.at(clock.now() + random.int(1, 35) * 60_000, async () => {
      const fault = APPROVAL_FAULTS.find((one) => aws.faults.wants(one, 0.4));
      if (fault) { aws.faults.strike(fault); }
      // Somebody may have been faster.
      await (fault === 'package deleted' ? aws.sagemaker('DeleteModelPackage', { ModelPackageName: ModelPackageArn }) : aws.sagemaker('UpdateModelPackage', {
        ModelPackageArn, ModelApprovalStatus: fault ? 'Rejected' : 'Approved',
      })).catch(() => {});
    });
  };
}

/** The job that has registered a package, as its description says. */
function jobOf(aws: HostileAws, arn: string): string | undefined {
  const found = [...aws.region.sagemaker.state.packages.values()].find((one) => one.arn === arn);
  return /^Made by the AI recommendation job (.+)$/.exec(found?.description.ModelPackageDescription ?? '')?.[1];
}

/** Which function of which stack has done what to which package. */
function calls({ ledger }: HostileAws, lives: readonly StackLife[], operation: string, member: string) {
  return ledger.called.filter((one) => one.operation === operation).map(({ input, roleArn }) => (
    { arn: String(input[member]), life: lives.find(({ name }) => roleArn.includes(`/${name}-`)) }
  ));
}

function touched(aws: HostileAws, lives: readonly StackLife[], isOver: boolean): string[] {
  const deletions = calls(aws, lives, 'DeleteModelPackage', 'ModelPackageName');
  const wrong = deletions.filter(({ life }) => !life || !DELETES[life.appName]).map(({ arn, life }) => `${life?.name} has deleted ${arn}`);
  if (!isOver) { return wrong; }
  const { packages, aiRecommendationJobs } = aws.region.sagemaker.state;
  const orphaned = [...packages.values()].filter(({ arn }) => {
    const name = jobOf(aws, arn);
    if (name === undefined || aiRecommendationJobs.has(name)) { return false; }
    if ([...aws.ledger.vanished].some((gone) => parseAttempt(gone).id === parseAttempt(name).id)) { return false; }
    const start = aws.ledger.starts.find(({ jobName }) => jobName === name);
    const life = lives.find((one) => start?.stackId.includes(`/${one.name}/`));
    return life !== undefined && DELETES[life.appName];
  });
  return [...wrong, ...orphaned.map(({ arn }) => `${arn} is left, and its job was deleted`)];
}

function approved(aws: HostileAws, lives: readonly StackLife[]): string[] {
  return calls(aws, lives, 'UpdateModelPackage', 'ModelPackageArn').flatMap(({ arn, life }) => [
    ...!life || APPROVED_BY[life.appName] !== 'stack' ? [`${life?.name} has approved ${arn}`] : [],
  ]);
}

