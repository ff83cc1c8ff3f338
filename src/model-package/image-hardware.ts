import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { IModelPackageRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Stack, Token } from 'aws-cdk-lib/core';
import { Construct, IConstruct } from 'constructs';
import type { ContainerImage } from './container-image';
import { KnownImage, packageFacts } from './facts';
import type { ModelPackageContainer } from './model-package-container';
import type { ModelPackageProps } from './model-package-props';
import { Facts } from '../common/facts';
import { warn } from '../common/warn';
import { hardwareOfPlatform, ImageFacts, imageFacts } from '../service/image-facts';
import { misfit } from '../service/instance-facts';

/** The images of models, as far as they are known. */
export const modelImages = new Facts<IModelRef, readonly KnownImage[]>();

/** The images of a package or a model, as far as they are known. */
export function knownImages(
  { modelPackage, model }: { readonly modelPackage?: IModelPackageRef; readonly model?: IModelRef },
): readonly KnownImage[] {
  return (modelPackage ? packageFacts.of(modelPackage)?.images : modelImages.of(model)) ?? [];
}

export function knownImage({ image, dataInputConfig }: ModelPackageContainer): KnownImage {
  return { image, mayBeReplaced: dataInputConfig !== undefined };
}

/** The images of all inference specifications of a package. */
export function imagesIn({ containers = [], additionalInferenceSpecifications: more = [] }: ModelPackageProps): KnownImage[] {
  return [{ specificationName: undefined, containers }, ...more]
    .flatMap(({ specificationName, containers: all }) => all.map((container) => ({ specificationName, ...knownImage(container) })));
}

/** What an image says of itself: by its address, or by the platform that an image asset of the app is built for. */
export function saidBy(scope: IConstruct, { uri }: ContainerImage): ImageFacts {
  const platform = platformOfAsset(scope, uri);
  return { ...imageFacts(uri), ...platform !== undefined && hardwareOfPlatform(platform) };
}

/** Warns of types on which an image is known not to run: otherwise that shows only after the instances are paid for. */
export function warnOfMisfits(
  scope: Construct, images: readonly KnownImage[], types: ReadonlyArray<readonly [at: string, instanceType: string | undefined]>,
): void {
  for (const { image, mayBeReplaced } of images) {
    if (mayBeReplaced) { continue; }
    const said = saidBy(scope, image);
    for (const [at, type] of types) {
      const why = type === undefined || Token.isUnresolved(type) ? undefined : misfit(said, type);
      if (why !== undefined) {
        warn(scope, 'imageHardware', `\`${at}\` does not fit the image ${readable(image.uri)}: ${why}.`
          + ' Use a type that the image is for, or an image for this type.');
      }
    }
  }
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html (containers, and feature exclusions) */
export function warnOfServerlessImages(scope: Construct, images: readonly KnownImage[]): void {
  const { account } = Stack.of(scope);
  for (const { image, mayBeReplaced } of images) {
    const said = saidBy(scope, image);
    const isForeign = said.account !== undefined && !said.isOfAws && said.account !== account;
    const why = said.isInEcr === false ? 'it is not in Amazon ECR'
      : isForeign ? `it is of the account ${said.account}, and must be of the endpoint's own or one of AWS's`
        : mayBeReplaced ? undefined
          : said.architecture === 'arm64' ? 'it says arm64, and serverless endpoints are x86_64'
            : said.accelerator !== undefined && said.accelerator !== 'cpu' ? `it says ${said.accelerator}, and serverless endpoints have only CPUs`
              : undefined;
    if (why !== undefined) {
      warn(scope, 'serverlessImage', `A serverless endpoint may refuse the image ${readable(image.uri)}: ${why}.`
        + ' Use an image for CPUs in a repository of the endpoint\'s account.');
    }
  }
}

function readable(uri: string): string {
  return Token.isUnresolved(uri) ? 'of the model' : `'${uri}'`;
}

/** The platform that an image asset of the app is built for. The CDK notes it in the asset manifest of the asset's stack and nowhere else. */
function platformOfAsset(scope: IConstruct, uri: string): string | undefined {
  if (!Token.isUnresolved(uri) && !/:[0-9a-f]{64}$/.test(uri)) { return undefined; }
  const asset = scope.node.root.node.findAll().find((one): one is DockerImageAsset => (
    one instanceof DockerImageAsset && (one.imageUri === uri || uri.endsWith(`:${one.imageTag}`))));
  if (!asset) { return undefined; }
  const { assetManifest } = Stack.of(asset).synthesizer as { readonly assetManifest?: AssetManifest };
  return assetManifest?.dockerImages?.[asset.assetHash]?.source?.platform;
}

interface AssetManifest {
  readonly dockerImages?: Readonly<Record<string, { readonly source?: { readonly platform?: string } }>>;
}
