import { createHash } from 'crypto';

/**
 * Names of jobs: `<namespace>-<content>`, then `-a2`, `-a3` for later attempts.
 *
 * The service cuts the names that it derives from a job's name at 40 characters, so the whole id fits into the first 40.
 * Source: JobName, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceRecommendationsJob.html
 */
export const STACK_DIGITS = 8;
const CONSTRUCT_DIGITS = 8;
const CONTENT_DIGITS = 24;
const MODEL_DIGITS = 16;

/** The prefix of all names that this library makes at deploy for one stack: the first group of the stack's GUID. IAM policies depend on it. */
export function stackPrefix(stackId: string): string {
  const guid = stackId.split('/')[2];
  if (!guid) { throw new Error(`StackId must be the ARN of a stack, got: '${stackId}'.`); }
  return guid.split('-')[0].toLowerCase().slice(0, STACK_DIGITS);
}

/** The prefix of the names that one construct of a stack makes. */
export function constructPrefix(stackId: string, logicalId: string): string {
  return `${stackPrefix(stackId)}-${digest(logicalId, CONSTRUCT_DIGITS)}-`;
}

/** How far a job is found again: by stacks of the same name, by the whole account, by one construct of one stack, or not at all. */
export const REUSE = ['stack', 'account', 'construct', 'never'] as const;
export type Reuse = typeof REUSE[number];

/** What identifies a job. A job with the same content is found again in its scope and not paid for twice. */
export interface JobIdentity {
  /** The prefix of the names of all jobs in the scope: eight hexadecimal digits. IAM policies depend on it. */
  readonly namespace: string;
  /** Who finds the job again. */
  readonly scope: readonly string[];
  /** The user's own reason to run again. */
  readonly trigger?: string;
  /** What is benchmarked and how, without names and addresses that do not count. */
  readonly content: unknown;
}

/** The name of a job's first attempt, and the physical id of the start resource. */
export function jobId({ namespace, scope, trigger, content }: JobIdentity): string {
  return `${namespace}-${digest(canonical([scope, trigger ?? '', content]), CONTENT_DIGITS)}`;
}

export function attemptName(id: string, attempt: number): string {
  return attempt === 1 ? id : `${id}-a${attempt}`;
}

/** The job id in an attempt's name, and the attempt's number. */
export function parseAttempt(jobName: string): { id: string; attempt: number } {
  // At most four digits: a hash may itself have an 'a' before digits.
  const match = /^(.*)-a(\d{1,4})$/.exec(jobName);
  return match ? { id: match[1], attempt: Number(match[2]) } : { id: jobName, attempt: 1 };
}

/** Whether a physical id is the id of a job. CloudFormation invents other ids. */
export function isJobId(physicalId: string): boolean {
  return new RegExp(`^[0-9a-f]{${STACK_DIGITS}}-[0-9a-f]{${CONTENT_DIGITS}}$`).test(physicalId);
}

/** The key of a construct's claims on jobs: that of its stack, then that of the construct. */
export function claimKey(stack: string, logicalId: string): string {
  return `${stack}-${digest(logicalId, CONSTRUCT_DIGITS)}`;
}

/** The name of a model made through the API. The same content has the same name, so a repeated request finds the model again. */
export function modelName(stackId: string, logicalId: string, content: unknown): string {
  return constructPrefix(stackId, logicalId) + digest(canonical(content), MODEL_DIGITS);
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
