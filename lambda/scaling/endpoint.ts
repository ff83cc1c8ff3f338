import { DescribeEndpointCommand } from '@aws-sdk/client-sagemaker';
import type { DescribeEndpointOutput } from '@aws-sdk/client-sagemaker';
import type { ScalingDeps } from './record';
import { isNotFound, UserError } from '../runtime/errors';
import { RESERVE_MS } from '../runtime/retry';

const POLL_MS = 10_000;

/** Statuses in which an endpoint refuses to be updated or deleted. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html */
const BUSY = ['Creating', 'Updating', 'SystemUpdating', 'RollingBack'];

/**
 * Waits until an endpoint has finished its scaling: CloudFormation changes or deletes it next. Adding or removing instances takes minutes. A deleted
 * endpoint needs no wait.
 */
export async function atRest(endpointName: string, deps: ScalingDeps): Promise<Partial<DescribeEndpointOutput>> {
  const { clock, log } = deps;
  for (;;) {
    const endpoint = await describe(endpointName, deps);
    const { EndpointStatus: status } = endpoint;
    if (status === undefined || !BUSY.includes(status)) { return endpoint; }
    // The next step may fail, and then gives the service's own error.
    if (clock.left() < RESERVE_MS + POLL_MS) {
      log({ message: 'still busy', endpointName, status });
      return endpoint;
    }
    await clock.sleep(POLL_MS);
  }
}

/**
 * Waits until an endpoint can scale. CloudFormation's express mode does not wait for it, and the registration of a variant that does not serve
 * leaves its instances as they are.
 *
 * @throws UserError if it has never been in service
 */
export async function inService(endpointName: string, deps: ScalingDeps): Promise<void> {
  const { EndpointStatus: status, FailureReason: reason } = await atRest(endpointName, deps);
  // An endpoint that only updates keeps its variants, so their registration takes effect later.
  if (status !== 'Creating' && status !== 'Failed') { return; }
  throw new UserError(`Endpoint ${endpointName} is ${status}, and only one that is InService can scale${reason ? `: ${reason}` : '.'} ${
    status === 'Creating' ? 'Deploy again once it is.' : 'SageMaker can only delete it: mend the cause, and give the endpoint another construct id.'}`);
}

async function describe(EndpointName: string, { sagemaker }: ScalingDeps): Promise<Partial<DescribeEndpointOutput>> {
  try {
    return await sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
  } catch (error) {
    if (isNotFound(error)) { return {}; }
    throw error;
  }
}
