import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { App, NestedStack, Stack, Stage, Tags } from 'aws-cdk-lib/core';
import { ContainerImage, ModelPackage, ModelPackageGroup } from '../../../src';

const containers = [{ image: ContainerImage.fromRegistry('image') }];

/** A version in a stack, and the warnings about the stack's tags. */
function toldOf(stack: Stack, tag: () => void = () => {}): string[] {
  new ModelPackage(stack, 'Package', { modelPackageGroup: new ModelPackageGroup(stack, 'Group'), containers });
  tag();
  const top = stack.nestedStackParent ?? stack;
  return Annotations.fromStack(top).findWarning('*', Match.stringLikeRegexp('stackTags')).map(({ id, entry }) => `${id} ${entry.data}`);
}

test.each<[string, () => string[]]>([
  ['the app is tagged', () => {
    const app = new App();
    return toldOf(new Stack(app, 'S'), () => Tags.of(app).add('team', 'shop'));
  }],
  ['its stage is tagged', () => {
    const stage = new Stage(new App(), 'Stage');
    return toldOf(new Stack(stage, 'S'), () => Tags.of(stage).add('team', 'shop'));
  }],
  ['its stack has tags', () => toldOf(new Stack(new App(), 'S', { tags: { team: 'shop' } }))],
  ['its stack has tags, whatever a flag says of those of constructs', () => (
    toldOf(new Stack(new App({ context: { '@aws-cdk/core:explicitStackTags': true } }), 'S', { tags: { team: 'shop' } })))],
  ['the parent of its stack has tags', () => toldOf(new NestedStack(new Stack(new App(), 'S', { tags: { team: 'shop' } }), 'N'))],
])('a version is told of, with the remedies, where %s', (_what, told) => {
  expect(told()).toEqual([expect.stringMatching(/Package The stack has tags \(team\): .*excludeResourceTypes: \['aws:cdk:stack'\].*explicitStackTags.*stack without tags/)]);
});

test.each<[string, () => string[]]>([
  ['there are no tags', () => toldOf(new Stack(new App(), 'S'))],
  ['the stack itself is left out', () => {
    const app = new App();
    return toldOf(new Stack(app, 'S'), () => Tags.of(app).add('team', 'shop', { excludeResourceTypes: ['aws:cdk:stack'] }));
  }],
  ['the flag leaves stacks out', () => {
    const app = new App({ context: { '@aws-cdk/core:explicitStackTags': true } });
    return toldOf(new Stack(app, 'S'), () => Tags.of(app).add('team', 'shop'));
  }],
  ['the package has a name of its own', () => {
    const stack = new Stack(new App(), 'S', { tags: { team: 'shop' } });
    new ModelPackage(stack, 'Package', { modelPackageName: 'mine', sourceUri: 'arn:aws:sagemaker:us-east-1:111111111111:model-package/other/1' });
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('stackTags')).map(({ id }) => id);
  }],
])('nothing is told where %s', (_what, told) => {
  expect(told()).toEqual([]);
});
