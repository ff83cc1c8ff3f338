import { mkdtempSync } from 'fs';
import { join } from 'path';
import { App, CfnOutput, Duration, NestedStack, Stack, StackProps } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  BenchmarkTarget, CrossStackReference, Endpoint, EndpointCandidate, EndpointConfig, EndpointType, InstanceType, IRecommendation, JobType, Model,
  ModelPackage, Recommendation, RecommendationOptions, RecommendationReplica, TrafficPattern, Variant, Wait,
} from '../../../src';
import { FIELDS } from '../../../src/contract/parameters';
import { RECOMMENDATION_ATTRIBUTES } from '../../../src/contract/recommend';
import { deployed, importedPackage, jobIn, ofType, only, packageIn, SCRATCH } from '../../harness/constructs';

const PATH = '/shop/best';

function newApp(context: Record<string, unknown> = {}): App {
  return new App({ outdir: mkdtempSync(join(SCRATCH, 'cdk.out-')), analyticsReporting: false, context: { 'aws:cdk:disable-asset-staging': true, ...context } });
}

/** An app with a recommendation in one stack and what is given in another. */
function twoStacks(consume: (consumer: Stack, best: Recommendation) => void, options: RecommendationOptions = {}, env: StackProps['env'] = undefined) {
  const app = newApp();
  const [producer, consumer] = [new Stack(app, 'Producer', { env }), new Stack(app, 'Consumer', { env })];
  const best = jobIn(producer, { target: BenchmarkTarget.fromModelPackage(packageIn(producer)) }).addRecommendation('Best', { parameterPath: PATH, ...options });
  consume(consumer, best);
  return { app, producer, consumer, best };
}

function serve(stack: Stack, best: IRecommendation): void {
  const model = new Model(stack, 'Model', { recommendation: best });
  new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] }) });
}

/** What a stack reads from Parameter Store, but for the CDK's own. */
function read(stack: Stack): string[] {
  return Object.entries<any>(Template.fromStack(stack).toJSON().Parameters ?? {}).filter(([name]) => name !== 'BootstrapVersion').map(([, { Type, Default }]) => {
    expect(Type).toBe('AWS::SSM::Parameter::Value<String>');
    return Default;
  }).sort();
}

