import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { VariantScaling } from './settings';
import type { SageMakerDeps, SsmApi } from '../runtime/deps';
import { errorName } from '../runtime/errors';

/** What this function is given besides what every handler is. */
export interface ScalingDeps extends SageMakerDeps {
  readonly autoScaling: Pick<ApplicationAutoScalingClient, 'send'>;
  readonly ssm: SsmApi;
}

/** What was registered last, kept outside of CloudFormation: whoever pauses cannot know the endpoint, which waits for it. */
export interface ScalingRecord {
  readonly endpointName: string;
  /** What the endpoint ran when they were registered. */
  readonly endpointConfigName: string;
  readonly variants: readonly VariantScaling[];
  /** Whether the variants are deregistered, until the endpoint's update is done or undone. */
  readonly paused: boolean;
  /** Resource ids of a registration that has begun: some of them may be registered, too. */
  readonly registering?: readonly string[];
}

/** All that may be registered. */
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
