import { Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { AppOfFamily, CampaignFamily, FamilyJobs, InApp } from './family';
import { foreignRole, LONG_SECONDS, outlastOthers, SHORT_SECONDS, workloadIn, workloadSubject } from './generative-family';
import type { HostileAws } from './hostile-aws';
import type { Invariant, Violation } from './invariants';
import { left, overdue } from './leftovers';
import { aiBenchmarks } from '../../lambda/jobs/ai-benchmarks/family';
import { Resource as DeployedResource, Stack as DeployedStack } from '../../local-aws/cloudformation';
import { BenchmarkJobRun, modelledGenerative } from '../../local-aws/sagemaker';
import { AIBenchmarkJob, Endpoint } from '../../src';
import { jobResourceType } from '../../src/contract/start';
import { AI_BENCHMARK_STATUSES } from '../../src/service/job-status';
import { packageRequest } from '../harness/model-package';
import { ACCOUNT, REGION } from '../harness/place';

/** An endpoint of a person's, which the jobs benchmark. */
const ENDPOINT = 'live';
const BUCKET = 'benchmark-data';
const COMPLETE = /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/;

const JOBS: FamilyJobs = {
  family: aiBenchmarks,
  operations: { create: 'CreateAIBenchmarkJob', stop: 'StopAIBenchmarkJob', delete: 'DeleteAIBenchmarkJob', nameMember: 'AIBenchmarkJobName' },
  all: ({ sagemaker: { state } }) => [...state.aiBenchmarkJobs.values()].map(({ name, arn, status, request }) => (
    { name, arn, status, phase: AI_BENCHMARK_STATUSES.phaseOf(status), roleArn: request.RoleArn, recommended: new Map() }
  )),
  drop: ({ sagemaker: { state } }, jobName) => {
    state.tags.delete(state.aiBenchmarkJobs.get(jobName)!.arn);
    state.aiBenchmarkJobs.delete(jobName);
  },
  foreign: async (aws, roleArn) => {
    await foreignRole(aws);
    await serve(aws, roleArn);
    return {
      BenchmarkTarget: { Endpoint: { Identifier: ENDPOINT } },
      OutputConfig: { S3OutputLocation: 's3://foreign/results/' },
      AIWorkloadConfigIdentifier: 'foreign',
      RoleArn: roleArn,
    };
  },
  // Behind the name of an endpoint, anything may be: only the same construct finds its job again.
  subjectOf: (request, region) => ({ named: workloadSubject(request, region), created: '' }),
};

/** What one benchmark measures, for all: how it is measured is not the campaign's matter. */
let measured: BenchmarkJobRun['measured'] | undefined;

/** Jobs that benchmark an endpoint, whose figures are in an archive. */
export const AI_BENCHMARK_JOBS: CampaignFamily = {
  jobs: JOBS,
  script: (script) => ({
    generative: {
      benchmark: (request, target) => {
        const { seconds, failureReason } = script(request.OutputConfig.S3OutputLocation.startsWith('s3://foreign/') ? 'foreign' : undefined);
        measured ??= modelledGenerative.benchmark(request, target).measured;
        return { durationSeconds: seconds, measured, ...failureReason !== undefined && { outcome: 'Failed' as const, failureReason } };
      },
    },
  }),
  inApp: benchmarkApp,
  tidy: outlastOthers,
  violations: (aws, lives, foreign) => {
    const say = (invariant: Invariant) => (what: string): Violation => ({ invariant, what });
    return [
      ...overdue(aws, lives, foreign, ({ sagemaker }, name) => sagemaker.state.aiBenchmarkJobs.get(name)!.created, (app) => (
        app === 'load-test' ? LONG_SECONDS : SHORT_SECONDS)).map(say('overdue')),
      ...left(aws, lives).map(say('left')),
      ...lives.filter(({ skipped, status }) => !skipped && COMPLETE.test(status)).flatMap(({ record }) => unmeasured(aws, record!)).map(say('attributes')),
    ];
  },
};

function benchmarkApp(stack: Stack, { app, content, artifact }: InApp): AppOfFamily<AIBenchmarkJob> {
  const workload = workloadIn(stack, content);
  const endpoint = Endpoint.fromEndpointName(stack, 'Live', ENDPOINT);
  return {
    job: (id, { trigger, isLong, reuse }) => new AIBenchmarkJob(stack, id, {
      endpoint,
      targetContainerHostname: artifact,
      workload,
      outputBucket: Bucket.fromBucketName(stack, `${id}Results`, BUCKET),
      maxDuration: Duration.seconds(isLong ? LONG_SECONDS : SHORT_SECONDS),
      trigger,
      reuse: app === 'shared' ? undefined : reuse,
    }),
    choose: (job) => {
      job.addResults('Best');
      return { jobName: job.jobName, host: () => {} };
    },
  };
}

async function serve(aws: HostileAws, roleArn: string): Promise<void> {
  aws.world.s3.createBucket(BUCKET, ACCOUNT, REGION);
  const { InferenceSpecification: { Containers: [{ Image }] } } = packageRequest() as any;
  await aws.sagemaker('CreateModel', { ModelName: ENDPOINT, ExecutionRoleArn: roleArn, PrimaryContainer: { Image } });
  await aws.sagemaker('CreateEndpointConfig', {
    EndpointConfigName: ENDPOINT,
    ProductionVariants: [{ VariantName: 'main', ModelName: ENDPOINT, InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 1 }],
  });
  await aws.sagemaker('CreateEndpoint', { EndpointName: ENDPOINT, EndpointConfigName: ENDPOINT });
  await aws.world.clock.advance(15 * 60_000);
}

/** Results that have no figures, although their job has written some. */
function unmeasured({ ledger }: HostileAws, { resources }: DeployedStack): string[] {
  // Inherent: a job that the service had dropped may have run again for a late request, and was stopped.
  const isRunAgain = ({ JobName, Status }: DeployedResource['attributes']) => Status !== 'Completed' && ledger.vanished.has(JobName);
  return [...resources.values()].filter(({ type }) => type === jobResourceType(aiBenchmarks.name, 'Results')).flatMap(({ logicalId, attributes }) => (
    isRunAgain(attributes) || (attributes.RunCount === '1' && attributes.Trouble === '') ? [] : [`${logicalId} has ${attributes.RunCount} runs: ${attributes.Trouble}`]
  ));
}
