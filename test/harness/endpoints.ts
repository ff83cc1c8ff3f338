import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { arn, deployed, only } from './constructs';
import { SAGEMAKER_SHAPES } from '../../local-aws/sagemaker/shapes';
import { ContainerImage, Model, ModelContainer, InstanceType, InstanceVariantProps, Variant } from '../../src';
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

/** Ids of the library's own warnings in a stack. */
export function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue())
    .flatMap(({ entry }) => /\[ack: cdk-sagemaker-inference-recommender:(\w+)\]/.exec(`${entry.data}`)?.[1] ?? []);
}

export const KEY_ARN = arn('kms', 'key/0123');

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
