import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { StartDeps, stopWaiting } from './execution';
import { follow } from './follow';
import { Patience } from './patience';
import { failedStartId, startJob } from './start-job';
import { deleteCompilations, stopAbandoned, stopAndAnswer } from './stop';
import { waitForJob } from './wait';
import { jobResourceOf } from '../../src/contract/start';
import { familyOf } from '../jobs/family';
import { Handled, physicalIdOf, serve, succeeded } from '../runtime/custom-resource';
import { retrying } from '../runtime/retry';

type Event = CloudFormationCustomResourceEvent;

/** Starts and stops jobs, and starts the executions that wait for them or follow them. */
export function startHandler(deps: StartDeps): (event: Event) => Promise<void> {
  return (event) => {
    const allowed = new Set();
    const patience = new Patience(event, deps, allowed);
    // Renewed for each event: an environment lives for hours, and a retry budget ends.
    const renewed = (): StartDeps => ({
      ...deps,
      sagemaker: patience.client(),
      starting: (make) => patience.starting(make),
      stepFunctions: retrying(deps.stepFunctions, deps.clock, { allowed }),
      objects: retrying(deps.objects, deps.clock, { allowed }),
      stacks: retrying(deps.stacks, deps.clock, { allowed }),
    });
    const failedId = jobResourceOf(event.ResourceType)?.role === '' ? failedStartId : physicalIdOf;
    return serve(event, deps, () => handle(event, deps, renewed), failedId);
  };
}

async function handle(event: Event, deps: StartDeps, renewed: () => StartDeps): Promise<Handled> {
  const resource = jobResourceOf(event.ResourceType);
  const family = familyOf(resource?.family, deps);
  switch (resource?.role) {
    case 'Follow': return follow(family, event, renewed());
    case 'Wait': {
      if (event.RequestType !== 'Delete') { return waitForJob(family, event, renewed()); }
      await stopWaiting(family, event, deps);
      return succeeded(event.PhysicalResourceId);
    }
    case 'Compilations': return event.RequestType === 'Delete' ? deleteCompilations(family, event, renewed()) : succeeded(physicalIdOf(event));
    case 'Watches': return event.RequestType === 'Delete' ? stopAbandoned(family, event, renewed()) : succeeded(physicalIdOf(event));
    case 'Registry': return event.RequestType === 'Delete' ? stopAndAnswer(family, event, renewed, true) : succeeded(physicalIdOf(event));
    default: return event.RequestType === 'Delete' ? stopAndAnswer(family, event, renewed) : startJob(family, event, renewed);
  }
}
