import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import * as fc from 'fast-check';
import { containerOf } from '../../../lambda/model/request';
import {
  BenchmarkTarget, ContainerImage, EndpointCandidate, IModelPackage, InstanceType, JobType, Model, ModelContainer, ModelPackage, ModelProps,
  Recommendation, RecommendedEndpoint, TrafficPattern,
} from '../../../src';
import type { ModelProperties } from '../../../src/contract/model';
import { CONTAINER_CONFIG, deployed, importedPackage, jobIn, newStack, ofType, only, packageIn, XGBOOST } from '../../harness/constructs';

const NATIVE = 'AWS::SageMaker::Model';
const MADE = 'Custom::InferenceRecommendationModel';
const MARKETPLACE = 'arn:aws:sagemaker:us-east-1:865070037744:model-package/hf-textgeneration-gpt2-cpu-b73b575105d336b680d151277ebe4ee0';
const image = ContainerImage.fromRegistry(XGBOOST);

type Environment = Record<string, string>;

const ownPackage = (stack: Stack, environment?: Environment, more: Environment[] = []) => packageIn(stack, {
  containers: [environment, ...more].map((one) => ({ image, environment: one })),
});
const fixed = (stack: Stack, modelPackage: IModelPackage, environment?: Environment, compilationJobName?: string) => Recommendation.fromAttributes(stack, 'Fixed', {
  instanceType: InstanceType.ML_C5_XLARGE, modelPackage, environment, compilationJobName,
});
const warnings = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => `${entry.data}`);

