import { readFileSync } from 'fs';
import { join } from 'path';
import {
  App, Aspects, CliCredentialsStackSynthesizer, DefaultStackSynthesizer, LegacyStackSynthesizer, NestedStack, PermissionsBoundary, Stack, StackProps,
  Stage, TagManager, Tags,
} from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import { IConstruct } from 'constructs';
import { InProcessRunner } from './in-process-runner';
import { Build, LocalApps } from './local-apps';
import { Region } from '../../local-aws';
import {
  BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, InferenceRecommenderRuntime, Model, ModelPackage, ModelPackageGroup,
  Variant,
} from '../../src';
import * as library from '../../src';
import { operate, publish } from '../harness/assembly';
import { packageRequest, xgboost } from '../harness/model-package';
import { ACCOUNT, REGION } from '../harness/place';

/** The accounts of AWS's own XGBoost images: https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html */
const IMAGES: Readonly<Record<string, string>> = {
  'cn-north-1': '450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn', 'us-gov-west-1': '414596584902.dkr.ecr.us-gov-west-1.amazonaws.com',
};

/** A job with a recommendation and its model. */
function recommended(stack: Stack, region = REGION): { readonly job: InferenceRecommendationsJob; readonly model: Model; readonly variant: Variant } {
  const registry = IMAGES[region];
  const modelPackage = new ModelPackage(stack, 'Package', {
    modelPackageGroup: new ModelPackageGroup(stack, 'Group'), ...xgboost(library, { image: registry && `${registry}/sagemaker-xgboost:1.3-1` }),
  });
  const job = new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage) });
  const recommendation = job.addRecommendation('Best');
  const model = new Model(stack, 'Model', { recommendation });
  return { job, model, variant: Variant.fromRecommendation(model, recommendation) };
}

function served(stack: Stack, region?: string): void {
  new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants: [recommended(stack, region).variant] }) });
}

const inStack = (id: string, props: StackProps = {}, region?: string): Build => (app) => served(new Stack(app, id, props), region);

let apps: LocalApps;
const called: string[] = [];
beforeAll(async () => {
  apps = await LocalApps.open({ lambdaRunner: new InProcessRunner() });
  apps.aws.world.watch(({ operation, status }) => { if (status === 200) { called.push(operation); } });
});
afterAll(() => apps.close());

/** How often an operation was done since then. */
const since = (mark: number, operation: string) => called.slice(mark).filter((one) => one === operation).length;
const endpointsIn = (region: Region) => [...region.sagemaker.state.endpoints.values()].map(({ status }) => status);
const templateOf = (directory: string, name: string) => readFileSync(join(directory, `${name}.template.json`), 'utf8');

/** Brings a stack, expects that its endpoint serves, and deletes it. */
async function lives(build: Build, name: string, region = apps.region()): Promise<void> {
  const before = endpointsIn(region).length;
  expect([await apps.bring(build, name, region), apps.reasons(name, region)]).toEqual(['CREATE_COMPLETE', '']);
  expect(endpointsIn(region).slice(before)).toEqual(['InService']);
  expect(await apps.remove(name, region)).toBe('DELETE_COMPLETE');
}

