import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Fn } from 'aws-cdk-lib/core';
import { grantStatements } from '../common/statements';

/** What pulling an image takes, besides an authorization token. Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push.html */
export const PULL_ACTIONS = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'];

/** Images of compiled models, in accounts of AWS's own. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/neo-deployment-hosting-services-container-images.html */
const NEO_REPOSITORIES = ['sagemaker-inference-*', 'sagemaker-neo-*'].map((name) => Fn.sub(`arn:\${AWS::Partition}:ecr:\${AWS::Region}:*:repository/${name}`));
const PULL_COMPILED = [new PolicyStatement({ actions: PULL_ACTIONS, resources: NEO_REPOSITORIES })];

/** Lets a principal pull them. */
export function grantPullCompiled(grantee: IGrantable): void {
  grantStatements(grantee, PULL_COMPILED);
}
