import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { decide } from './decide';
import type { ConcludeDeps } from './deps';
import { publish, published, withdraw } from './publish';
import { RecommendationProperties } from '../../src/api/contract';
import type { Outcome } from '../shared/answer';
import { physicalIdOf, succeeded } from '../shared/custom-resource';
import { UserError } from '../shared/errors';

type Event = CloudFormationCustomResourceEvent;

/** Answers with one of a job's recommendations: in an answer, in the log, and where the user wants it in Parameter Store. */
export async function recommend(event: Exclude<Event, { RequestType: 'Delete' }>, deps: ConcludeDeps): Promise<Outcome> {
  const properties = propertiesOf(event.ResourceProperties);
  const { attributes, explanation, trouble } = await decide(properties, deps);
  // What the background found before stands until it has found something else.
  const earlier = trouble && properties.InBackground === 'true' ? await published(event, properties.ParameterPath!, deps) : undefined;
  if (earlier) { return succeeded(physicalIdOf(event), earlier); }
  if (!attributes) { throw new UserError(trouble!); }
  if (properties.ParameterPath !== undefined) { await publish(event, properties.ParameterPath, attributes, explanation, deps); }
  if (event.RequestType === 'Update') { await withdrawOld(event, properties, deps); }
  return succeeded(physicalIdOf(event), attributes);
}

/** Takes back what was written to Parameter Store; the job and its choice need nothing. */
export async function forget(event: Event & { RequestType: 'Delete' }, deps: ConcludeDeps): Promise<Outcome> {
  const { ParameterPath, CandidatePath } = propertiesOf(event.ResourceProperties);
  if (ParameterPath !== undefined) { await withdraw(event, ParameterPath, deps); }
  if (CandidatePath !== undefined) { await withdraw(event, CandidatePath, deps); }
  return succeeded(event.PhysicalResourceId);
}

async function withdrawOld(event: Event & { RequestType: 'Update' }, properties: RecommendationProperties, deps: ConcludeDeps): Promise<void> {
  const before = propertiesOf(event.OldResourceProperties);
  for (const name of ['ParameterPath', 'CandidatePath'] as const) {
    const old = before[name];
    if (old !== undefined && old !== properties[name]) { await withdraw(event, old, deps); }
  }
}

function propertiesOf(properties: object): RecommendationProperties {
  return properties as RecommendationProperties;
}
