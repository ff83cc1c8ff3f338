import { Size, Stack, Tags } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { EndpointConfig, EndpointType, IEndpointConfig, InstanceType, InstanceVariantProps, Model, ServerlessVariantProps, Variant } from '../../../src';
import { arn, atDeploy, deployed, idOf, jobIn, late, newStack, only } from '../../harness/constructs';

const TYPE = 'AWS::SageMaker::EndpointConfig';
const SERVERLESS: ServerlessVariantProps = { memorySize: Size.gibibytes(2), maxConcurrency: 5 };
const ON_INSTANCES: InstanceVariantProps = { instanceType: InstanceType.ML_C5_XLARGE };

function served(stack: Stack) {
  return Model.fromModelName(stack, `Served${stack.node.children.length}`, 'served');
}

/** The variants of a configuration as they are rendered. */
function variantsOf(make: (stack: Stack) => Variant[]): any[] {
  const stack = newStack();
  new EndpointConfig(stack, 'Config', { variants: make(stack) });
  return only(deployed(stack), TYPE).Properties.ProductionVariants;
}

function onInstances(props: Partial<InstanceVariantProps> = {}): Variant {
  return Variant.onInstances(served(newStack()), { ...ON_INSTANCES, ...props });
}

describe('a variant of a recommendation', () => {
  const variantOf = (endpointType?: EndpointType) => {
    const stack = newStack();
    const recommendation = jobIn(stack).addRecommendation('Best', { endpointType });
    new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(served(stack), recommendation)] });
    const resources = deployed(stack);
    return { row: idOf(resources, 'JobBest'), variants: only(resources, TYPE).Properties.ProductionVariants };
  };

  test('runs on the instances that the row names', () => {
    const { row, variants } = variantOf();
    expect(variants).toEqual([{
      VariantName: 'AllTraffic',
      ModelName: 'served',
      InitialVariantWeight: 1,
      InstanceType: `${row}.InstanceType`,
      InitialInstanceCount: `${row}.InstanceCount`,
    }]);
  });

  test('of the serverless kind has the row\'s memory and concurrency, and no instances', () => {
    const { row, variants } = variantOf(EndpointType.SERVERLESS);
    expect(variants).toEqual([{
      VariantName: 'AllTraffic',
      ModelName: 'served',
      InitialVariantWeight: 1,
      ServerlessConfig: { MemorySizeInMB: `${row}.ServerlessMemorySizeInMB`, MaxConcurrency: `${row}.ServerlessMaxConcurrency` },
    }]);
  });
});

describe('a variant of your choice', () => {
  test('on instances', () => {
    expect(variantsOf((stack) => [Variant.onInstances(served(stack), { ...ON_INSTANCES, initialInstanceCount: 3, variantName: 'A', initialVariantWeight: 0 })]))
      .toEqual([{ VariantName: 'A', ModelName: 'served', InitialVariantWeight: 0, InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 3 }]);
  });

  test('on one instance by default', () => {
    expect(variantsOf((stack) => [Variant.onInstances(served(stack), ON_INSTANCES)])[0].InitialInstanceCount).toBe(1);
  });

  test('serverless', () => {
    expect(variantsOf((stack) => [Variant.serverless(served(stack), SERVERLESS)])[0])
      .toMatchObject({ ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } });
  });

  test.each<[Partial<InstanceVariantProps>, RegExp]>([
    [{ initialInstanceCount: 0 }, /^`initialInstanceCount` must be .*\b1\b.*, got: 0\.$/],
    [{ initialInstanceCount: -1 }, /^`initialInstanceCount` must be .*\b1\b.*, got: -1\.$/],
    [{ initialInstanceCount: 1.5 }, /^`initialInstanceCount` must be of type integer, got: 1\.5\.$/],
    [{ initialInstanceCount: NaN }, /^`initialInstanceCount` must be of type integer, got: NaN\.$/],
  ])('on instances with %j is refused by name, value and bound', (wrong, sentence) => {
    expect(() => onInstances(wrong)).toThrow(sentence);
  });

  test.each<[Partial<ServerlessVariantProps>, RegExp]>([
    [{ memorySize: Size.mebibytes(512) }, /^`memorySize` must be at least 1024, got: 512\.$/],
    [{ memorySize: Size.gibibytes(7) }, /^`memorySize` must be at most 6144, got: 7168\.$/],
    [{ maxConcurrency: 0 }, /^`maxConcurrency` must be at least 1, got: 0\.$/],
    [{ maxConcurrency: 201 }, /^`maxConcurrency` must be at most 200, got: 201\.$/],
  ])('serverless with %j is refused by name, value and bound', (wrong, sentence) => {
    expect(() => Variant.serverless(served(newStack()), { ...SERVERLESS, ...wrong })).toThrow(sentence);
  });

  test.each<[string, Partial<InstanceVariantProps>, RegExp]>([
    ['a negative weight', { initialVariantWeight: -1 }, /initialVariantWeight.*-1/],
    ['a name with a space', { variantName: 'all traffic' }, /variantName.*all traffic/],
    ['a name of 64 letters', { variantName: 'v'.repeat(64) }, /variantName.*v{64}/],
  ])('%s is refused', (_what, wrong, sentence) => {
    expect(() => new EndpointConfig(newStack(), 'Config', { variants: [onInstances(wrong)] })).toThrow(sentence);
  });

  test('memory between two steps of 1 GiB is refused', () => {
    expect(() => Variant.serverless(served(newStack()), { ...SERVERLESS, memorySize: Size.mebibytes(1536) })).toThrow(/memorySize.*1536/);
  });

  test('tokens pass in every figure', () => {
    const figure = late.number(0);
    expect(() => onInstances({ instanceType: InstanceType.of(late.text('?')), initialInstanceCount: figure, initialVariantWeight: figure })).not.toThrow();
    expect(() => Variant.serverless(served(newStack()), { memorySize: Size.mebibytes(figure), maxConcurrency: figure })).not.toThrow();
  });
});

