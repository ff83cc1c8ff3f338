import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Aws } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { IModelPackage } from '../model-package';

/** A role for containers: it may read what the package is made of, and log and measure as SageMaker's endpoints do. */
export function modelRole(scope: Construct, modelPackage: IModelPackage): Role {
  const role = new Role(scope, 'Role', {
    description: 'Runs the containers of a SageMaker model',
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
  });
  allowTelemetry(role);
  modelPackage.grantReadArtifacts(role);
  return role;
}

/** Logs and metrics of SageMaker's own namespaces. */
export function allowTelemetry(role: Role): void {
  role.addToPolicy(new PolicyStatement({
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    resources: [`arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:/aws/sagemaker/*`],
  }));
  // CloudWatch's PutMetricData has no resource-level permission, only a namespace.
  role.addToPolicy(new PolicyStatement({
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: { StringLike: { 'cloudwatch:namespace': '/aws/sagemaker/*' } },
  }));
}
