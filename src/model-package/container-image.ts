import { IRepository, IRepositoryRef } from 'aws-cdk-lib/aws-ecr';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Arn, Aws, Stack, Token } from 'aws-cdk-lib/core';
import { FactName, RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
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

  /**
   * An image of AWS Deep Learning Containers in the Region of a stack: PyTorch, TensorFlow, Hugging Face, DJL, Triton and the like.
   *
   * The CDK's region data knows the account that keeps them. If the Region of the stack is only known at deploy, the template looks the account up. AWS
   * keeps other images, such as those of XGBoost and scikit-learn, in accounts that the CDK does not know: use `fromRegistry()` for these.
   *
   * @param scope the stack that uses the image, or a construct in it: usually `this`
   * @param repositoryName repository of the framework, e.g. `pytorch-inference`
   * @param tagOrDigest tag with the version, e.g. `2.3.0-cpu-py311`, or digest that starts with `sha256:`
   * @returns the image
   * @throws if the CDK does not know the account in the stack's Region, or the repository is not in it
   * @see https://github.com/aws/deep-learning-containers/blob/master/available_images.md
   */
  public static fromDlc(scope: Construct, repositoryName: string, tagOrDigest: string): ContainerImage {
    return new RegistryImage(dlcUri(Stack.of(scope), repositoryName, tagOrDigest));
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
      // Reason: pulls the container's image from its repository.
      this.repository.grantPull(grantee);
    } else {
      grantStatements(grantee, pullFrom(this.repository.repositoryRef.repositoryArn));
    }
  }
}

function isRepository(repository: IRepositoryRef): repository is IRepository {
  return ('grantPull' satisfies keyof IRepository) in repository;
}

/** Repositories of AWS's own images that other accounts than that of AWS Deep Learning Containers keep. */
const ELSEWHERE = ['sagemaker-xgboost', 'sagemaker-scikit-learn', 'sagemaker-sparkml-serving', 'tei', 'tei-cpu', 'xgboost'];

function dlcUri(stack: Stack, repositoryName: string, tagOrDigest: string): string {
  const { region } = stack;
  if (ELSEWHERE.includes(repositoryName) || !/^[a-z0-9-]+$/.test(repositoryName) && !Token.isUnresolved(repositoryName)) {
    throw new Error(`\`repositoryName\` must be a repository of AWS Deep Learning Containers, such as 'pytorch-inference', got: '${repositoryName}'.`
      + ' For another image of AWS, pass its whole URI to `fromRegistry()`.');
  }
  const isKnown = !Token.isUnresolved(region);
  if (isKnown && RegionInfo.get(region).dlcRepositoryAccount === undefined) {
    throw new Error(`\`fromDlc\` needs a Region in which the CDK knows the account of AWS Deep Learning Containers, got: '${region}'.`
      + ' Pass the whole URI that AWS lists for this Region to `fromRegistry()`.');
  }
  const domain = isKnown ? RegionInfo.get(region).domainSuffix : Aws.URL_SUFFIX;
  return registryUri(stack.regionalFact(FactName.DLC_REPOSITORY_ACCOUNT), region, domain, repositoryName, tagOrDigest);
}

function registryUri(account: string, region: string, domain: string | undefined, repositoryName: string, tagOrDigest: string): string {
  return `${account}.dkr.ecr.${region}.${domain}/${repositoryName}${tagOrDigest.startsWith('sha256:') ? '@' : ':'}${tagOrDigest}`;
}

function uriOf({ repositoryRef: { repositoryName }, env }: IRepositoryRef, tagOrDigest: string): string {
  return registryUri(env.account, env.region, Aws.URL_SUFFIX, repositoryName, tagOrDigest);
}