/** The attributes that a stack takes out of these parameters. */
function used(stack: Stack): string[] {
  const text = JSON.stringify(Template.fromStack(stack).toJSON());
  const fields = [...text.matchAll(/"Fn::Select":\[(\d+),\{"Fn::Split":\["\|",\{"Ref":"[^"]*fields/g)].map(([, position]) => FIELDS[Number(position)][0]);
  const texts = [...text.matchAll(/"Fn::Split":\["\|([^"]*)=",\{"Ref":"[^"]*texts/g)].map(([, name]) => name);
  return [...new Set<string>([...fields, ...texts])].sort();
}

const BOTH = ['fields', 'texts'].map((name) => `${PATH}/${name}`);

test('the other stack reads parameters, and the producer exports nothing of the recommendation', () => {
  const { producer, consumer } = twoStacks(serve);
  const fields = ['CompilationJobName', 'Environment', 'InferenceSpecificationName', 'InstanceCount', 'InstanceType', 'ModelPackageArn', 'TargetInLowerCase'];
  expect(used(consumer)).toEqual(fields);
  expect(read(consumer)).toEqual(BOTH);
  const template = Template.fromStack(producer).toJSON();
  expect(Object.keys(template).sort()).toEqual(['Outputs', 'Parameters', 'Resources', 'Rules']);
  // What is benchmarked is exported, as it is without jobs: CloudFormation refuses to delete an export in use.
  const value = { 'Fn::GetAtt': [expect.stringMatching(/^Package/), 'ModelPackageArn'] };
  expect(Object.values(template.Outputs)).toEqual([{ Value: value, Export: { Name: expect.stringMatching(/^Producer:/) } }]);
  expect(JSON.stringify(Template.fromStack(consumer).toJSON())).not.toContain('ImportValue');
  expect(consumer.dependencies.map(({ node }) => node.path)).toEqual(['Producer']);
});

test('a field has a position there, a text is found by its name, and both are attributes in their own stack', () => {
  const { consumer, producer, best } = twoStacks((stack, { environment, instanceCount }) => {
    new CfnOutput(stack, 'Text', { value: environment });
    new CfnOutput(stack, 'Number', { value: `${instanceCount}` });
  });
  const { Outputs: outputs } = Template.fromStack(consumer).toJSON();
  const text = { 'Fn::Select': [1, { 'Fn::Split': ['|Environment=', { Ref: expect.stringContaining('texts') }] }] };
  const plain = { 'Fn::Select': [0, { 'Fn::Split': ['|', text] }] };
  expect(Object.values<any>(outputs).map(({ Value }) => Value)).toEqual([
    { 'Fn::Join': ['~', { 'Fn::Split': ['~0', { 'Fn::Join': ['|', { 'Fn::Split': ['~1', plain] }] }] }] },
    { 'Fn::Select': [6, { 'Fn::Split': ['|', { Ref: expect.stringContaining('fields') }] }] },
  ]);
  expect(producer.resolve([best.environment, best.instanceCount])).toEqual(
    ['Environment', 'InstanceCount'].map((name) => ({ 'Fn::GetAtt': [expect.stringMatching(/^JobBest/), name] })));
});

test('a path of the library\'s own is made when another stack asks for it, and only then', () => {
  const own = { parameterPath: undefined };
  const { producer, consumer } = twoStacks(serve, own);
  const path = '/cdk-sagemaker-inference-recommender/Producer/Producer-Job-Best-';
  expect(read(consumer).map((name) => name.startsWith(path))).toEqual([true, true]);
  const written = only(deployed(producer), 'Custom::InferenceRecommendation');
  expect(read(consumer)[0]).toBe(`${written.Properties.ParameterPath}/fields`);
  // It is written with the policy that allows it in place.
  const policies = Object.entries(deployed(producer)).filter(([, { Type, Properties }]) => (
    Type === 'AWS::IAM::Policy' && JSON.stringify(Properties).includes('ssm:PutParameter')));
  expect(policies).toHaveLength(1);
  expect(written.DependsOn).toContain(policies[0][0]);
  const { producer: alone } = twoStacks(() => {}, own);
  expect(only(deployed(alone), 'Custom::InferenceRecommendation').Properties.ParameterPath).toBeUndefined();
});

test('synth twice gives the same templates, whoever asks first', () => {
  const templates = () => {
    const { app } = twoStacks(serve, { parameterPath: undefined });
    return app.synth().stacks.map(({ stackName, template }) => [stackName, template]);
  };
  const [first, second] = [templates(), templates()];
  expect(first).toHaveLength(2);
  expect(JSON.stringify(second)).toBe(JSON.stringify(first));
});

test('an app that is synthesized twice stays the same', () => {
  const { app, producer, consumer } = twoStacks(serve, { parameterPath: undefined });
  const texts = () => JSON.stringify(app.synth({ force: true }).stacks.map(({ template }) => template));
  const first = texts();
  expect(texts()).toBe(first);
  expect(read(consumer)).toHaveLength(2);
  expect(ofType(deployed(producer), 'Custom::InferenceRecommendation')).toHaveLength(1);
});

test('the producer is deployed first, so it may use nothing of its consumer', () => {
  const { app, producer, consumer } = twoStacks(serve);
  producer.addDependency(consumer);
  expect(() => app.synth()).toThrow(/depends on/);
});

test('tuned variables are read one by one where a native model is made of them', () => {
  const app = newApp();
  const [producer, consumer] = [new Stack(app, 'Producer'), new Stack(app, 'Consumer')];
  const job = jobIn(producer, {
    target: BenchmarkTarget.fromModelPackage(packageIn(producer)),
    jobType: JobType.loadTest({
      endpointCandidates: [EndpointCandidate.instance(InstanceType.ML_C5_XLARGE, { environment: { OMP_NUM_THREADS: ['2', '4'] } })],
      trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
    }),
  });
  new Model(consumer, 'Model', { recommendation: job.addRecommendation('Best', { parameterPath: PATH, limits: { allowCompiledModels: false } }) });
  expect(used(consumer)).toEqual(['Environment.OMP_NUM_THREADS', 'ModelPackageArn']);
  expect(ofType(deployed(consumer), 'AWS::SageMaker::Model')).toHaveLength(1);
});

test('references of the CDK\'s own kind are exports', () => {
  const { producer, consumer } = twoStacks((stack, best) => {
    new CfnOutput(stack, 'InstanceType', { value: best.instanceType });
  }, { crossStackReference: CrossStackReference.CDK });
  expect(Object.values<any>(Template.fromStack(producer).toJSON().Outputs)).toEqual([
    { Export: { Name: expect.any(String) }, Value: { 'Fn::GetAtt': [expect.stringMatching(/^JobBest/), 'InstanceType'] } },
  ]);
  expect(Template.fromStack(consumer).toJSON().Outputs.InstanceType.Value).toHaveProperty('Fn::ImportValue');
  expect(read(consumer)).toEqual([]);
});

describe('nested stacks', () => {
  test('within one stack need no parameter, in either direction', () => {
    const parent = new Stack(newApp(), 'Parent');
    const [producer, consumer] = [new NestedStack(parent, 'Producer'), new NestedStack(parent, 'Consumer')];
    const best = jobIn(producer).addRecommendation('Best');
    new CfnOutput(parent, 'Above', { value: best.instanceType });
    new CfnOutput(consumer, 'Beside', { value: best.instanceType });
    expect(read(parent)).toEqual([]);
    expect(JSON.stringify(Template.fromStack(parent).toJSON().Outputs.Above)).toContain('Fn::GetAtt');
    expect(JSON.stringify(Template.fromStack(producer).toJSON().Outputs)).toContain('InstanceType');
  });

  test('however deep, are written below the name of the stack that they are in', () => {
    const app = newApp();
    const producer = new Stack(app, 'Producer');
    const best = jobIn(new NestedStack(new NestedStack(producer, 'Outer'), 'Inner')).addRecommendation('Best');
    const consumer = new Stack(app, 'Consumer');
    new CfnOutput(consumer, 'InstanceType', { value: best.instanceType });
    app.synth();
    expect(read(consumer)).toEqual([expect.stringMatching(/^\/cdk-sagemaker-inference-recommender\/Producer\/.*Best.*\/fields$/)]);
  });

  test('read the parameters of another stack through the stack that they are in', () => {
    const app = newApp();
    const [producer, parent] = [new Stack(app, 'Producer'), new Stack(app, 'Parent')];
    const best = jobIn(new NestedStack(producer, 'Nested')).addRecommendation('Best', { parameterPath: PATH });
    const consumer = new NestedStack(parent, 'Nested');
    new CfnOutput(consumer, 'InstanceType', { value: best.instanceType });
    app.synth();
    expect(read(parent)).toEqual([`${PATH}/fields`]);
    expect(Template.fromStack(consumer).toJSON().Outputs.InstanceType.Value).toEqual(
      { 'Fn::Select': [4, { 'Fn::Split': ['|', { Ref: expect.stringMatching(/^referenceto/) }] }] });
    expect(parent.dependencies.map(({ node }) => node.path)).toEqual(['Producer']);
  });
});

describe('a recommendation of another app', () => {
  const consumed = (attributes = {}) => {
    const stack = new Stack(newApp(), 'Consumer');
    return { stack, best: Recommendation.fromSsmParameter(stack, 'Best', { parameterPath: PATH, ...attributes }) };
  };

  test('has the fields of the original', () => {
    const { stack: foreign, best } = consumed();
    serve(foreign, best);
    const { consumer } = twoStacks(serve);
    expect([read(foreign), used(foreign)]).toEqual([read(consumer), used(consumer)]);
    const { Resources: theirs } = Template.fromStack(foreign).toJSON();
    const { Resources: own } = Template.fromStack(consumer).toJSON();
    const config = (resources: any) => ofType(resources, 'AWS::SageMaker::EndpointConfig').map(({ Properties }) => JSON.stringify(Properties)
      .replace(/"Ref":"[^"]*shopbest/g, '"Ref":"shopbest'));
    expect(config(theirs)).toEqual(config(own));
  });

  test('has each of them by name', () => {
    const { stack, best } = consumed();
    // The fields of all kinds, and those of its own.
    const ofKind = Object.getPrototypeOf(Object.getPrototypeOf(best));
    const ofAll = Object.getPrototypeOf(ofKind);
    const names = [ofKind, ofAll].flatMap((fields) => Object.getOwnPropertyNames(fields)).filter((name) => !/^(constructor|_|parameterPath$)/.test(name));
    // IAM's spelling of the target is for the library alone. Without pools, the variant's count is the instances'.
    const shown = RECOMMENDATION_ATTRIBUTES.filter((attribute) => attribute !== 'TargetInLowerCase');
    expect(names).toHaveLength([...shown, 'VariantInstanceCount'].length);
    names.forEach((name) => new CfnOutput(stack, name, { value: `${(best as any)[name]}` }));
    expect(used(stack)).toEqual([...shown].sort());
    expect(read(stack)).toEqual(BOTH);
  });

  test('is a serverless one if it is said to be, and of a package that is known, if it is given', () => {
    const stack = new Stack(newApp(), 'Consumer');
    const modelPackage = importedPackage(stack);
    const best = Recommendation.fromSsmParameter(stack, 'Best', { parameterPath: PATH, endpointType: EndpointType.SERVERLESS, modelPackage });
    expect([best.endpointType, best.modelPackage, best.model]).toEqual([EndpointType.SERVERLESS, modelPackage, undefined]);
    serve(stack, best);
    expect(used(stack)).toEqual(expect.arrayContaining(['ServerlessMaxConcurrency', 'ServerlessMemorySizeInMB']));
    expect(used(stack)).not.toContain('InstanceType');
  });

  test.each(['shop', '/aws/shop', 'a b'])('refuses the path %s', (parameterPath) => {
    expect(() => consumed({ parameterPath })).toThrow(`must not begin with aws or ssm, got: '${parameterPath}'`);
  });
});

describe('another place', () => {
  const account = '111111111111';
  const apart = (env: StackProps['env']) => {
    const app = newApp();
    const producer = new Stack(app, 'Producer', { env: { account, region: 'us-east-1' } });
    const best = jobIn(producer).addRecommendation('Best', { parameterPath: PATH });
    new CfnOutput(new Stack(app, 'Consumer', { env }), 'InstanceType', { value: best.instanceType });
    return () => app.synth();
  };

  test.each([
    ['Region', { account, region: 'eu-west-1' }, '111111111111/eu-west-1'],
    ['account', { account: '222222222222', region: 'us-east-1' }, '222222222222/us-east-1'],
  ])('in another %s without a replica, synth says what to do', (_what, env, place) => {
    expect(apart(env)).toThrow(`Stack 'Consumer' in ${place} uses 'Producer/Job/Best' of 111111111111/us-east-1: make a \`RecommendationReplica\``);
  });

  test('the same place needs none', () => {
    expect(apart({ account, region: 'us-east-1' })).not.toThrow();
  });

  test('of one that is not said to be the same, synth says how to say so', () => {
    const app = newApp();
    const best = jobIn(new Stack(app, 'Producer')).addRecommendation('Best', { parameterPath: PATH });
    new CfnOutput(new Stack(app, 'Consumer', { env: { account, region: 'us-east-1' } }), 'InstanceType', { value: best.instanceType });
    expect(() => app.synth()).toThrow("uses 'Producer/Job/Best' of unknown/unknown: make a `RecommendationReplica` for that place, or give both stacks the same `env`");
  });
});

describe('a path that the app publishes in one place and reads in another', () => {
  const account = '111111111111';
  const warnings = (region: string, replica?: string, parameterPath = PATH) => {
    const app = newApp();
    const producer = new Stack(app, 'Producer', { env: { account, region: 'us-east-1' } });
    const consumer = new Stack(app, 'Consumer', { env: { account, region } });
    const { instanceType, environment } = Recommendation.fromSsmParameter(consumer, 'Best', { parameterPath });
    new CfnOutput(consumer, 'Both', { value: `${instanceType} ${environment}` });
    const recommendation = jobIn(producer).addRecommendation('Best', { parameterPath: PATH });
    if (replica) { new RecommendationReplica(producer, 'Replica', { recommendation, region: replica }); }
    app.synth();
    return Annotations.fromStack(consumer).findWarning('*', Match.stringLikeRegexp('parameterElsewhere')).map(({ entry }) => String(entry.data));
  };

  test('gets one warning that names both and the remedy, because CloudFormation says only that it cannot fetch the parameter', () => {
    expect(warnings('eu-west-1')).toEqual([expect.stringContaining(`\`parameterPath\` '${PATH}' is published by 'Producer/Job/Best' in`
      + ' 111111111111/us-east-1, and read in 111111111111/eu-west-1: make a `RecommendationReplica` for that place')]);
    expect(warnings('eu-west-1', 'eu-central-1')).toHaveLength(1);
  });

  test.each<[string, string, string | undefined, string]>([
    ['where a replica is', 'eu-west-1', 'eu-west-1', PATH], ['in the same place', 'us-east-1', undefined, PATH], ['of another app', 'eu-west-1', undefined, '/other/best'],
  ])('gets none %s', (_what, region, replica, path) => {
    expect(warnings(region, replica, path)).toEqual([]);
  });
});

test('without jobs, another stack gets the figures of the code, and reads nothing', () => {
  const app = newApp({ 'cdk-sagemaker-inference-recommender:withoutJobs': true });
  const [producer, consumer] = [new Stack(app, 'Producer'), new Stack(app, 'Consumer')];
  const best = jobIn(producer, { wait: Wait.inBackground() }).addRecommendation('Best', { fallback: { instanceType: InstanceType.ML_M5_LARGE } });
  serve(consumer, best);
  expect(read(consumer)).toEqual([]);
  expect(only(deployed(consumer), 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants[0].InstanceType).toBe('ml.m5.large');
});

test('a package of the consumer\'s own goes before the one that was benchmarked', () => {
  const { consumer } = twoStacks((stack, best) => {
    new Model(stack, 'Model', { recommendation: best, modelPackage: ModelPackage.fromModelPackageArn(stack, 'Own', 'arn:aws:sagemaker:us-east-1:111111111111:model-package/own/7') });
  });
  expect(used(consumer)).not.toContain('ModelPackageArn');
  expect(only(deployed(consumer), 'Custom::InferenceRecommendationModel').Properties.ModelPackageName).toMatch(/own\/7$/);
});
