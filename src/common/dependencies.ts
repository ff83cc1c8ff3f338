import { CfnResource, Stack } from 'aws-cdk-lib/core';

/** What newer versions of aws-cdk-lib call these methods; the old names warn there. */
interface Renamed {
  addStackDependency?(target: Stack, reason?: string): void;
  addResourceDependency?(target: CfnResource): void;
}

export function dependOnStack(stack: Stack, target: Stack, reason: string): void {
  const renamed = stack as Renamed;
  if (renamed.addStackDependency) { renamed.addStackDependency(target, reason); } else { stack.addDependency(target, reason); }
}

export function dependOnResource(resource: CfnResource, target: CfnResource): void {
  const renamed = resource as Renamed;
  if (renamed.addResourceDependency) { renamed.addResourceDependency(target); } else { resource.addDependency(target); }
}
