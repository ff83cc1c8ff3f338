import { createWriteStream } from 'fs';
import { CdkRun } from './cdk';
import { Observer } from './observe';
import { bar, Checks, rowsOf, span, table } from './report';
import { LocalAws } from '../local-aws';
import { INFERENCE_RECOMMENDATIONS } from '../src/contract/families';
import { RECOMMENDATION_RESOURCE_TYPE } from '../src/contract/recommend';
import { jobResourceType } from '../src/contract/start';

const STACK = 'QuickStart';
const JOB_MINUTES = 45;

/** Runs a command of the CDK CLI on the quick start, with its objective. */
export type RunCdk = (objective: 'cost' | 'latency', ...args: string[]) => Promise<CdkRun>;

/**
 * Benchmarks the quick start's model and deploys it on the local AWS, changes the objective, destroys everything, and checks each step. Writes the requests to
 * SageMaker into a file, if one is given. Returns whether all checks hold.
 */
export async function showDemo(aws: LocalAws, cdk: RunCdk, calls?: string): Promise<boolean> {
  const checks = new Checks();
  const progress = new Progress(aws.world.clock.now());
  const observer = new Observer(aws, (call) => progress.see(call.operation, call.time));
  const record = calls === undefined ? undefined : createWriteStream(calls);
  aws.world.watch(({ service, operation, request, status }) => {
    if (service === 'sagemaker') { record?.write(`${JSON.stringify({ operation, request, status })}\n`); }
  });
  try {
    console.log(`Local AWS at ${aws.endpoint}; the CDK CLI is unchanged; the job's ${JOB_MINUTES} minutes are virtual time.`);
    await firstDeploy(observer, cdk, checks, progress);
    await secondDeploy(observer, cdk, checks);
    await destroy(observer, cdk, checks);
    console.log(`\n${checks.missed.length === 0 ? `All ${checks.count} checks hold.` : `MISSED ${checks.missed.length} of ${checks.count} checks: ${checks.missed.join('; ')}`}`);
    return checks.missed.length === 0;
  } finally {
    await new Promise<void>((resolve) => (record ? record.end(resolve) : resolve()));
  }
}

async function firstDeploy(observer: Observer, cdk: RunCdk, checks: Checks, progress: Progress): Promise<void> {
  const begin = observer.region.clock.now();
  const run = await passed(cdk('cost', 'deploy', '--all'));
  progress.end();
  heading('cdk deploy --all', run, observer.region.clock.now() - begin);
  const { outputs, events } = stack(observer);
  const [first] = events;
  const at = (what: string, wanted: string) => {
    const event = events.find(({ type, status }) => type === wanted && status === 'CREATE_COMPLETE');
    return event ? `${what} ${((event.timestamp.getTime() - first.timestamp.getTime()) / 1000).toFixed(1)} s = ${span(event.virtualTime - first.virtualTime)}` : what;
  };
  const job = await observer.ask('DescribeInferenceRecommendationsJob', { JobName: outputs.JobName });
  const polls = observer.calls.filter(({ operation, principal }) => operation === 'ListInferenceRecommendationsJobs' && /Wait/.test(principal));
  const jobEnd = job.CompletionTime.getTime();
  const waiting = observer.region.lambda.invocations.filter(({ start }) => start > polls[0]?.time && start < jobEnd);
  console.log(`   job      ${bar(1)} ${job.Status}, ${(jobEnd - job.CreationTime.getTime()) / 60_000} min: `
    + `${polls.length} polls by the state machine, Lambda calls while waiting: ${waiting.length} `
    + checks.that(job.Status === 'COMPLETED' && polls.length > 10 && waiting.length === 0, 'the job completed and no function ran during the wait'));
  console.log(`   timeline (real = virtual): ${[
    at('package', 'AWS::SageMaker::ModelPackage'), at('job started', jobResourceType(INFERENCE_RECOMMENDATIONS, '')), at('job done', jobResourceType(INFERENCE_RECOMMENDATIONS, 'Wait')),
    at('chosen', RECOMMENDATION_RESOURCE_TYPE), at('endpoint', 'AWS::SageMaker::Endpoint'),
  ].join(', ')}`);

  const rows = rowsOf(job);
  const cheapest = [...rows].sort((a, b) => a.costPerInference - b.costPerInference);
  const [best, next] = cheapest;
  const sdk = rows[0];
  console.log(table(rows, {
    [sdk.id]: `the first one listed (the Python SDK takes it): ${(sdk.costPerInference / best.costPerInference).toFixed(1)} times the cost`,
    [outputs.RecommendationId]: `chosen: the lowest cost per inference; next ${next.instanceType} at ${(next.costPerInference * 1e6).toFixed(3)}`,
  }).join('\n'));
  checks.that(outputs.RecommendationId === best.id && best.compiled && best.instanceType === 'ml.c5.xlarge', 'the compiled ml.c5.xlarge is chosen');
  const deployed = await deployment(observer, outputs.EndpointName);
  console.log(`   endpoint ${deployed.line} `
    + checks.that(deployed.status === 'InService' && deployed.instanceType === best.instanceType && deployed.isCompiled, 'the endpoint runs the compiled model'));
  checks.that(observer.count('CreateInferenceRecommendationsJob') === 1, 'one job was started');
}

