import { IRepository } from 'aws-cdk-lib/aws-ecr';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Arn, Aws, Token } from 'aws-cdk-lib/core';
import { PULL_ACTIONS } from './pull-actions';
import { grantStatements } from '../common/statements';
import { onAnyResource } from '../common/without-resource';

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
  public static fromEcrRepository(repository: IRepository, tagOrDigest: string = 'latest'): ContainerImage {
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
  return [
    new PolicyStatement({ actions: PULL_ACTIONS, resources: [arn] }),
    new PolicyStatement(onAnyResource('ecr:GetAuthorizationToken')),
  ];
}

class RepositoryImage extends ContainerImage {
  public readonly uri: string;

  constructor(private readonly repository: IRepository, tagOrDigest: string) {
    super();
    this.uri = repository.repositoryUriForTagOrDigest(tagOrDigest);
  }

  public _grantPull(grantee: IGrantable): void {
    this.repository.grantPull(grantee);
  }
}
