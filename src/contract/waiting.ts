/**
 * How long a relay waits. CloudFormation gives a custom resource at most an hour, so a longer wait is split into links.
 * Source: ServiceTimeout, https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
 */
export const SERVICE_TIMEOUT_SECONDS = 3600;

/**
 * When a link stops polling and hands over. The rest of the hour is for what may come before it is counted (the function's patience) and after: one
 * more poll interval, one poll with all its retries, and the conclusion and the last word with all theirs. A test adds them up.
 */
export const LINK_SECONDS = 45 * 60;

/** 64 polls and 192 state transitions an hour. */
export const POLL_SECONDS = 56;

/** A stop takes minutes, not hours, and someone waits for it. */
export const STOP_POLL_SECONDS = 15;

/** After this a job that was told to stop is reported as one that does not. */
export const STOP_SECONDS = 40 * 60;

/** An instance recommendation is done within 45 minutes by the guide; two links leave twice that. */
export const DEFAULT_JOB_LINKS = 2;

/** The longest JobDurationInSeconds. Source: API_RecommendationJobInputConfig. */
export const MAX_JOB_SECONDS = 18_000;

/** When an execution that follows a job gives up: no job lasts so long. */
export const FOLLOW_SECONDS = 24 * 3600;

/** What a job may take on top of its own duration: starting and ending its endpoints. */
const MARGIN_SECONDS = 3600;

/** How many links wait for a job that may last so long. */
export function linkCount(jobType: 'Default' | 'Advanced', jobSeconds?: number): number {
  if (jobType === 'Default' && jobSeconds === undefined) { return DEFAULT_JOB_LINKS; }
  return Math.max(DEFAULT_JOB_LINKS, Math.ceil(((jobSeconds ?? MAX_JOB_SECONDS) + MARGIN_SECONDS) / LINK_SECONDS));
}
