import { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnModelPackage } from 'aws-cdk-lib/aws-sagemaker';
import { Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { knownImage, warnOfMisfits } from './image-hardware';
import { checkImageRegion } from './image-region';
import { MlDomain, MlFramework, MlTask } from './machine-learning';
import { renderModelData } from './model-data';
import type { AdditionalInferenceSpecification, ModelPackageContainer } from './model-package-container';
import { checkMembers, checkProp, firstTwice, enumValue } from '../common/check';
import type { InstanceType } from '../common/instance-type';
import { warn, warnOfName, warnOfTypes } from '../common/warn';
import { SAGEMAKER_SHAPES } from '../service/sagemaker-shapes';
import { nearestOf } from '../service/words';

const [DOMAINS, TASKS, FRAMEWORKS] = [MlDomain, MlTask, MlFramework].map((all) => (
  Object.values(all).map(({ value }: { readonly value: string }) => value)));

/** Gives permissions to a principal. */
export type GrantTo = (grantee: IGrantable) => void;

export interface Rendered<T> {
  readonly property: T;
  /** Each lets a principal read images and model data. */
  readonly grants: GrantTo[];
}

/** Fields that both kinds of specification have. */
type Supported = Pick<AdditionalInferenceSpecification,
  'supportedContentTypes' | 'supportedResponseMimeTypes' | 'supportedRealtimeInferenceInstanceTypes' | 'supportedTransformInstanceTypes'>;

/** Containers in CloudFormation's form. `id` is the prefix of the ids of their assets. */
export function renderContainers(
  scope: Construct, id: string, at: string, containers: ModelPackageContainer[],
): Rendered<CfnModelPackage.ModelPackageContainerDefinitionProperty[]> {
  checkNotEmpty(at, containers, 'add a container');
  // Checks only their number: renderContainer() checks the members.
  checkProp(at, 'ModelPackageContainerDefinitionList', containers.map(() => ({})));
  const rendered = containers.map((container, index) => (
    renderContainer(scope, index === 0 ? `${id}ModelData` : `${id}ModelData${index + 1}`, `${at}[${index}]`, container)
  ));
  return { property: rendered.map(({ property }) => property), grants: rendered.flatMap(({ grants }) => grants) };
}

/** Additional specifications in CloudFormation's form. */
export function renderAdditional(
  scope: Construct, specifications: AdditionalInferenceSpecification[],
): Rendered<CfnModelPackage.AdditionalInferenceSpecificationDefinitionProperty[]> {
  const at = 'additionalInferenceSpecifications';
  checkNotEmpty(at, specifications, 'remove the prop to have none');
  checkProp(at, 'AdditionalInferenceSpecifications', specifications.map(() => ({ Name: 'any', Containers: [{}] })));
  const names = specifications.map(({ specificationName }) => specificationName);
  const twice = firstTwice(names);
  if (twice !== undefined) { throw new Error(`\`${at}\` must have different names, got '${twice}' twice: change a \`specificationName\`.`); }
  const rendered = specifications.map((specification, index) => {
    const here = `${at}[${index}]`;
    checkMembers(here, specification, { specificationName: 'EntityName', description: 'EntityDescription' });
    const { property: containers, grants } = renderContainers(scope, `Specification${index + 1}`, `${here}.containers`, specification.containers);
    return {
      property: {
        name: specification.specificationName, description: specification.description, containers, ...renderSupported(scope, `${here}.`, specification, specification.containers),
      },
      grants,
    };
  });
  return { property: rendered.map(({ property }) => property), grants: rendered.flatMap(({ grants }) => grants) };
}

/** MIME types and instance types that a specification supports, in CloudFormation's form. */
export function renderSupported(scope: Construct, at: string, supported: Supported, containers: readonly ModelPackageContainer[] = []) {
  checkProp(`${at}supportedContentTypes`, 'ContentTypes', supported.supportedContentTypes);
  checkProp(`${at}supportedResponseMimeTypes`, 'ResponseMIMETypes', supported.supportedResponseMimeTypes);
  const transform = supported.supportedTransformInstanceTypes;
  if (transform) { checkNotEmpty(`${at}supportedTransformInstanceTypes`, transform, 'remove the prop to allow any type'); }
  warnOfTypes(scope, `${at}supportedRealtimeInferenceInstanceTypes`, supported.supportedRealtimeInferenceInstanceTypes);
  transform?.forEach((type, index) => warnOfTransformType(scope, `${at}supportedTransformInstanceTypes[${index}]`, type));
  for (const prop of ['supportedRealtimeInferenceInstanceTypes', 'supportedTransformInstanceTypes'] as const) {
    warnOfMisfits(scope, containers.map(knownImage), (supported[prop] ?? []).map(({ value }, index) => [`${at}${prop}[${index}]`, value] as const));
  }
  return {
    supportedContentTypes: supported.supportedContentTypes,
    supportedResponseMimeTypes: supported.supportedResponseMimeTypes,
    supportedRealtimeInferenceInstanceTypes: supported.supportedRealtimeInferenceInstanceTypes?.map((type) => (
      enumValue(`${at}supportedRealtimeInferenceInstanceTypes`, type, 'InstanceType'))),
    supportedTransformInstanceTypes: transform?.map((type) => enumValue(`${at}supportedTransformInstanceTypes`, type, 'InstanceType')),
  };
}

/** Warns of a domain, a task or a framework whose name may be mistyped. */
export function warnOfMlNames(
  scope: Construct, at: string, { domain, task, framework }: { readonly domain?: MlDomain; readonly task?: MlTask; readonly framework?: MlFramework },
): void {
  warnOfName(scope, `${at}domain`, domain?.value, DOMAINS);
  warnOfName(scope, `${at}task`, task?.value, TASKS);
  warnOfName(scope, `${at}framework`, framework?.value, FRAMEWORKS);
}

/** A warning, not an error, because the service's list of types grows. */
export function warnOfTransformType(scope: Construct, at: string, { value }: InstanceType): void {
  const known = SAGEMAKER_SHAPES.TransformInstanceType.enum!;
  if (Token.isUnresolved(value) || known.includes(value)) { return; }
  const near = nearestOf(value, known);
  warn(scope, 'TransformInstanceType', `\`${at}\` is '${value}': according to the service's API model of 2026-05, batch transform jobs cannot use this type.`
    + (near ? ` Did you mean '${near}'?` : ''));
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
  warnOfMlNames(scope, `${at}.`, container);
  checkProp(`${at}.image`, 'ContainerImage', container.image.uri);
  checkImageRegion(scope, `${at}.image`, container.image.uri);
  const data = renderModelData(scope, id, `${at}.`, container);
  const unknown = [...data.onlyInApi, ...data.members.modelDataSource?.s3DataSource.hubAccessConfig ? ['hubContentArn'] : []];
  if (unknown.length > 0) {
    throw new Error(`\`${at}.modelData\` must not have \`${unknown.join('` and `')}\`, which CloudFormation does not have for a model package:`
      + ' remove it, or make a `Model` from `containers` with this data.');
  }
  return {
    property: {
      image: container.image.uri,
      imageDigest: container.imageDigest,
      ...data.members,
      containerHostname: container.containerHostname,
      framework: container.framework && enumValue(`${at}.framework`, container.framework, 'MlFramework'),
      frameworkVersion: container.frameworkVersion,
      nearestModelName: container.nearestModelName,
      // The resource's schema says JSON here, so the CDK does not change the case of the member's name.
      modelInput: container.dataInputConfig === undefined ? undefined : { DataInputConfig: container.dataInputConfig },
      environment: container.environment,
    },
    grants: [(grantee) => {
      container.image._grantPull(grantee);
      data.grants.forEach((grant) => grant(grantee));
    }],
  };
}
