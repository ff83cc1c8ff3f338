import { CfnResource, Stack } from 'aws-cdk-lib/core';

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
