import {
  DeleteAIRecommendationJobCommand, DeleteModelPackageCommand, DescribeAIRecommendationJobCommand, DescribeAIRecommendationJobCommandOutput,
  StopAIRecommendationJobCommand,
} from '@aws-sdk/client-sagemaker';
import { DELETE_PACKAGES_TAG } from '../../../src/contract/claims';
import { AI_RECOMMENDATIONS } from '../../../src/contract/families';
import { AI_RECOMMENDATION_STATUSES } from '../../../src/service/job-status';
import type { SageMakerApi } from '../../runtime/deps';
import { isNotFound } from '../../runtime/errors';
import { tagsOf } from '../../runtime/tags';
import { AiJobReader, aiJobReader } from '../ai-jobs';
import { unlessGone } from '../gone';

const reader = /* @__PURE__ */ aiJobReader({
  noun: 'AIRecommendationJob',
  name: AI_RECOMMENDATIONS,
  title: 'AI recommendation job',
  statuses: AI_RECOMMENDATION_STATUSES,
  commands: { describe: DescribeAIRecommendationJobCommand, stop: StopAIRecommendationJobCommand, delete: DeleteAIRecommendationJobCommand },
});

/** Reads, stops and deletes jobs that recommend for a generative model. */
export const aiRecommendationsReader: AiJobReader = /* @__PURE__ */ Object.assign({}, reader, {
  /** Deletes the packages first, if the job's tag says so: only the job knows which it made. */
  async delete(sagemaker: SageMakerApi, jobName: string): Promise<void> {
    const found: DescribeAIRecommendationJobCommandOutput | undefined = await reader.described(sagemaker, jobName);
    if (!found) { return; }
    const tags = await unlessGone(reader, jobName, sagemaker, () => tagsOf(sagemaker, found.AIRecommendationJobArn!));
    for (const name of tags?.[DELETE_PACKAGES_TAG] === 'true' ? packagesOf(found) : []) { await deletePackage(sagemaker, name); }
    await reader.delete(sagemaker, jobName);
  },
});

/** The model packages that a job has registered. */
function packagesOf({ Recommendations = [] }: DescribeAIRecommendationJobCommandOutput): string[] {
  return [...new Set(Recommendations.flatMap(({ ModelDetails }) => ModelDetails?.ModelPackageArn ?? []))];
}

async function deletePackage(sagemaker: SageMakerApi, ModelPackageName: string): Promise<void> {
  try {
    await sagemaker.send(new DeleteModelPackageCommand({ ModelPackageName }));
  } catch (error) {
    if (!isNotFound(error)) { throw error; }
  }
}
