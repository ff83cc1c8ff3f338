import { IGrantable, IPrincipal, IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BucketGrants } from 'aws-cdk-lib/aws-s3';
import { Aws } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { AIBenchmarkJobProps } from './ai-benchmark-job-props';
import { outputPrefix } from './ai-job-request';
import type { AIRecommendationJobProps } from './ai-recommendation-job-props';
import type { GenerativeJobOptions } from './generative-job-options';
import { grantWorkload } from './workload-facts';
import { grantStatements, onAnyResource, PASSED_TO_SAGEMAKER, serviceRole, TELEMETRY } from '../../common/iam';
import { arnSpellings, sagemakerArn } from '../../common/names';
import { allowInterfaces, Network } from '../../common/network';
import { endpointArns } from '../../common/refs';
import type { ClaimProperties } from '../../contract/start';
import { groupArns, versionsArns } from '../../model-package/facts';
import { pullFrom } from '../../model-package/image-pull';

/**
 * What a benchmark does in an account with its job's role: it runs as a training job.
 * This list follows the guide's pages. It is unverified against the live service.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/generative-ai-inference-recommendations-benchmark.html
 */
const BENCHMARKS = { onAny: ['CreateTrainingJob', 'DescribeTrainingJob'], onOwn: ['StopTrainingJob', 'AddTags'] };

const INVOKE = ['InvokeEndpoint', 'InvokeEndpointWithResponseStream'];

/** What a recommendation does besides: it runs benchmarks, and hosts what they measure. The service names what it makes after the job, as far as that is known. */
const HOSTED: Readonly<Record<string, readonly string[]>> = {
  'ai-benchmark-job': ['CreateAIBenchmarkJob', 'DescribeAIBenchmarkJob', 'StopAIBenchmarkJob', 'AddTags'],
  'optimization-job': ['CreateOptimizationJob', 'DescribeOptimizationJob', 'StopOptimizationJob', 'AddTags'],
  'model': ['CreateModel', 'DescribeModel', 'DeleteModel', 'AddTags'],
  'endpoint-config': ['CreateEndpointConfig', 'DescribeEndpointConfig', 'DeleteEndpointConfig', 'AddTags'],
  'endpoint': ['CreateEndpoint', 'DescribeEndpoint', 'DeleteEndpoint', ...INVOKE, 'AddTags'],
  'inference-component': ['CreateInferenceComponent', 'DescribeInferenceComponent', 'DeleteInferenceComponent', ...INVOKE, 'AddTags'],
};

/**
 * What the service looks at before such a job begins: without it, the job fails within minutes. No page of AWS's guide names it; AWS's sample does.
 * Source: https://github.com/aws-samples/sample-sagemaker-agentic-model-deployment (sagemaker-optimize, Guards)
 */
const QUOTAS = ['servicequotas:GetServiceQuota'] as const;

/** What logs a run. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/mlflow-create-tracking-server-iam.html (IAM actions supported by MLflow) */
const LOGS_RUNS = [
  'CreateExperiment', 'GetExperiment', 'GetExperimentByName', 'SearchExperiments', 'CreateRun', 'GetRun', 'SearchRuns', 'UpdateRun', 'LogMetric', 'LogParam',
  'LogBatch', 'LogInputs', 'LogModel', 'SetTag', 'SetExperimentTag', 'ListArtifacts',
];

/** The role of a job that recommends, with only the permissions that its inputs need. */
export function recommendationJobRole(scope: Construct, props: AIRecommendationJobProps, { Namespace: namespace }: ClaimProperties): IRole {
  // When: an `AIRecommendationJob` is given no `role`.
  const role = baseRole(scope, 'Optimizes and benchmarks a generative model', props, namespace);
  props.model._grantRead(role);
  props.adapters?.forEach((adapter) => adapter._grantRead(role));
  // Reason: the service makes, measures and deletes these for the job, with the job's role. Only names that begin with the job's.
  for (const [kind, actions] of Object.entries(HOSTED)) { allow(role, actions, [sagemakerArn(kind, `${namespace}-*`)]); }
  // Reason: the service looks at the quotas of instances with the job's role, before it begins.
  role.addToPrincipalPolicy(new PolicyStatement(onAnyResource(...QUOTAS)));
  const { modelPackageGroup: group } = props;
  // Without a group, the service chooses the name.
  const groups = group ? groupArns(group) : [sagemakerArn('model-package-group', '*')];
  // Reason: the job registers its recommendations in a group. Without a group of yours, the service chooses the name.
  allow(role, ['DescribeModelPackageGroup', 'CreateModelPackage', ...group ? [] : ['CreateModelPackageGroup']], groups);
  // Reason: the job registers each recommendation as a package.
  allow(role, ['CreateModelPackage', 'DescribeModelPackage'], group ? versionsArns(group) : [sagemakerArn('model-package', '*')]);
  return role;
}

