import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { VariantScaling } from './settings';
import type { SageMakerDeps, SsmApi } from '../runtime/deps';
import { errorName } from '../runtime/errors';

/** Dependencies of this function, besides those of every handler. */
export interface ScalingDeps extends SageMakerDeps {
  readonly autoScaling: Pick<ApplicationAutoScalingClient, 'send'>;
  readonly ssm: SsmApi;
}

/** The last registration, kept outside of CloudFormation: the pause cannot depend on the endpoint, because the endpoint waits for the pause. */
export interface ScalingRecord {
  /** Logical id of the resource that made the registration. */
  readonly owner: string;
  /** When CloudFormation asked for the registration. A request that comes late, or once more, changes none of a later one. */
  readonly askedAt?: string;
  /** The registration of the resource that scaled the endpoint before. A rollback of this one's creation restores it without an event. */
  readonly before?: ScalingRecord;
  readonly endpointName: string;
  /** The endpoint's configuration at the time of the registration. */
  readonly endpointConfigName: string;
  readonly variants: readonly VariantScaling[];
  /** Whether the variants are deregistered until the endpoint's update or its rollback has ended. */
  readonly paused: boolean;
  /** Resource ids of a registration that has begun. Some of them may already be registered. */
  readonly registering?: readonly string[];
}

/** All resource ids that may be registered. */
export function idsOf({ variants, registering = [] }: ScalingRecord): string[] {
  return [...new Set([...variants.map(({ resourceId }) => resourceId), ...registering])];
}

export async function readRecord(name: string, { ssm }: ScalingDeps): Promise<ScalingRecord | undefined> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
    return JSON.parse(Parameter!.Value!);
  } catch (error) {
    if (errorName(error) === 'ParameterNotFound') { return undefined; }
    throw error;
  }
}

export async function writeRecord(name: string, record: ScalingRecord, { ssm }: ScalingDeps): Promise<void> {
  await ssm.send(new PutParameterCommand({ Name: name, Value: JSON.stringify(record), Type: 'String', Overwrite: true, Tier: 'Intelligent-Tiering' }));
}

export async function deleteRecord(name: string, { ssm }: ScalingDeps): Promise<void> {
  try {
    await ssm.send(new DeleteParameterCommand({ Name: name }));
  } catch (error) {
    if (errorName(error) !== 'ParameterNotFound') { throw error; }
  }
}
