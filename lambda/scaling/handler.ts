import { GetScalingConfigurationRecommendationCommand } from '@aws-sdk/client-sagemaker';
import type { DynamicScalingConfiguration } from '@aws-sdk/client-sagemaker';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { atRest } from './endpoint';
import { deleteRecord, idsOf, readRecord, ScalingDeps, ScalingRecord, writeRecord } from './record';
import { deregister, register, removeAlarms, takeOut } from './register';
import { attributesOf, isRecommended, scalingOf } from './settings';
import { weakestOf } from './weakest';
import { SCALING_PAUSE_RESOURCE_TYPE, ScalingPauseProperties, ScalingProperties } from '../../src/contract/scaling';
import { variantResourceId } from '../../src/service/scaling-rules';
import type { Outcome } from '../runtime/answer';
import { askedBy, isAfter } from '../runtime/asked';
import { physicalIdOf, serve, succeeded } from '../runtime/custom-resource';
import { errorMessage, errorName, isNotFound, UserError } from '../runtime/errors';
import { retrying } from '../runtime/retry';

type Event = CloudFormationCustomResourceEvent;

/**
 * Scales the variants of an endpoint. A registered variant cannot change its instance type, so a pause comes before the endpoint's update and
 * the registration after it. CloudFormation deletes the pause's old id after the update or its rollback: that ends a pause that a rollback left.
 */
export function scalingHandler(deps: ScalingDeps): (event: Event) => Promise<void> {
  return (event) => serve(event, {
    ...deps, ssm: retrying(deps.ssm, deps.clock), autoScaling: retrying(deps.autoScaling, deps.clock), alarms: retrying(deps.alarms, deps.clock),
  }, (given) => {
    if (event.ResourceType === SCALING_PAUSE_RESOURCE_TYPE) { return event.RequestType === 'Delete' ? resumed(event, given) : pause(event, given); }
    return event.RequestType === 'Delete' ? remove(event, given) : scale(event, given);
  });
}

async function pause(event: Exclude<Event, { RequestType: 'Delete' }>, deps: ScalingDeps): Promise<Outcome> {
  const { RecordName, EndpointConfigName } = event.ResourceProperties as unknown as ScalingPauseProperties;
  if (event.RequestType === 'Update' && event.PhysicalResourceId === EndpointConfigName) {
    // The endpoint stays unchanged, so undo a pause that failed half-way.
    await resume(RecordName, deps);
    return succeeded(EndpointConfigName);
  }
  const record = event.RequestType === 'Update' ? await readRecord(RecordName, deps) : undefined;
  // A repeated delivery may arrive after the variants are registered for its configuration.
  if (record && !isAfter(record.askedAt, askedBy(event).at) && (record.paused || record.endpointConfigName !== EndpointConfigName)) {
    await takeOut(RecordName, { ...record, paused: true }, idsOf(record), deps);
    await atRest(record.endpointName, deps);
  }
  return succeeded(EndpointConfigName);
}

async function resumed(event: Event & { RequestType: 'Delete' }, deps: ScalingDeps): Promise<Outcome> {
  const { RecordName } = event.ResourceProperties as unknown as ScalingPauseProperties;
  await resume(RecordName, deps);
  const record = await readRecord(RecordName, deps);
  // The update or its rollback is over: variants that it has removed do not come back.
  if (record?.foreign) { await writeRecord(RecordName, { ...record, foreign: undefined }, deps); }
  return succeeded(event.PhysicalResourceId);
}

async function resume(recordName: string, deps: ScalingDeps): Promise<void> {
  const record = await readRecord(recordName, deps);
  if (!record?.paused) { return; }
  await writeRecord(recordName, { ...await register(record, deps), paused: false }, deps);
}

