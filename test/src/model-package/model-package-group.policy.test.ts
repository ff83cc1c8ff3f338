import { Stack } from 'aws-cdk-lib';
import { AccountPrincipal, AnyPrincipal, IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SAGEMAKER_SHAPES } from '../../../local-aws/sagemaker/shapes';
import { IModelPackageGroup, ModelPackageGroup } from '../../../src';
import { violations } from '../../../src/service/constraints';
import { arn, deployed, idOf, newStack, only, packageIn, permissionsOf } from '../../harness/constructs';

const TYPE = 'AWS::SageMaker::ModelPackageGroup';
const OTHER = '222222222222';
const READ = ['sagemaker:DescribeModelPackageGroup', 'sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages'];
const GRANTS: Array<[string, (group: IModelPackageGroup, grantee: IGrantable) => unknown, string[]]> = [
  ['a grant to read', (group, grantee) => group.grants.read(grantee), READ],
  ['a grant to deploy', (group, grantee) => group.grants.deploy(grantee), [...READ, 'sagemaker:CreateModel']],
  ['a grant to register', (group, grantee) => group.grants.register(grantee), [...READ, 'sagemaker:CreateModelPackage']],
];

function groupIn(stack: Stack): ModelPackageGroup {
  return new ModelPackageGroup(stack, 'Group', { modelPackageGroupName: 'models' });
}

function arnsOf(name: string): string[] {
  return [arn('sagemaker', `model-package-group/${name}`), arn('sagemaker', `model-package/${name}/*`)];
}

/** Every name of a resource or its attributes in a template's value. */
function references(value: any): unknown[] {
  if (typeof value !== 'object' || value === null) { return []; }
  return Object.entries(value).flatMap(([name, inner]) => (name === 'Ref' || name === 'Fn::GetAtt' ? [inner] : references(inner)));
}

test('a group has no policy until it is given a statement', () => {
  const stack = newStack();
  groupIn(stack);
  expect(only(deployed(stack), TYPE).Properties).toEqual({ ModelPackageGroupName: 'models' });
});

test.each(GRANTS)('%s to another account is a statement of the group\'s policy, about the group and its versions', (_name, grant, actions) => {
  const stack = newStack();
  grant(groupIn(stack), new AccountPrincipal(OTHER));
  const resources = deployed(stack);
  expect(only(resources, TYPE).Properties.ModelPackageGroupPolicy).toEqual({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${OTHER}:root` }, Action: actions, Resource: arnsOf('models') }],
  });
  expect(Object.keys(resources)).toHaveLength(1);
});

test.each(GRANTS)('%s to a role of the account is a statement of the role\'s policy', (_name, grant, actions) => {
  const stack = newStack();
  grant(groupIn(stack), new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }));
  const resources = deployed(stack);
  const permissions = permissionsOf(resources, idOf(resources, 'Reader'));
  expect(Object.keys(permissions)).toEqual(actions);
  actions.forEach((action) => expect(permissions[action]).toEqual(arnsOf('models')));
  expect(only(resources, TYPE).Properties).not.toHaveProperty('ModelPackageGroupPolicy');
});

test('an existing group\'s policy stays as it is, and a role of this account can still be let read it', () => {
  const stack = newStack();
  const group = ModelPackageGroup.fromModelPackageGroupArn(stack, 'Group', `arn:aws:sagemaker:eu-west-1:${OTHER}:model-package-group/models`);
  const statement = new PolicyStatement({ principals: [new AnyPrincipal()], actions: ['sagemaker:*'] });
  expect(group.addToResourcePolicy(statement).statementAdded).toBe(false);
  group.grants.read(new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }));
  const resources = deployed(stack);
  expect(permissionsOf(resources, idOf(resources, 'Reader'))['sagemaker:DescribeModelPackage']).toEqual([
    `arn:aws:sagemaker:eu-west-1:${OTHER}:model-package-group/models`, `arn:aws:sagemaker:eu-west-1:${OTHER}:model-package/models/*`,
  ]);
});

describe('a statement of the user\'s own', () => {
  const statementOf = (resources?: (group: ModelPackageGroup) => string[]) => {
    const stack = newStack();
    const group = new ModelPackageGroup(stack, 'Group');
    group.addToResourcePolicy(new PolicyStatement({
      principals: [new AccountPrincipal(OTHER)], actions: ['sagemaker:UpdateModelPackage'], resources: resources?.(group),
    }));
    packageIn(stack, { modelPackageGroup: group });
    const { ModelPackageGroupName: name, ModelPackageGroupPolicy: policy } = only(deployed(stack), TYPE).Properties;
    expect(violations(SAGEMAKER_SHAPES, 'PolicyString', JSON.stringify(policy))).toEqual([]);
    return { resource: policy.Statement[0].Resource, own: arnsOf(name), stack };
  };

  test('without resources is about the group and its versions', () => {
    const { resource, own } = statementOf();
    expect(resource).toEqual(own);
  });

  test('may name the group, which then does not refer to itself', () => {
    const { resource, own, stack } = statementOf((group) => [group.modelPackageGroupArn]);
    expect(resource).toBe(own[0]);
    const policy = stack.resolve((stack.node.findChild('Group').node.defaultChild as any).modelPackageGroupPolicy);
    expect(references(policy).filter((name) => !`${name}`.startsWith('AWS::'))).toEqual([]);
  });

  test('may be about single versions', () => {
    const one = arn('sagemaker', 'model-package/models/1');
    expect(statementOf(() => [one]).resource).toBe(one);
  });

  test('must say whom it is for', () => {
    const stack = newStack();
    groupIn(stack).addToResourcePolicy(new PolicyStatement({ actions: ['sagemaker:DescribeModelPackage'] }));
    expect(() => deployed(stack)).toThrow(/must specify at least one IAM principal/);
  });
});
