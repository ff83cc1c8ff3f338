import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { ReplicaDeps, Ssm } from './deps';
import { parameterNames, ReplicaProperties } from '../../src/api/contract';
import type { Outcome } from '../shared/answer';
import { serve, succeeded } from '../shared/custom-resource';
import { errorMessage, errorName, UserError } from '../shared/errors';
import { deleteParameters, parametersBelow, putParameters } from '../shared/parameters';
import { patient } from '../shared/patience';
import { ours, ownerOf } from '../shared/recommendation-parameters';

type Event = CloudFormationCustomResourceEvent;

/** Where a rule asks for a copy: a recommendation changed while no stack was deployed. */
export interface CopyRequest {
  readonly copy: ReplicaProperties;
}

/** Copies what a recommendation has in Parameter Store to another Region or account. */
export function replicaHandler(deps: ReplicaDeps): (event: Event | CopyRequest) => Promise<void> {
  return (event) => {
    const patientDeps = { ...deps, ssm: patient(deps.ssm, deps.clock) };
    return 'copy' in event
      ? copy(event.copy, patientDeps)
      : serve(event, patientDeps, (given) => (event.RequestType === 'Delete' ? remove(event, given) : replicate(event, given)));
  };
}

async function replicate(event: Exclude<Event, { RequestType: 'Delete' }>, deps: ReplicaDeps): Promise<Outcome> {
  const properties = propertiesOf(event.ResourceProperties);
  await copy(properties, deps);
  if (event.RequestType === 'Update') {
    const old = propertiesOf(event.OldResourceProperties);
    if (placeOf(old) !== placeOf(properties)) { await clear(event.StackId, old, deps); }
  }
  return succeeded(event.RequestType === 'Create' ? properties.ParameterPath : event.PhysicalResourceId);
}

async function remove(event: Event & { RequestType: 'Delete' }, deps: ReplicaDeps): Promise<Outcome> {
  try {
    await clear(event.StackId, propertiesOf(event.ResourceProperties), deps);
  } catch (error) {
    // The id of one that was never made: what refused to make it refuses this, too, and a rollback is not to end in it.
    if (event.PhysicalResourceId !== event.LogicalResourceId) { throw error; }
    deps.log({ message: 'left', error: errorName(error), reason: errorMessage(error) });
  }
  return succeeded(event.PhysicalResourceId);
}

async function copy(properties: ReplicaProperties, deps: ReplicaDeps): Promise<void> {
  const ssm = await place(properties, deps);
  const path = properties.ParameterPath;
  const values = ours(await parametersBelow(deps.ssm, path), path);
  const { whole } = parameterNames(path);
  if (!(whole in values)) { throw new UserError(`There is no parameter ${whole} to copy: the recommendation is not written yet.`); }
  const old = await parametersBelow(ssm, path);
  await putParameters(ssm, values, old);
  await deleteParameters(ssm, Object.keys(ours(old, path)).filter((name) => !(name in values)));
  deps.log({ message: 'copied', parameterName: path, region: properties.Region });
}

/** Deletes a copy, unless another stack has taken its place. */
async function clear(stackId: string, properties: ReplicaProperties, deps: ReplicaDeps): Promise<void> {
  const ssm = await place(properties, deps);
  const path = properties.ParameterPath;
  const copied = await parametersBelow(ssm, path);
  if ((ownerOf(copied, path)?.StackId ?? stackId) !== stackId) { return; }
  await deleteParameters(ssm, Object.keys(ours(copied, path)));
}

async function place({ Region, RoleArn }: ReplicaProperties, deps: ReplicaDeps): Promise<Ssm> {
  return patient(await deps.ssmOf(Region, RoleArn), deps.clock);
}

function placeOf({ ParameterPath, Region, RoleArn }: ReplicaProperties): string {
  return JSON.stringify([ParameterPath, Region, RoleArn]);
}

function propertiesOf(properties: object): ReplicaProperties {
  return properties as ReplicaProperties;
}
