import { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { IResource, Resource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { AIBenchmarkJobProps } from './ai-benchmark-job-props';
import { allowListing, allowResults, checkAiRequest, checkMaxDuration, renderBenchmarkJob } from './ai-job-request';
import { benchmarkJobRole } from './ai-job-role';
import { AI_BENCHMARKER } from './family';
import { GenerativeJob } from './generative-job';
import { checkIsA } from '../../common/check';
import { arnSpellings } from '../../common/names';
import { Network, networkOf } from '../../common/network';
import { isWithoutJobs } from '../../common/without-jobs';
import { AiBenchmarkAttribute } from '../../contract/ai-benchmark';
import { SCHEMA_VERSION } from '../../contract/custom-resource';
import { ResultsProperties } from '../../contract/recommend';
import { jobResourceType } from '../../contract/start';
import { jobFacts } from '../../recommendation/facts';
import { Runtime } from '../../runtime/runtime';
import { endpointFacts } from '../job-request';
import { checksOf } from '../preflight';

const DEFAULT_SECONDS = 2 * 3600;

/** A job that benchmarks an endpoint. */
export interface IAIBenchmarkJob extends IResource {
  /**
   * Name of the job. If the deploy waits for the job, a resource that uses the name is deployed after the job has completed.
   * @attribute
   */
  readonly jobName: string;
}

/**
 * A job that benchmarks an endpoint of a generative model: latency, throughput and time to first token, measured by NVIDIA's AIPerf. The deploy starts it and
 * waits for it, by default up to 2 hours. If its content is the same, a later deploy finds the job again.
 *
 * You pay for the endpoint, and for what sends the requests: AWS does not say what that is. Only changed content starts a new job. A changed endpoint of the same name is none:
 * change `trigger` with it.
 *
 * When the job's construct is deleted, or another job has taken its place, the job is stopped if it still runs, and deleted once it has ended. The objects in
 * `outputBucket` stay.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateAIBenchmarkJob.html
 * @example
 * const benchmark = new AIBenchmarkJob(this, 'Benchmark', {
 *   endpoint,
 *   workload: new AIWorkloadConfig(this, 'Chat', { workload: Workload.synthetic({ inputTokens: { mean: 550 }, outputTokens: { mean: 150 }, concurrency: 10 }) }),
 *   outputBucket: bucket,
 * });
 * this.exportValue(benchmark.addResults().outputLocation, { name: 'BenchmarkOutput' });
 */
export class AIBenchmarkJob extends GenerativeJob implements IAIBenchmarkJob, IConnectable {
  private readonly network?: Network;

  /**
   * Starts the job when the stack is deployed. If the guide only advises against a value, the constructor adds a warning.
   *
   * @param scope where to add the job, usually `this`
   * @param id construct id, unique in the scope
   * @param props endpoint, workload and the other inputs of the job
   * @throws if a member of the request is out of its bounds, or members exclude each other
   */
  constructor(scope: Construct, id: string, props: AIBenchmarkJobProps) {
    let network: Network | undefined;
    super(scope, id, AI_BENCHMARKER, props, (job) => {
      checkIsA('endpoint', props.endpoint, 'endpointRef', 'an endpoint, such as `Endpoint.fromEndpointName()` returns');
      checkIsA('workload', props.workload, 'workloadConfigName', 'an `AIWorkloadConfig`');
      network = networkOf(job, props);
      const request = renderBenchmarkJob(job, props, network);
      checkAiRequest(job, 'CreateAIBenchmarkJobRequest', request, { isOfComponents: endpointFacts.of(props.endpoint)?.hostsComponents });
      const Preflight = checksOf(props, ['objects', 'role']);
      return {
        request,
        maxSeconds: checkMaxDuration(props.maxDuration?.toSeconds() ?? DEFAULT_SECONDS),
        checks: { Preflight },
        facts: { allowResults: (reader) => allowResults(job, props, reader) },
        allowReading: (start) => {
          // Reason: tells jobs apart by the load that they send, and looks at it before a job starts.
          start.allow(['sagemaker:DescribeAIWorkloadConfig'], ...arnSpellings(props.workload.workloadConfigArn));
          return allowListing(start, request, props, Preflight);
        },
        makeRole: (scopes) => benchmarkJobRole(job, props, scopes, network),
      };
    });
    this.network = network;
  }

  /**
   * Reads the results of the job.
   *
   * @param id construct id of the results, unique in the job
   * @returns the results, whose fields are tokens
   * @throws if the job runs in the background, because then the deploy does not wait for it
   */
  public addResults(id: string = 'Results'): AIBenchmarkResults {
    if (this._isInBackground) { throw new Error('`addResults` needs a job that the deploy waits for: leave `wait` out.'); }
    return new AIBenchmarkResults(this, id, { job: this });
  }

  /**
   * Network connections of the load generator.
   *
   * @throws if you set no `vpc`
   */
  public get connections(): Connections {
    if (!this.network) { throw new Error('`connections` needs a job in a VPC: set `vpc`.'); }
    return this.network.connections;
  }
}

/** Properties of the results of a benchmark. */
export interface AIBenchmarkResultsProps {
  /** The job. */
  readonly job: IAIBenchmarkJob;
}

/**
 * The results of a benchmark of an endpoint: its figures, when it ran, and where its results and its logs are. A job whose archive is broken or gone has no
 * figures, and fails no deploy: `trouble` says why.
 *
 * Every field is a token. A field is an empty string if the job has no such value, or if no job runs because the context
 * `cdk-sagemaker-inference-recommender:withoutJobs` is true.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeAIBenchmarkJob.html
 * @example
 * const results = benchmark.addResults();
 * this.exportValue(results.outputLocation, { name: 'BenchmarkOutput' });
 */
export class AIBenchmarkResults extends Resource {
  /** ARN of the job. */
  public readonly jobArn: string;
  /** Status of the job. */
  public readonly status: string;
  /** When the job was created, as an ISO time. */
  public readonly creationTime: string;
  /** When the job began to run, as an ISO time. */
  public readonly startTime: string;
  /** When the job ended, as an ISO time. */
  public readonly endTime: string;
  /** Address in S3 below which the service has written the results. */
  public readonly outputLocation: string;
  /** The log groups and streams of the job, in words. */
  public readonly logs: string;
  /** Address in S3 of the archive that the figures are read from. */
  public readonly archive: string;
  /** Number of runs that the archive has: one, unless the workload is a sweep or a search. */
  public readonly runCount: string;
  /**
   * The figures of each run as JSON text: its `file` in the archive, `requests`, `errors`, and by the names of AIPerf `time_to_first_token`,
   * `inter_token_latency`, `output_token_throughput`, `request_throughput` and `request_latency`. Each has its `unit`, and `avg`, `p50`, `p90` and `p99` where
   * they were measured. It has the first runs that fit in an answer of 4,096 bytes. The function's log has all of them.
   */
  public readonly figures: string;
  /**
   * What a search for the most concurrency within limits has found, as JSON text: its `dimension`, the `highest` value within all limits, the `lowestBroken` value, and
   * of the limit that it breaks in `breach` the `metric`, `stat`, `limit` and `observed` figure. Empty if the workload is no search.
   */
  public readonly search: string;
  /** Why there are no figures, in one sentence. Empty if there are. */
  public readonly trouble: string;

  /**
   * Reads the results when the stack is deployed. `job.addResults()` does the same.
   *
   * @param scope where to add the results, usually the job or `this`
   * @param id construct id, unique in the scope
   * @param props the job
   */
  constructor(scope: Construct, id: string, props: AIBenchmarkResultsProps) {
    super(scope, id);
    const text = isWithoutJobs(this) ? () => '' : this.fields(props);
    this.jobArn = text('JobArn');
    this.status = text('Status');
    this.creationTime = text('CreationTime');
    this.startTime = text('StartTime');
    this.endTime = text('EndTime');
    this.outputLocation = text('OutputLocation');
    this.logs = text('Logs');
    this.archive = text('Archive');
    this.runCount = text('RunCount');
    this.figures = text('Figures');
    this.search = text('Search');
    this.trouble = text('Trouble');
  }

  private fields(props: AIBenchmarkResultsProps): (attribute: AiBenchmarkAttribute) => string {
    const properties: ResultsProperties = { SchemaVersion: SCHEMA_VERSION, JobName: props.job.jobName, Namespace: jobFacts.of(props.job)?.namespace };
    const reader = Runtime.of(this).recommend(AI_BENCHMARKER);
    jobFacts.of(props.job)?.allowResults?.(reader);
    const resource = reader.provide(this, 'Resource', jobResourceType(AI_BENCHMARKER.name, 'Results'), properties);
    return (attribute) => resource.getAtt(attribute).toString();
  }
}
