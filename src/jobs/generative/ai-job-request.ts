import { Aws, Names, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { AIBenchmarkJobProps } from './ai-benchmark-job-props';
import type { AIRecommendationJobProps } from './ai-recommendation-job-props';
import type { GenerativeJobOptions, MlflowTracking } from './generative-job-options';
import type { LoraAdapter } from './lora-adapter';
import { folder } from './s3-folder';
import { workloadFacts } from './workload-facts';
import { enumValue } from '../../common/check';
import type { Network } from '../../common/network';
import { endpointNameOf, keyOfBucket, s3Uri } from '../../common/refs';
import { prune } from '../../common/render';
import { warn } from '../../common/warn';
import { groupNameOf } from '../../model-package/facts';
import type { RuntimeFunction } from '../../runtime/runtime-function';
import { aiContentOf } from '../../service/ai-job-content';
import { estimateAiJob } from '../../service/ai-job-estimate';
import {
  AI_JOB_NAMES, aiJobAdvice, aiJobErrors, AiJobFacts, AiJobRequest, aiJobViolations, MAX_AI_JOB_SECONDS, MIN_AI_JOB_SECONDS,
} from '../../service/ai-job-rules';
import { requirement } from '../../service/words';
import { checkMaxCost } from '../preflight';

type Request = Readonly<Record<string, unknown>>;

/** CreateAIRecommendationJob without the job's name, its role and its tags. */
export function renderRecommendationJob(scope: Construct, props: AIRecommendationJobProps): Request {
  const { capacityReservation: capacity, framework, optimizeModel, modelPackageGroup: group } = props;
  return prune({
    ModelSource: props.model._render(),
    OutputConfig: prune({
      S3OutputLocation: outputLocation(scope, props),
      ModelPackageGroupIdentifier: group && groupNameOf(group),
      MlflowConfig: renderMlflow(props.mlflow),
    }),
    AIWorkloadConfigIdentifier: props.workload.workloadConfigName,
    PerformanceTarget: { Constraints: props.performanceTarget.metrics.map((Metric) => ({ Metric })) },
    InferenceSpecification: framework && { Framework: enumValue('framework', framework, 'GenerativeFramework') },
    OptimizeModel: optimizeModel,
    ComputeSpec: prune({
      InstanceTypes: props.instanceTypes?.map((type) => enumValue('instanceTypes', type, 'InstanceType')),
      CapacityReservationConfig: capacity && prune({
        CapacityReservationPreference: capacity.onlyReserved ? 'capacity-reservations-only' : undefined,
        MlReservationArns: capacity.reservationArns,
      }),
    }),
    AdapterSource: renderAdapters(props.adapters),
  })!;
}

/** CreateAIBenchmarkJob without the job's name, its role and its tags. */
export function renderBenchmarkJob(scope: Construct, props: AIBenchmarkJobProps, network: Network | undefined): Request {
  return prune({
    BenchmarkTarget: {
      Endpoint: prune({
        Identifier: endpointNameOf(props.endpoint),
        TargetContainerHostname: props.targetContainerHostname,
        InferenceComponents: props.inferenceComponents?.map(({ inferenceComponentRef: { inferenceComponentArn } }) => (
          { Identifier: inferenceComponentArn })),
      }),
    },
    OutputConfig: prune({ S3OutputLocation: outputLocation(scope, props), MlflowConfig: renderMlflow(props.mlflow) }),
    AIWorkloadConfigIdentifier: props.workload.workloadConfigName,
    NetworkConfig: network && { VpcConfig: { SecurityGroupIds: network.vpcConfig.securityGroupIds, Subnets: network.vpcConfig.subnets } },
  })!;
}

/** What the keys of a job's results begin with, but for the job's name. */
export function outputPrefix(scope: Construct, { outputPrefix: given }: Pick<GenerativeJobOptions, 'outputPrefix'>): string {
  return folder(given ?? Names.uniqueResourceName(scope, { separator: '-' }));
}

function outputLocation(scope: Construct, props: GenerativeJobOptions): string {
  return s3Uri(props.outputBucket, outputPrefix(scope, props));
}

function renderMlflow(mlflow: MlflowTracking | undefined): Record<string, unknown> | undefined {
  return mlflow && prune({ MlflowResourceArn: mlflow.mlflowAppArn, MlflowExperimentName: mlflow.experimentName, MlflowRunName: mlflow.runName });
}

/**
 * The API's AdapterSource.
 *
 * @throws if some adapters are in a bucket and others are packages: a job takes one kind
 */
function renderAdapters(adapters: readonly LoraAdapter[] | undefined): Record<string, unknown> | undefined {
  if (!adapters || adapters.length === 0) { return undefined; }
  const kinds = new Set(adapters.map(({ _kind: kind }) => kind));
  if (kinds.size > 1) {
    throw new Error('`adapters` must all be of a bucket, or all be model packages: a job takes one kind. Register the others, or make a second job.');
  }
  return { [adapters[0]._kind]: adapters.map((adapter) => adapter._render()) };
}

/** The props whose names are not the API's in lower case. '' is for a member that is no prop of its own. A test checks that the API has each member. */
export const PROPS_BY_AI_MEMBER: Readonly<Record<string, string>> = {
  ModelSource: 'model',
  S3: '',
  S3Uri: '',
  OutputConfig: '',
  S3OutputLocation: 'outputPrefix',
  ModelPackageGroupIdentifier: 'modelPackageGroup',
  MlflowConfig: 'mlflow',
  MlflowResourceArn: 'mlflowAppArn',
  MlflowExperimentName: 'experimentName',
  MlflowRunName: 'runName',
  AIWorkloadConfigIdentifier: 'workload',
  Constraints: '',
  RoleArn: 'role',
  InferenceSpecification: '',
  ComputeSpec: '',
  CapacityReservationConfig: 'capacityReservation',
  CapacityReservationPreference: 'onlyReserved',
  MlReservationArns: 'reservationArns',
  AdapterSource: 'adapters',
  S3Uris: '',
  ModelPackageArns: '',
  BenchmarkTarget: '',
  Identifier: '',
  NetworkConfig: '',
  VpcConfig: '',
  SecurityGroupIds: 'securityGroups',
  Subnets: 'vpcSubnets',
};

/**
 * Checks a whole request. It throws if the service is known to refuse the request, and warns if a page only advises against a value. Tokens pass: the
 * function checks their values at deploy.
 *
 * @throws one sentence that names the prop, the value and the bound
 */
export function checkAiRequest(scope: Construct, shape: AiJobRequest, request: Request, facts: Omit<AiJobFacts, 'isKnown'>): void {
  const known = (value: unknown) => !Token.isUnresolved(value);
  // The role is made after the check.
  const whole = { [AI_JOB_NAMES[shape]]: 'made-at-deploy', RoleArn: 'arn:aws:iam::111111111111:role/made-at-deploy', ...request };
  const [broken] = aiJobViolations(shape, whole).filter(({ got }) => known(got));
  if (broken) { throw new Error(`\`${propOf(broken.path)}\` ${requirement(broken)}.`); }
  for (const { severity, rule, path, sentence } of [...aiJobErrors(request, known), ...aiJobAdvice(request, { ...facts, isKnown: known })]) {
    const message = `\`${propOf(path)}\` ${sentence}.`;
    if (severity === 'error') { throw new Error(message); }
    warn(scope, rule, message);
  }
}

function propOf(path: readonly string[]): string {
  return path
    .map((member) => (/^\d+$/.test(member) ? `[${member}]` : PROPS_BY_AI_MEMBER[member] ?? member[0].toLowerCase() + member.slice(1)))
    .filter((name) => name !== '')
    .join('.')
    .replace(/\.\[/g, '[');
}

/** @throws if it is out of the library's range */
export function checkMaxDuration(seconds: number): number {
  if (Token.isUnresolved(seconds)) { throw new Error('`maxDuration` must be known when the app is synthesized, because the stages of the wait follow from it.'); }
  if (seconds < MIN_AI_JOB_SECONDS || seconds > MAX_AI_JOB_SECONDS) {
    throw new Error(`\`maxDuration\` must be between ${MIN_AI_JOB_SECONDS / 60} minutes and ${MAX_AI_JOB_SECONDS / 3600} hours, got: ${seconds} seconds.`);
  }
  return seconds;
}

/** The highest cost as the functions get it. */
export function checkAiMaxCost(scope: Construct, maxCost: number | undefined, request: any, maxSeconds: number): string | undefined {
  const types: unknown[] = request.ComputeSpec?.InstanceTypes ?? [];
  return checkMaxCost(scope, maxCost, !types.some((type) => Token.isUnresolved(type)), (known) => estimateAiJob(request, maxSeconds, known));
}

/**
 * Lets the start function list what a job is told apart by, and what is looked at before it: the prefixes of the model, the adapters and the dataset, and
 * that of the results. Whether it may list anything.
 */
export function allowListing(start: RuntimeFunction, request: any, props: GenerativeJobOptions, checks: readonly string[] = []): boolean {
  const { content } = workloadFacts.of(props.workload) ?? {};
  const addresses = aiContentOf(request, content).unknown;
  const output = checks.includes('objects') ? [request.OutputConfig.S3OutputLocation] : [];
  for (const address of [...addresses, ...output]) {
    const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.*)$/.exec(address) ?? [];
    if (bucket === undefined || /[*?]/.test(prefix)) { continue; }
    // Reason: tells the content of a model, an adapter or a dataset apart by the list of its files, and sees before a job whether they are there.
    start.allowIf(['s3:ListBucket'], bucketArn(bucket), { StringEquals: { 's3:prefix': [prefix] } });
  }
  return addresses.length > 0;
}

/** Lets a function read the results of a job. */
export function allowResults(scope: Construct, props: Pick<GenerativeJobOptions, 'outputBucket' | 'outputPrefix'>, reader: RuntimeFunction): void {
  const { bucketRef: { bucketArn: arn } } = props.outputBucket;
  const below = `${outputPrefix(scope, props)}*`;
  // Reason: reads the results of a benchmark. Only below the job's own output prefix.
  reader.allow(['s3:GetObject'], `${arn}/${below}`);
  // Reason: finds the results of a benchmark, whose names the service chooses.
  reader.allowIf(['s3:ListBucket'], arn, { StringLike: { 's3:prefix': below } });
  const key = keyOfBucket(props.outputBucket);
  // Reason: reads results that the bucket's key encrypts. Only through S3.
  if (key) { reader.allowIf(['kms:Decrypt'], key.keyRef.keyArn, { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.${Aws.URL_SUFFIX}` } }); }
}

function bucketArn(bucket: string): string {
  return `arn:${Aws.PARTITION}:s3:::${bucket}`;
}
