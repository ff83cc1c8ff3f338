/**
 * Time limits of a wait chain. CloudFormation gives a custom resource at most an hour, so a longer wait is split into stages.
 * Source: ServiceTimeout, https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
 */
export const SERVICE_TIMEOUT_SECONDS = 3600;

/**
 * How long each function may run. Its work leaves enough of it for the answer, and a test adds up what the work takes. What writes to Parameter Store
 * runs as long as Lambda permits, because many recommendations share a rate of 3 writes a second.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
 */
export const FUNCTION_SECONDS = { Start: 900, WaitEnd: 55, Recommend: 900, Model: 300, Scaling: 900, Replica: 900, Approve: 300 };

/** A state machine waits for a function so much longer than the function may run. So it never tries again while the function still runs. */
export const INVOKE_MARGIN_SECONDS = 5;

/**
 * Pauses before Lambda delivers an event again, if the function failed or ran out of time.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const DELIVERY_PAUSES_SECONDS = [60, 120];

/** The time of all deliveries of an event to a function: a custom resource waits for the last one too. */
export function deliverySeconds(functionSeconds: number): number {
  return DELIVERY_PAUSES_SECONDS.reduce((sum, pause) => sum + pause + functionSeconds, functionSeconds);
}

/**
 * When a stage stops polling and the next one takes over, counted from CloudFormation's request. The rest of the hour covers one more poll interval,
 * one poll, the end of the wait and the last answer, each with all its retries and timeouts. A test adds them up.
 */
export const STAGE_SECONDS = 45 * 60;

/**
 * From when the end of a wait is not tried again, counted from CloudFormation's request: many jobs may share a rate of calls, so an end outlasts what refuses
 * it. The rest of the hour covers a try that has begun, and the last answer, each with all its retries and timeouts.
 */
export const LAST_TRY_SECONDS = 50 * 60;

/** 64 polls and 192 state transitions an hour: where nothing says when a job ends. */
export const POLL_SECONDS = 56;

/** Where something says it: the interval while the job may end, and while it can hardly end. A job that fails at once is noticed in the first minutes. */
export const OFTEN_SECONDS = 20;
export const SELDOM_SECONDS = 150;
export const FIRST_MINUTES_SECONDS = 5 * 60;

/**
 * Each job of an account that runs adds so much to the interval: many jobs share the account's rate of calls, which AWS does not publish. So 300 jobs make
 * less than 5 calls a second together, however they began.
 */
export const SECONDS_PER_JOB = 0.75;
export const LONGEST_POLL_SECONDS = 240;

/** A stop takes minutes, not hours, and a deploy waits for it. */
export const STOP_POLL_SECONDS = 15;

/** After this time, a job that does not stop is reported as such. */
export const STOP_SECONDS = 40 * 60;

/**
 * When a stack is first asked whether it holds the job that was started for it: later than CloudFormation's hour and every delivery of its request.
 * While the stack is in progress, it is asked again after the same time.
 */
export const WATCH_SECONDS = 75 * 60;

/** An execution that follows a job gives up after this time: no job runs so long. */
export const FOLLOW_SECONDS = 24 * 3600;

/**
 * How long an approval that meets an outage is tried again, and the longest pause between two tries. With 3 events a try, the execution's history has room.
 * The pause also bounds how long the deletion of a stack waits for such an execution.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (25,000 events in a history)
 */
export const OUTAGE_SECONDS = 14 * 86_400;
export const LONGEST_PAUSE_SECONDS = 600;

/**
 * How long a result in the background waits for the approval of its package, and the pause between two looks. With 20 events a look, the execution's
 * history has room.
 */
export const APPROVAL_SECONDS = 14 * 86_400;
export const APPROVAL_PAUSE_SECONDS = 1800;

/**
 * The longest that a deploy waits for an approval, and the pause between two looks. The rest of CloudFormation's hour covers a pause, and a last look with
 * its retries.
 */
export const APPROVAL_WAIT_SECONDS = 50 * 60;
export const APPROVAL_LOOK_SECONDS = 30;

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
