import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Fn } from 'aws-cdk-lib/core';
import { grantStatements, onAnyResource } from '../common/iam';

/** Actions to pull an image, besides the authorization token. Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push.html */
const PULL_ACTIONS = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'];

/** Statements that allow to pull an image of a repository. */
export function pullFrom(repositoryArn: string): PolicyStatement[] {
  return [
    // Reason: pulls the container's image from its repository.
    new PolicyStatement({ actions: PULL_ACTIONS, resources: [repositoryArn] }),
    // Reason: logs in to Amazon ECR before a pull.
    new PolicyStatement(onAnyResource('ecr:GetAuthorizationToken')),
  ];
}

/** Images of compiled models, which AWS keeps in its own accounts. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/neo-deployment-hosting-services-container-images.html */
const NEO_REPOSITORIES = ['sagemaker-inference-*', 'sagemaker-neo-*'].map((name) => Fn.sub(`arn:\${AWS::Partition}:ecr:\${AWS::Region}:*:repository/${name}`));
// Reason: pulls the image that Neo compiles for: the compiled model runs in one of AWS's own.
const PULL_COMPILED = [new PolicyStatement({ actions: PULL_ACTIONS, resources: NEO_REPOSITORIES })];

/** Lets a principal pull the images of compiled models. */
export function grantPullCompiled(grantee: IGrantable): void {
  grantStatements(grantee, PULL_COMPILED);
}
