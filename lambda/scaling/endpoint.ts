import { DescribeEndpointCommand } from '@aws-sdk/client-sagemaker';
import type { ScalingDeps } from './record';
import { isNotFound } from '../runtime/errors';

/** Adding or removing instances takes minutes. A longer wait than this would exceed the function's own timeout. */
const MAX_REST_MS = 12 * 60_000;
const POLL_MS = 10_000;

/** Statuses in which an endpoint refuses to be updated or deleted. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html */
const BUSY = ['Creating', 'Updating', 'SystemUpdating', 'RollingBack'];

/** Waits until an endpoint has finished its scaling: CloudFormation changes or deletes it next. A deleted endpoint needs no wait. */
export async function atRest(endpointName: string, deps: ScalingDeps): Promise<void> {
  const { clock, log } = deps;
  const end = clock.now() + MAX_REST_MS;
  for (;;) {
    const status = await statusOf(endpointName, deps);
    if (status === undefined || !BUSY.includes(status)) { return; }
    // The next step may fail, and then gives the service's own error.
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
