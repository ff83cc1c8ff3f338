import type { Claimant } from './claims';
import type { JobRequest, JobStarter, Target } from './family';
import { jobId, Reuse } from '../../src/contract/job-name';
import type { ScopeProperties } from '../../src/contract/start';
import { etagReader, ObjectsApi } from '../runtime/objects';

interface Identified extends ScopeProperties, Claimant {
  readonly Trigger?: string;
  readonly ReadsObjects?: string;
  readonly request: JobRequest;
  readonly target: Target;
}

/**
 * The ids that a job may have, the best one first. If its content is not certain, the only id is that of this construct and this very target. If it is,
 * the second id is the one that it would have if an object could not be read for a moment.
 */
export async function jobIds(family: JobStarter, identified: Identified, objects?: ObjectsApi): Promise<string[]> {
  const { Namespace: namespace, Reuse: reuse, ScopeName, MadeFor, Trigger: trigger, ReadsObjects, request, target } = identified;
  const content = await family.contentOf(request, target, objects ? etagReader(objects, ReadsObjects === 'true') : async () => undefined);
  const own = [identified.StackId, identified.LogicalResourceId];
  const narrow = jobId({ namespace, trigger, scope: [...own, target.name, target.created?.toISOString() ?? ''], content: content.own ?? family.counted(request) });
  if (!content.isCertain) { return [narrow]; }
  // One template may be deployed under two names. Its stacks share the key of their claims, so they must not share a job.
  const isTwin = reuse === 'account' && ScopeName !== MadeFor;
  return [jobId({ namespace, trigger, scope: SCOPES[isTwin ? 'stack' : reuse](ScopeName, own), content: content.counted }), narrow];
}

const SCOPES: Readonly<Record<Reuse, (name: string, own: readonly string[]) => readonly string[]>> = {
  stack: (name) => ['stack', name],
  account: () => ['account'],
  construct: (_name, own) => own,
  never: (_name, own) => own,
};
