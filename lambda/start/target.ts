import { DescribeModelCommand, DescribeModelPackageCommand } from '@aws-sdk/client-sagemaker';
import type { JobRequest } from './request';
import type { SageMakerApi } from '../shared/deps';

/** When the benchmarked package or model was made: one that was made anew under its old name is another. */
export async function targetCreated(sagemaker: SageMakerApi, { InputConfig }: JobRequest): Promise<Date | undefined> {
  if (InputConfig.ModelPackageVersionArn) {
    const described = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: InputConfig.ModelPackageVersionArn }));
    return described.CreationTime;
  }
  if (InputConfig.ModelName) {
    const described = await sagemaker.send(new DescribeModelCommand({ ModelName: InputConfig.ModelName }));
    return described.CreationTime;
  }
  return undefined;
}
