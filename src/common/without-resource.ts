/**
 * Every action that this library allows on `*`, because it has no resource-level permission, and what for. Nothing else may be allowed so.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const WITHOUT_RESOURCE = {
  'sagemaker:ListInferenceRecommendationsJobs': 'finds jobs of a construct whose answer was lost, to stop them; what is not tagged as the stack\'s is left alone',
  'sagemaker:ListInferenceRecommendationsJobSteps': 'names the benchmarks that failed',
  'sagemaker:ListModelPackages': 'finds the newest approved version of a group; what may be done with it is decided by the group\'s ARN',
  'ecr:GetAuthorizationToken': 'comes before every pull; which image may be pulled is decided by the pull\'s own actions',
  'cloudwatch:PutMetricData': 'endpoints measure themselves; limited by its condition to SageMaker\'s namespaces',
  'cloudwatch:DescribeAlarms': 'Application Auto Scaling looks at a policy\'s alarms in its caller\'s name',
  'logs:CreateLogDelivery': 'delivers the state machine\'s logs, only where they are asked for',
  'logs:GetLogDelivery': 'delivers the state machine\'s logs, only where they are asked for',
  'logs:UpdateLogDelivery': 'delivers the state machine\'s logs, only where they are asked for',
  'logs:DeleteLogDelivery': 'delivers the state machine\'s logs, only where they are asked for',
  'logs:ListLogDeliveries': 'delivers the state machine\'s logs, only where they are asked for',
  'logs:PutResourcePolicy': 'lets the delivery write to the log group; Step Functions looks and writes in the machine\'s name',
  'logs:DescribeResourcePolicies': 'lets the delivery write to the log group; Step Functions looks and writes in the machine\'s name',
  'logs:DescribeLogGroups': 'lets the delivery write to the log group; Step Functions looks and writes in the machine\'s name',
  'xray:PutTraceSegments': 'traces the state machine, only where it is asked for',
  'xray:PutTelemetryRecords': 'traces the state machine, only where it is asked for',
  'xray:GetSamplingRules': 'traces the state machine, only where it is asked for',
  'xray:GetSamplingTargets': 'traces the state machine, only where it is asked for',
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
