import { Bench, ROLE } from '../fixtures';

export const WORKLOAD = 'chat';
export const SPEC = {
  benchmark: { type: 'aiperf' },
  parameters: {
    tokenizer: 'meta/llama', concurrency: 8, request_count: 100, prompt_input_tokens_mean: 512, output_tokens_mean: 256, output_tokens_stddev: 20,
  },
};

/** A Region with a workload, in which requests of the generative family are short. */
export class GenerativeBench extends Bench {
  public workload(name = WORKLOAD, spec: object = SPEC, rest: object = {}): Promise<any> {
    return this.call('CreateAIWorkloadConfig', { AIWorkloadConfigName: name, AIWorkloadConfigs: { WorkloadSpec: { Inline: JSON.stringify(spec) } }, ...rest });
  }

  public recommendationRequest(rest: object = {}): any {
    return {
      AIRecommendationJobName: 'job',
      ModelSource: { S3: { S3Uri: 's3://models/llama-8b/' } },
      OutputConfig: { S3OutputLocation: 's3://out/recommendations/' },
      AIWorkloadConfigIdentifier: WORKLOAD,
      PerformanceTarget: { Constraints: [{ Metric: 'ttft-ms' }] },
      RoleArn: ROLE,
      ...rest,
    };
  }

  /** A job that has ended; its description. */
  public async recommended(rest: object = {}): Promise<any> {
    await this.call('CreateAIRecommendationJob', this.recommendationRequest(rest));
    await this.minutes(24 * 60);
    return this.call('DescribeAIRecommendationJob', { AIRecommendationJobName: 'job' });
  }

  /** An endpoint in service. */
  public async endpoint(name = 'live', variant: object = { InstanceType: 'ml.g6.12xlarge', InitialInstanceCount: 1 }): Promise<string> {
    await this.call('CreateEndpoint', { EndpointName: name, EndpointConfigName: await this.endpointConfig(`${name}-config`, variant) });
    await this.minutes(10);
    return name;
  }

  public benchmarkRequest(rest: object = {}): any {
    return {
      AIBenchmarkJobName: 'bench',
      BenchmarkTarget: { Endpoint: { Identifier: 'live' } },
      OutputConfig: { S3OutputLocation: 's3://out/benchmarks' },
      AIWorkloadConfigIdentifier: WORKLOAD,
      RoleArn: ROLE,
      ...rest,
    };
  }
}
