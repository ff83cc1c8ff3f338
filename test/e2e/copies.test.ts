import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { InProcessRunner } from './in-process-runner';
import { LocalApps } from './local-apps';
import packageJson from '../../package.json';
import type * as library from '../../src';
import { xgboost } from '../harness/model-package';
import { ACCOUNT, REGION } from '../harness/place';

type Library = typeof library;

const ROOT = join(__dirname, '..', '..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'copies-')));
afterAll(() => rmSync(folder, { recursive: true }));

interface Copy {
  readonly path: string;
  readonly library: Library;
}

/** What npm puts below a package that wants a version of its own: the library as it is published, on the app's own CDK. */
function install(owner: string, version: string): Copy {
  const modules = join(folder, owner, 'node_modules');
  const path = join(modules, packageJson.name);
  mkdirSync(path, { recursive: true });
  ['lib', 'assets'].forEach((part) => cpSync(join(ROOT, part), join(path, part), { recursive: true }));
  writeFileSync(join(path, 'package.json'), JSON.stringify({ ...packageJson, version }));
  ['aws-cdk-lib', 'constructs', 'tar'].forEach((name) => symlinkSync(realpathSync(join(ROOT, 'node_modules', name)), join(modules, name)));
  return { path, library: createRequire(__filename)(path) };
}

const early = install('early', '0.1.0');
const late = install('late', '0.2.0');
const twin = install('twin', '0.1.0');

const ENV = { account: ACCOUNT, region: REGION };
const newStack = () => new Stack(new App({ analyticsReporting: false }), 'Shop', { env: ENV });

function packageIn({ ModelPackage, ModelPackageGroup, ...rest }: Library, stack: Stack, id: string): library.ModelPackage {
  return new ModelPackage(stack, id, { modelPackageGroup: new ModelPackageGroup(stack, `${id}Group`), ...xgboost(rest) });
}

function jobIn(lib: Library, stack: Stack, id = 'Job'): library.InferenceRecommendationsJob {
  return new lib.InferenceRecommendationsJob(stack, id, { target: lib.BenchmarkTarget.fromModelPackage(packageIn(lib, stack, `${id}Package`)) });
}

const modelArn = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:model/there`;
const variantOn = ({ Variant, InstanceType, Model }: Library, stack: Stack, id: string) => (
  Variant.onInstances(Model.fromModelArn(stack, `${id}Model`, modelArn), { instanceType: InstanceType.ML_M5_LARGE }));

/** Constructs that read or keep what others must know. */
const MAKERS: Readonly<Record<string, (lib: Library, stack: Stack, id: string) => unknown>> = {
  'a model package': packageIn,
  'a model': (lib, stack, id) => new lib.Model(stack, id, { modelPackage: packageIn(lib, stack, `${id}Package`) }),
  'an endpoint configuration': (lib, stack, id) => new lib.EndpointConfig(stack, id, { variants: [variantOn(lib, stack, id)] }),
  'a job': jobIn,
  'an imported job': ({ InferenceRecommendationsJob }, stack, id) => InferenceRecommendationsJob.fromJobName(stack, id, 'there'),
  'fixed figures': ({ Recommendation, InstanceType }, stack, id) => Recommendation.fromAttributes(stack, id, { instanceType: InstanceType.ML_M5_LARGE }),
  'parameters': ({ Recommendation }, stack, id) => Recommendation.fromSsmParameter(stack, id, { parameterPath: '/shop/best' }),
};

describe('in one stack', () => {
  const pairs = Object.keys(MAKERS).flatMap((first) => Object.keys(MAKERS).map((second) => [first, second]));

  test.each(pairs)('%s of one copy and %s of another are refused, and both versions are named', (first, second) => {
    const stack = newStack();
    MAKERS[first](early.library, stack, 'First');
    expect(() => MAKERS[second](late.library, stack, 'Second')).toThrow(
      `Stack 'Shop' has constructs of two copies of cdk-sagemaker-inference-recommender: 0.1.0 in ${early.path}, and 0.2.0 in ${late.path}. Let one copy`);
  });

  // An import whose ARN says all has no facts that the other copy could miss.
  test.each<[string, (imports: Library, lib: Library, stack: Stack) => unknown]>([
    ['model', ({ Model }, lib, stack) => new lib.InferenceRecommendationsJob(stack, 'Job', {
      target: lib.BenchmarkTarget.fromModel(Model.fromModelArn(stack, 'Given', modelArn)),
      containerConfig: {
        domain: lib.MlDomain.MACHINE_LEARNING,
        task: lib.MlTask.CLASSIFICATION,
        framework: lib.MlFramework.XGBOOST,
        samplePayload: lib.SamplePayload.fromBucket(Bucket.fromBucketName(stack, 'Payloads', 'payloads'), 'payload.tar.gz'),
      },
    })],
    ['served model', ({ Model }, lib, stack) => new lib.EndpointConfig(stack, 'Config', {
      variants: [lib.Variant.onInstances(Model.fromModelName(stack, 'Given', 'There'), { instanceType: lib.InstanceType.ML_M5_LARGE })],
    })],
    ['endpoint', ({ Endpoint }, lib, stack) => new lib.InferenceRecommendationsJob(stack, 'Job', {
      target: lib.BenchmarkTarget.fromModelPackage(packageIn(lib, stack, 'Package')), existingEndpoints: [Endpoint.fromEndpointName(stack, 'Given', 'There')],
    })],
    ['group', ({ ModelPackageGroup }, lib, stack) => new lib.ModelPackage(stack, 'Package', {
      modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, 'Given', 'There'), ...xgboost(lib),
    })],
  ])('an imported %s of another copy gives the template that one of the same copy gives', (_what, make) => {
    const [mixed, same] = [early, late].map(({ library: imports }) => {
      const stack = newStack();
      make(imports, late.library, stack);
      return Template.fromStack(stack).toJSON();
    });
    expect(mixed).toEqual(same);
  });

  test('two copies of one version are told apart by where they are', () => {
    const stack = newStack();
    jobIn(early.library, stack);
    expect(() => jobIn(twin.library, stack, 'Other')).toThrow(`0.1.0 in ${early.path}, and 0.1.0 in ${twin.path}. Let one copy`);
  });

  test('a job of the other copy is refused for the same reason', () => {
    const stack = newStack();
    const job = jobIn(early.library, stack);
    expect(() => new late.library.Recommendation(stack, 'Best', { job })).toThrow(/two copies .* 0\.1\.0 in .*, and 0\.2\.0 in /);
  });
});

describe('in different stacks', () => {
  const build = (app: App) => {
    const producer = new Stack(app, 'Producer', { env: ENV });
    const best = jobIn(early.library, producer).addRecommendation('Best');
    const consumer = new Stack(app, 'Consumer', { env: ENV });
    const { Model, EndpointConfig, Endpoint, EndpointAutoScaling, Variant } = late.library;
    const model = new Model(consumer, 'Model', { recommendation: best });
    const endpointConfig = new EndpointConfig(consumer, 'Config', { variants: [Variant.fromRecommendation(model, best)] });
    new EndpointAutoScaling(consumer, 'Scaling', { endpoint: new Endpoint(consumer, 'Endpoint', { endpointConfig }), recommendation: best });
    // A stack inside a stack is one of its own.
    jobIn(twin.library, new NestedStack(consumer, 'Nested')).addRecommendation('Best');
  };

  test('each copy has its own runtime, and one deploys what the other recommends', async () => {
    const apps = await LocalApps.open({ lambdaRunner: new InProcessRunner() });
    try {
      for (const name of ['Producer', 'Consumer']) { expect([await apps.bring(build, name), apps.reasons(name)]).toEqual(['CREATE_COMPLETE', '']); }
      expect(apps.statuses()).toEqual(['COMPLETED', 'COMPLETED']);
      const [endpoint] = apps.region().sagemaker.state.endpoints.values();
      expect([endpoint.status, endpoint.served![0].InstanceType]).toEqual(['InService', 'ml.c5.xlarge']);
      for (const name of ['Consumer', 'Producer']) { expect(await apps.remove(name)).toBe('DELETE_COMPLETE'); }
    } finally {
      await apps.close();
    }
  });

  test('a model of another copy\'s recommendation may read compiled models', () => {
    const app = new App({ analyticsReporting: false });
    build(app);
    const policies = Template.fromStack(app.node.findChild('Consumer') as Stack).findResources('AWS::IAM::Policy');
    expect(JSON.stringify(policies)).toContain('repository/sagemaker-neo-*');
  });

  test('an endpoint serves a model of another copy by its name', () => {
    const app = new App({ analyticsReporting: false });
    const [first, second] = ['First', 'Second'].map((id) => new Stack(app, id, { env: ENV }));
    const model = new early.library.Model(first, 'Model', { modelPackage: packageIn(early.library, first, 'Package') });
    const { Variant, InstanceType, EndpointConfig } = late.library;
    new EndpointConfig(second, 'Config', { variants: [Variant.onInstances(model, { instanceType: InstanceType.ML_M5_LARGE })] });
    const [{ Properties }] = Object.values(Template.fromStack(second).findResources('AWS::SageMaker::EndpointConfig'));
    expect(JSON.stringify(Properties.ProductionVariants[0].ModelName)).toMatch(/ImportValue.*ModelName/);
  });
});

describe('the options of the runtime', () => {
  const retentions = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup')).map(({ Properties }) => Properties.RetentionInDays);

  test.each([['early', early, late], ['late', late, early]])('that are set through the %s copy hold for the stacks of both', (_name, { library: one }, { library: other }) => {
    const app = new App({ analyticsReporting: false });
    one.InferenceRecommenderRuntime.configure(app, { logRetention: RetentionDays.ONE_YEAR });
    const [first, second] = ['First', 'Second'].map((id) => new Stack(app, id));
    jobIn(one, first);
    jobIn(other, second);
    expect([retentions(first), retentions(second)]).toEqual([[365], [365]]);
    expect(() => other.InferenceRecommenderRuntime.configure(app, {})).toThrow('The runtime of the app is configured already');
    expect(() => other.InferenceRecommenderRuntime.configure(first, {})).toThrow('The runtime of First is made already');
  });

  test('that a copy does not know are named in a warning', () => {
    const stack = newStack();
    late.library.InferenceRecommenderRuntime.configure(stack, { logRetention: RetentionDays.ONE_YEAR, later: true } as object);
    jobIn(early.library, stack);
    const [{ entry }] = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('`later` is an option'));
    expect(entry.data).toContain('version 0.1.0, does not know');
    expect(retentions(stack)).toEqual([365]);
  });
});
