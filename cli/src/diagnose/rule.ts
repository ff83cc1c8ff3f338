import type { Facts, Place, Said } from './facts';

/** What speaks for a cause, and where it was seen. */
export interface Saw {
  readonly source: string;
  readonly text: string;
}

/** A cause that a failure may have: how it is recognized, and what helps. */
export interface Rule {
  /** It never changes: programs read it. */
  readonly id: string;
  readonly title: string;
  /** What to change, by the names of this library's props where there are some. */
  readonly remedy: string | ((saw: readonly Saw[], facts: Facts) => string);
  /** The page of a guide. */
  readonly page: string;
  /** Words of AWS, of this library or of a container that name the cause. */
  readonly says?: RegExp;
  /** Where the words count. @default - everywhere */
  readonly places?: readonly Place[];
  /** Whether a text with the words counts, where the words alone do not tell. */
  readonly counts?: (said: Said, facts: Facts) => boolean;
  /** Whether the words only say that something failed, for which there are several causes: a cause that says more comes first. */
  readonly isSymptom?: boolean;
  /** What is wrong by the facts, whatever the texts say. */
  readonly sees?: (facts: Facts) => readonly Saw[];
  /** The symptoms that the facts of this cause would lead to: with one of them, the facts count more. */
  readonly explains?: readonly string[];
  /** How much the facts alone count, from 0 to 1. @default 0.6 */
  readonly weight?: number;
  /** The highest likelihood: what follows from another cause comes after it. */
  readonly most?: number;
}

/** The pages of guides. */
const [SAGEMAKER, AWS] = ['https://docs.aws.amazon.com/sagemaker/latest/', 'https://docs.aws.amazon.com/'];
export const PAGES = {
  troubleshooting: `${SAGEMAKER}dg/inference-recommender-troubleshooting.html`,
  prerequisites: `${SAGEMAKER}dg/inference-recommender-prerequisites.html`,
  loadTest: `${SAGEMAKER}dg/inference-recommender-load-test.html`,
  results: `${SAGEMAKER}dg/inference-recommender-interpret-results.html`,
  jobRequest: `${SAGEMAKER}APIReference/API_CreateInferenceRecommendationsJob.html`,
  ownContainer: `${SAGEMAKER}dg/your-algorithms-inference-code.html`,
  roles: `${SAGEMAKER}dg/sagemaker-roles.html`,
  vpc: `${SAGEMAKER}dg/host-vpc.html`,
  serverless: `${SAGEMAKER}dg/serverless-endpoints.html`,
  neo: `${SAGEMAKER}dg/neo-troubleshooting.html`,
  neuron: `${SAGEMAKER}dg/neo-supported-cloud.html`,
  approve: `${SAGEMAKER}dg/model-registry-approve.html`,
  variant: `${SAGEMAKER}APIReference/API_ProductionVariant.html`,
  generative: `${SAGEMAKER}dg/generative-ai-inference-recommendations.html`,
  generativeBenchmark: `${SAGEMAKER}dg/generative-ai-inference-recommendations-benchmark.html`,
  components: `${SAGEMAKER}dg/realtime-endpoints-deploy-models.html`,
  componentResources: `${SAGEMAKER}APIReference/API_InferenceComponentComputeResourceRequirements.html`,
  lmi: `${SAGEMAKER}dg/large-model-inference-hosting.html`,
  trainingPlans: `${SAGEMAKER}dg/training-plan-utilization-for-inference-endpoints.html`,
  instant: `${SAGEMAKER}APIReference/API_DeploymentRecommendation.html`,
  sageMakerErrors: `${SAGEMAKER}APIReference/CommonErrors.html`,
  ecr: `${AWS}AmazonECR/latest/userguide/repository-policies.html`,
  multiArchitecture: `${AWS}AmazonECR/latest/userguide/docker-push-multi-architecture-image.html`,
  quotas: `${AWS}general/latest/gr/sagemaker.html`,
  denied: `${AWS}IAM/latest/UserGuide/troubleshoot_access-denied.html`,
  passRole: `${AWS}IAM/latest/UserGuide/id_roles_use_passrole.html`,
  credentials: `${AWS}IAM/latest/UserGuide/id_credentials_temp_use-resources.html`,
  grants: `${AWS}kms/latest/developerguide/grants.html`,
  keyState: `${AWS}kms/latest/developerguide/key-state.html`,
  subnets: `${AWS}vpc/latest/userguide/subnet-sizing.html`,
  retries: `${AWS}sdkref/latest/guide/feature-retry-behavior.html`,
  stacks: `${AWS}AWSCloudFormation/latest/UserGuide/troubleshooting.html`,
  customResources: `${AWS}AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html`,
  stackTags: 'https://github.com/aws/aws-cdk/issues/33699',
} as const;