describe('a permissions boundary and a VPC for the functions', () => {
  const guarded = ({ inVpc = true, denies = false } = {}): Build => (app) => {
    const base = new Stack(app, 'Base');
    const boundary = new ManagedPolicy(base, 'Boundary', {
      managedPolicyName: 'boundary',
      statements: [new PolicyStatement({ notActions: ['iam:CreateUser', ...denies ? ['sagemaker:DescribeInferenceRecommendationsJob'] : []], resources: ['*'] })],
    });
    const stack = new Stack(app, 'Guarded', { permissionsBoundary: PermissionsBoundary.fromArn(`arn:aws:iam::${ACCOUNT}:policy/boundary`) });
    stack.node.addDependency(boundary);
    if (inVpc) {
      InferenceRecommenderRuntime.configure(stack, {
        vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-1'] }),
      });
    }
    served(stack);
  };

  test('hold for every role and function, come and go without a job, and bound what functions may do', async () => {
    for (const [options, status] of [[{ inVpc: false }, 'CREATE_COMPLETE'], [{}, 'UPDATE_COMPLETE'], [{ inVpc: false }, 'UPDATE_COMPLETE'], [{}, 'UPDATE_COMPLETE']] as const) {
      const mark = called.length;
      await apps.bring(guarded(options), 'Base').catch(({ message }) => expect(message).toMatch(/^No updates/));
      expect([await apps.bring(guarded(options), 'Guarded'), apps.reasons('Guarded')]).toEqual([status, '']);
      expect(since(mark, 'CreateInferenceRecommendationsJob')).toBe(status === 'CREATE_COMPLETE' ? 1 : 0);
    }
    const resources = [...apps.stack('Guarded').resources.values()];
    const roles = resources.filter(({ type }) => type === 'AWS::IAM::Role');
    expect(roles.length).toBeGreaterThan(5);
    roles.forEach(({ properties }) => expect(properties.PermissionsBoundary).toBe(`arn:aws:iam::${ACCOUNT}:policy/boundary`));
    const functions = resources.filter(({ type }) => type === 'AWS::Lambda::Function');
    functions.forEach(({ properties }) => expect(properties.VpcConfig.SubnetIds).toEqual(['subnet-1']));
    expect(await apps.remove('Guarded')).toBe('DELETE_COMPLETE');
    expect(await apps.bring(guarded({ denies: true }), 'Base')).toBe('UPDATE_COMPLETE');
    expect(await apps.bring(guarded({ denies: true }), 'Guarded')).toBe('ROLLBACK_COMPLETE');
    expect(apps.reasons('Guarded')).toContain('no permissions boundary allows the sagemaker:DescribeInferenceRecommendationsJob action');
    for (const name of ['Guarded', 'Base']) { expect(await apps.remove(name)).toBe('DELETE_COMPLETE'); }
  });
});

describe('where a stack stands', () => {
  test('in a stage', async () => {
    const app = new App({ analyticsReporting: false });
    served(new Stack(new Stage(app, 'Prod', { env: { account: ACCOUNT, region: REGION } }), 'Shop'));
    const { directory, stacks: [{ stackName, templateFile }] } = app.synth().getNestedAssembly('assembly-Prod');
    const region = apps.region();
    const TemplateBody = publish(directory, templateFile.replace(/\.template\.json$/, ''), region);
    const status = await operate(region, 'CreateStack', stackName, { TemplateBody, Capabilities: ['CAPABILITY_IAM'] });
    expect([stackName, status]).toEqual(['Prod-Shop', 'CREATE_COMPLETE']);
    expect(await apps.remove('Prod-Shop')).toBe('DELETE_COMPLETE');
  });

  test('in a pipeline, which publishes every asset before its stage', () => {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'Delivery', { env: { account: ACCOUNT, region: REGION } });
    const input = CodePipelineSource.s3(Bucket.fromBucketName(stack, 'Source', 'source'), 'app.zip');
    const pipeline = new CodePipeline(stack, 'Pipeline', { synth: new ShellStep('Synth', { input, commands: ['npx cdk synth'] }) });
    const stage = new Stage(app, 'Prod', { env: { account: ACCOUNT, region: REGION } });
    served(new Stack(stage, 'Shop'));
    pipeline.addStage(stage);
    const { directory, stacks: [{ templateFile }] } = app.synth().getNestedAssembly('assembly-Prod');
    const { files } = JSON.parse(readFileSync(join(directory, templateFile.replace('template', 'assets')), 'utf8'));
    const own = Object.keys(files).filter((hash) => !files[hash].source.path.endsWith('.template.json'));
    const text = templateOf(app.synth().directory, 'Delivery');
    expect(own.length).toBe(3);
    expect(own.filter((hash) => !text.includes(hash))).toEqual([]);
  });

  test('in another stack', async () => {
    await lives((app) => served(new NestedStack(new Stack(app, 'Outer'), 'Inner')), 'Outer');
  });

  test('in no known account or Region', async () => {
    await lives(inStack('Anywhere'), 'Anywhere');
    await lives(inStack('Anywhere'), 'Anywhere', apps.region('us-east-1', '222222222222'));
  });

  test.each(Object.keys(IMAGES))('in another partition: %s', async (name) => {
    const region = apps.region(name);
    const build = inStack('Elsewhere', { env: { account: ACCOUNT, region: name } }, name);
    const partition = /^cn-/.test(name) ? 'aws-cn' : 'aws-us-gov';
    expect(templateOf(apps.synth(build), 'Elsewhere')).not.toMatch(/arn:aws:|s3:\/\/[^"]*amazonaws|https:\/\/[^"]*amazonaws\.com[^.]/);
    const before = endpointsIn(region).length;
    expect([await apps.bring(build, 'Elsewhere', region), apps.reasons('Elsewhere', region)]).toEqual(['CREATE_COMPLETE', '']);
    expect(endpointsIn(region).slice(before)).toEqual(['InService']);
    const ids = [...apps.stack('Elsewhere', region).resources.values()].map(({ physicalId }) => physicalId!).filter((id) => id.startsWith('arn:'));
    expect(new Set(ids.map((id) => id.split(':')[1]))).toEqual(new Set([partition]));
    expect(await apps.remove('Elsewhere', region)).toBe('DELETE_COMPLETE');
  });
});