describe('variables of one\'s own', () => {
  test('go over the tuned ones, and these over the package\'s: alike in CloudFormation\'s resource and through the API', () => {
    const environment = fc.dictionary(fc.constantFrom('A', 'B', 'C', 'D'), fc.string({ maxLength: 3 }), { noNullPrototype: true });
    fc.assert(fc.property(environment, environment, environment, (packages, tuned, own) => {
      const stack = newStack();
      const modelPackage = ownPackage(stack, packages);
      new Model(stack, 'Native', { recommendation: fixed(stack, modelPackage, tuned), environment: own });
      const resources = deployed(stack);
      const { Environment: native } = only(resources, NATIVE).Properties.PrimaryContainer;

      const properties: ModelProperties = {
        SchemaVersion: '2', ModelPackageName: 'package', InferenceSpecificationName: '', CompilationJobName: '', Environment: JSON.stringify(tuned), OwnEnvironment: own,
      };
      const described: any = { InferenceSpecification: { Containers: [{ Environment: packages }] } };
      expect(containerOf(properties, described, undefined).Environment).toEqual(native);
      const isChanged = Object.keys(tuned).length + Object.keys(own).length > 0;
      expect(native).toEqual(isChanged ? { ...packages, ...tuned, ...own } : undefined);
    }), { numRuns: 40 });
  });

  test.each<[string, (stack: Stack) => ModelProps]>([
    ['an imported package', (stack) => ({ modelPackage: importedPackage(stack) })],
    ['a recommendation that only the deploy knows', (stack) => ({ recommendation: jobIn(stack).addRecommendation('Best') })],
    ['a compiled recommendation', (stack) => ({ recommendation: fixed(stack, ownPackage(stack), { A: '1' }, 'neo-1') })],
    ['a benchmarked model', (stack) => {
      const model = new Model(stack, 'Benchmarked', { containers: [ModelContainer.fromImage(image)] });
      return { recommendation: Recommendation.fromAttributes(stack, 'Best', { instanceType: InstanceType.ML_C5_XLARGE, model }) };
    }],
  ])('of %s are set through the API', (_what, props) => {
    const stack = newStack();
    new Model(stack, 'Model', { ...props(stack), environment: { MY_SETTING: 'on' } });
    expect(only(deployed(stack), MADE).Properties.OwnEnvironment).toEqual({ MY_SETTING: 'on' });
  });

  test('of a package of the app are whole in CloudFormation\'s resource, without a recommendation, too', () => {
    const stack = newStack();
    new Model(stack, 'Model', { modelPackage: ownPackage(stack, { A: '1', B: '1' }), environment: { B: '2' } });
    expect(only(deployed(stack), NATIVE).Properties.PrimaryContainer.Environment).toEqual({ A: '1', B: '2' });
  });

  test('belong to one container', () => {
    const stack = newStack();
    const modelPackage = ownPackage(stack, {}, [{}]);
    expect(() => new Model(stack, 'Model', { modelPackage, environment: { A: '1' } }))
      .toThrow('`environment` sets A and the model package has 2 containers: it does not say which is meant. Set `environment` of the one of your own');
    expect(() => new Model(stack, 'Other', { containers: [ModelContainer.fromImage(image)], environment: { A: '1' } }))
      .toThrow('`environment` must not be set together with `containers`: set it on the container that is meant.');
    expect(() => new Model(stack, 'Third', { modelPackage, environment: { 'no-name': '1' } })).toThrow(/^`environment/);
  });

  const varying = (...names: string[]) => JobType.loadTest({
    endpointCandidates: names.map((name) => EndpointCandidate.instance(InstanceType.ML_C5_XLARGE, { environment: { [name]: ['1', '2'] } })),
    trafficPattern: TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]),
  });
  test.each<[string, (stack: Stack) => ModelProps['recommendation']]>([
    ['a candidate varies', (stack) => jobIn(stack, { jobType: varying('THREADS', 'WORKERS') }).addRecommendation('Best')],
    ['each candidate varies', (stack) => jobIn(stack, { jobType: varying('THREADS') }).addRecommendation('Best', { limits: { allowCompiledModels: false } })],
    ['a fallback sets', (stack) => jobIn(stack).addRecommendation('Best', { fallback: { instanceType: InstanceType.ML_C5_XLARGE, environment: { THREADS: '1' } } })],
    ['a fixed recommendation sets', (stack) => fixed(stack, importedPackage(stack), { THREADS: '1' })],
  ])('that %s are warned of, and no others', (_what, recommendation) => {
    const [overriding, beside] = [newStack(), newStack()];
    new Model(overriding, 'Model', { recommendation: recommendation(overriding), environment: { THREADS: '8', MY_SETTING: 'on' } });
    new Model(beside, 'Model', { recommendation: recommendation(beside), environment: { MY_SETTING: 'on' } });
    expect(warnings(overriding).filter((text) => text.includes('tunedEnvironment'))).toEqual([expect.stringContaining(
      '`environment` overrides THREADS, which the recommendation tunes, so the benchmark\'s figures may not hold: leave it out, or benchmark the value of your own.')]);
    expect(warnings(beside).filter((text) => text.includes('tunedEnvironment'))).toEqual([]);
  });

  test('go through a recommended endpoint, which tells if they have no effect', () => {
    const stack = newStack();
    const modelPackage = importedPackage(stack);
    const recommendation = fixed(stack, modelPackage);
    new RecommendedEndpoint(stack, 'Served', { recommendation, environment: { A: '1' } });
    const own = new Model(stack, 'Own', { modelPackage });
    const idle = new RecommendedEndpoint(stack, 'Idle', { recommendation, model: own, environment: { A: '1' } });
    expect(ofType(deployed(stack), MADE).map(({ Properties }) => Properties.OwnEnvironment)).toEqual([{ A: '1' }]);
    expect(Annotations.fromStack(stack).findWarning(`/${idle.node.path}`, Match.stringLikeRegexp('`environment` has no effect')).length).toBe(1);
  });
});

describe('a package of AWS Marketplace', () => {
  const imports: Array<[string, (stack: Stack) => IModelPackage]> = [
    ['as such', (stack) => ModelPackage.fromMarketplaceArn(stack, 'Imported', 'arn:aws:sagemaker:me-central-1:222222222222:model-package/product-1')],
    ['by an ARN of a known account', (stack) => ModelPackage.fromModelPackageArn(stack, 'Imported', MARKETPLACE)],
    ['by attributes', (stack) => ModelPackage.fromModelPackageAttributes(stack, 'Imported', { modelPackageArn: MARKETPLACE })],
  ];

  test.each(imports)('imported %s makes an isolated model, without a word and without a permission', (_what, imported) => {
    const stack = newStack();
    new Model(stack, 'Model', { modelPackage: imported(stack) });
    const resources = deployed(stack);
    const { EnableNetworkIsolation, PrimaryContainer } = only(resources, NATIVE).Properties;
    expect([EnableNetworkIsolation, Object.keys(PrimaryContainer)]).toEqual([true, ['ModelPackageName']]);
    expect(warnings(stack)).toEqual([]);
    expect(JSON.stringify(resources)).not.toMatch(/s3:|ecr:/);
  });

  test.each(imports)('imported %s must not be made without isolation', (_what, imported) => {
    const stack = newStack();
    const modelPackage = imported(stack);
    const message = '`enableNetworkIsolation` must be true for a model package of AWS Marketplace, got: false. Leave it out.';
    expect(() => new Model(stack, 'Model', { modelPackage, enableNetworkIsolation: false })).toThrow(message);
    expect(() => new Model(stack, 'Other', { containers: [ModelContainer.fromModelPackage(modelPackage)], enableNetworkIsolation: false })).toThrow(message);
  });

  test.each(imports)('imported %s is benchmarked and recommended, isolated through the API, too', (_what, imported) => {
    const stack = newStack();
    const job = jobIn(stack, { target: BenchmarkTarget.fromModelPackage(imported(stack)), containerConfig: CONTAINER_CONFIG });
    new Model(stack, 'Model', { recommendation: job.addRecommendation('Best') });
    const resources = deployed(stack);
    expect(only(resources, MADE).Properties.EnableNetworkIsolation).toBe('true');
    expect(warnings(stack).filter((text) => text.includes('Unreadable'))).toEqual([]);
  });

  test('another package is as isolated as it is told to be', () => {
    for (const enableNetworkIsolation of [undefined, false, true]) {
      const stack = newStack();
      new Model(stack, 'Model', { modelPackage: importedPackage(stack), enableNetworkIsolation, role: Role.fromRoleName(stack, 'Role', 'given') });
      expect(only(deployed(stack), NATIVE).Properties.EnableNetworkIsolation).toBe(enableNetworkIsolation);
    }
  });
});
