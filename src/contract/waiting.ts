/**
 * How long a wait chain waits. CloudFormation gives a custom resource at most an hour, so a longer wait is split into stages.
 * Source: ServiceTimeout, https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
 */
export const SERVICE_TIMEOUT_SECONDS = 3600;

/**
 * When a stage stops polling and the next one takes over. The rest of the hour is for what may come before it is counted (the function's retry budget) and
 * after: one more poll interval, one poll with all its retries, and the end of the wait and the last word with all theirs. A test adds them up.
 */
export const STAGE_SECONDS = 45 * 60;

/** 64 polls and 192 state transitions an hour. */
export const POLL_SECONDS = 56;

/** A stop takes minutes, not hours, and someone waits for it. */
export const STOP_POLL_SECONDS = 15;

/** After this a job that was told to stop is reported as one that does not. */
export const STOP_SECONDS = 40 * 60;

/** When an execution that follows a job gives up: no job lasts so long. */
export const FOLLOW_SECONDS = 24 * 3600;

/** What a job may take on top of its own duration: starting and ending its endpoints. */
const MARGIN_SECONDS = 3600;

/** Even a short job has two stages: its start and its end take longer than the job itself. */
const FEWEST_STAGES = 2;

/**
 * How many stages wait for a job that may last so long.
 *
 * @param jobSeconds the longest time that the job may take; none for a job that the service itself ends within two stages
 */
export function stageCount(jobSeconds?: number): number {
  return jobSeconds === undefined ? FEWEST_STAGES : Math.max(FEWEST_STAGES, Math.ceil((jobSeconds + MARGIN_SECONDS) / STAGE_SECONDS));
}
