import {
  CreateInferenceRecommendationsJobCommand, DescribeInferenceRecommendationsJobCommand, SageMakerClient, StopInferenceRecommendationsJobCommand,
} from '@aws-sdk/client-sagemaker';

const sagemaker = new SageMakerClient({});

/** Starts a job for every Create and Update, as the framework's guide shows. */
export async function onEvent(event: any) {
  if (event.RequestType === 'Delete') {
    await sagemaker.send(new StopInferenceRecommendationsJobCommand({ JobName: event.PhysicalResourceId })).catch(() => {});
    return {};
  }
  const { RoleArn, ModelPackageVersionArn, JobDescription } = event.ResourceProperties;
  const JobName = `benchmark-${event.RequestId}`;
  await sagemaker.send(new CreateInferenceRecommendationsJobCommand({
    JobName, JobType: 'Default', RoleArn, JobDescription, InputConfig: { ModelPackageVersionArn },
  }));
  return { PhysicalResourceId: JobName };
}

/** Reads the job, and chooses the cheapest recommendation once it has completed. */
export async function isComplete(event: any) {
  if (event.RequestType === 'Delete') { return { IsComplete: true }; }
  const job = await sagemaker.send(new DescribeInferenceRecommendationsJobCommand({ JobName: event.PhysicalResourceId }));
  if (job.Status === 'FAILED' || job.Status === 'STOPPED') { throw new Error(job.FailureReason ?? job.Status); }
  if (job.Status !== 'COMPLETED') { return { IsComplete: false }; }
  const [cheapest] = [...job.InferenceRecommendations ?? []].sort((a, b) => a.Metrics!.CostPerInference! - b.Metrics!.CostPerInference!);
  const { InstanceType, InitialInstanceCount } = cheapest?.EndpointConfiguration ?? {};
  return { IsComplete: true, Data: { InstanceType, InitialInstanceCount } };
}
