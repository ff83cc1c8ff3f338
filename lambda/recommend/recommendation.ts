import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { approvalRefusal, endEarlierWaits, isAwaited, stillWaits } from './approval';
import { decide } from './decide';
import { putMetrics } from './metrics';
import { move, publish, published, RecommendDeps, withdraw } from './publish';
import type { Owner } from '../../src/contract/custom-resource';
import { poolAttribute } from '../../src/contract/pools';
import { RecommendationProperties, SOURCES } from '../../src/contract/recommend';
import type { Attributes, Outcome } from '../runtime/answer';
import { ownerIn } from '../runtime/asked';
import { ANSWERED_LATER, Handled, physicalIdOf, succeeded } from '../runtime/custom-resource';
import { UserError } from '../runtime/errors';

type Event = CloudFormationCustomResourceEvent;
type Update = Event & { RequestType: 'Update' };

/**
 * Answers with one of a job's recommendations, logs it, and writes it to the user's path in Parameter Store.
 *
 * @param asksAgain whether an execution asks once more, and not CloudFormation
 */
export async function recommend(event: Exclude<Event, { RequestType: 'Delete' }>, asksAgain: boolean, deps: RecommendDeps): Promise<Handled> {
  const properties = propertiesOf(event.ResourceProperties);
  if (!asksAgain) { await endEarlierWaits(event, deps); }
  const owner = ownerIn(event);
  const isInBackground = properties.InBackground === 'true';
  if (isInBackground && event.RequestType === 'Update') { await moveOld(event, properties, owner, deps); }
  const chosen = await decide(properties, deps);
  const refusal = await approvalRefusal(chosen, properties, owner, deps);
  if (refusal?.isPending && await isAwaited(event, properties, chosen.attributes!, deps)) { return ANSWERED_LATER; }
  const { attributes, explanation, trouble, benchmarked } = refusal ? chosen.refused(refusal.sentence) : chosen;
  await putMetrics(properties, benchmarked.jobName, benchmarked.recommendations, deps);
  const earlier = trouble && isInBackground ? await published(owner, properties.ParameterPath!, properties.Family, deps) : undefined;
  if (earlier && stays(earlier.attributes, properties)) {
    await publish(owner, properties.ParameterPath!, earlier.attributes, undefined, deps);
    return succeeded(physicalIdOf(event), earlier.attributes);
  }
  if (!attributes) { throw new UserError(trouble!); }
  if (properties.ParameterPath !== undefined) {
    await publish(owner, properties.ParameterPath, attributes, explanation, deps);
    // A Delete ends the execution before it clears the path. What was written since would belong to nobody.
    if (asksAgain && !await stillWaits(event, properties, deps)) {
      await withdraw(owner, properties.ParameterPath, deps);
      return ANSWERED_LATER;
    }
  }
  if (event.RequestType === 'Update') { await withdrawOld(event, properties, owner, deps); }
  return succeeded(physicalIdOf(event), attributes);
}

/** Deletes the values in Parameter Store. The job and its choice need no clean-up. */
export async function forget(event: Event & { RequestType: 'Delete' }, deps: RecommendDeps): Promise<Outcome> {
  const { ParameterPath, PendingPath } = propertiesOf(event.ResourceProperties);
  await endEarlierWaits(event, deps);
  for (const path of [ParameterPath, PendingPath]) {
    if (path !== undefined) { await withdraw(ownerIn(event), path, deps); }
  }
  return succeeded(event.PhysicalResourceId);
}

/** Whether an earlier background result stays until there is a new one: it must have every requested attribute. */
function stays(earlier: Attributes, { EndpointType, EnvironmentNames = [], InstancePools = '1' }: RecommendationProperties): boolean {
  const pools = Number(InstancePools);
  return earlier.Source === SOURCES.benchmark && (EndpointType === 'Any' || Boolean(earlier.ServerlessMemorySizeInMB) === (EndpointType === 'Serverless'))
    && (pools === 1 || poolAttribute(pools, 'InstanceType') in earlier)
    && [...Array(pools).keys()].every((index) => EnvironmentNames.every((name) => {
      const variable = `Environment.${name}`;
      return (index === 0 ? variable : poolAttribute(index + 1, variable)) in earlier;
    }));
}

async function withdrawOld(event: Update, properties: RecommendationProperties, owner: Owner, deps: RecommendDeps): Promise<void> {
  for (const { old } of pathsLeft(event, properties)) { await withdraw(owner, old, deps); }
}

/** Only Parameter Store has a background result, so the result moves to the new path. */
async function moveOld(event: Update, properties: RecommendationProperties, owner: Owner, deps: RecommendDeps): Promise<void> {
  for (const { old, now } of pathsLeft(event, properties)) {
    if (now !== undefined) { await move(owner, old, now, deps); }
  }
}

function pathsLeft(event: Update, properties: RecommendationProperties): Array<{ readonly old: string; readonly now?: string }> {
  const before = propertiesOf(event.OldResourceProperties);
  return (['ParameterPath', 'PendingPath'] as const).flatMap((name) => {
    const [old, now] = [before[name], properties[name]];
    return old === undefined || old === now ? [] : [{ old, now }];
  });
}

function propertiesOf(properties: object): RecommendationProperties {
  return properties as RecommendationProperties;
}
