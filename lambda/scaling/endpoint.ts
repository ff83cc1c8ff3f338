import { DescribeEndpointCommand } from '@aws-sdk/client-sagemaker';
import type { ScalingDeps } from './record';
import { isNotFound } from '../runtime/errors';

/** Adding or taking away instances takes minutes; longer than this, and the function's own time would be over. */
const MAX_REST_MS = 12 * 60_000;
const POLL_MS = 10_000;

/** Statuses in which an endpoint refuses to be updated or deleted. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html */
const BUSY = ['Creating', 'Updating', 'SystemUpdating', 'RollingBack'];

/** Waits until an endpoint has done what scaling asked of it: CloudFormation changes or deletes it next. One that is gone rests. */
export async function atRest(endpointName: string, deps: ScalingDeps): Promise<void> {
  const { clock, log } = deps;
  const end = clock.now() + MAX_REST_MS;
  for (;;) {
    const status = await statusOf(endpointName, deps);
    if (status === undefined || !BUSY.includes(status)) { return; }
    // What comes next may fail; then with the service's own words.
    if (clock.now() + POLL_MS > end) { return log({ message: 'still busy', endpointName, status }); }
    await clock.sleep(POLL_MS);
  }
}

async function statusOf(EndpointName: string, { sagemaker }: ScalingDeps): Promise<string | undefined> {
  try {
    return (await sagemaker.send(new DescribeEndpointCommand({ EndpointName }))).EndpointStatus;
  } catch (error) {
    if (isNotFound(error)) { return undefined; }
    throw error;
  }
}
