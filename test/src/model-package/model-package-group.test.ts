import { App, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IModelPackageGroup, ModelPackageGroup, ModelPackageGroupProps } from '../../../src';
import { arn, atDeploy, deployed, idOf, late, newStack, only, packageIn } from '../../harness/constructs';

const TYPE = 'AWS::SageMaker::ModelPackageGroup';

function groupOf(props?: ModelPackageGroupProps, id = 'Group') {
  const stack = newStack();
  new ModelPackageGroup(stack, id, props);
  return only(deployed(stack), TYPE);
}

test('has the name and the description that it is given', () => {
  expect(groupOf({ modelPackageGroupName: 'models', description: 'All of them' }).Properties).toEqual({
    ModelPackageGroupName: 'models', ModelPackageGroupDescription: 'All of them',
  });
});

test('gets a name from its path and its stack\'s id: a group that stays behind is not in the way of the next stack', () => {
  expect(groupOf().Properties.ModelPackageGroupName).toMatch(/^shop-group-[0-9a-f]{8}-0a1b2c3d$/);
});

test.each([1, 40, 200])('a name made from an id of %i letters is one that the service takes', (length) => {
  expect(groupOf({}, 'G'.repeat(length)).Properties.ModelPackageGroupName).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
});

test('two groups of a stack have different names', () => {
  const stack = newStack();
  const groups = [new ModelPackageGroup(stack, 'A'), new ModelPackageGroup(stack, 'B')];
  const [a, b] = groups.map((group) => JSON.stringify(stack.resolve(group.modelPackageGroupName)));
  expect(a).not.toBe(b);
});

test.each<[RemovalPolicy | undefined, string]>([
  [undefined, 'Retain'], [RemovalPolicy.RETAIN, 'Retain'], [RemovalPolicy.DESTROY, 'Delete'],
])('removal policy %s', (removalPolicy, expected) => {
  expect(groupOf({ removalPolicy })).toMatchObject({ DeletionPolicy: expected, UpdateReplacePolicy: expected });
});

test('takes the tags of its scope', () => {
  const stack = newStack();
  const group = new ModelPackageGroup(stack, 'Group');
  Tags.of(stack).add('team', 'stack');
  Tags.of(group).add('team', 'group');
  expect(only(deployed(stack), TYPE).Properties.Tags).toEqual([{ Key: 'team', Value: 'group' }]);
});

describe('imported', () => {
  const groupArn = arn('sagemaker', 'model-package-group/models');

  test('by its name, in the account and Region of the stack', () => {
    const stack = newStack();
    const group = ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'models');
    expect(atDeploy(stack, [group.modelPackageGroupName, group.modelPackageGroupArn])).toEqual(['models', groupArn]);
  });

  test('by its ARN, of another account and Region too', () => {
    const foreign = 'arn:aws:sagemaker:eu-west-1:222222222222:model-package-group/models';
    const group = ModelPackageGroup.fromModelPackageGroupArn(newStack(), 'Group', foreign);
    expect(group).toMatchObject({ modelPackageGroupName: 'models', modelPackageGroupArn: foreign, env: { account: '222222222222', region: 'eu-west-1' } });
  });

  test.each<[string, (stack: Stack) => IModelPackageGroup]>([
    ['by name', (stack) => ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'models')],
    ['by ARN', (stack) => ModelPackageGroup.fromModelPackageGroupArn(stack, 'Group', groupArn)],
    ['by an ARN that only the deploy knows', (stack) => ModelPackageGroup.fromModelPackageGroupArn(stack, 'Group', late.text(groupArn))],
  ])('%s, takes versions and adds no resource', (_how, imported) => {
    const stack = newStack();
    packageIn(stack, { modelPackageGroup: imported(stack) });
    const resources = deployed(stack);
    expect(only(resources, 'AWS::SageMaker::ModelPackage').Properties.ModelPackageGroupName).toBe('models');
    expect(Object.keys(resources)).toHaveLength(1);
  });
});

test.each<[string, object]>([
  ['`modelPackageGroupName` must match', { modelPackageGroupName: 'my models' }],
  ['`modelPackageGroupName` must have at most 63 characters', { modelPackageGroupName: 'm'.repeat(64) }],
  ['`description` must have at most 1024 characters', { description: 'd'.repeat(1025) }],
])('a group is refused where the service would refuse it: %s', (sentence, props) => {
  expect(() => new ModelPackageGroup(newStack(), 'Group', props)).toThrow(sentence);
  expect(() => new ModelPackageGroup(newStack(), 'Group', { modelPackageGroupName: 'm'.repeat(63), description: 'd'.repeat(1024) })).not.toThrow();
});

test('an imported group\'s name is one that the service takes', () => {
  expect(() => ModelPackageGroup.fromModelPackageGroupName(newStack(), 'Group', 'my models')).toThrow(/^`modelPackageGroupName` must match/);
});

test('has the same name in another stack, though the prefix of a generated one is of its own stack', () => {
  const stack = newStack();
  const group = new ModelPackageGroup(stack, 'Group');
  const other = new Stack(stack.node.root as App, 'Other');
  packageIn(other, { modelPackageGroup: group });
  const [exported] = Object.values(Template.fromStack(stack).toJSON().Outputs) as any[];
  expect(exported.Value).toEqual({ 'Fn::GetAtt': [idOf(deployed(stack), 'Group'), 'ModelPackageGroupArn'] });
  const name = only(Template.fromStack(other).toJSON().Resources, 'AWS::SageMaker::ModelPackage').Properties.ModelPackageGroupName;
  expect(JSON.stringify(name)).toContain(JSON.stringify({ 'Fn::ImportValue': exported.Export.Name }));
  expect(JSON.stringify(name)).not.toContain('AWS::StackId');
});
