import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { cdk } from './cdk';
import { Observer } from './observe';
import { LocalAws, startLocalAws } from '../local-aws';
import { Bar, timelineSvg } from './pictures/timeline';
import { INFERENCE_RECOMMENDATIONS } from '../src/contract/families';
import { MODEL_RESOURCE_TYPE } from '../src/contract/model';
import { RECOMMENDATION_RESOURCE_TYPE } from '../src/contract/recommend';
import { jobResourceType } from '../src/contract/start';

/** Makes the pictures of the README from the quick start, as the local AWS deploys it. */
const QUICK_START = join(__dirname, '..', 'examples', 'quick-start');
const PICTURES = join(__dirname, '..', 'docs', 'pictures');
const STACK = 'QuickStart';

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
  const benchmarks = steps.map(({ InferenceBenchmark: { EndpointConfiguration: endpoint, ModelConfiguration: model, InvocationStartTime: from, InvocationEndTime: to } }: any): Bar => ({
    label: endpoint.ServerlessConfig ? `serverless ${endpoint.ServerlessConfig.MemorySizeInMB} MB` : `${endpoint.InstanceType}${model?.CompilationJobName ? ' compiled' : ''}`,
    from: minutes(from.getTime()),
    to: minutes(to.getTime()),
    color: 'amber',
    depth: 1,
  }));
  const bars = ROWS.flatMap(([type, label, color]): Bar[] => {
    const own = events.filter((event) => event.type === type);
    const ids = [...new Set(own.map(({ logicalId }) => logicalId))];
    return ids.flatMap((id, index): Bar[] => {
      const [from, to] = ['CREATE_IN_PROGRESS', 'CREATE_COMPLETE'].map((status) => own.find((event) => event.logicalId === id && event.status === status)!.virtualTime);
      const bar = { label: ids.length > 1 ? `${label} ${index + 1}` : label, from: minutes(from), to: minutes(to), color, depth: 0 };
      return type === jobResourceType(INFERENCE_RECOMMENDATIONS, 'Wait') && index === 0 ? [bar, ...benchmarks] : [bar];
    });
  });
  return timelineSvg(`cdk deploy of the quick start: ${Math.round(Math.max(...bars.map(({ to }) => to)))} minutes of virtual time`,
    `Rehearsed in ${Math.round(seconds)} s. No function runs while the job does.`, bars);
}

async function main(): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  const write = (name: string, content: string | Buffer) => {
    writeFileSync(join(PICTURES, name), content);
    console.log(`docs/pictures/${name}`);
  };
  const aws = await startLocalAws();
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  try {
    const run = await cdk(QUICK_START, { ...aws.environment() }, 'deploy', '--all', '--require-approval', 'never', '--output', join(folder, 'cdk.out'));
    if (run.exitCode !== 0) { throw new Error(`The CDK CLI ended with ${run.exitCode}:\n${run.output}`); }
    write('timeline.svg', await timeline(aws, run.seconds));
  } finally {
    await aws.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
