import { coerce } from '../../src/service/constraints';
import { JobProperties, Tag } from '../../src/contract/contract';
import { canonical, countedRequest } from '../../src/contract/job-name';
import { jobFindings, jobViolations, TargetFacts } from '../../src/service/job-rules';
import { JOB_SHAPES } from '../../src/service/shapes';
import { requirement } from '../../src/service/words';
import { UserError } from '../runtime/errors';

const SHAPE = 'CreateInferenceRecommendationsJobRequest';

/** CreateInferenceRecommendationsJob as the service gets it, but for the name. */
export interface JobRequest extends Record<string, unknown> {
  readonly JobType: 'Default' | 'Advanced';
  readonly RoleArn: string;
  readonly InputConfig: { readonly ModelPackageVersionArn?: string; readonly ModelName?: string };
}

/** CloudFormation delivers every scalar as a string: the API's own shapes say what each one is. */
export function jobRequest(properties: JobProperties): JobRequest {
  return coerce(JOB_SHAPES, SHAPE, properties.Request) as JobRequest;
}

/**
 * Judges what synth could not, because it was a token then: before the call, so that it costs nothing.
 *
 * @throws with every constraint and rule that the request breaks
 */
export function checkRequest(request: JobRequest, tags: readonly Tag[], target?: TargetFacts): void {
  // The name is made from the request itself, so a stand-in takes its place while the rest is judged.
  const broken = jobViolations({ JobName: 'stand-in', ...request, Tags: tags })
    .map((violation) => `${violation.path.join('.')} ${requirement(violation)}`);
  const rules = broken.length > 0 ? [] : jobFindings(request, { target })
    .filter(({ severity }) => severity === 'error')
    .map(({ path, sentence }) => `${path.join('.')} ${sentence}`);
  const sentences = [...broken, ...rules];
  if (sentences.length > 0) { throw new UserError(`The job's request would be refused: ${sentences.join('; ')}.`); }
}

/** Whether two states of the properties mean the same job: the trigger and the request, but for what does not count. */
export function isSameContent(properties: JobProperties, old: JobProperties): boolean {
  return contentOf(properties) === contentOf(old);
}

function contentOf({ Trigger, Request }: JobProperties): string {
  return canonical([Trigger ?? '', countedRequest(Request ?? {})]);
}

/** The user's tags, then ours; ours win, since jobs are found by them. */
export function jobTags(user: readonly Tag[] | undefined, own: readonly Tag[]): Tag[] {
  const keys = new Set(own.map((tag) => tag.Key));
  return [...(user ?? []).filter((tag) => !keys.has(tag.Key)), ...own];
}

export function toleratesFailure(properties: JobProperties): boolean {
  return properties.ToleratesFailure === 'true';
}
