import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnResource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { LONGEST, logicalIdOf } from './wait-chain';
import { TELEMETRY, WITHOUT_RESOURCE } from '../common/iam';
import { sagemakerArn } from '../common/names';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { INFERENCE_RECOMMENDATIONS } from '../contract/families';
import { ClaimProperties, CompilationsProperties, jobResourceType } from '../contract/start';
import { stageCount } from '../contract/waiting';
import type { JobFamily } from '../runtime/job-family';
import { Runtime } from '../runtime/runtime';
import type { RuntimeFunction } from '../runtime/runtime-function';
import { countedRequest } from '../service/job-content';
import { MAX_JOB_SECONDS } from '../service/job-rules';
import { RECOMMENDATIONS_JOB_STATUSES } from '../service/job-status';

/** The family of SageMaker Inference Recommender's jobs. The wait chain and the follower know only the interface. */
export const INFERENCE_RECOMMENDER: JobFamily = {
  name: INFERENCE_RECOMMENDATIONS,
  title: 'Inference Recommender job',
  idPrefix: '',
  arnResource: 'inference-recommendations-job',
  operations: {
    create: 'CreateInferenceRecommendationsJob',
    describe: 'DescribeInferenceRecommendationsJob',
    stop: 'StopInferenceRecommendationsJob',
  },
  listAction: 'sagemaker:ListInferenceRecommendationsJobs' satisfies keyof typeof WITHOUT_RESOURCE,
  readActions: ['sagemaker:ListInferenceRecommendationsJobSteps'] satisfies Array<keyof typeof WITHOUT_RESOURCE>,
  poll: {
    nameMember: 'JobName',
    statusMember: 'Status',
    notFound: 'SageMaker.ResourceNotFoundException',
    nonTerminalStatuses: RECOMMENDATIONS_JOB_STATUSES.nonTerminal,
    // A description has the containers' whole environment.
    listMember: 'InferenceRecommendationsJobs',
  },
  outcomes: { completed: ['COMPLETED'], failed: ['FAILED', 'STOPPED'] },
  counted: countedRequest,
};

/** Number of stages that wait for a job. By the guide, an instance recommendation takes up to 45 minutes: two stages give twice that. */
export function stagesOf(jobType: 'Default' | 'Advanced', seconds?: number): number {
  return stageCount(seconds ?? (jobType === 'Advanced' ? MAX_JOB_SECONDS : undefined));
}

/**
 * Name patterns of the resources that the service makes for a stack's jobs. They begin with the job's name or, as in published results, `sm-epc-…`
 * and `neo-…`.
 * Source: JobName, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceRecommendationsJob.html
 */
function namesMadeByService(namespaces: Iterable<string>): string[] {
  return [...[...namespaces].map((namespace) => `${namespace}-*`), 'sm-epc-*', 'neo-*'];
}

/** ARN patterns of the compilation jobs that the service makes for a stack's jobs. */
export function compilationJobArns(scope: Construct): string[] {
  return namesMadeByService(Runtime.of(scope).namespaces(INFERENCE_RECOMMENDER)).map((name) => sagemakerArn('compilation-job', name));
}

/** Lets a function read whatever an imported job has benchmarked: only the deploy knows what that is. */
export function allowDescribeAny(reader: RuntimeFunction): void {
  // Reason: reads what an imported job has benchmarked, whose name only the job tells.
  reader.allow(['sagemaker:DescribeModelPackage'], sagemakerArn('model-package', '*'));
  // Reason: reads what an imported job has benchmarked, whose name only the job tells.
  reader.allow(['sagemaker:DescribeModel'], sagemakerArn('model', '*'));
}

/**
 * Actions that the service calls in an account with a job's role. AWS documents only a full-access managed policy.
 * This list follows the guide's pages. It is unverified against the live service.
 */
const ON_OWN_RESOURCES = [
  'CreateModel', 'DescribeModel', 'DeleteModel',
  'CreateEndpointConfig', 'DescribeEndpointConfig', 'DeleteEndpointConfig',
  'CreateEndpoint', 'DescribeEndpoint', 'DeleteEndpoint', 'InvokeEndpoint', 'UpdateEndpoint', 'UpdateEndpointWeightsAndCapacities',
  'CreateCompilationJob', 'DescribeCompilationJob', 'StopCompilationJob',
  'AddTags',
];

/** Allows the actions that every job needs: one policy for the roles of all jobs of a stack. */
export function benchmarkPolicy(scope: Construct, namespace: string): ManagedPolicy {
  const [runtime, id] = [Runtime.of(scope), 'BenchmarkPolicy'];
  const known = runtime.node.tryFindChild(id) as ManagedPolicy | undefined;
  const policy = known ?? new ManagedPolicy(runtime, id, {
    description: 'What Inference Recommender does in this account for a job',
    statements: [onOwnResources(namesMadeByService([])), ...TELEMETRY],
  });
  const covered = COVERED.get(policy) ?? new Set();
  COVERED.set(policy, covered);
  if (!covered.has(namespace)) { policy.addStatements(onOwnResources([`${namespace}-*`])); }
  covered.add(namespace);
  return policy;
}

/** The namespaces that a policy covers. */
const COVERED = new WeakMap<ManagedPolicy, Set<string>>();

function onOwnResources(names: readonly string[]): PolicyStatement {
  // Reason: the service makes a model, an endpoint and, where it compiles, a compilation job for each benchmark, and deletes them, with the job's role. Only names that it makes from the job's, or begins so.
  return new PolicyStatement({
    actions: ON_OWN_RESOURCES.map((action) => `sagemaker:${action}`),
    resources: ['model', 'endpoint-config', 'endpoint', 'compilation-job'].flatMap((kind) => names.map((name) => sagemakerArn(kind, name))),
  });
}

/**
 * Lets the start function find and delete compilation jobs of this stack's jobs. CloudFormation deletes the policy after the last resource that
 * needs it.
 */
function compilationsPolicy(scope: Construct): Construct {
  const runtime = Runtime.of(scope);
  return runtime.start(INFERENCE_RECOMMENDER).allowIn(runtime, [
    // Reason: finds the compilation jobs of a job, where `deleteCompilationJobs` is on.
    new PolicyStatement({ actions: INFERENCE_RECOMMENDER.readActions as string[], resources: ['*'] }),
    // Reason: deletes the compilation jobs of the stack's own jobs, where `deleteCompilationJobs` is on.
    new PolicyStatement({ actions: ['sagemaker:DeleteCompilationJob'], resources: compilationJobArns(scope) }),
  ], 'CompilationsPolicy');
}

/** Deletes, with its own resource, the compilation jobs of all jobs that the start resource ever started. */
export function deleteCompilations(scope: Construct, start: CfnResource, { StackKey, Namespace }: ClaimProperties): void {
  const properties: CompilationsProperties = { SchemaVersion: SCHEMA_VERSION, JobLogicalId: logicalIdOf(start), StackKey, Namespace };
  const type = jobResourceType(INFERENCE_RECOMMENDER.name, 'Compilations');
  const resource = Runtime.of(scope).start(INFERENCE_RECOMMENDER).provide(scope, 'Compilations', type, properties, LONGEST);
  resource.node.addDependency(compilationsPolicy(scope));
  // CloudFormation deletes the start resource first, which stops a running job, so that it compiles no more.
  start.node.addDependency(resource);
}