async function secondDeploy(observer: Observer, cdk: RunCdk, checks: Checks): Promise<void> {
  const before = await deployment(observer, stack(observer).outputs.EndpointName);
  const mark = observer.calls.length;
  const begin = observer.region.clock.now();
  const run = await passed(cdk('latency', 'deploy', '--all'));
  heading('cdk deploy --all -c objective=latency', run, observer.region.clock.now() - begin);
  const after = await deployment(observer, stack(observer).outputs.EndpointName);
  const { configs } = await observer.inventory();
  const jobs = observer.count('CreateInferenceRecommendationsJob', mark);
  console.log(`   jobs started ${jobs} ${checks.that(jobs === 0, 'the second deploy starts no job')}`);
  console.log(`   configuration replaced: ${before.configName} -> ${after.configName} `
    + checks.that(before.configName !== after.configName && observer.count('CreateEndpointConfig', mark) === 1, 'the configuration is replaced'));
  console.log(`   endpoint updated: ${after.line} `
    + checks.that(observer.count('UpdateEndpoint', mark) === 1 && after.name === before.name && after.instanceType === 'ml.c5.9xlarge'
      && after.status === 'InService', 'the endpoint is updated to ml.c5.9xlarge'));
  console.log('   old configuration deleted '
    + checks.that(observer.count('DeleteEndpointConfig', mark) === 1 && !configs.includes(before.configName), 'the old configuration is deleted'));
}

async function destroy(observer: Observer, cdk: RunCdk, checks: Checks): Promise<void> {
  const begin = observer.region.clock.now();
  const run = await passed(cdk('latency', 'destroy', '--all', '--force'));
  heading('cdk destroy --all', run, observer.region.clock.now() - begin);
  const left = await observer.inventory();
  const gone = [left.runningJobs, left.models, left.configs, left.endpoints].map((names) => names.length);
  console.log(`   left: running jobs ${gone[0]}, models ${gone[1]}, configurations ${gone[2]}, endpoints ${gone[3]} `
    + checks.that(gone.every((count) => count === 0), 'nothing that costs money is left'));
  const group = '/aws/sagemaker/InferenceRecommendationsJobs';
  console.log(`   kept, as on AWS: the record of ${left.finishedJobs.length} finished job, and the account's log group ${group} `
    + checks.that(left.finishedJobs.length === 1 && observer.region.logs.groups.has(group), 'the job\'s record and the log group are kept'));
}

async function passed(running: Promise<CdkRun>): Promise<CdkRun> {
  const run = await running;
  if (run.exitCode !== 0) { throw new Error(`The CDK CLI ended with ${run.exitCode}:\n${run.output}`); }
  return run;
}

function heading(text: string, run: CdkRun, virtualMs: number): void {
  console.log(`\n$ inference-recommender rehearse --state DIR -- ${text}   ${run.seconds.toFixed(1)} s real, ${span(virtualMs)} virtual`);
}

function stack(observer: Observer) {
  const found = observer.region.cloudformation.get(STACK);
  return { outputs: Object.fromEntries(found.outputs.map(({ key, value }) => [key, value])), events: found.events };
}

/** The endpoint's current deployment, read through the API. */
async function deployment(observer: Observer, name: string) {
  const endpoint = await observer.ask('DescribeEndpoint', { EndpointName: name });
  const config = await observer.ask('DescribeEndpointConfig', { EndpointConfigName: endpoint.EndpointConfigName });
  const [variant] = config.ProductionVariants;
  const model = await observer.ask('DescribeModel', { ModelName: variant.ModelName });
  const container = model.PrimaryContainer;
  const source = container.ModelPackageName ? 'the model package' : 'the compiled artifact';
  return {
    name,
    status: endpoint.EndpointStatus,
    configName: endpoint.EndpointConfigName,
    instanceType: variant.InstanceType,
    isCompiled: container.ModelPackageName === undefined,
    line: `${name} ${endpoint.EndpointStatus}: ${variant.InitialInstanceCount} x ${variant.InstanceType}, from ${source}`,
  };
}

/** A progress bar on a terminal while the job runs. */
class Progress {
  private started?: number;

  constructor(private readonly origin: number) {}

  public see(operation: string, time: number): void {
    if (operation === 'CreateInferenceRecommendationsJob') { this.started = time; }
    if (this.started === undefined || !process.stdout.isTTY || operation !== 'ListInferenceRecommendationsJobs') { return; }
    process.stdout.write(`\r   job      ${bar((time - this.started) / (JOB_MINUTES * 60_000))} ${span(time - this.origin)} virtual`);
  }

  public end(): void {
    this.started = undefined;
    if (process.stdout.isTTY) { process.stdout.write('\r\u001b[K'); }
  }
}
