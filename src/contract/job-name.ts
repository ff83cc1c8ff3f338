import { createHash } from 'crypto';

/**
 * Names of jobs: `<stack>-<construct>-<content>`, then `-a2`, `-a3` for later attempts.
 *
 * The service cuts the names that it derives from a job's at 40 characters, so all of it stands within the first 40.
 * Source: JobName, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceRecommendationsJob.html
 */
export const STACK_DIGITS = 8;
const CONSTRUCT_DIGITS = 8;
const CONTENT_DIGITS = 16;

/** The part that all jobs of a stack share: the first group of the stack's GUID. IAM policies rest on it. */
export function stackPrefix(stackId: string): string {
  const guid = stackId.split('/')[2];
  if (!guid) { throw new Error(`StackId must be the ARN of a stack, got: '${stackId}'.`); }
  return guid.split('-')[0].toLowerCase().slice(0, STACK_DIGITS);
}

/** The part that all jobs of one construct share. */
export function constructPrefix(stackId: string, logicalId: string): string {
  return `${stackPrefix(stackId)}-${digest(logicalId, CONSTRUCT_DIGITS)}-`;
}

/** What makes two jobs the same: with the same content, the same job is found again instead of paid again. */
export interface JobContent {
  readonly stackId: string;
  readonly logicalId: string;
  /** The user's own reason to run again. */
  readonly trigger?: string;
  /** What counts of the request as the service gets it. */
  readonly counted: Readonly<Record<string, unknown>>;
  /** When the model package or model was made: a new one of the same name is other content. */
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

/** The job id that an attempt's name belongs to, and which attempt it is. */
export function parseAttempt(jobName: string): { id: string; attempt: number } {
  // Four digits at most: a hash of sixteen may itself be an 'a' before digits.
  const match = /^(.*)-a(\d{1,4})$/.exec(jobName);
  return match ? { id: match[1], attempt: Number(match[2]) } : { id: jobName, attempt: 1 };
}

/** Whether a physical id is the id of a job of this construct: CloudFormation invents others. */
export function isJobId(physicalId: string, { StackId, LogicalResourceId }: { StackId: string; LogicalResourceId: string }): boolean {
  const prefix = constructPrefix(StackId, LogicalResourceId);
  return physicalId.startsWith(prefix) && new RegExp(`^[0-9a-f]{${CONTENT_DIGITS}}$`).test(physicalId.slice(prefix.length));
}

/** The name of a model made through the API: the same content has the same name, so a repeated request finds it again. */
export function modelName(stackId: string, logicalId: string, content: unknown): string {
  return constructPrefix(stackId, logicalId) + digest(canonical(content), CONTENT_DIGITS);
}

function digest(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

/** JSON with sorted keys, so that the order in a template does not count. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part) => (part && typeof part === 'object' && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
    : part));
}
