import { AwsError, Operations, Region } from '../kernel';

/** The repository that `cdk bootstrap` makes is there from the start. */
const BOOTSTRAPPED = /^cdk-[a-z0-9]+-container-assets-\d{12}-[a-z0-9-]+$/;

const registryOf = (region: Region) => `${region.account}.dkr.ecr.${region.name}.${region.urlSuffix}`;

function repository(region: Region, name: string) {
  if (!BOOTSTRAPPED.test(name)) {
    throw new AwsError('RepositoryNotFoundException', `The repository with name '${name}' does not exist in the registry with id '${region.account}': `
      + 'it is not part of the local AWS, which has only the repository of cdk bootstrap');
  }
  return { repositoryName: name, repositoryArn: region.arn('ecr', `repository/${name}`), registryId: region.account, repositoryUri: `${registryOf(region)}/${name}` };
}

/** What looks like ECR, for assets that are images: no image is built, pushed or kept. */
export const ecrOperations: Operations = {
  GetAuthorizationToken: (_input, { region }) => ({
    authorizationData: [{
      authorizationToken: Buffer.from('AWS:stand-in').toString('base64'),
      expiresAt: new Date(Math.max(Date.now(), region.clock.now()) + 43_200_000),
      proxyEndpoint: `https://${registryOf(region)}`,
    }],
  }),
  DescribeRepositories: ({ repositoryNames = [] }, { region }) => ({ repositories: repositoryNames.map((name: string) => repository(region, name)) }),
  DescribeImages: ({ repositoryName, imageIds = [] }, { region }) => {
    repository(region, repositoryName);
    if (imageIds.length === 0) { return { imageDetails: [] }; }
    throw new AwsError('ImageNotFoundException', `The image with imageId ${JSON.stringify(imageIds[0])} does not exist within the repository with name '${repositoryName}'`);
  },
  ListImages: ({ repositoryName }, { region }) => {
    repository(region, repositoryName);
    return { imageIds: [] };
  },
  BatchGetImage: ({ repositoryName, imageIds = [] }, { region }) => {
    repository(region, repositoryName);
    return { images: [], failures: imageIds.map((imageId: unknown) => ({ imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' })) };
  },
  BatchDeleteImage: () => ({ imageIds: [], failures: [] }),
};
