import { IModelPackageGroupRef } from 'aws-cdk-lib/aws-sagemaker';
import { Stack } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { groupNameOf } from './facts';
import { warn } from '../common/warn';

/** A job registers versions in a group; a registry's benchmark benchmarks what is approved there. */
type Use = 'registers' | 'benchmarks';

interface GroupUse {
  readonly user: IConstruct;
  readonly group: string;
  readonly use: Use;
}

/** Of each app. */
const USES = new WeakMap<IConstruct, GroupUse[]>();

/** Notes how a construct uses a group, and warns where a job registers versions in a group whose approved versions are benchmarked. */
export function useGroup(user: IConstruct, group: IModelPackageGroupRef, use: Use): void {
  const app = user.node.root;
  const mine: GroupUse = { user, group: groupNameOf(group), use };
  const known = USES.get(app) ?? [];
  USES.set(app, [...known, mine]);
  for (const other of known.filter((one) => one.use !== use && isSameGroup(one, mine))) {
    const [job, benchmark] = use === 'registers' ? [mine, other] : [other, mine];
    warn(benchmark.user, 'BenchmarkedTwice', `'${job.user.node.path}' registers versions in the group of this benchmark, and has benchmarked them already: if somebody`
      + ' approves one, another benchmark runs here, and is billed. Give that job another `modelPackageGroup`. If its recommendations have'
      + ' `PackageApproval.byThisStack()`, no benchmark runs for them: then acknowledge this warning.');
  }
}

/** The service compares names without case. */
function isSameGroup(a: GroupUse, b: GroupUse): boolean {
  return Stack.of(a.user).environment === Stack.of(b.user).environment && a.group.toLowerCase() === b.group.toLowerCase();
}
