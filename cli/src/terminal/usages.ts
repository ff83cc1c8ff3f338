/** The usage of each verb that reads an account, an app, or a job. */
export const USAGES = {
  estimate: 'inference-recommender estimate [--app cdk.out] [--region R] [--prices FILE | --get-products [--profile P]] [--budget USD] [--monthly-budget USD] [--format table|markdown|csv|json] [--json] [--policy]',
  show: 'inference-recommender show STACK|JOB|--from output.tar.gz [--format table|markdown|csv|json] [--json] [--region R] [--profile P] [--policy]',
  report: 'inference-recommender report STACK|JOB|--from job.json --out report.html [--json] [--region R] [--profile P] [--policy]',
  watch: 'inference-recommender watch [--interval 20s] [--json] [--region R] [--profile P] [--policy] STACK|JOB, or -- COMMAND… in its place',
  diagnose: 'inference-recommender diagnose STACK|JOB [--json] [--region R] [--profile P] [--policy]',
  compare: 'inference-recommender compare STACK|JOB|FILE [STACK|JOB|FILE | --endpoint NAME] [--fail-on-regression PERCENT [--chosen]] [--equal-within PERCENT] '
    + '[--since 24h] [--latency-unit ms|us] [--prices FILE] [--format table|markdown|csv|json] [--json] [--region R] [--profile P] [--policy]',
} as const;