describe('who synthesizes', () => {
  const bucketOf = (build: Build, name: string) => {
    const { Resources } = JSON.parse(templateOf(apps.synth(build), name));
    const buckets = Object.values<any>(Resources).flatMap(({ Type, Properties }) => (Type === 'AWS::Lambda::Function' ? [JSON.stringify(Properties.Code.S3Bucket)] : []));
    return [...new Set(buckets)];
  };

  test.each([
    ['with a qualifier of one\'s own', () => new DefaultStackSynthesizer({ qualifier: 'shop' }), 'cdk-shop-assets-'],
    ['with a bucket of one\'s own', () => new DefaultStackSynthesizer({ fileAssetsBucketName: 'own-assets', bucketPrefix: 'ml/' }), 'own-assets'],
    ['with the credentials of the CLI', () => new CliCredentialsStackSynthesizer(), 'cdk-hnb659fds-assets-'],
  ])('%s', async (_how, synthesizer, bucket) => {
    const { s3 } = apps.aws.world;
    const named = bucket.endsWith('-') ? `${bucket}${ACCOUNT}-${REGION}` : bucket;
    if (!s3.find(named)) { s3.createBucket(named, ACCOUNT, REGION); }
    const { parameters } = apps.region().ssm;
    const [Name, known] = ['/cdk-bootstrap/shop/version', parameters.get('/cdk-bootstrap/hnb659fds/version')!];
    parameters.set(Name, { ...known, Name });
    expect(bucketOf(inStack('Made', { synthesizer: synthesizer() }), 'Made')).toEqual([expect.stringContaining(bucket)]);
    await lives(inStack('Made', { synthesizer: synthesizer() }), 'Made');
  });

  test('without the new bootstrap: functions and artifacts are the parameters of assets', () => {
    const template = JSON.parse(templateOf(apps.synth(inStack('Made', { synthesizer: new LegacyStackSynthesizer() })), 'Made'));
    expect(Object.keys(template.Parameters).filter((name) => /^AssetParameters.*S3Bucket/.test(name)).length).toBe(3);
  });
});

test('a job shows its own tags to an aspect, as resources do', () => {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Tagged');
  const { job } = recommended(stack);
  Tags.of(app).add('owner', 'ml');
  Tags.of(job).add('cost', 'benchmarks');
  const untagged: string[] = [];
  const seen = new Map<IConstruct, unknown>();
  // After the tags' own aspects.
  Aspects.of(app).add({
    visit: (node) => {
      const tags = TagManager.of(node);
      if (!tags) { return; }
      seen.set(node, tags.tagValues());
      if (tags.tagValues().owner !== 'ml' && !Stack.isStack(node)) { untagged.push(node.node.path); }
    },
  }, { priority: 700 });
  app.synth();
  expect([seen.get(job), untagged]).toEqual([{ owner: 'ml', cost: 'benchmarks' }, []]);
});