describe('a configuration', () => {
  test('has no name: it can only be replaced, and the new one is made first', () => {
    const stack = newStack();
    const config = new EndpointConfig(stack, 'Config', { variants: [Variant.onInstances(served(stack), ON_INSTANCES)] });
    const resources = deployed(stack);
    expect(only(resources, TYPE).Properties).not.toHaveProperty('EndpointConfigName');
    expect(stack.resolve([config.endpointConfigArn, config.endpointConfigName]))
      .toEqual([{ Ref: idOf(resources, 'Config') }, { 'Fn::GetAtt': [idOf(resources, 'Config'), 'EndpointConfigName'] }]);
  });

  test('splits its traffic by weight among variants of different names', () => {
    const variants = variantsOf((stack) => [
      Variant.onInstances(served(stack), { ...ON_INSTANCES, variantName: 'A', initialVariantWeight: 3 }),
      Variant.onInstances(served(stack), { ...ON_INSTANCES, variantName: 'B' }),
    ]);
    expect(variants.map(({ VariantName, InitialVariantWeight }) => [VariantName, InitialVariantWeight])).toEqual([['A', 3], ['B', 1]]);
  });

  test('encrypts with the key that it is given', () => {
    const stack = newStack();
    const encryptionKey = Key.fromKeyArn(stack, 'Key', arn('kms', 'key/0123'));
    new EndpointConfig(stack, 'Config', { variants: [Variant.onInstances(served(stack), ON_INSTANCES)], encryptionKey });
    expect(only(deployed(stack), TYPE).Properties.KmsKeyId).toBe(arn('kms', 'key/0123'));
  });

  test('takes tags', () => {
    const stack = newStack();
    Tags.of(new EndpointConfig(stack, 'Config', { variants: [Variant.onInstances(served(stack), ON_INSTANCES)] })).add('team', 'ml');
    expect(only(deployed(stack), TYPE).Properties.Tags).toEqual([{ Key: 'team', Value: 'ml' }]);
  });

  test.each([0, 11])('of %i variants is refused by name, number and bound', (count) => {
    const variants = Array.from({ length: count }, (_, n) => onInstances({ variantName: `v${n}` }));
    expect(() => new EndpointConfig(newStack(), 'Config', { variants })).toThrow(new RegExp(`^\`variants\` must have 1 to 10 entries, got: ${count}\\.$`));
  });

  test.each<[string, Partial<InstanceVariantProps>]>([['AllTraffic', {}], ['A', { variantName: 'A' }]])('of two variants called %s is refused with the remedy', (name, props) => {
    const variants = [onInstances(props), onInstances(props)];
    expect(() => new EndpointConfig(newStack(), 'Config', { variants })).toThrow(`\`variants\` must have different names, got '${name}' twice: set \`variantName\`.`);
  });

  test('names that only the deploy knows are taken to be different', () => {
    const variants = ['a', 'a'].map((name) => onInstances({ variantName: late.text(name) }));
    expect(() => new EndpointConfig(newStack(), 'Config', { variants })).not.toThrow();
  });
});

describe('imported', () => {
  const configArn = arn('sagemaker', 'endpoint-config/live');

  test.each<[string, (stack: Stack) => IEndpointConfig]>([
    ['by its name', (stack) => EndpointConfig.fromEndpointConfigName(stack, 'Config', 'live')],
    ['by its ARN', (stack) => EndpointConfig.fromEndpointConfigArn(stack, 'Config', configArn)],
    ['by an ARN that only the deploy knows', (stack) => EndpointConfig.fromEndpointConfigArn(stack, 'Config', late.text(configArn))],
  ])('%s, has both, and adds no resource', (_how, imported) => {
    const stack = newStack();
    const { endpointConfigName, endpointConfigArn } = imported(stack);
    expect(atDeploy(stack, [endpointConfigName, endpointConfigArn])).toEqual(['live', configArn]);
    expect(deployed(stack)).toEqual({});
  });
});
