/**
 * Time limits of a wait chain. CloudFormation gives a custom resource at most an hour, so a longer wait is split into stages.
 * Source: ServiceTimeout, https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
 */
export const SERVICE_TIMEOUT_SECONDS = 3600;

/**
 * When a stage stops polling and the next one takes over. The rest of the hour covers the function's retry budget before the count starts,
 * and afterwards one more poll interval, one poll, the end of the wait and the last answer, each with all its retries. A test adds them up.
 */
export const STAGE_SECONDS = 45 * 60;

/** 64 polls and 192 state transitions an hour. */
export const POLL_SECONDS = 56;

/** A stop takes minutes, not hours, and a deploy waits for it. */
export const STOP_POLL_SECONDS = 15;

/** After this time, a job that does not stop is reported as such. */
export const STOP_SECONDS = 40 * 60;

/** An execution that follows a job gives up after this time: no job runs so long. */
export const FOLLOW_SECONDS = 24 * 3600;

/**
 * The longest run of a function that writes to Parameter Store: as long as Lambda permits, because many recommendations share a rate of 3 writes a
 * second. Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
 */
export const WRITER_SECONDS = 900;

/** Time that a job may need besides its own duration: starting and ending its endpoints. */
const MARGIN_SECONDS = 3600;

/** Even a short job has two stages: its start and its end take longer than the job itself. */
const FEWEST_STAGES = 2;

/**
 * The number of stages for a job of this length.
 *
 * @param jobSeconds the longest time that the job may take; absent for a job that the service itself ends within two stages
 */
export function stageCount(jobSeconds?: number): number {
  return jobSeconds === undefined ? FEWEST_STAGES : Math.max(FEWEST_STAGES, Math.ceil((jobSeconds + MARGIN_SECONDS) / STAGE_SECONDS));
}
