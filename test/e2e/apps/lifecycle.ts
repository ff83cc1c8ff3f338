import { App, CfnOutput, CustomResource, Duration, NestedStack, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { CfnRole, Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { xgboost } from '../../harness/model-package';
import {
  BenchmarkTarget, Endpoint, EndpointAutoScaling, EndpointCandidate, EndpointConfig, EndpointType, InferenceRecommendationsJob, InstanceType,
  JobType, Model, ModelPackage, ModelPackageGroup, Objective, ScalingTarget, TrafficPattern, Variant, Wait,
} from 'cdk-sagemaker-inference-recommender';
import * as library from 'cdk-sagemaker-inference-recommender';

/** What a test wants of one stack. */
export interface StackOptions {
  readonly name: string;
  /** @default - the name */
  readonly stackName?: string;
  readonly region?: string;
  /** A load test of so many hours. @default - an instance recommendation */
  readonly loadTestHours?: number;
  readonly trigger?: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** A role of the user's own, by its construct id. @default - the library's */
  readonly role?: string;
  /** Another one makes another model package. */
  readonly packageDescription?: string;
  /** Whether there is an endpoint behind the recommendation. */
  readonly endpoint?: boolean;
  /** Whether that endpoint scales. */
  readonly scales?: boolean;
  /** The least instances that it scales to, at most 8, by the recommended target. */
  readonly minCapacity?: number;
  readonly instancePools?: number;
  readonly inBackground?: boolean;
  /** Whether the start resource, the model package and its group stay when the stack goes. */
  readonly retains?: boolean;
  /** So many jobs with a recommendation each, of a model package that is there already, and a model of each if it is asked for. */
  readonly bare?: { readonly jobs: number; readonly modelPackageArn: string; readonly models?: boolean };
  readonly objective?: 'latency';
  /** The package's own variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables that a load test's candidates vary. */
  readonly tunes?: Readonly<Record<string, string[]>>;
  readonly refusesCompiled?: boolean;
  readonly deleteCompilationJobs?: boolean;
  readonly serverless?: boolean;
  /** Instance type of a fallback, and the types of its pools after the first. */
  readonly fallback?: string;
  readonly nextFallbacks?: readonly string[];
  readonly maxModelLatency?: number;
  readonly maxCostPerHour?: number;
  /** The load that instances are counted for. */
  readonly invocationsPerMinute?: number;
  readonly parameterPath?: string;
  /** @default - there is one */
  readonly recommendation?: false;
  /** A custom resource beside the stages that answers FAILED after so many minutes. */
  readonly siblingFailsAfterMinutes?: number;
  /** What an account's own guard rails deny one of the runtime's roles, by the role's path. */
  readonly deny?: { readonly role: string; readonly action: string };
  readonly nested?: boolean;
}

/** SageMaker pulls images from its own Region. */
const imageIn = (region: string | undefined) => region && `111111111111.dkr.ecr.${region}.amazonaws.com/sagemaker-xgboost:1.3-1`;

function build(stack: Stack, options: StackOptions): void {
  if (options.bare) { return bareJobs(stack, options.bare, options.tags); }
  const removalPolicy = options.retains ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
  const modelPackage = new ModelPackage(stack, 'ModelPackage', {
    modelPackageGroup: new ModelPackageGroup(stack, 'Group', { removalPolicy }),
    description: options.packageDescription,
    ...xgboost(library, { image: imageIn(options.region), container: { dataInputConfig: '{"input":[1,10]}', environment: options.environment } }),
    removalPolicy,
  });
  const job = new InferenceRecommendationsJob(stack, 'Job', {
    target: BenchmarkTarget.fromModelPackage(modelPackage),
    jobType: options.loadTestHours === undefined ? undefined : loadTest(Duration.hours(options.loadTestHours), options.tunes),
    trigger: options.trigger,
    wait: options.inBackground ? Wait.inBackground() : undefined,
    deleteCompilationJobs: options.deleteCompilationJobs,
    description: options.description,
    role: options.role === undefined ? undefined : new Role(stack, options.role, { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }),
  });
  if (options.retains) { start(job).applyRemovalPolicy(removalPolicy); }
  Object.entries(options.tags ?? {}).forEach(([key, value]) => Tags.of(job).add(key, value));
  if (options.recommendation !== false) { serve(stack, job, options); }
  if (options.siblingFailsAfterMinutes !== undefined) {
    failingSibling(stack, Duration.minutes(options.siblingFailsAfterMinutes)).node.addDependency(start(job));
  }
  if (options.deny) { deny(stack, options.deny); }
}

function serve(stack: Stack, job: InferenceRecommendationsJob, options: StackOptions): void {
  const { fallback, invocationsPerMinute } = options;
  const best = job.addRecommendation('Best', {
    objective: options.objective && Objective.lowestLatency(),
    endpointType: options.serverless ? EndpointType.SERVERLESS : undefined,
    limits: { allowCompiledModels: !options.refusesCompiled, maxModelLatency: options.maxModelLatency, maxCostPerHour: options.maxCostPerHour },
    instancePools: options.instancePools,
    targetLoad: invocationsPerMinute === undefined ? undefined : { invocationsPerMinute },
    fallback: fallback === undefined ? undefined : {
      instanceType: InstanceType.of(fallback), nextInstanceTypes: options.nextFallbacks?.map((type) => InstanceType.of(type)),
    },
    parameterPath: options.parameterPath,
  });
  new CfnOutput(stack, 'JobName', { value: best.jobName });
  new CfnOutput(stack, 'InstanceType', { value: best.instanceType });
  if (options.endpoint) {
    const model = new Model(stack, 'Model', { recommendation: best });
    const config = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] });
    const endpoint = new Endpoint(stack, 'Endpoint', { endpointConfig: config });
    new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
    if (options.minCapacity !== undefined) {
      const { targetValue } = new EndpointAutoScaling(stack, 'Scaling', { endpoint, recommendation: best, minCapacity: options.minCapacity, maxCapacity: 8 });
      new CfnOutput(stack, 'TargetValue', { value: targetValue });
    }
    if (options.scales) { new EndpointAutoScaling(stack, 'Scaling', { endpoint, minCapacity: 1, maxCapacity: 4, target: ScalingTarget.invocationsPerInstance(1000) }); }
  }
}

