/**
 * Every action that this library allows on `*`, because it has no resource-level permission, and what for. Nothing else may be allowed so.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const WITHOUT_RESOURCE = {
  'sagemaker:ListInferenceRecommendationsJobs': 'finds jobs of a construct whose answer was lost, to stop them; what is not tagged as the stack\'s is left alone',
  'sagemaker:ListInferenceRecommendationsJobSteps': 'names the benchmarks that failed',
  'ecr:GetAuthorizationToken': 'comes before every pull; which image may be pulled is decided by the pull\'s own actions',
  'cloudwatch:PutMetricData': 'endpoints measure themselves; limited by its condition to SageMaker\'s namespaces',
  'ec2:DescribeVpcEndpoints': 'looks at the network that endpoints are put into',
  'ec2:DescribeDhcpOptions': 'looks at the network that endpoints are put into',
  'ec2:DescribeVpcs': 'looks at the network that endpoints are put into',
  'ec2:DescribeSubnets': 'looks at the network that endpoints are put into',
  'ec2:DescribeSecurityGroups': 'looks at the network that endpoints are put into',
  'ec2:DescribeNetworkInterfaces': 'looks at the network that endpoints are put into',
} as const;

/** A statement's actions and resource for actions of the list above; no other compiles. */
export function onAnyResource(...actions: Array<keyof typeof WITHOUT_RESOURCE>): { actions: string[]; resources: string[] } {
  return { actions, resources: ['*'] };
}
