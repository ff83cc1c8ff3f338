import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { arn, deployed, idOf, newStack, only, permissionsOf } from './constructs';
import { SAGEMAKER_SHAPES } from '../../local-aws/sagemaker/shapes';
import { ContainerImage, Endpoint, EndpointConfig, EndpointConfigProps, EndpointProps, Model, ModelContainer, InstanceType, InstanceVariantProps, Variant } from '../../src';
import { violations } from '../../src/service/constraints';

const spec = loadAwsServiceSpecSync();

export const ON_INSTANCES: InstanceVariantProps = { instanceType: InstanceType.ML_C5_XLARGE };

/** A model that adds nothing to the stack. */
export function served(stack: Stack, name = 'served') {
  return Model.fromModelName(stack, `Served${stack.node.children.length}`, name);
}

/** A model whose role this library makes. */
export function ownModel(stack: Stack, id = 'Model'): Model {
  return new Model(stack, id, { containers: [ModelContainer.fromImage(ContainerImage.fromRegistry('image'))] });
}

export function onInstances(stack: Stack, props: Partial<InstanceVariantProps> = {}): Variant {
  return Variant.onInstances(served(stack), { ...ON_INSTANCES, ...props });
}

/** A VPC that adds nothing to the stack, with two private subnets and a group. */
export function network(stack: Stack) {
  return {
    vpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: ['us-east-1a', 'us-east-1b'], privateSubnetIds: ['subnet-1', 'subnet-2'], publicSubnetIds: ['subnet-3', 'subnet-4'],
    }),
    securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')],
  };
}

/** The only resource's properties: each has a name that CloudFormation knows, and all of it is what the API takes. */
export function judged(stack: Stack, type: string, api: string, extra: Record<string, unknown>): any {
  const { Properties } = only(deployed(stack), type);
  const [resource] = spec.lookup('resource', 'cloudFormationType', 'equals', type);
  expect([...unknownNames(Properties, resource.properties)]).toEqual([]);
  expect(violations(SAGEMAKER_SHAPES, api, { ...extra, ...Properties })).toEqual([]);
  return Properties;
}

/** The endpoint's properties, which CloudFormation and the API take as they are. */
export function endpointProperties(make: (stack: Stack) => Partial<EndpointProps>): any {
  const stack = newStack();
  new Endpoint(stack, 'Endpoint', { endpointConfig: EndpointConfig.fromEndpointConfigName(stack, 'Config', 'live'), ...make(stack) });
  return judged(stack, 'AWS::SageMaker::Endpoint', 'UpdateEndpointInput', { EndpointName: 'made-at-deploy' });
}

/** Ids of the library's own warnings in a stack. */
export function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue())
    .flatMap(({ entry }) => /\[ack: cdk-sagemaker-inference-recommender:(\w+)\]/.exec(`${entry.data}`)?.[1] ?? []);
}

export const KEY_ARN = arn('kms', 'key/0123');
export const KEY_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** The properties of a configuration, which CloudFormation and the API take as they are. */
export function configProperties(make: (stack: Stack) => Partial<EndpointConfigProps>): any {
  const stack = newStack();
  new EndpointConfig(stack, 'Config', { variants: [onInstances(stack)], ...make(stack) });
  return judged(stack, 'AWS::SageMaker::EndpointConfig', 'CreateEndpointConfigInput', { EndpointConfigName: 'made-at-deploy' });
}

/** Ids of the warnings about a configuration. */
export function configWarnings(make: (stack: Stack) => Partial<EndpointConfigProps>): string[] {
  const stack = newStack();
  new EndpointConfig(stack, 'Config', { variants: [onInstances(stack)], ...make(stack) });
  return warningsOf(stack);
}

/** What the role that the library made for a model may do because of its configuration, and nothing else. */
export function granted(make: (stack: Stack) => Partial<EndpointConfigProps>, roleStart = 'ModelRole'): Record<string, string[]> {
  const stack = newStack();
  const before = newStack();
  ownModel(before);
  new EndpointConfig(stack, 'Config', { variants: [Variant.onInstances(ownModel(stack), ON_INSTANCES)], ...make(stack) });
  const resources = deployed(stack);
  const plain = permissionsOf(deployed(before), idOf(deployed(before), 'ModelRole'));
  return Object.fromEntries(Object.entries(permissionsOf(resources, idOf(resources, roleStart))).filter(([action]) => !(action in plain)));
}

export const bucket = (stack: Stack, name = 'data') => Bucket.fromBucketName(stack, name, name);
export const topic = (stack: Stack, name: string) => Topic.fromTopicArn(stack, name, arn('sns', name));
export const key = (stack: Stack) => Key.fromKeyArn(stack, 'Key', KEY_ARN);
export const shadow = (stack: Stack, props = {}) => [onInstances(stack, { variantName: 'shadow', ...props })];
export const serverless = (stack: Stack, variantName?: string) => Variant.serverless(served(stack), {
  memorySize: Size.gibibytes(1), maxConcurrency: 1, variantName,
});

function* unknownNames(value: any, properties: Record<string, any>, path = ''): Generator<string> {
  for (const [name, inner] of Object.entries(value)) {
    if (!Object.hasOwn(properties, name)) { yield `${path}${name}`; } else { yield* unknownIn(inner, properties[name].type, `${path}${name}.`); }
  }
}

function* unknownIn(value: any, type: any, path: string): Generator<string> {
  if (type.type === 'array') {
    for (const entry of value) { yield* unknownIn(entry, type.element, path); }
  } else if (type.type === 'ref') {
    yield* unknownNames(value, spec.get('typeDefinition', type.reference.$ref).properties, path);
  }
}
