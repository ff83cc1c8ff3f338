import { Stack } from 'aws-cdk-lib';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import {
  AIBenchmarkJob, AIBenchmarkJobProps, AIRecommendationJob, AIRecommendationJobProps, AIWorkloadConfig, Endpoint, GenerativeModelSource,
  IAIWorkloadConfig, PerformanceTarget, Workload,
} from '../../src';

/** A bucket that adds nothing to the stack. */
export function namedBucket(stack: Stack, name = 'models'): IBucket {
  return stack.node.tryFindChild(`Bucket-${name}`) as IBucket | undefined ?? Bucket.fromBucketName(stack, `Bucket-${name}`, name);
}

/** A workload of a chat. */
export function chatIn(stack: Stack, id = 'Chat', concurrency = 10): AIWorkloadConfig {
  return new AIWorkloadConfig(stack, id, {
    workload: Workload.synthetic({ inputTokens: { mean: 550 }, outputTokens: { mean: 150 }, concurrency }),
  });
}

/** A job with an imported workload and buckets, which add nothing of their own to the stack. */
export function recommendationJobIn(stack: Stack, props: Partial<AIRecommendationJobProps> = {}, id = 'Job'): AIRecommendationJob {
  return new AIRecommendationJob(stack, id, {
    model: GenerativeModelSource.fromBucket(namedBucket(stack), 'chat'),
    workload: importedWorkload(stack),
    performanceTarget: PerformanceTarget.timeToFirstToken(),
    outputBucket: namedBucket(stack, 'results'),
    ...props,
  });
}

/** A benchmark of an imported endpoint. */
export function benchmarkJobIn(stack: Stack, props: Partial<AIBenchmarkJobProps> = {}, id = 'Job'): AIBenchmarkJob {
  return new AIBenchmarkJob(stack, id, {
    endpoint: props.endpoint ?? Endpoint.fromEndpointName(stack, `${id}Live`, 'live'),
    workload: importedWorkload(stack),
    outputBucket: namedBucket(stack, 'results'),
    ...props,
  });
}

export function importedWorkload(stack: Stack): IAIWorkloadConfig {
  return stack.node.tryFindChild('ImportedWorkload') as IAIWorkloadConfig | undefined ?? AIWorkloadConfig.fromWorkloadConfigName(stack, 'ImportedWorkload', 'chat');
}
