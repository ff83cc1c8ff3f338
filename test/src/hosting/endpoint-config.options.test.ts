import { Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { AsyncInference, DataCapture, Endpoint, EndpointConfig, EndpointConfigProps, InstanceType, Variant } from '../../../src';
import { endpointFacts } from '../../../src/jobs/job-request';
import { ACCOUNT, arn, deployed, idOf, newStack } from '../../harness/constructs';
import { bucket, configProperties, configWarnings, granted, network, onInstances, ON_INSTANCES, serverless, shadow } from '../../harness/endpoints';

describe('a VPC', () => {
  test('has the private subnets and the groups that are given, with a role', () => {
    const found = configProperties((stack) => ({ ...network(stack), enableNetworkIsolation: true }));
    expect(found).toMatchObject({
      VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1', 'subnet-2'] },
      EnableNetworkIsolation: true,
      ExecutionRoleArn: expect.stringMatching(/role\/ConfigRole[0-9A-F]{8}$/),
    });
  });

  test('lets its role make interfaces in those subnets and see the rest', () => {
    const interfaces = arn('ec2', 'network-interface/*');
    const group = arn('ec2', 'security-group/sg-1');
    const found = granted((stack) => network(stack), 'ConfigRole');
    const describing = Object.keys(found).filter((action) => action.startsWith('ec2:Describe'));
    expect(describing).toHaveLength(6);
    describing.forEach((action) => expect(found[action]).toEqual(['*']));
    expect(Object.fromEntries(Object.entries(found).filter(([action]) => action.startsWith('ec2:') && !describing.includes(action)))).toEqual({
      'ec2:CreateNetworkInterface': [interfaces, group, arn('ec2', 'subnet/subnet-1'), arn('ec2', 'subnet/subnet-2')],
      'ec2:ModifyNetworkInterfaceAttribute': [interfaces, group],
      'ec2:DeleteNetworkInterface': [interfaces],
      'ec2:CreateNetworkInterfacePermission': [interfaces],
      'ec2:DeleteNetworkInterfacePermission': [interfaces],
    });
  });

  test('makes a group where none is given, which connections are about', () => {
    const stack = newStack();
    const { vpc } = network(stack);
    const config = new EndpointConfig(stack, 'Config', { variants: [onInstances(stack)], vpc, vpcSubnets: { subnets: vpc.publicSubnets } });
    expect(config.connections.securityGroups).toHaveLength(1);
    const resources = deployed(stack);
    expect(resources[idOf(resources, 'Config')].Properties.VpcConfig)
      .toEqual({ SecurityGroupIds: [`${idOf(resources, 'ConfigSecurityGroup')}.GroupId`], Subnets: ['subnet-3', 'subnet-4'] });
  });

  test.each(['vpcSubnets', 'securityGroups', 'allowAllOutbound'])('is missed where there is %s without it', (prop) => {
    const { securityGroups } = network(newStack());
    const value = { vpcSubnets: {}, securityGroups, allowAllOutbound: false }[prop];
    expect(() => configProperties(() => ({ [prop]: value }))).toThrow(`\`${prop}\` has no effect without \`vpc\``);
  });

  test('is missed by connections', () => {
    const stack = newStack();
    expect(() => new EndpointConfig(stack, 'Config', { variants: [onInstances(stack)] }).connections).toThrow('set `vpc`');
  });

  test('of more than 16 subnets is refused', () => {
    const vpc = (stack: Stack) => Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: Array.from({ length: 17 }, (_, n) => `zone${n}`), privateSubnetIds: Array.from({ length: 17 }, (_, n) => `subnet-${n}`),
    });
    expect(() => configProperties((stack) => ({ vpc: vpc(stack) }))).toThrow(/^`vpcSubnets` must have at most 16 entries/);
  });
});

