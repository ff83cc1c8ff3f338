import { IRepository, IRepositoryRef } from 'aws-cdk-lib/aws-ecr';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Arn, Aws, Token } from 'aws-cdk-lib/core';
import { pullFrom } from './image-pull';
import { grantStatements } from '../common/iam';

const TOKEN = '\\$\\{Token\\[[^\\]]+\\]\\}';
/** The URI of an image in Amazon ECR: account, Region (both often tokens) and repository. The domain differs in each partition. */
const ECR_URI = new RegExp(`^(\\d{12}|${TOKEN})\\.dkr[.-]ecr(?:-fips)?\\.([a-z0-9-]+|${TOKEN})\\.(?:[a-z0-9.-]|${TOKEN})+/([a-z0-9._/-]+)(?:[:@].+)?$`);

/**
 * The image of an inference container.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelPackageContainerDefinition.html
 * @example
 * const image = ContainerImage.fromRegistry('683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.3-1');
 */
export abstract class ContainerImage {
  /**
   * An image by its URI, e.g. an image that AWS provides: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/sagemaker-xgboost:1.3-1`.
   *
   * An image of AWS's registry of another Region is refused when a stack uses it, if the stack's Region is known.
   *
   * If the URI is a token that hides the repository, the roles that this library makes may pull from any ECR repository.
   *
   * @param uri URI with tag or digest: up to 255 characters in a model package; a token is allowed
   * @returns the image
   */
  public static fromRegistry(uri: string): ContainerImage {
    return new RegistryImage(uri);
  }

  /**
   * An image in an ECR repository.
   *
   * @param repository a repository of this app or an imported one
   * @param tagOrDigest tag, or digest that starts with `sha256:`; `latest` by default
   * @returns the image
   */
  public static fromEcrRepository(repository: IRepositoryRef, tagOrDigest: string = 'latest'): ContainerImage {
    return new RepositoryImage(repository, tagOrDigest);
  }

  /** URI of the image, with its tag or digest. */
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
  // An image outside ECR needs no grant. A token may resolve to any repository of ECR.
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
    if (isRepository(this.repository)) {
      this.repository.grantPull(grantee);
    } else {
      grantStatements(grantee, pullFrom(this.repository.repositoryRef.repositoryArn));
    }
  }
}

function isRepository(repository: IRepositoryRef): repository is IRepository {
  return ('grantPull' satisfies keyof IRepository) in repository;
}

function uriOf({ repositoryRef: { repositoryName }, env }: IRepositoryRef, tagOrDigest: string): string {
  const separator = tagOrDigest.startsWith('sha256:') ? '@' : ':';
  return `${env.account}.dkr.ecr.${env.region}.${Aws.URL_SUFFIX}/${repositoryName}${separator}${tagOrDigest}`;
}
