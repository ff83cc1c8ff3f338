/** The IAM policy with which a verb may make its calls. All of them only read. */
export function policyOf(actions: readonly string[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: [...new Set(actions)].sort(), Resource: '*' }] }, undefined, 2);
}

/** What it takes to find a stack and its jobs of all families, with what they have measured. */
export const SUBJECT_ACTIONS = [
  'cloudformation:DescribeStacks', 'cloudformation:GetTemplate', 'cloudformation:ListStackResources',
  's3:GetObject', 's3:ListBucket',
  'sagemaker:DescribeAIBenchmarkJob', 'sagemaker:DescribeAIRecommendationJob', 'sagemaker:DescribeInferenceRecommendationsJob',
  'sagemaker:DescribeModel', 'sagemaker:DescribeModelPackage',
  'sagemaker:ListAIRecommendationJobs', 'sagemaker:ListInferenceRecommendationsJobs', 'sagemaker:ListInferenceRecommendationsJobSteps', 'sagemaker:ListTags',
  'ssm:GetParameter',
];
