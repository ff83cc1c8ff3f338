import { IRepository, IRepositoryRef } from 'aws-cdk-lib/aws-ecr';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Arn, Aws, Fn, Token } from 'aws-cdk-lib/core';
import { grantStatements, onAnyResource } from '../common/iam';

/** An image in Amazon ECR: account, Region and repository stand in its URI, the first two often as tokens. Every partition has a domain. */
const TOKEN = '\\$\\{Token\\[[^\\]]+\\]\\}';
const ECR_URI = new RegExp(`^(\\d{12}|${TOKEN})\\.dkr[.-]ecr(?:-fips)?\\.([a-z0-9-]+|${TOKEN})\\.(?:[a-z0-9.-]|${TOKEN})+/([a-z0-9._/-]+)(?:[:@].+)?$`);

/** The image of an inference container. */
export abstract class ContainerImage {
  /** An image by its URI, e.g. one of AWS's own: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/sagemaker-xgboost:1.3-1`. */
  public static fromRegistry(uri: string): ContainerImage {
    return new RegistryImage(uri);
  }

  /** An image in a repository of this app. */
  public static fromEcrRepository(repository: IRepositoryRef, tagOrDigest: string = 'latest'): ContainerImage {
    return new RepositoryImage(repository, tagOrDigest);
  }

  /** URI of the image. */
  public abstract readonly uri: string;

  /**
   * Lets a role pull the image.
   *
   * @internal
   */
  public abstract _grantPull(grantee: IGrantable): void;
}

class RegistryImage extends ContainerImage {
  private readonly statements: readonly PolicyStatement[];

  constructor(public readonly uri: string) {
    super();
    this.statements = pullStatements(uri);
  }

  public _grantPull(grantee: IGrantable): void {
    grantStatements(grantee, this.statements);
  }
}

function pullStatements(uri: string): PolicyStatement[] {
  const ecr = ECR_URI.exec(uri);
  // An image outside ECR needs no grant; behind a token may stand any repository of ECR.
  if (!ecr && !Token.isUnresolved(uri)) { return []; }
  const arn = ecr
    ? Arn.format({ partition: Aws.PARTITION, service: 'ecr', account: ecr[1], region: ecr[2], resource: 'repository', resourceName: ecr[3] })
    : Arn.format({ partition: Aws.PARTITION, service: 'ecr', account: '*', region: '*', resource: 'repository', resourceName: '*' });
  return pullFrom(arn);
}

class RepositoryImage extends ContainerImage {
  public readonly uri: string;

  constructor(private readonly repository: IRepositoryRef, tagOrDigest: string) {
    super();
    this.uri = isRepository(repository) ? repository.repositoryUriForTagOrDigest(tagOrDigest) : uriOf(repository, tagOrDigest);
  }

  public _grantPull(grantee: IGrantable): void {
    if (isRepository(this.repository)) { this.repository.grantPull(grantee); } else { grantStatements(grantee, pullFrom(this.repository.repositoryRef.repositoryArn)); }
  }
}

function isRepository(repository: IRepositoryRef): repository is IRepository {
  return 'grantPull' in repository;
}

function uriOf({ repositoryRef: { repositoryName }, env }: IRepositoryRef, tagOrDigest: string): string {
  const separator = tagOrDigest.startsWith('sha256:') ? '@' : ':';
  return `${env.account}.dkr.ecr.${env.region}.${Aws.URL_SUFFIX}/${repositoryName}${separator}${tagOrDigest}`;
}

/** What pulling an image takes, besides an authorization token. Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push.html */
const PULL_ACTIONS = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'];

function pullFrom(repositoryArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: PULL_ACTIONS, resources: [repositoryArn] }),
    new PolicyStatement(onAnyResource('ecr:GetAuthorizationToken')),
  ];
}

/** Images of compiled models, in accounts of AWS's own. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/neo-deployment-hosting-services-container-images.html */
const NEO_REPOSITORIES = ['sagemaker-inference-*', 'sagemaker-neo-*'].map((name) => Fn.sub(`arn:\${AWS::Partition}:ecr:\${AWS::Region}:*:repository/${name}`));
const PULL_COMPILED = [new PolicyStatement({ actions: PULL_ACTIONS, resources: NEO_REPOSITORIES })];

/** Lets a principal pull the images of compiled models. */
export function grantPullCompiled(grantee: IGrantable): void {
  grantStatements(grantee, PULL_COMPILED);
}
