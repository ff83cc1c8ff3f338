import { deflateRawSync, inflateRawSync } from 'zlib';
import type { ApplicationAutoScalingClient, SuspendedState } from '@aws-sdk/client-application-auto-scaling';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { AlarmsApi } from './alarms';
import type { VariantScaling } from './settings';
import type { SageMakerDeps, SsmApi } from '../runtime/deps';
import { errorMessage, errorName, UserError } from '../runtime/errors';

/** Dependencies of this function, besides those of every handler. */
export interface ScalingDeps extends SageMakerDeps {
  readonly autoScaling: Pick<ApplicationAutoScalingClient, 'send'>;
  readonly alarms: AlarmsApi;
  readonly ssm: SsmApi;
}

/** A policy that others put on a variant: its name, type and configuration. */
interface ForeignPolicy {
  readonly name: string;
  /** All ARNs that it has had: alarms may name any of them until they are led to the newest one. */
  readonly arns: readonly string[];
  readonly members: Readonly<Record<string, unknown>>;
}

/** A scheduled action that others put on a variant. */
export interface ForeignAction {
  readonly name: string;
  readonly members: Readonly<Record<string, unknown>>;
  readonly start?: string;
  readonly end?: string;
}

/** What others have set on a variant, which its deregistration deletes. */
export interface Foreign {
  readonly resourceId: string;
  readonly policies: readonly ForeignPolicy[];
  readonly actions: readonly ForeignAction[];
  readonly suspended?: SuspendedState;
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
  /** What others had set on variants that are deregistered now. A rollback may register variants again that an update has removed. */
  readonly foreign?: readonly Foreign[];
  /** Resource ids of the variants that may have an alarm of this function. */
  readonly alarmed?: readonly string[];
}

/** All resource ids that may be registered. */
export function idsOf({ variants, registering = [] }: ScalingRecord): string[] {
  return [...new Set([...variants.map(({ resourceId }) => resourceId), ...registering])];
}

export async function readRecord(name: string, { ssm }: ScalingDeps): Promise<ScalingRecord | undefined> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
    const { packed, ...record } = JSON.parse(Parameter!.Value!);
    return packed === undefined ? record : { ...record, foreign: JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString('utf8')) };
  } catch (error) {
    if (errorName(error) === 'ParameterNotFound') { return undefined; }
    throw error;
  }
}

export async function writeRecord(name: string, { foreign = [], ...record }: ScalingRecord, { ssm }: ScalingDeps): Promise<void> {
  // A variant may have 50 policies and 200 scheduled actions, and a parameter holds 8 KB.
  const packed = foreign.length > 0 ? deflateRawSync(JSON.stringify(foreign)).toString('base64') : undefined;
  const Value = JSON.stringify({ ...record, packed });
  try {
    await ssm.send(new PutParameterCommand({ Name: name, Value, Type: 'String', Overwrite: true, Tier: 'Intelligent-Tiering' }));
  } catch (error) {
    throw errorName(error) !== 'ValidationException' || packed === undefined ? error
      : new UserError(`${errorMessage(error)} The scaling policies and scheduled actions that others have put on the variants must fit into one parameter,`
        + ` and take ${packed.length} of its 8192 characters: remove some, and deploy again.`);
  }
}

export async function deleteRecord(name: string, { ssm }: ScalingDeps): Promise<void> {
  try {
    await ssm.send(new DeleteParameterCommand({ Name: name }));
  } catch (error) {
    if (errorName(error) !== 'ParameterNotFound') { throw error; }
  }
}