describe('an endpoint that exists and serves', () => {
  const NAME = 'live';
  const THERE = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:model-package/there/1`;
  /** As somebody has it: plain resources, with a type by hand. */
  const plain = (stack: Stack, configName?: string): CfnEndpoint => {
    const model = new Model(stack, 'OwnModel', { modelPackage: ModelPackage.fromModelPackageArn(stack, 'There', THERE) });
    const config = configName ? undefined : new CfnEndpointConfig(stack, 'LiveConfig', {
      productionVariants: [{ variantName: 'AllTraffic', modelName: model.modelName, instanceType: 'ml.m5.large', initialInstanceCount: 1, initialVariantWeight: 1 }],
    });
    return new CfnEndpoint(stack, 'Live', { endpointName: NAME, endpointConfigName: configName ?? config!.attrEndpointConfigName });
  };
  const before: Build = (app) => { plain(new Stack(app, 'Own')); };
  const config = (stack: Stack) => new EndpointConfig(stack, 'Config', { variants: [recommended(stack).variant] });
  const ways: Record<string, Build> = {
    'the CfnEndpoint stays, and gets our configuration': (app) => {
      const stack = new Stack(app, 'Own');
      plain(stack, config(stack).endpointConfigName);
    },
    'an Endpoint takes its place, under its logical id and name': (app) => {
      const stack = new Stack(app, 'Own');
      const endpoint = new Endpoint(stack, 'Endpoint', { endpointName: NAME, endpointConfig: config(stack) });
      (endpoint.node.defaultChild as CfnEndpoint).overrideLogicalId('Live');
    },
  };
  const type = async () => {
    const { EndpointConfigName } = await apps.sagemaker('DescribeEndpoint', { EndpointName: NAME });
    return (await apps.sagemaker('DescribeEndpointConfig', { EndpointConfigName })).ProductionVariants[0].InstanceType;
  };

  beforeAll(async () => {
    await apps.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: 'there' });
    await apps.sagemaker('CreateModelPackage', { ModelPackageGroupName: 'there', ModelApprovalStatus: 'Approved', ...packageRequest() });
  });
  afterEach(async () => { expect(await apps.remove('Own')).toBe('DELETE_COMPLETE'); });

  test.each(Object.keys(ways))('is taken over without replacement: %s', async (way) => {
    expect([await apps.bring(before, 'Own'), apps.reasons('Own')]).toEqual(['CREATE_COMPLETE', '']);
    const [mark, id, made] = [called.length, apps.stack('Own').resources.get('Live')!.physicalId, apps.region().sagemaker.state.endpoints.get(NAME)];
    expect([await type(), await apps.bring(ways[way], 'Own'), apps.reasons('Own')]).toEqual(['ml.m5.large', 'UPDATE_COMPLETE', '']);
    expect([since(mark, 'CreateEndpoint'), since(mark, 'DeleteEndpoint'), since(mark, 'UpdateEndpoint')]).toEqual([0, 0, 1]);
    expect([apps.stack('Own').resources.get('Live')!.physicalId, await type()]).toEqual([id, 'ml.c5.xlarge']);
    expect(apps.region().sagemaker.state.endpoints.get(NAME)!.created).toBe(made!.created);
  });

  test('is not replaced by an Endpoint of its name at another logical id: the update fails, and it serves on', async () => {
    await apps.bring(before, 'Own');
    const mark = called.length;
    const other: Build = (app) => {
      const stack = new Stack(app, 'Own');
      new Endpoint(stack, 'Endpoint', { endpointName: NAME, endpointConfig: config(stack) });
    };
    expect(await apps.bring(other, 'Own')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(apps.reasons('Own')).toMatch(/already exist/);
    expect([await type(), since(mark, 'DeleteEndpoint')]).toEqual(['ml.m5.large', 0]);
  });
});
