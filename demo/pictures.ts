import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { CloudWatchClient, ListDashboardsCommand } from '@aws-sdk/client-cloudwatch';
import { cdk } from './cdk';
import { Observer } from './observe';
import { dashboardSvg } from './pictures/dashboard';
import { terminalSvg } from './pictures/terminal';
import { Bar, timelineSvg } from './pictures/timeline';
import { accountOf } from '../cli/src/account/account';
import { report } from '../cli/src/report/report';
import { endpointOf, endpointText } from '../cli/src/subject/endpoint';
import { Benchmark } from '../cli/src/subject/job';
import { subjectOf } from '../cli/src/subject/subject';
import { viewOf } from '../cli/src/watch/view';
import { LocalAws, startLocalAws } from '../local-aws';
import { INFERENCE_RECOMMENDATIONS } from '../src/contract/families';
import { MODEL_RESOURCE_TYPE } from '../src/contract/model';
import { RECOMMENDATION_RESOURCE_TYPE } from '../src/contract/recommend';
import { jobResourceType } from '../src/contract/start';
import { METRICS, MetricName } from '../src/service/limits';
import { startChromium } from '../test/harness/chromium';

/** Makes the pictures of the documents from two examples, as the local AWS deploys them. */
const ROOT = join(__dirname, '..');
const EXAMPLES = join(ROOT, 'examples');
const PICTURES = join(ROOT, 'docs', 'pictures');
/** Requests a minute on every endpoint. */
const LOAD = 40_000;
const STACK = 'QuickStart';

const UNKNOWN_FIGURES = Object.fromEntries(METRICS.map((metric) => [metric, NaN])) as Record<MetricName, number>;

/** The rows of the timeline, in the order of the deploy. */
const ROWS: ReadonlyArray<readonly [type: string, label: string, color: Bar['color']]> = [
  ['AWS::SageMaker::ModelPackage', 'model package', 'violet'],
  [jobResourceType(INFERENCE_RECOMMENDATIONS, ''), 'job: start', 'blue'],
  [jobResourceType(INFERENCE_RECOMMENDATIONS, 'Wait'), 'job: wait', 'blue'],
  [RECOMMENDATION_RESOURCE_TYPE, 'recommendation', 'green'],
  [MODEL_RESOURCE_TYPE, 'model', 'violet'],
  ['AWS::SageMaker::Model', 'model', 'violet'],
  ['AWS::SageMaker::EndpointConfig', 'endpoint configuration', 'violet'],
  ['AWS::SageMaker::Endpoint', 'endpoint', 'violet'],
];

async function timeline(aws: LocalAws, seconds: number): Promise<string> {
  const observer = new Observer(aws);
  const { events, outputs } = observer.region.cloudformation.get(STACK);
  const begin = events[0].virtualTime;
  const minutes = (time: number) => (time - begin) / 60_000;
  const { Steps: steps } = await observer.ask('ListInferenceRecommendationsJobSteps', { JobName: outputs.find(({ key }) => key === 'JobName')!.value });
  const benchmarks = steps.map(({ InferenceBenchmark: one }: any): Bar => ({
    label: endpointText(endpointOf(one.EndpointConfiguration, one.ModelConfiguration)),
    from: minutes(one.InvocationStartTime.getTime()),
    to: minutes(one.InvocationEndTime.getTime()),
    color: 'amber',
    depth: 1,
  }));
  const bars = ROWS.flatMap(([type, label, color]): Bar[] => {
    const own = events.filter((event) => event.type === type);
    const ids = [...new Set(own.map(({ logicalId }) => logicalId))];
    return ids.flatMap((id, index): Bar[] => {
      const timeOf = (status: string) => own.find((event) => event.logicalId === id && event.status === status)!.virtualTime;
      const [from, to] = ['CREATE_IN_PROGRESS', 'CREATE_COMPLETE'].map(timeOf);
      const bar = { label: ids.length > 1 ? `${label} ${index + 1}` : label, from: minutes(from), to: minutes(to), color, depth: 0 };
      return type === jobResourceType(INFERENCE_RECOMMENDATIONS, 'Wait') && index === 0 ? [bar, ...benchmarks] : [bar];
    });
  });
  return timelineSvg(`cdk deploy of the quick start: ${Math.round(Math.max(...bars.map(({ to }) => to)))} minutes of virtual time`,
    `Rehearsed in ${Math.round(seconds)} s. No function runs while the job does.`, bars);
}

/** Deploys an example, and returns the seconds that it took. */
async function deployed(aws: LocalAws, example: string, folder: string): Promise<number> {
  const args = ['deploy', '--all', '--require-approval', 'never', '--output', join(folder, `cdk.out-${example}`)];
  const run = await cdk(join(EXAMPLES, example), aws.environment(), ...args);
  if (run.exitCode !== 0) { throw new Error(`The CDK CLI ended with ${run.exitCode}:\n${run.output}`); }
  return run.seconds;
}

/** A view as it stands in the middle of the job: the services are read at a time when half of the benchmarks have ended. */
async function watched(): Promise<string> {
  const account = accountOf({ region: 'us-east-1' });
  const { stack, jobs: [found] } = await subjectOf(account, STACK);
  const job = found.job!;
  const now = job.benchmarks[2].started!.getTime() + 4 * 60_000;
  const benchmarks = job.benchmarks.map((one): Benchmark => (one.ended!.getTime() <= now ? one
    : { ...one, status: one.started!.getTime() <= now ? 'IN_PROGRESS' : 'PENDING', figures: UNKNOWN_FIGURES }));
  const reading = {
    now,
    stacks: [{ name: stack!.name, status: 'CREATE_IN_PROGRESS' }],
    jobs: [{ ...found, job: { ...job, status: 'IN_PROGRESS', phase: 'running' as const, ended: undefined, benchmarks } }],
  };
  const columns = 112;
  return terminalSvg('npx inference-recommender watch QuickStart', viewOf(reading, { columns, rows: 30 }, { hasColors: true }), columns);
}

/** The upper part of the report, as a browser shows it. */
async function reported(folder: string): Promise<Buffer> {
  const file = join(folder, 'report.html');
  const silent = { out: () => {}, err: () => {}, isTerminal: false, hasColors: false, columns: 100 };
  await report([STACK, '--region', 'us-east-1', '--out', file], silent, join(ROOT, 'cli', 'dist', 'report-page.js'));
  const browser = await startChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1180, height: 1400 }, reducedMotion: 'reduce' });
    await page.goto(`file://${file}`);
    await page.waitForSelector('svg');
    return await page.screenshot();
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  mkdirSync(PICTURES, { recursive: true });
  const write = (name: string, content: string | Buffer) => {
    writeFileSync(join(PICTURES, name), content);
    console.log(`docs/pictures/${name}`);
  };
  const aws = await startLocalAws({ load: LOAD });
  Object.assign(process.env, aws.environment());
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  try {
    write('timeline.svg', await timeline(aws, await deployed(aws, 'quick-start', folder)));
    write('watch.svg', await watched());
    write('report.png', await reported(folder));
    await deployed(aws, 'autoscaling', folder);
    const cloudWatch = new CloudWatchClient(aws.client());
    const { DashboardEntries: [{ DashboardName: name }] = [{}] } = await cloudWatch.send(new ListDashboardsCommand({}));
    write('dashboard.svg', await dashboardSvg(cloudWatch, name!, new Date(new Observer(aws).region.clock.now()), 12));
  } finally {
    await aws.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
