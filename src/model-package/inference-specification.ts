import { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnModelPackage } from 'aws-cdk-lib/aws-sagemaker';
import { Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { checkMembers, checkProp } from '../common/check';
import { warn } from '../common/warn';
import { SAGEMAKER_SHAPES } from '../service/sagemaker-shapes';
import type { InstanceType } from '../common/instance-type';
import type { AdditionalInferenceSpecification, ModelPackageContainer } from './model-package-container';

/** What a role may be let do. */
export type GrantTo = (grantee: IGrantable) => void;

export interface Rendered<T> {
  readonly property: T;
  /** Lets a role read images and model data. */
  readonly grants: GrantTo[];
}

/** What both kinds of specification say of a model. */
type Supported = Pick<AdditionalInferenceSpecification,
  'supportedContentTypes' | 'supportedResponseMimeTypes' | 'supportedRealtimeInferenceInstanceTypes' | 'supportedTransformInstanceTypes'>;

/** Containers as CloudFormation has them. `id` stands in front of the ids of what they upload. */
export function renderContainers(
  scope: Construct, id: string, at: string, containers: ModelPackageContainer[],
): Rendered<CfnModelPackage.ModelPackageContainerDefinitionProperty[]> {
  checkNotEmpty(at, containers, 'a model package is made of containers');
  // Their members are judged one by one below: here only how many there are.
  checkProp(at, 'ModelPackageContainerDefinitionList', containers.map(() => ({})));
  const rendered = containers.map((container, index) => (
    renderContainer(scope, index === 0 ? `${id}ModelData` : `${id}ModelData${index + 1}`, `${at}[${index}]`, container)
  ));
  return { property: rendered.map(({ property }) => property), grants: rendered.flatMap(({ grants }) => grants) };
}

/** Additional specifications as CloudFormation has them. */
export function renderAdditional(
  scope: Construct, specifications: AdditionalInferenceSpecification[],
): Rendered<CfnModelPackage.AdditionalInferenceSpecificationDefinitionProperty[]> {
  const at = 'additionalInferenceSpecifications';
  checkNotEmpty(at, specifications, 'leave it out for none');
  checkProp(at, 'AdditionalInferenceSpecifications', specifications.map(() => ({ Name: 'any', Containers: [{}] })));
  const names = specifications.map(({ specificationName }) => specificationName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) { throw new Error(`\`${at}\` must have different names, got '${twice}' twice: change a \`specificationName\`.`); }
  const rendered = specifications.map((specification, index) => {
    const here = `${at}[${index}]`;
    checkMembers(here, specification, { specificationName: 'EntityName', description: 'EntityDescription' });
    const { property: containers, grants } = renderContainers(scope, `Specification${index + 1}`, `${here}.containers`, specification.containers);
    return {
      property: {
        name: specification.specificationName, description: specification.description, containers, ...renderSupported(scope, `${here}.`, specification),
      },
      grants,
    };
  });
  return { property: rendered.map(({ property }) => property), grants: rendered.flatMap(({ grants }) => grants) };
}

/** What a specification supports. */
export function renderSupported(scope: Construct, at: string, supported: Supported) {
  checkProp(`${at}supportedContentTypes`, 'ContentTypes', supported.supportedContentTypes);
  checkProp(`${at}supportedResponseMimeTypes`, 'ResponseMIMETypes', supported.supportedResponseMimeTypes);
  const transform = supported.supportedTransformInstanceTypes;
  if (transform) { checkNotEmpty(`${at}supportedTransformInstanceTypes`, transform, 'leave it out for any type'); }
  transform?.forEach((type, index) => warnOfTransformType(scope, `${at}supportedTransformInstanceTypes[${index}]`, type));
  return {
    supportedContentTypes: supported.supportedContentTypes,
    supportedResponseMimeTypes: supported.supportedResponseMimeTypes,
    supportedRealtimeInferenceInstanceTypes: supported.supportedRealtimeInferenceInstanceTypes?.map(({ value }) => value),
    supportedTransformInstanceTypes: transform?.map(({ value }) => value),
  };
}

/** The list of types grows, so one that is not in it is not refused; a misplaced one is worth a word. */
export function warnOfTransformType(scope: Construct, at: string, { value }: InstanceType): void {
  if (Token.isUnresolved(value) || SAGEMAKER_SHAPES.TransformInstanceType.enum!.includes(value)) { return; }
  warn(scope, 'TransformInstanceType', `\`${at}\` is '${value}', on which batch transform jobs do not run as far as the service's model of 2026-05 knows.`);
}

function checkNotEmpty(at: string, entries: readonly unknown[], remedy: string): void {
  if (entries.length === 0) { throw new Error(`\`${at}\` must have at least 1 entry, got none: ${remedy}.`); }
}

function renderContainer(
  scope: Construct, id: string, at: string, container: ModelPackageContainer,
): Rendered<CfnModelPackage.ModelPackageContainerDefinitionProperty> {
  checkMembers(at, container, {
    imageDigest: 'ImageDigest',
    containerHostname: 'ContainerHostname',
    frameworkVersion: 'ModelPackageFrameworkVersion',
    dataInputConfig: 'DataInputConfig',
    environment: 'EnvironmentMap',
  });
  checkProp(`${at}.image`, 'ContainerImage', container.image.uri);
  const data = container.modelData?._bind(scope, id);
  checkProp(`${at}.modelData`, 'Url', data?.url);
  return {
    property: {
      image: container.image.uri,
      imageDigest: container.imageDigest,
      modelDataUrl: data?.source ? undefined : data?.url,
      modelDataSource: data?.source && {
        s3DataSource: {
          s3Uri: data.url,
          s3DataType: data.source.s3DataType,
          compressionType: data.source.compressionType,
          modelAccessConfig: data.source.acceptEula === undefined ? undefined : { acceptEula: data.source.acceptEula },
        },
      },
      containerHostname: container.containerHostname,
      framework: container.framework?.value,
      frameworkVersion: container.frameworkVersion,
      nearestModelName: container.nearestModelName,
      // Of type JSON in the resource's schema: CDK passes its member's name as it stands.
      modelInput: container.dataInputConfig === undefined ? undefined : { DataInputConfig: container.dataInputConfig },
      environment: container.environment,
    },
    grants: [(grantee) => {
      container.image._grantPull(grantee);
      data?.grantRead(grantee);
    }],
  };
}