function bareJobs(stack: Stack, { jobs, modelPackageArn, models }: NonNullable<StackOptions['bare']>, tags: StackOptions['tags'] = {}): void {
  const target = BenchmarkTarget.fromModelPackage(ModelPackage.fromModelPackageArn(stack, 'Package', modelPackageArn));
  for (let number = 1; number <= jobs; number++) {
    const job = new InferenceRecommendationsJob(stack, `Job${number}`, { target });
    Object.entries(tags).forEach(([key, value]) => Tags.of(job).add(key, value));
    const recommendation = job.addRecommendation('Best');
    if (models) { new Model(stack, `Model${number}`, { recommendation }); }
  }
}

function start(job: InferenceRecommendationsJob): CustomResource {
  return job.node.findChild('Resource') as CustomResource;
}

function loadTest(maxDuration: Duration, environment?: { [name: string]: string[] }): JobType {
  return JobType.loadTest({
    endpointCandidates: ['ml.c5.xlarge', 'ml.c5.2xlarge'].map((type) => EndpointCandidate.instance(InstanceType.of(type), { environment })),
    trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
    maxDuration,
  });
}

function failingSibling(stack: Stack, after: Duration): CustomResource {
  const code = `exports.handler = async (event) => {
    if (event.RequestType === 'Create') { await new Promise((go) => setTimeout(go, ${after.toMilliseconds()})); }
    const { StackId, RequestId, LogicalResourceId } = event;
    const Status = event.RequestType === 'Delete' ? 'SUCCESS' : 'FAILED';
    const body = JSON.stringify({ StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'sibling', Status, Reason: 'The sibling fails' });
    await fetch(event.ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  };`;
  const handler = new LambdaFunction(stack, 'SiblingFunction', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(code), timeout: Duration.minutes(15),
  });
  return new CustomResource(stack, 'Sibling', { serviceToken: handler.functionArn });
}

/** Inline in the role, so that it is there before anybody has the role. */
function deny(stack: Stack, { role, action }: { role: string; action: string }): void {
  const found = role.split('/').reduce((scope, id) => scope.node.findChild(id), stack.node.findChild('InferenceRecommenderRuntime'));
  const made = found.node.defaultChild as CfnRole;
  made.policies = [...made.policies as CfnRole.PolicyProperty[] ?? [], {
    policyName: 'GuardRail',
    policyDocument: new PolicyDocument({ statements: [new PolicyStatement({ effect: Effect.DENY, actions: [action], resources: ['*'] })] }),
  }];
}

function synthesize(outdir: string, stacks: readonly StackOptions[]): void {
  const app = new App({ outdir });
  for (const options of stacks) {
    const { name, stackName, region } = options;
    const stack = new Stack(app, name, { stackName, env: region ? { account: '111111111111', region } : undefined });
    build(options.nested ? new NestedStack(stack, 'Nested') : stack, options);
  }
  app.synth();
}

// One process synthesizes for many runs of the CLI: loading the CDK takes longer than an app does.
process.on('message', ({ outdir, stacks }: { outdir: string; stacks: StackOptions[] }) => {
  try {
    synthesize(outdir, stacks);
    process.send!({ outdir });
  } catch (error) {
    process.send!({ outdir, error: String(error) });
  }
});
