import { DescribeEndpointCommand } from '@aws-sdk/client-sagemaker';
import type { ScalingDeps } from './record';
import { isNotFound } from '../runtime/errors';
import { RESERVE_MS } from '../runtime/retry';

const POLL_MS = 10_000;

/** Statuses in which an endpoint refuses to be updated or deleted. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html */
const BUSY = ['Creating', 'Updating', 'SystemUpdating', 'RollingBack'];

/**
 * Waits until an endpoint has finished its scaling: CloudFormation changes or deletes it next. Adding or removing instances takes minutes. A deleted
 * endpoint needs no wait.
 */
export async function atRest(endpointName: string, deps: ScalingDeps): Promise<void> {
  const { clock, log } = deps;
  for (;;) {
    const status = await statusOf(endpointName, deps);
    if (status === undefined || !BUSY.includes(status)) { return; }
    // The next step may fail, and then gives the service's own error.
    if (clock.left() < RESERVE_MS + POLL_MS) { return log({ message: 'still busy', endpointName, status }); }
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
