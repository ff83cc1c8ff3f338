import { DescribeModelCommand, DescribeModelPackageCommand } from '@aws-sdk/client-sagemaker';
import type { JobRequest } from './request';
import type { TargetFacts } from '../../src/service/job-rules';
import type { SageMakerApi } from '../runtime/deps';

export interface Target {
  /** One that was made anew under its old name is another. */
  readonly created?: Date;
  readonly facts?: TargetFacts;
}

/** The package or model that is benchmarked, as the service describes it. */
export async function describeTarget(sagemaker: SageMakerApi, { InputConfig }: JobRequest): Promise<Target> {
  if (InputConfig.ModelPackageVersionArn) {
    const described = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: InputConfig.ModelPackageVersionArn }));
    const specification = described.InferenceSpecification;
    return {
      created: described.CreationTime,
      facts: {
        domain: described.Domain,
        task: described.Task,
        framework: specification?.Containers?.[0]?.Framework,
        samplePayload: described.SamplePayloadUrl !== undefined,
        supportedContentTypes: specification?.SupportedContentTypes,
        supportedInstanceTypes: specification?.SupportedRealtimeInferenceInstanceTypes,
      },
    };
  }
  if (InputConfig.ModelName) {
    const described = await sagemaker.send(new DescribeModelCommand({ ModelName: InputConfig.ModelName }));
    // A model says none of what is mandatory.
    return { created: described.CreationTime, facts: {} };
  }
  return {};
}