async function scale(event: Exclude<Event, { RequestType: 'Delete' }>, deps: ScalingDeps): Promise<Outcome> {
  const properties = event.ResourceProperties as unknown as ScalingProperties;
  const { EndpointName: endpointName, EndpointConfigName: endpointConfigName, RecordName } = properties;
  const before = await readRecord(RecordName, deps);
  const { at: askedAt } = askedBy(event);
  if (before && isAfter(before.askedAt, askedAt)) { return succeeded(physicalIdOf(event), attributesOf(before.variants)); }
  const variants = scalingOf(properties, await recommended(properties, deps));
  const ownership = ownershipOf(event, before);
  const alarmed = variants.filter(({ outOfZero }) => outOfZero).map(({ resourceId }) => resourceId);
  const done: ScalingRecord = { ...ownership, askedAt, endpointName, endpointConfigName, variants, paused: false, alarmed };
  // Written first, with the earlier state: a later clean-up then knows of a registration that failed half-way.
  const registering = idsOf({ ...done, registering: before?.registering });
  const mayBeAlarmed = [...new Set([...before?.alarmed ?? [], ...alarmed])];
  const begun: ScalingRecord = { ...before ?? { ...done, variants: [] }, ...ownership, askedAt, paused: true, registering, alarmed: mayBeAlarmed };
  const isKept = (resourceId: string) => variants.some((variant) => variant.resourceId === resourceId);
  const { foreign } = await takeOut(RecordName, begun, before ? idsOf(begun).filter((id) => !isKept(id)) : [], deps);
  if (variants.length === 0) { deps.log({ message: 'not scaled', reason: 'The fallback is used, and the app sets no capacity or target.' }); }
  const registered = await register({ ...done, foreign }, deps);
  await removeAlarms(mayBeAlarmed.filter((id) => !alarmed.includes(id)), deps);
  await writeRecord(RecordName, registered, deps);
  return succeeded(physicalIdOf(event), attributesOf(variants));
}

/** All resources that scale an endpoint share its record. CloudFormation creates the new one before it deletes the old one. */
function ownershipOf({ RequestType, LogicalResourceId: owner }: Event, record: ScalingRecord | undefined): Pick<ScalingRecord, 'owner' | 'before'> {
  const { before: earlier, foreign: _, ...taken } = record ?? {} as ScalingRecord;
  const before = taken.owner === owner ? earlier : record && taken;
  // An Update is of a later deploy, so the old resource is gone.
  return { owner, before: RequestType === 'Create' ? before : undefined };
}

async function remove(event: Event & { RequestType: 'Delete' }, deps: ScalingDeps): Promise<Outcome> {
  const { RecordName, EndpointName, VariantNames } = event.ResourceProperties as unknown as ScalingProperties;
  const record = await readRecord(RecordName, deps);
  if (isAfter(record?.askedAt, askedBy(event).at)) { return succeeded(event.PhysicalResourceId); }
  if (record && record.owner !== event.LogicalResourceId) {
    await writeRecord(RecordName, { ...record, before: undefined }, deps);
    return succeeded(event.PhysicalResourceId);
  }
  if (record?.before) {
    const { foreign } = await takeOut(RecordName, record, idsOf(record), deps);
    const restored = await register({ ...record.before, foreign }, deps);
    await removeAlarms((record.alarmed ?? []).filter((id) => !record.before?.alarmed?.includes(id)), deps);
    await writeRecord(RecordName, restored, deps);
  } else {
    await deregister(record ? idsOf(record) : VariantNames.map((name) => variantResourceId(EndpointName, name)), deps);
    await removeAlarms(record?.alarmed ?? [], deps);
    await deleteRecord(RecordName, deps);
  }
  await atRest(record?.endpointName ?? EndpointName, deps);
  return succeeded(event.PhysicalResourceId);
}

async function recommended({ Recommendation: wanted }: ScalingProperties, deps: ScalingDeps): Promise<DynamicScalingConfiguration | undefined> {
  // A fallback has no recommended values, so the app's own values must be enough.
  if (!wanted || !isRecommended(wanted.RecommendationId)) { return undefined; }
  const figure = (given: string | undefined) => (given === undefined ? undefined : Number(given));
  const [MinInvocationsPerMinute, MaxInvocationsPerMinute] = [wanted.MinInvocationsPerMinute, wanted.MaxInvocationsPerMinute].map(figure);
  const hasObjective = MinInvocationsPerMinute !== undefined || MaxInvocationsPerMinute !== undefined;
  const configurations: DynamicScalingConfiguration[] = [];
  for (const RecommendationId of [wanted.RecommendationId, ...wanted.NextRecommendationIds ?? []]) {
    const { DynamicScalingConfiguration: configuration } = await deps.sagemaker.send(new GetScalingConfigurationRecommendationCommand({
      InferenceRecommendationsJobName: wanted.JobName,
      RecommendationId,
      TargetCpuUtilizationPerCore: figure(wanted.TargetCpuUtilizationPerCore),
      ScalingPolicyObjective: hasObjective ? { MinInvocationsPerMinute, MaxInvocationsPerMinute } : undefined,
    })).catch((error) => {
      throw isNotFound(error) ? new UserError(`${errorName(error)}: ${errorMessage(error)} The scaling recommendation is read from this account and Region:`
        + ' set `minCapacity`, `maxCapacity` and `target` if the job is in another one.') : error;
    });
    deps.log({ message: 'recommended', RecommendationId, configuration });
    if (configuration) { configurations.push(configuration); }
  }
  return weakestOf(configurations);
}
