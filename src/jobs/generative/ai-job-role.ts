import { IPrincipal, IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
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
  const role = baseRole(scope, 'Optimizes and benchmarks a generative model', props, namespace);
  props.model._grantRead(role);
  props.adapters?.forEach((adapter) => adapter._grantRead(role));
  for (const [kind, actions] of Object.entries(HOSTED)) { allow(role, actions, [sagemakerArn(kind, `${namespace}-*`)]); }
  role.addToPrincipalPolicy(new PolicyStatement(onAnyResource(...QUOTAS)));
  const { modelPackageGroup: group } = props;
  // Without a group, the service chooses the name.
  const groups = group ? groupArns(group) : [sagemakerArn('model-package-group', '*')];
  allow(role, ['DescribeModelPackageGroup', 'CreateModelPackage', ...group ? [] : ['CreateModelPackageGroup']], groups);
  allow(role, ['CreateModelPackage', 'DescribeModelPackage'], group ? versionsArns(group) : [sagemakerArn('model-package', '*')]);
  return role;
}

/** The role of a job that benchmarks an endpoint, with only the permissions that its inputs need. */
export function benchmarkJobRole(
  scope: Construct, props: AIBenchmarkJobProps, { Namespace: namespace }: ClaimProperties, network: Network | undefined,
): IRole {
  const role = baseRole(scope, 'Benchmarks an endpoint of a generative model', props, namespace);
  const { inferenceComponents = [] } = props;
  const components = inferenceComponents.flatMap(({ inferenceComponentRef }) => arnSpellings(inferenceComponentRef.inferenceComponentArn));
  allow(role, ['DescribeEndpoint', ...INVOKE], endpointArns(props.endpoint));
  if (components.length > 0) { allow(role, ['DescribeInferenceComponent', ...INVOKE], components); }
  if (network) { allowInterfaces(role, network); }
  return role;
}

function baseRole(scope: Construct, description: string, props: GenerativeJobOptions, namespace: string): IRole {
  const role = serviceRole(scope, 'Role', 'sagemaker', description);
  grantStatements(role, [...TELEMETRY, ...pullFrom(AWS_IMAGES)]);
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['iam:PassRole'], resources: [role.roleArn], conditions: PASSED_TO_SAGEMAKER }));
  allow(role, BENCHMARKS.onAny, [sagemakerArn('training-job', '*')]);
  allow(role, BENCHMARKS.onOwn, [sagemakerArn('training-job', `${namespace}-*`)]);
  allow(role, ['DescribeAIWorkloadConfig'], arnSpellings(props.workload.workloadConfigArn));
  grantWorkload(props.workload, role);
  const results = BucketGrants.fromBucket(props.outputBucket);
  const below = `${outputPrefix(scope, props)}*`;
  results.put(role, below);
  results.read(role, below);
  if (props.mlflow) {
    const app = arnSpellings(props.mlflow.mlflowAppArn);
    allow(role, ['DescribeMlflowApp', 'CallMlflowAppApi'], app);
    role.addToPrincipalPolicy(new PolicyStatement({ actions: LOGS_RUNS.map((action) => `sagemaker-mlflow:${action}`), resources: app }));
  }
  return role;
}

/** Images of AWS, in accounts that differ by Region. */
const AWS_IMAGES = `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:*:repository/*`;

function allow(grantee: IPrincipal, actions: readonly string[], resources: readonly string[]): void {
  grantee.addToPrincipalPolicy(new PolicyStatement({ actions: actions.map((action) => `sagemaker:${action}`), resources: [...resources] }));
}
