/** The usage of each verb that reads an account, an app, or a job. */
export const USAGES = {
  show: 'inference-recommender show STACK|JOB [--format table|markdown|csv|json] [--json] [--region R] [--profile P] [--policy]',
} as const;