describe('a role', () => {
  test('that is given is used', () => {
    expect(configProperties((stack) => ({ role: Role.fromRoleArn(stack, 'Given', `arn:aws:iam::${ACCOUNT}:role/given`) })).ExecutionRoleArn)
      .toBe(`arn:aws:iam::${ACCOUNT}:role/given`);
  });

  test('is made for inference components, and not for a model', () => {
    expect(configProperties(() => ({ variants: [Variant.forInferenceComponents(ON_INSTANCES)] })).ExecutionRoleArn).toMatch(/role\/ConfigRole/);
    expect(configProperties(() => ({}))).not.toHaveProperty('ExecutionRoleArn');
  });
});

describe('a shadow variant', () => {
  test('stands beside the one production variant', () => {
    const found = configProperties((stack) => ({ shadowVariants: shadow(stack) }));
    expect([found.ProductionVariants, found.ShadowProductionVariants].map((variants) => variants.map((variant: any) => variant.VariantName)))
      .toEqual([['AllTraffic'], ['shadow']]);
  });

  test.each<[string, (stack: Stack) => Partial<EndpointConfigProps>, string]>([
    ['beside another', (stack) => ({ shadowVariants: [...shadow(stack), onInstances(stack)] }), '`shadowVariants` must have at most 1 entry, got: 2.'],
    ['of two production variants', (stack) => ({ variants: [onInstances(stack), onInstances(stack, { variantName: 'b' })], shadowVariants: shadow(stack) }),
      '`variants` must have 1 entry if there is a shadow variant, got: 2.'],
    ['of the same name', (stack) => ({ shadowVariants: shadow(stack, { variantName: 'AllTraffic' }) }), 'got \'AllTraffic\' twice'],
  ])('%s is refused', (_what, wrong, sentence) => {
    expect(() => configProperties(wrong)).toThrow(sentence);
  });
});

describe('what pages of the service exclude is warned of, and deployed', () => {
  test.each<[string, string[], (stack: Stack) => Partial<EndpointConfigProps>]>([
    ['a serverless variant alone', [], (stack) => ({ variants: [serverless(stack)] })],
    ['two serverless variants', ['serverlessExclusions'], (stack) => ({ variants: [serverless(stack), serverless(stack, 'b')] })],
    ['serverless and data capture', ['serverlessExclusions'], (stack) => ({ variants: [serverless(stack)], dataCapture: DataCapture.toBucket(bucket(stack)) })],
    ['shadow variants on instances', [], (stack) => ({ shadowVariants: shadow(stack) })],
    ['shadow variants and asynchronous inference', ['shadowExclusions'],
      (stack) => ({ shadowVariants: shadow(stack), asyncInference: AsyncInference.toBucket(bucket(stack)) })],
    ['shadow variants on Inf1', ['shadowExclusions'], (stack) => ({ shadowVariants: shadow(stack, { instanceType: InstanceType.ML_INF1_XLARGE }) })],
    ['network isolation of models', ['networkIsolationOfModels'], () => ({ enableNetworkIsolation: true })],
    ['network isolation of inference components', [], () => ({ enableNetworkIsolation: true, variants: [Variant.forInferenceComponents(ON_INSTANCES)] })],
  ])('%s: %j', (_what, expected, make) => {
    expect(configWarnings(make)).toEqual(expected);
  });
});

test.each<[string, object, (stack: Stack) => Variant[]]>([
  ['one variant on instances', { variants: 1, serverless: false, scalesItself: false, hostsComponents: false }, (stack) => [onInstances(stack)]],
  ['two, one serverless', { variants: 2, serverless: true, scalesItself: false, hostsComponents: false }, (stack) => [onInstances(stack), serverless(stack, 'b')]],
  ['one that scales itself', { variants: 1, serverless: false, scalesItself: true, hostsComponents: true },
    () => [Variant.forInferenceComponents({ ...ON_INSTANCES, managedInstanceScaling: {} })]],
])('a job learns of a configuration of %s: %j', (_what, facts, variants) => {
  const stack = newStack();
  const endpointConfig = new EndpointConfig(stack, 'Config', { variants: variants(stack) });
  expect(endpointFacts.of(new Endpoint(stack, 'Endpoint', { endpointConfig }))).toEqual(facts);
});
