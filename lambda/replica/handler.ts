import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { Owner } from '../../src/contract/custom-resource';
import { parameterNames } from '../../src/contract/parameters';
import type { CopyRequest, ReplicaProperties } from '../../src/contract/replica';
import type { Outcome } from '../runtime/answer';
import { ownerIn } from '../runtime/asked';
import { serve, succeeded } from '../runtime/custom-resource';
import type { SsmApi, WriterDeps } from '../runtime/deps';
import { errorMessage, errorName, isIamPropagation, UserError } from '../runtime/errors';
import { clearBelow, isOf, ours, ownerOf, parametersBelow, writeBelow } from '../runtime/parameters';
import { retrying } from '../runtime/retry';

type Event = CloudFormationCustomResourceEvent;

/** Dependencies of this function, besides those of every handler. */
export interface ReplicaDeps extends WriterDeps {
  /** Parameter Store of another Region: in this account or, if a role is given, in the role's account. */
  readonly ssmOf: (region: string, roleArn?: string) => Promise<SsmApi>;
}

/** Copies a recommendation's parameters to another Region or account. */
export function replicaHandler(deps: ReplicaDeps): (event: Event | CopyRequest) => Promise<void> {
  return (event) => {
    const retryingDeps = { ...deps, ssm: retrying(deps.ssm, deps.clock, { random: deps.random }) };
    return 'copy' in event
      ? renew(event, retryingDeps)
      : serve(event, retryingDeps, (given) => (event.RequestType === 'Delete' ? remove(event, given) : replicate(event, given)));
  };
}

/** The replica's resource has made the copy before, and clears it on deletion: cleared values must not return. */
async function renew({ copy: properties, owner }: CopyRequest, deps: ReplicaDeps): Promise<void> {
  const ssm = await storeOf(properties, deps);
  const path = properties.ParameterPath;
  if (isOf(owner, await parametersBelow(ssm, path), path)) { await copy(owner, properties, ssm, deps); }
}

/** The id names the place. After the update, when no rollback is possible any more, CloudFormation itself deletes the copy at the old place. */
async function replicate(event: Exclude<Event, { RequestType: 'Delete' }>, deps: ReplicaDeps): Promise<Outcome> {
  const properties = propertiesOf(event.ResourceProperties);
  const place = placeOf(event, properties);
  await copy(ownerIn(event), properties, await storeOf(properties, deps), deps);
  if (event.RequestType === 'Update') {
    const old = propertiesOf(event.OldResourceProperties);
    // A rollback of a failed update: its place never became an id, so no Delete comes for it.
    if (event.PhysicalResourceId === place && placeOf(event, old) !== place) { await clearIfPossible(ownerIn(event), old, deps); }
  }
  return succeeded(place);
}

async function remove(event: Event & { RequestType: 'Delete' }, deps: ReplicaDeps): Promise<Outcome> {
  const properties = propertiesOf(event.ResourceProperties);
  const wasMade = event.PhysicalResourceId === placeOf(event, properties);
  // If the other account no longer trusts the role, only that account can delete the copy: this stack could never do it.
  await clearIfPossible(ownerIn(event), properties, deps, (error) => !wasMade || (properties.RoleArn !== undefined && isIamPropagation(error)));
  return succeeded(event.PhysicalResourceId);
}

async function copy(owner: Owner, properties: ReplicaProperties, there: SsmApi, deps: ReplicaDeps): Promise<void> {
  const path = properties.ParameterPath;
  const { whole, pending } = parameterNames(path);
  const source = await parametersBelow(deps.ssm, path);
  if (!(whole in source)) { throw new UserError(`There is no parameter ${whole} to copy: the recommendation is not written yet.`); }
  const where = placeOf(owner, { ...properties, ParameterPath: '' });
  await writeBelow(there, owner, path, ours(source, path), { where });
  const pendingResult = await parametersBelow(deps.ssm, pending);
  const writer = ownerOf(source, path);
  if (writer && isOf(writer, pendingResult, pending)) {
    await writeBelow(there, owner, pending, ours(pendingResult, pending), { where });
  } else {
    await clearBelow(there, owner, pending);
  }
  deps.log({ message: 'copied', parameterName: path, region: properties.Region });
}

/** Clears a copy. If the copy could not be made, clearing may fail for the same reason, and a rollback must not fail because of that. */
async function clearIfPossible(
  owner: Owner, properties: ReplicaProperties, deps: ReplicaDeps, mayStay: (error: unknown) => boolean = () => true,
): Promise<void> {
  const path = properties.ParameterPath;
  try {
    const ssm = await storeOf(properties, deps);
    await clearBelow(ssm, owner, parameterNames(path).pending);
    await clearBelow(ssm, owner, path);
  } catch (error) {
    if (!mayStay(error)) { throw error; }
    deps.log({ message: 'left', parameterName: path, region: properties.Region, error: errorName(error), reason: errorMessage(error) });
  }
}

async function storeOf({ Region, RoleArn }: ReplicaProperties, deps: ReplicaDeps): Promise<SsmApi> {
  return retrying(await deps.ssmOf(Region, RoleArn), deps.clock, { random: deps.random });
}

/** The place of a copy, whichever role writes it: e.g. `111111111111/eu-west-1/shop/recommendation`. */
function placeOf({ StackId }: Pick<Owner, 'StackId'>, { ParameterPath, Region, RoleArn }: ReplicaProperties): string {
  return `${(RoleArn ?? StackId).split(':')[4]}/${Region}${ParameterPath}`;
}

function propertiesOf(properties: object): ReplicaProperties {
  return properties as ReplicaProperties;
}
