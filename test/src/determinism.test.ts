import { copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, utimesSync } from 'fs';
import os from 'os';
import { join } from 'path';
import { App, Stack, Tags } from 'aws-cdk-lib';
import {
  BenchmarkTarget, ContainerImage, Endpoint, EndpointConfig, InferenceRecommendationsJob, MlFramework, Model, ModelData, Objective, SamplePayload,
  Variant,
} from '../../src';
import { newStack, packageIn, QUICK_START, SCRATCH } from '../harness/constructs';

interface Assembly {
  readonly directory: string;
  /** The texts of the template and of the list of assets. */
  readonly template: string;
  readonly assets: string;
}

/** The whole of what the quick start deploys, from the artifacts in a folder. */
function synth(folder: string): Assembly {
  const stack: Stack = newStack({ stages: true });
  const modelPackage = packageIn(stack, {
    containers: [{ image: ContainerImage.fromRegistry('image'), framework: MlFramework.XGBOOST, modelData: ModelData.fromAsset(join(folder, 'model.tar.gz')) }],
    samplePayload: SamplePayload.fromAsset(join(folder, 'payload')),
  });
  const job = new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage) });
  const cheapest = job.addRecommendation('Cheapest');
  const fastest = job.addRecommendation('Fastest', { objective: Objective.lowestLatency() });
  const model = new Model(stack, 'Model', { recommendation: cheapest });
  const endpointConfig = new EndpointConfig(stack, 'Config', {
    variants: [Variant.fromRecommendation(model, cheapest), Variant.fromRecommendation(model, fastest, { variantName: 'Fast' })],
  });
  new Endpoint(stack, 'Endpoint', { endpointConfig });
  Tags.of(stack).add('team', 'ml');
  const { directory } = (stack.node.root as App).synth();
  const text = (end: string) => readFileSync(join(directory, `${stack.artifactId}.${end}`), 'utf8');
  return { directory, template: text('template.json'), assets: text('assets.json') };
}

/** A copy of the quick start's artifacts in a folder of its own, written at another time. */
function copyOfArtifacts(): string {
  const folder = mkdtempSync(join(SCRATCH, 'copy-'));
  copyFileSync(join(QUICK_START, 'model.tar.gz'), join(folder, 'model.tar.gz'));
  cpSync(join(QUICK_START, 'payload'), join(folder, 'payload'), { recursive: true });
  ['model.tar.gz', 'payload', ...readdirSync(join(folder, 'payload')).map((name) => join('payload', name))]
    .forEach((name) => utimesSync(join(folder, name), new Date('2001-02-03'), new Date('2001-02-03')));
  return folder;
}

const first = synth(QUICK_START);

test('a second synth gives the same template and the same list of assets, to the byte', () => {
  const second = synth(QUICK_START);
  expect(second.template === first.template).toBe(true);
  expect(second.assets === first.assets).toBe(true);
});

test('so does a synth from a copy in another folder with other times', () => {
  const other = synth(copyOfArtifacts());
  expect(other.template === first.template).toBe(true);
  expect(other.assets === first.assets).toBe(true);
});

test('no path of this machine is in either', () => {
  const here = [SCRATCH, first.directory, process.cwd(), QUICK_START, os.homedir()];
  expect(here.filter((path) => path !== '/' && `${first.template}${first.assets}`.includes(path))).toEqual([]);
  expect(`${first.template}${first.assets}`).not.toMatch(/"(\/(home|root|tmp|var|usr|opt|Users)\/|[A-Z]:\\\\)/);
});

test('no date is in either, but for the versions of IAM\'s language', () => {
  const dates = `${first.template}${first.assets}`.match(/\b\d{4}-\d\d-\d\d\b|\b1[5-9]\d{8}(\d{3})?\b/g);
  expect(new Set(dates)).toEqual(new Set(['2012-10-17']));
});

test('every asset that the template names is in the assembly', () => {
  const named = first.template.match(/[0-9a-f]{64}(?=\.(zip|tar\.gz)\b)/g)!;
  expect(named.length).toBeGreaterThanOrEqual(5);
  const staged = readdirSync(first.directory).join();
  named.forEach((hash) => expect(staged).toContain(`asset.${hash}`));
});
