import { ComparedJob } from './jobs';
import { Side } from './side';
import { jobResourceOf } from '../../../src/contract/start';
import { ResourceView } from '../account/stack';
import { referencesOf } from '../account/template';
import { nameOf } from '../subject/choice';

/** An endpoint of a stack, and the job behind it. */
export interface StackEndpoint {
  readonly name: string;
  readonly job: ComparedJob;
}

/**
 * The endpoints of a stack that run what one of its jobs recommends.
 *
 * @throws Error with one sentence if there is none
 */
export function endpointsOf({ subject, jobs }: Pick<Side, 'subject' | 'jobs'>, word: string): StackEndpoint[] {
  const stack = subject?.stack;
  if (!stack) { throw new Error(`${word} is a job: say what it is compared with, another job, a stack, a file, or --endpoint NAME`); }
  const endpoints = stack.resources.filter(({ type, physicalId }) => type === 'AWS::SageMaker::Endpoint' && physicalId !== undefined);
  if (endpoints.length === 0) { throw new Error(`The stack ${word} has no endpoint: name one with --endpoint`); }
  const byId = new Map(stack.resources.map((resource) => [`${resource.stack}/${resource.logicalId}`, resource]));
  const found = endpoints.flatMap((endpoint) => {
    const constructs = jobsBehind(endpoint, byId);
    const mine = jobs.filter(({ construct }) => construct !== undefined && constructs.has(construct));
    // Of one job and one endpoint, nothing else can be meant.
    const [job] = mine.length > 0 ? mine : endpoints.length === 1 && jobs.length === 1 ? jobs : [];
    return job ? [{ name: endpoint.physicalId!.split('/').pop()!, job }] : [];
  });
  if (found.length === 0) { throw new Error(`None of the endpoints of ${word} runs what one of its jobs recommends: name one with --endpoint, and the job instead of the stack`); }
  return found;
}

/** The constructs of the jobs to which a resource leads by its references. */
function jobsBehind(endpoint: ResourceView, byId: ReadonlyMap<string, ResourceView>): ReadonlySet<string> {
  const seen = new Set<ResourceView>([endpoint]);
  // The set grows while it is walked.
  for (const { stack, properties } of seen) {
    for (const id of referencesOf(properties)) {
      const next = byId.get(`${stack}/${id}`);
      if (next) { seen.add(next); }
    }
  }
  return new Set([...seen].filter(({ type }) => jobResourceOf(type)?.role === '').map(nameOf));
}
