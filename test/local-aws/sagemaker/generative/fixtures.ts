import { gunzipSync } from 'zlib';
import { Bench, IMAGE, ROLE } from '../fixtures';

export const WORKLOAD = 'chat';
export const SPEC = {
  benchmark: { type: 'aiperf' },
  parameters: {
    tokenizer: 'meta/llama', concurrency: 8, request_count: 100, prompt_input_tokens_mean: 512, output_tokens_mean: 256, output_tokens_stddev: 20,
  },
};

/** The text of a file of an archive, by what its header says. */
export function textIn(archive: Buffer, name: string): string {
  const data = gunzipSync(archive);
  const at = data.indexOf(name);
  return data.toString('utf8', at + 512, at + 512 + parseInt(data.toString('latin1', at + 124, at + 135), 8));
}

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

  /** An endpoint of inference components in service. */
  public async componentEndpoint(name = 'live', InstanceType = 'ml.g6.12xlarge'): Promise<void> {
    const ProductionVariants = [{ VariantName: 'main', InstanceType, InitialInstanceCount: 1 }];
    await this.call('CreateEndpointConfig', { EndpointConfigName: `${name}-config`, ExecutionRoleArn: ROLE, ProductionVariants });
    await this.call('CreateEndpoint', { EndpointName: name, EndpointConfigName: `${name}-config` });
    await this.minutes(10);
  }

  /** A component in service, of a model of its own. */
  public async component(name = 'chat', copies = 1, accelerators = 1, EndpointName = 'live'): Promise<void> {
    await this.call('CreateModel', { ModelName: `${name}-model`, PrimaryContainer: { Image: IMAGE }, ExecutionRoleArn: ROLE });
    await this.call('CreateInferenceComponent', {
      InferenceComponentName: name,
      EndpointName,
      VariantName: 'main',
      Specification: {
        ModelName: `${name}-model`, ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024, NumberOfAcceleratorDevicesRequired: accelerators },
      },
      RuntimeConfig: { CopyCount: copies },
    });
    await this.minutes(10);
  }

  /** The figures that a benchmark has written. */
  public async figures(AIBenchmarkJobName = 'bench'): Promise<any> {
    const { OutputConfig: { S3OutputLocation } } = await this.call('DescribeAIBenchmarkJob', { AIBenchmarkJobName });
    const archive = this.world.s3.getObject('out', `${S3OutputLocation.slice('s3://out/'.length)}output/output.tar.gz`);
    return JSON.parse(textIn(archive, 'profile_export_aiperf.json'));
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
