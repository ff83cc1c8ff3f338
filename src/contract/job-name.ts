import { createHash } from 'crypto';

/**
 * Names of jobs: `<stack>-<construct>-<content>`, then `-a2`, `-a3` for later attempts.
 *
 * The service cuts the names that it derives from a job's name at 40 characters, so the whole id fits into the first 40.
 * Source: JobName, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceRecommendationsJob.html
 */
export const STACK_DIGITS = 8;
const CONSTRUCT_DIGITS = 8;
const CONTENT_DIGITS = 16;

/** The prefix that all jobs of a stack share: the first group of the stack's GUID. IAM policies depend on it. */
export function stackPrefix(stackId: string): string {
  const guid = stackId.split('/')[2];
  if (!guid) { throw new Error(`StackId must be the ARN of a stack, got: '${stackId}'.`); }
  return guid.split('-')[0].toLowerCase().slice(0, STACK_DIGITS);
}

/** The prefix that all jobs of one construct share. */
export function constructPrefix(stackId: string, logicalId: string): string {
  return `${stackPrefix(stackId)}-${digest(logicalId, CONSTRUCT_DIGITS)}-`;
}

/** The content that identifies a job: a job with the same content is found again and not paid for twice. */
export interface JobContent {
  readonly stackId: string;
  readonly logicalId: string;
  /** The user's own reason to run again. */
  readonly trigger?: string;
  /** The part of the request that counts, as the service gets it. */
  readonly counted: Readonly<Record<string, unknown>>;
  /** The creation time of the model package or model: a new one with the same name is different content. */
  readonly targetCreated?: Date;
}

/** The name of a job's first attempt, and the physical id of the start resource. */
export function jobId({ stackId, logicalId, trigger, counted, targetCreated }: JobContent): string {
  const text = canonical([stackId, logicalId, trigger ?? '', counted, targetCreated?.toISOString() ?? '']);
  return constructPrefix(stackId, logicalId) + digest(text, CONTENT_DIGITS);
}

export function attemptName(id: string, attempt: number): string {
  return attempt === 1 ? id : `${id}-a${attempt}`;
}

/** The job id in an attempt's name, and the attempt's number. */
export function parseAttempt(jobName: string): { id: string; attempt: number } {
  // At most four digits: a hash of sixteen may itself have an 'a' before digits.
  const match = /^(.*)-a(\d{1,4})$/.exec(jobName);
  return match ? { id: match[1], attempt: Number(match[2]) } : { id: jobName, attempt: 1 };
}

/** Whether a physical id is the id of a job of this construct. CloudFormation invents other ids. */
export function isJobId(physicalId: string, { StackId, LogicalResourceId }: { StackId: string; LogicalResourceId: string }): boolean {
  const prefix = constructPrefix(StackId, LogicalResourceId);
  return physicalId.startsWith(prefix) && new RegExp(`^[0-9a-f]{${CONTENT_DIGITS}}$`).test(physicalId.slice(prefix.length));
}

/** The name of a model made through the API. The same content has the same name, so a repeated request finds the model again. */
export function modelName(stackId: string, logicalId: string, content: unknown): string {
  return constructPrefix(stackId, logicalId) + digest(canonical(content), CONTENT_DIGITS);
}

/** The first hexadecimal digits of a text's SHA-256. */
export function digest(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

/** JSON with sorted keys, so that the order in a template does not count. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part) => (part && typeof part === 'object' && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
    : part));
}
