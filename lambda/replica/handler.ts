import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { ReplicaDeps, Ssm } from './deps';
import { parameterNames, ReplicaProperties } from '../../src/api/contract';
import type { Outcome } from '../shared/answer';
import { physicalIdOf, serve, succeeded } from '../shared/custom-resource';
import { UserError } from '../shared/errors';
import { deleteParameters, parametersBelow, putParameters } from '../shared/parameters';
import { patient } from '../shared/patience';

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
    if (placeOf(old) !== placeOf(properties)) { await clear(old, deps); }
  }
  return succeeded(physicalIdOf(event));
}

async function remove(event: Event & { RequestType: 'Delete' }, deps: ReplicaDeps): Promise<Outcome> {
  await clear(propertiesOf(event.ResourceProperties), deps);
  return succeeded(event.PhysicalResourceId);
}

async function copy(properties: ReplicaProperties, deps: ReplicaDeps): Promise<void> {
  const ssm = await place(properties, deps);
  const values = await parametersBelow(deps.ssm, properties.ParameterPath);
  const { whole } = parameterNames(properties.ParameterPath);
  if (!(whole in values)) { throw new UserError(`There is no parameter ${whole} to copy: the recommendation is not written yet.`); }
  const old = await parametersBelow(ssm, properties.ParameterPath);
  await putParameters(ssm, values, old);
  await deleteParameters(ssm, Object.keys(old).filter((name) => !(name in values)));
  deps.log({ message: 'copied', parameterName: properties.ParameterPath, region: properties.Region });
}

async function clear(properties: ReplicaProperties, deps: ReplicaDeps): Promise<void> {
  const ssm = await place(properties, deps);
  await deleteParameters(ssm, Object.keys(await parametersBelow(ssm, properties.ParameterPath)));
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
