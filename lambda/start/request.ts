import { coerce, violations } from '../../src/api/constraints';
import { JobProperties, Tag } from '../../src/api/contract';
import { JOB_SHAPES } from '../../src/api/shapes';
import { requirement } from '../../src/api/words';
import { UserError } from '../shared/errors';

const SHAPE = 'CreateInferenceRecommendationsJobRequest';

/** CreateInferenceRecommendationsJob as the service gets it, but for the name. */
export interface JobRequest extends Record<string, unknown> {
  readonly JobType: 'Default' | 'Advanced';
  readonly RoleArn: string;
  readonly InputConfig: { readonly ModelPackageVersionArn?: string; readonly ModelName?: string };
}

/** CloudFormation delivers every scalar as a string: the API's own shapes say what each one is. */
export function jobRequest(properties: JobProperties): JobRequest {
  const request = coerce(JOB_SHAPES, SHAPE, properties.Request) as JobRequest;
  // The name is made from the request itself, so a stand-in takes its place while the rest is judged.
  const found = violations(JOB_SHAPES, SHAPE, { JobName: 'stand-in', ...request });
  if (found.length > 0) {
    const sentences = found.map((violation) => `${violation.path.join('.')} ${requirement(violation)}`).join('; ');
    throw new UserError(`The job's request breaks the API's constraints: ${sentences}.`);
  }
  return request;
}

/** The user's tags, then ours; ours win, since jobs are found by them. */
export function jobTags(user: readonly Tag[] | undefined, own: readonly Tag[]): Tag[] {
  const keys = new Set(own.map((tag) => tag.Key));
  return [...(user ?? []).filter((tag) => !keys.has(tag.Key)), ...own];
}
