/** The consoles by the Regions of their partitions. The Regions of other partitions have none that the public reaches. */
const CONSOLES: ReadonlyArray<{ readonly regions: RegExp; readonly domain: string }> = [
  { regions: /^cn-/, domain: 'console.amazonaws.cn' },
  { regions: /^us-gov-/, domain: 'console.amazonaws-us-gov.com' },
  { regions: /^[a-z]{2}-[a-z]+-\d+$/, domain: 'console.aws.amazon.com' },
];

/**
 * The log group of all jobs, and the namespace of their metrics.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-recommender-troubleshooting.html, https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export const JOBS_TELEMETRY = '/aws/sagemaker/InferenceRecommendationsJobs';

/** The beginning of the names of all log groups that a job's role may write to. AWS's pages name none for jobs of the generative family. */
export const AI_LOGS = '/aws/sagemaker/';

/** The address of a service's page in the console of a Region. `undefined` if the Region has no public console. */
export function consoleLink(region: string, service: string, page: string): string | undefined {
  const domain = CONSOLES.find(({ regions }) => regions.test(region))?.domain;
  return domain && `https://${region}.${domain}/${service}/home?region=${region}#${page}`;
}

/**
 * What the console has of a job: its log streams, which have its progress and its endpoints. The page of the job itself has no address that AWS documents.
 *
 * The console encodes a name in its own way: twice as a URL, with `$` for `%`.
 */
export function jobLink(region: string, jobName: string): string | undefined {
  const encoded = (text: string) => encodeURIComponent(encodeURIComponent(text)).replace(/%/g, '$');
  return consoleLink(region, 'cloudwatch', `logsV2:log-groups/log-group/${encoded(JOBS_TELEMETRY)}$3FlogStreamNameFilter$3D${encoded(`${jobName}/`)}`);
}

/** Whether an address is a page of a console, and has nothing but its Region as a query: such an address has no secret. */
export function isConsoleLink(address: string): boolean {
  const [, domain, region] = /^https:\/\/[a-z0-9-]+\.([a-z.-]+)\/[a-z0-9-]+\/home\?region=([a-z0-9-]+)(?:#[^?&=]*)?$/.exec(address) ?? [];
  return CONSOLES.some((console) => console.domain === domain && console.regions.test(region));
}
