import { gzipSync } from 'zlib';
import { aiperfFiles } from './aiperf-export';
import { Measurements } from './measurements';
import { unwritable } from './role-needs';
import { tarOf } from '../../../src/service/tar';
import { Call } from '../../kernel';
import { S3 } from '../../s3';
import { digest } from '../benchmarks';
import { AIJob } from '../state';

/** The training job that runs AIPerf for a job. Names like `bmk-…` were seen; what follows is ours. */
export function trainingJobOf(arn: string): string {
  return `bmk-${digest(arn).slice(0, 16)}`;
}

/**
 * Where a benchmark's results are: a prefix of its own below the given one. DescribeAIBenchmarkJob answers it, and the archive is at `output/output.tar.gz` below it, as
 * training jobs write it.
 * Source: https://github.com/aws-samples/sagemaker-genai-hosting-examples (inference_optimization_benchmark_inference_component_boto3.ipynb)
 */
export function resultsLocation(location: string, trainingJob: string): string {
  return `${location.replace(/\/?$/, '/')}${trainingJob}/`;
}

/** Writes the archive of a benchmark, or says why it cannot. */
export function writeResults(location: string, found: Measurements, { arn, request, workload }: AIJob, call: Call): string | undefined {
  const { region } = call;
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(location) ?? [];
  const key = `${prefix}output/output.tar.gz`;
  const why = unwritable(bucket, key, request.RoleArn, region);
  if (why !== undefined || !region.room(S3).find(bucket)) { return why && `cannot write its results: ${why}`; }
  const end = new Date(region.clock.now());
  const files = aiperfFiles(found, {
    benchmarkId: digest(arn).slice(0, 32),
    start: new Date(end.getTime() - 1000 * Math.ceil(found.durationSeconds)),
    end,
    inputConfig: inputConfigOf(workload),
    streaming: workload.streaming,
  });
  region.room(S3).putObject(bucket, key, gzipSync(tarOf(files)), 'application/x-gzip');
  return undefined;
}

/** The part of AIPerf's configuration that its export repeats. Source: https://github.com/ai-dynamo/aiperf/tree/main/src/aiperf/common/config (UserConfig) */
function inputConfigOf({ spec, streaming }: AIJob['workload']): object {
  const { model, tokenizer, concurrency, request_count } = (spec as any).parameters ?? {};
  return { endpoint: { model_names: [model ?? tokenizer ?? 'model'], type: 'chat', streaming }, loadgen: { concurrency, request_count } };
}