/** Lets a principal read what the packages of a job that recommends are made of: the model, its adapters, what the job has written, and AWS's images. */
export function grantReadPackages(scope: Construct, props: AIRecommendationJobProps, grantee: IGrantable): void {
  grantStatements(grantee, pullFrom(AWS_IMAGES));
  props.model._grantRead(grantee);
  props.adapters?.forEach((adapter) => adapter._grantReadFiles(grantee));
  // Reason: reads the optimized model that a job has written.
  BucketGrants.fromBucket(props.outputBucket).read(grantee, `${outputPrefix(scope, props)}*`);
}

/** The role of a job that benchmarks an endpoint, with only the permissions that its inputs need. */
export function benchmarkJobRole(
  scope: Construct, props: AIBenchmarkJobProps, { Namespace: namespace }: ClaimProperties, network: Network | undefined,
): IRole {
  // When: an `AIBenchmarkJob` is given no `role`.
  const role = baseRole(scope, 'Benchmarks an endpoint of a generative model', props, namespace);
  const { inferenceComponents = [] } = props;
  const components = inferenceComponents.flatMap(({ inferenceComponentRef }) => arnSpellings(inferenceComponentRef.inferenceComponentArn));
  // Reason: the job sends its load to the endpoint that it benchmarks. Only to this one.
  allow(role, ['DescribeEndpoint', ...INVOKE], endpointArns(props.endpoint));
  // Reason: the job sends its load to these inference components. Only to these.
  if (components.length > 0) { allow(role, ['DescribeInferenceComponent', ...INVOKE], components); }
  if (network) { allowInterfaces(role, network); }
  return role;
}

function baseRole(scope: Construct, description: string, props: GenerativeJobOptions, namespace: string): IRole {
  const role = serviceRole(scope, 'Role', 'sagemaker', description);
  grantStatements(role, [...TELEMETRY, ...pullFrom(AWS_IMAGES)]);
  // Reason: the job gives its own role to what runs its benchmark.
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['iam:PassRole'], resources: [role.roleArn], conditions: PASSED_TO_SAGEMAKER }));
  // Reason: a benchmark runs as a training job, whose name the service chooses.
  allow(role, BENCHMARKS.onAny, [sagemakerArn('training-job', '*')]);
  // Reason: the service stops and tags the training job of a benchmark.
  allow(role, BENCHMARKS.onOwn, [sagemakerArn('training-job', `${namespace}-*`)]);
  // Reason: the job reads the load that it sends.
  allow(role, ['DescribeAIWorkloadConfig'], arnSpellings(props.workload.workloadConfigArn));
  grantWorkload(props.workload, role);
  const results = BucketGrants.fromBucket(props.outputBucket);
  const below = `${outputPrefix(scope, props)}*`;
  // Reason: the job writes its results. Only below its own output prefix.
  results.put(role, below);
  // Reason: the job reads the results that it has written, to rank them.
  results.read(role, below);
  if (props.mlflow) {
    const app = arnSpellings(props.mlflow.mlflowAppArn);
    // Reason: the job logs its runs to the MLflow app that `mlflow` names.
    allow(role, ['DescribeMlflowApp', 'CallMlflowAppApi'], app);
    // Reason: the job logs its runs to the MLflow app that `mlflow` names.
    role.addToPrincipalPolicy(new PolicyStatement({ actions: LOGS_RUNS.map((action) => `sagemaker-mlflow:${action}`), resources: app }));
  }
  return role;
}

/** Images of AWS, in accounts that differ by Region. */
const AWS_IMAGES = `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:*:repository/*`;

function allow(grantee: IPrincipal, actions: readonly string[], resources: readonly string[]): void {
  grantee.addToPrincipalPolicy(new PolicyStatement({ actions: actions.map((action) => `sagemaker:${action}`), resources: [...resources] }));
}
