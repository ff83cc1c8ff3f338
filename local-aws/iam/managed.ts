import { PolicyDocument } from './policy';

const allow = (...Action: string[]): PolicyDocument => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });

const AUTOSCALING = 'sagemaker.application-autoscaling.amazonaws.com';

const WRITE_LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/**
 * AWS's managed policies that the local AWS knows, reduced to its services.
 * Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export const awsManagedPolicies: Readonly<Record<string, PolicyDocument>> = {
  'AdministratorAccess': allow('*'),
  'ReadOnlyAccess': allow('sagemaker:Describe*', 'sagemaker:List*', 'states:Describe*', 'states:List*', 'ssm:Describe*', 'ssm:Get*', 'ssm:List*',
    's3:Get*', 's3:List*', 'application-autoscaling:Describe*', 'application-autoscaling:ListTagsForResource', 'events:Describe*', 'events:List*',
    'events:Test*', 'logs:Describe*', 'logs:Get*', 'logs:FilterLogEvents', 'lambda:Get*', 'lambda:List*', 'cloudformation:Describe*', 'cloudformation:Get*', 'cloudformation:List*'),
  'AWSCloudFormationReadOnlyAccess': allow('cloudformation:Describe*', 'cloudformation:EstimateTemplateCost', 'cloudformation:Get*',
    'cloudformation:List*', 'cloudformation:ValidateTemplate', 'cloudformation:Detect*'),
  'PowerUserAccess': {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      { Effect: 'Allow', Action: ['iam:CreateServiceLinkedRole', 'iam:DeleteServiceLinkedRole', 'iam:ListRoles'], Resource: '*' },
    ],
  },
  ...Object.fromEntries(['Basic', 'VPCAccess', 'SQSQueue', 'DynamoDB', 'Kinesis', 'MSK'].map((kind) => [`service-role/AWSLambda${kind}ExecutionRole`, allow(...WRITE_LOGS)])),
  'service-role/AWSLambdaRole': allow('lambda:InvokeFunction'),
  'AWSLambdaExecute': allow('logs:*', 's3:GetObject', 's3:PutObject'),
  'AWSLambda_FullAccess': allow('lambda:*', 'cloudformation:DescribeStacks', 'cloudformation:ListStackResources', 'logs:DescribeLogGroups',
    'states:DescribeStateMachine', 'states:ListStateMachines'),
  'AmazonS3FullAccess': allow('s3:*'),
  'AmazonS3ReadOnlyAccess': allow('s3:Get*', 's3:List*', 's3:Describe*'),
  'AmazonSSMFullAccess': allow('ssm:*'),
  'AmazonSSMReadOnlyAccess': allow('ssm:Describe*', 'ssm:Get*', 'ssm:List*'),
  'AmazonEventBridgeFullAccess': allow('events:*'),
  'AWSStepFunctionsFullAccess': allow('states:*'),
  'CloudWatchLogsFullAccess': allow('logs:*'),
  'CloudWatchLogsReadOnlyAccess': allow('logs:Describe*', 'logs:Get*', 'logs:List*', 'logs:FilterLogEvents'),
  'AmazonSageMakerReadOnly': allow('sagemaker:Describe*', 'sagemaker:List*', 'application-autoscaling:DescribeScalableTargets',
    'application-autoscaling:DescribeScalingActivities', 'application-autoscaling:DescribeScalingPolicies', 'application-autoscaling:DescribeScheduledActions'),
  'AmazonSageMakerFullAccess': {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          'sagemaker:*', 's3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket', 'logs:*',
          ...['DeleteScalingPolicy', 'DeregisterScalableTarget', 'DescribeScalableTargets', 'DescribeScalingActivities', 'DescribeScalingPolicies',
            'PutScalingPolicy', 'RegisterScalableTarget'].map((name) => `application-autoscaling:${name}`),
          'cloudwatch:DeleteAlarms', 'cloudwatch:DescribeAlarms', 'cloudwatch:PutMetricAlarm',
        ],
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: 'iam:CreateServiceLinkedRole',
        Resource: `arn:aws:iam::*:role/aws-service-role/${AUTOSCALING}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
        Condition: { StringLike: { 'iam:AWSServiceName': AUTOSCALING } },
      },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: 'arn:aws:iam::*:role/*',
        Condition: { StringEquals: { 'iam:PassedToService': ['sagemaker.amazonaws.com', 'states.amazonaws.com'] } },
      },
    ],
  },
};
