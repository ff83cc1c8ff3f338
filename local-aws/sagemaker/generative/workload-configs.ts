import { parsedSpec } from './workload-spec';
import { AwsError, Call, invalid, listing, Operations } from '../../kernel';
import { AIJob, isTerminal, SageMakerState, WorkloadConfig } from '../state';

/** A workload configuration by its name or ARN; an error if there is none. */
export function findWorkloadConfig(identifier: string, call: Call): WorkloadConfig {
  const { workloadConfigs } = call.region.room(SageMakerState);
  const found = identifier.startsWith('arn:') ? [...workloadConfigs.values()].find(({ arn }) => arn === identifier) : workloadConfigs.get(identifier);
  if (!found) { throw new AwsError('ResourceNotFound', `Could not find AI workload configuration "${identifier}".`); }
  return found;
}

export const workloadConfigOperations: Operations = {
  CreateAIWorkloadConfig({ Tags, ...input }, call) {
    const { workloadConfigs, tags } = call.region.room(SageMakerState);
    const name: string = input.AIWorkloadConfigName;
    const arn = call.region.arn('sagemaker', `ai-workload-config/${name}`);
    if (workloadConfigs.has(name)) { throw new AwsError('ResourceInUse', `AI workload configuration already exists: ${arn}`); }
    const inline: string | undefined = input.AIWorkloadConfigs?.WorkloadSpec.Inline;
    try {
      if (inline !== undefined) { parsedSpec(inline); }
    } catch (error) {
      throw invalid(`AIWorkloadConfigs.WorkloadSpec.Inline ${(error as Error).message}.`);
    }
    workloadConfigs.set(name, { name, arn, created: new Date(call.region.clock.now()), input });
    tags.set(arn, Tags ?? []);
    return { AIWorkloadConfigArn: arn };
  },

  DescribeAIWorkloadConfig({ AIWorkloadConfigName }, call) {
    const { arn, created, input } = findWorkloadConfig(AIWorkloadConfigName, call);
    return { ...input, AIWorkloadConfigArn: arn, CreationTime: created, Tags: call.region.room(SageMakerState).tags.get(arn) };
  },

  /**
   * The service looks the name up in lower case, so a configuration with a capital in its name cannot be deleted.
   * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-aiworkloadconfig.html (AIWorkloadConfigName)
   *
   * It refuses one that an active benchmark job refers to. A recommendation job makes benchmark jobs, so it counts as one; its page does not say so.
   * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteAIWorkloadConfig.html
   */
  DeleteAIWorkloadConfig({ AIWorkloadConfigName }, call) {
    const state = call.region.room(SageMakerState);
    const { name, arn } = findWorkloadConfig(AIWorkloadConfigName.toLowerCase(), call);
    const jobs: AIJob[] = [...state.aiRecommendationJobs.values(), ...state.aiBenchmarkJobs.values()];
    const user = jobs.find((job) => job.workloadName === name && !isTerminal(job));
    if (user) { throw new AwsError('ResourceInUse', `AI workload configuration "${arn}" is in use by ${user.arn}, which is ${user.status}.`); }
    state.workloadConfigs.delete(name);
    state.tags.delete(arn);
    return { AIWorkloadConfigArn: arn };
  },

  ListAIWorkloadConfigs(input, call) {
    return listing('AIWorkloadConfigs', [...call.region.room(SageMakerState).workloadConfigs.values()].map(({ name, arn, created }) => (
      { name, created, modified: created, summary: { AIWorkloadConfigName: name, AIWorkloadConfigArn: arn, CreationTime: created } }
    )), input);
  },
};
