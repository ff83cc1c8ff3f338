import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnResource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { WITHOUT_RESOURCE } from '../../common/iam';
import { AI_BENCHMARKS, AI_RECOMMENDATIONS } from '../../contract/families';
import type { JobFamily } from '../../runtime/job-family';
import { Runtime } from '../../runtime/runtime';
import { countedAiRequest } from '../../service/ai-job-content';
import { AI_BENCHMARK_STATUSES, AI_RECOMMENDATION_STATUSES } from '../../service/job-status';

const OUTCOMES = { completed: ['Completed'], failed: ['Failed', 'Stopped'] };

/** The family of jobs that optimize, benchmark and recommend for a generative model. */
export const AI_RECOMMENDER: JobFamily = {
  name: AI_RECOMMENDATIONS,
  title: 'AI recommendation job',
  idPrefix: AI_RECOMMENDATIONS,
  arnResource: 'ai-recommendation-job',
  operations: {
    create: 'CreateAIRecommendationJob',
    describe: 'DescribeAIRecommendationJob',
    stop: 'StopAIRecommendationJob',
    delete: 'DeleteAIRecommendationJob',
  },
  listAction: 'sagemaker:ListAIRecommendationJobs' satisfies keyof typeof WITHOUT_RESOURCE,
  readActions: [],
  poll: {
    nameMember: 'AIRecommendationJobName',
    statusMember: 'AIRecommendationJobStatus',
    notFound: 'SageMaker.ResourceNotFoundException',
    nonTerminalStatuses: AI_RECOMMENDATION_STATUSES.nonTerminal,
    // A description has the containers' environment.
    listMember: 'AIRecommendationJobs',
  },
  hasApprovals: true,
  outcomes: OUTCOMES,
  counted: countedAiRequest,
};

/** The family of jobs that benchmark an endpoint of a generative model. */
export const AI_BENCHMARKER: JobFamily = {
  name: AI_BENCHMARKS,
  title: 'AI benchmark job',
  idPrefix: AI_BENCHMARKS,
  arnResource: 'ai-benchmark-job',
  operations: { create: 'CreateAIBenchmarkJob', describe: 'DescribeAIBenchmarkJob', stop: 'StopAIBenchmarkJob', delete: 'DeleteAIBenchmarkJob' },
  listAction: 'sagemaker:ListAIBenchmarkJobs' satisfies keyof typeof WITHOUT_RESOURCE,
  readActions: [],
  poll: {
    nameMember: 'AIBenchmarkJobName',
    statusMember: 'AIBenchmarkJobStatus',
    notFound: 'SageMaker.ResourceNotFoundException',
    nonTerminalStatuses: AI_BENCHMARK_STATUSES.nonTerminal,
  },
  outcomes: OUTCOMES,
  counted: countedAiRequest,
};

/**
 * Lets the functions delete what a job has registered in a group. The policies are of their own and the start resource waits for them, so CloudFormation
 * deletes them after the jobs.
 */
export function allowDeletePackages(scope: Construct, start: CfnResource, versionArns: readonly string[]): void {
  // Reason: deletes the packages that a job has registered, where `deletePackages` asks for it. Only versions of that group.
  const statements = [new PolicyStatement({ actions: ['sagemaker:DeleteModelPackage'], resources: [...versionArns] })];
  start.node.addDependency(...Runtime.of(scope).deleters(AI_RECOMMENDER).map((deleter, index) => deleter.allowIn(scope, statements, `PackagesPolicy${index + 1}`)));
}
