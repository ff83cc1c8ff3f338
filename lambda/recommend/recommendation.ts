import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { decide } from './decide';
import { move, publish, published, RecommendDeps, withdraw } from './publish';
import { RecommendationProperties, SOURCES } from '../../src/contract/recommend';
import type { Attributes, Outcome } from '../runtime/answer';
import { ownerIn } from '../runtime/asked';
import { physicalIdOf, succeeded } from '../runtime/custom-resource';
import { UserError } from '../runtime/errors';

type Event = CloudFormationCustomResourceEvent;

/** Answers with one of a job's recommendations, logs it, and writes it to the user's path in Parameter Store. */
export async function recommend(event: Exclude<Event, { RequestType: 'Delete' }>, deps: RecommendDeps): Promise<Outcome> {
  const properties = propertiesOf(event.ResourceProperties);
  const isInBackground = properties.InBackground === 'true';
  if (isInBackground && event.RequestType === 'Update') { await moveOld(event, properties, deps); }
  const { attributes, explanation, trouble } = await decide(properties, deps);
  const earlier = trouble && isInBackground ? await published(ownerIn(event), properties.ParameterPath!, deps) : undefined;
  if (earlier && stays(earlier.attributes, properties)) {
    await publish(ownerIn(event), properties.ParameterPath!, earlier.attributes, undefined, deps);
    return succeeded(physicalIdOf(event), earlier.attributes);
  }
  if (!attributes) { throw new UserError(trouble!); }
  if (properties.ParameterPath !== undefined) { await publish(ownerIn(event), properties.ParameterPath, attributes, explanation, deps); }
  if (event.RequestType === 'Update') { await withdrawOld(event, properties, deps); }
  return succeeded(physicalIdOf(event), attributes);
}

/** Deletes the values in Parameter Store. The job and its choice need no clean-up. */
export async function forget(event: Event & { RequestType: 'Delete' }, deps: RecommendDeps): Promise<Outcome> {
  const { ParameterPath, PendingPath } = propertiesOf(event.ResourceProperties);
  if (ParameterPath !== undefined) { await withdraw(ownerIn(event), ParameterPath, deps); }
  if (PendingPath !== undefined) { await withdraw(ownerIn(event), PendingPath, deps); }
  return succeeded(event.PhysicalResourceId);
}

/** Whether an earlier background result stays until there is a new one: it must have every requested attribute. */
function stays(earlier: Attributes, { EndpointType, EnvironmentNames = [] }: RecommendationProperties): boolean {
  return earlier.Source === SOURCES.benchmark && (earlier.ServerlessMemorySizeInMB !== '') === (EndpointType === 'Serverless')
    && EnvironmentNames.every((name) => `Environment.${name}` in earlier);
}

async function withdrawOld(event: Event & { RequestType: 'Update' }, properties: RecommendationProperties, deps: RecommendDeps): Promise<void> {
  for (const { old } of pathsLeft(event, properties)) { await withdraw(ownerIn(event), old, deps); }
}

/** Only Parameter Store has a background result, so the result moves to the new path. */
async function moveOld(event: Event & { RequestType: 'Update' }, properties: RecommendationProperties, deps: RecommendDeps): Promise<void> {
  for (const { old, now } of pathsLeft(event, properties)) {
    if (now !== undefined) { await move(ownerIn(event), old, now, deps); }
  }
}

function pathsLeft(event: Event & { RequestType: 'Update' }, properties: RecommendationProperties): Array<{ readonly old: string; readonly now?: string }> {
  const before = propertiesOf(event.OldResourceProperties);
  return (['ParameterPath', 'PendingPath'] as const).flatMap((name) => {
    const [old, now] = [before[name], properties[name]];
    return old === undefined || old === now ? [] : [{ old, now }];
  });
}

function propertiesOf(properties: object): RecommendationProperties {
  return properties as RecommendationProperties;
}
