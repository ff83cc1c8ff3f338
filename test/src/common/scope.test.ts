import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { JobReuse } from '../../../src';
import { scopeProperties } from '../../../src/common/scope';
import { REUSE } from '../../../src/contract/job-name';
import { atDeploy } from '../../harness/constructs';

const stackOf = (id = 'Shop', stackName?: string) => new Stack(new App(), id, { stackName });
const jobIn = (scope: Construct) => new Construct(scope, `Job${scope.node.children.length}`);
const at = (scope: Construct, reuse: JobReuse) => atDeploy(Stack.of(scope), scopeProperties(scope, reuse));

test('each way to find a job has a name', () => {
  expect(Object.values(JobReuse)).toEqual(REUSE);
});

test.each(Object.values(JobReuse))('%s: all constructs of a stack have one key, one namespace and its name', (reuse) => {
  const stack = stackOf();
  const [one, other] = [1, 2].map(() => at(jobIn(stack), reuse));
  expect(one).toEqual(other);
  expect(one).toEqual({ StackKey: expect.stringMatching(/^[0-9a-f]{8}$/), Namespace: expect.stringMatching(/^[0-9a-f]{8}$/), Reuse: reuse, ScopeName: 'AWS::StackName', ...reuse === 'account' && { MadeFor: 'Shop' } });
});

test('a namespace is shared as far as a job is found', () => {
  const namespace = (stack: Stack, reuse: JobReuse) => at(jobIn(stack), reuse).Namespace;
  const [shop, again, other] = [stackOf(), stackOf('Again', 'Shop'), stackOf('Other')];
  expect(namespace(again, JobReuse.STACK)).toBe(namespace(shop, JobReuse.STACK));
  expect(namespace(other, JobReuse.STACK)).not.toBe(namespace(shop, JobReuse.STACK));
  expect(namespace(other, JobReuse.ACCOUNT)).toBe(namespace(stackOf('Any'), JobReuse.ACCOUNT));
  // The stack's own prefix, which is known at the deploy.
  expect([namespace(stackOf('One'), JobReuse.CONSTRUCT), namespace(stackOf('Two'), JobReuse.NEVER)]).toEqual(['0a1b2c3d', '0a1b2c3d']);
});

test('a nested stack finds the jobs of its top-level stack\'s name, and claims them on its own', () => {
  const top = stackOf();
  const nested = at(jobIn(new NestedStack(top, 'Nested')), JobReuse.STACK);
  const own = at(jobIn(top), JobReuse.STACK);
  expect(nested.Namespace).toBe(own.Namespace);
  expect(nested.StackKey).not.toBe(own.StackKey);
  expect(nested.ScopeName).toBe('Shop');
  expect(at(jobIn(new NestedStack(top, 'Second')), JobReuse.STACK).StackKey).not.toBe(nested.StackKey);
});
