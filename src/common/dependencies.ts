import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnResource, Stack } from 'aws-cdk-lib/core';
import { Dependable, IConstruct, IDependable } from 'constructs';

// Newer versions of aws-cdk-lib rename these methods, and warn about the old names.

export function dependOnStack(stack: Stack, target: Stack, reason: string): void {
  if ('addStackDependency' in stack && typeof stack.addStackDependency === 'function') {
    stack.addStackDependency(target, reason);
  } else {
    stack.addDependency(target, reason);
  }
}

export function dependOnResource(resource: CfnResource, target: CfnResource): void {
  if ('addResourceDependency' in resource && typeof resource.addResourceDependency === 'function') {
    resource.addResourceDependency(target);
  } else {
    resource.addDependency(target);
  }
}

/**
 * Lets a resource that names a role wait for the role's policies. Some of them are made later. In the same stack, the resource waits for the role itself
 * by naming it, and a DependsOn besides would be redundant (W3005 of cfn-lint).
 */
export function dependOnPoliciesOf(role: IDependable, resource: CfnResource): void {
  const policies: IDependable = {};
  const isNamed = (part: IConstruct) => CfnRole.isCfnRole(part) && Stack.of(part) === Stack.of(resource);
  Dependable.implement(policies, {
    get dependencyRoots() {
      return Dependable.of(role).dependencyRoots
        .flatMap(({ node }) => node.findAll().filter((part) => CfnResource.isCfnResource(part) && !isNamed(part)));
    },
  });
  resource.node.addDependency(policies);
}
