import { readFileSync } from 'fs';
import { join } from 'path';
import { Fn, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { exampleModelPackage } from './apps/model-package';
import { Build, LocalApps } from './local-apps';
import { VirtualRunner } from './virtual-runner';
import * as retry from '../../lambda/runtime/retry';
import { DOCUMENTED_RATES, LocalAwsOptions } from '../../local-aws';
import { BenchmarkTarget, InferenceRecommendationsJob, IRecommendation } from '../../src';
import { parameterNames } from '../../src/contract/parameters';
import { FUNCTION_SECONDS } from '../../src/contract/waiting';

const RECOMMENDATIONS = 100;
/** A path's parameters: owner, fields, texts, explanation, and the whole. */
const WRITES = 5;
const [{ perSecond: RATE }] = DOCUMENTED_RATES;

/** So many jobs, which share a hundred recommendations that another stack reads. */
const app = (jobs: number): Build => (root) => {
  const [producer, consumer] = ['Producer', 'Consumer'].map((name) => new Stack(root, name));
  const target = BenchmarkTarget.fromModelPackage(exampleModelPackage(producer));
  // A role for each would be too many resources for a stack.
  const role = new Role(producer, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
  const all = [...Array(jobs).keys()].flatMap((number): IRecommendation[] => {
    const job = new InferenceRecommendationsJob(producer, `Job${number}`, { target, role, trigger: `${number}` });
    return [...Array(RECOMMENDATIONS / jobs).keys()].map((index) => job.addRecommendation(`Best${index}`));
  });
  new CfnParameter(consumer, 'InstanceTypes', { type: 'StringList', value: Fn.join(',', all.map(({ instanceType }) => instanceType)) });
};

let apps: LocalApps;

afterEach(async () => {
  jest.restoreAllMocks();
  await apps.close();
});

/** An account in which nothing waits in real time. */
async function open(options: LocalAwsOptions = {}): Promise<void> {
  apps = await LocalApps.open({ lambdaRunner: new VirtualRunner(), ...options });
  const { world } = apps.aws;
  world.rates.now = () => world.clock.now();
}

test.each([100, 4])(`${RECOMMENDATIONS} recommendations of %s jobs in one stack are all written, at ${RATE} writes a second`, async (jobs) => {
  await open();
  expect([await apps.bring(app(jobs), 'Producer'), apps.reasons('Producer')]).toEqual(['CREATE_COMPLETE', '']);

  const stack = apps.stack('Producer');
  const times = stack.events.filter(({ type }) => type === 'Custom::InferenceRecommendation').map(({ virtualTime }) => virtualTime);
  const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
  const paths = [...stack.resources.values()].filter(({ type }) => type === 'Custom::InferenceRecommendation')
    .map(({ properties }) => String(properties.ParameterPath));
  expect(new Set(paths).size).toBe(RECOMMENDATIONS);
  const { pending: _pending, ...names } = parameterNames('');
  for (const path of paths) {
    expect(Object.keys(apps.parameters(path)).map((name) => `/${name}`).sort()).toEqual(Object.values(names).sort());
  }
  // As fast as the rate permits, less than twice that, and far within the function's time.
  const least = (RECOMMENDATIONS * WRITES - RATE) / RATE;
  expect(seconds).toBeGreaterThanOrEqual(least);
  expect(seconds).toBeLessThan(Math.min(2 * least, FUNCTION_SECONDS.Recommend / 2));
  expect([await apps.bring(app(jobs), 'Consumer'), apps.reasons('Consumer')]).toEqual(['CREATE_COMPLETE', '']);
  expect([...apps.region().ssm.parameters.values()].find(({ Type }) => Type === 'StringList')!.Value).toBe(Array(RECOMMENDATIONS).fill('ml.c5.xlarge').join());
  // The figure that docs/many-stacks.md tells, give or take what another version of Node changes.
  const [, told] = /(\d+) seconds\]\(\.\.\/test\/e2e\/rate\.test\.ts\)/.exec(readFileSync(join(__dirname, '..', '..', 'docs', 'many-stacks.md'), 'utf8'))!;
  expect(Math.abs(seconds - Number(told)) / seconds).toBeLessThan(0.15);
  console.info(`${RECOMMENDATIONS} recommendations of ${jobs} jobs: ${RECOMMENDATIONS * WRITES} writes in ${seconds.toFixed(0)} s of virtual time.`);
});

test('without patience, they are not', async () => {
  const { retrying } = retry;
  jest.spyOn(retry, 'retrying').mockImplementation((api, clock, options) => retrying(api, clock, { allowed: options?.allowed }));
  await open();
  expect(await apps.bring(app(4), 'Producer')).toBe('ROLLBACK_COMPLETE');
  expect(apps.reasons('Producer')).toContain('Parameter Store took too few writes in this function\'s time: ThrottlingException: Rate exceeded.');
});
