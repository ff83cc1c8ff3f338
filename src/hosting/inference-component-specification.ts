import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnInferenceComponent, IInferenceComponentRef } from 'aws-cdk-lib/aws-sagemaker';
import { Size, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { renderContainerMetrics } from './config-options';
import type { CopyScheduling, IInferenceComponent, InferenceComponentOptions, InferenceComponentProps } from './inference-component-props';
import { checkProp, enumValue, firstTwice } from '../common/check';
import { endOf, modelNameOf } from '../common/refs';
import { checkImageRegion } from '../model-package/image-region';
import { renderModelData } from '../model-package/model-data';
import { grantReadModel } from '../model-package/model-reading';

type Specification = CfnInferenceComponent.InferenceComponentSpecificationProperty;

export interface RenderedSpecification {
  readonly properties: Specification;
  /** Members that the oldest supported aws-cdk-lib does not have, by CloudFormation's names. */
  readonly later: {
    readonly DataCacheConfig?: object;
    readonly SchedulingConfig?: object;
    readonly ContainerMetricsConfig?: object;
  };
  /** The permissions that the role of the containers needs. */
  readonly grantRead: (grantee: IGrantable) => void;
}

/** A specification of one of several instance types. */
export interface TypeSpecification extends RenderedSpecification {
  readonly instanceType: string;
}

const ONLY_WITH_IMAGE = ['environment', 'metricsEndpoint'] as const;
const RESOURCES = ['minMemory', 'maxMemory', 'cpuCores', 'accelerators'] as const;
const COMMON = ['modelDataDownloadTimeout', 'containerStartupHealthCheckTimeout', 'dataCaching', 'scheduling'] as const;
const OF_ALL_TYPES = ['model', 'image', 'modelData', ...ONLY_WITH_IMAGE, ...RESOURCES, ...COMMON] as const;
const NOT_OF_ADAPTERS = ['model', 'image', ...ONLY_WITH_IMAGE, ...RESOURCES, 'copies', 'variantName', 'perInstanceType'] as const;

/**
 * The specification, or one for each instance type.
 *
 * @throws if props exclude each other or lack one another, or a value is out of its range
 */
export function renderSpecifications(scope: Construct, props: InferenceComponentProps): RenderedSpecification | TypeSpecification[] {
  const { baseComponent, perInstanceType } = props;
  if (baseComponent) { return adapter(scope, props, baseComponent); }
  if (!perInstanceType) { return specification(scope, '', 'ModelData', props); }
  refuse(props, OF_ALL_TYPES, 'with `perInstanceType`: set it on each of its entries');
  // Checks only the number of entries, because each is checked by itself.
  checkProp('perInstanceType', 'InferenceComponentSpecificationList', perInstanceType.map(() => ({})));
  const types = perInstanceType.map((one, index) => enumValue(`perInstanceType[${index}].instanceType`, one.instanceType, 'InstanceType'));
  const twice = firstTwice(types);
  if (twice !== undefined) { throw new Error(`\`perInstanceType\` must have different instance types, got '${twice}' twice: leave one entry out.`); }
  return perInstanceType.map((one, index) => (
    { instanceType: types[index], ...specification(scope, `perInstanceType[${index}].`, `ModelData${index + 1}`, one) }));
}

/** An adapter has the artifact alone: its base has the container and the resources. */
function adapter(scope: Construct, props: InferenceComponentProps, base: IInferenceComponentRef): RenderedSpecification {
  refuse(props, NOT_OF_ADAPTERS, 'of an adapter, which runs in the copies of its `baseComponent`: remove it');
  if (!props.modelData) { throw new Error('`modelData` is required for an adapter: `baseComponent` has the model, and `modelData` what adapts it.'); }
  const { url, grantRead } = archive(scope, '', 'ModelData', props);
  return {
    properties: { baseInferenceComponentName: nameOf(base), container: { artifactUrl: url }, startupParameters: startup('', props) },
    later: later('', props),
    grantRead,
  };
}

function specification(scope: Construct, at: string, id: string, options: InferenceComponentOptions): RenderedSpecification {
  const { model, image, minMemory } = options;
  if ((model === undefined) === (image === undefined)) {
    throw new Error(`\`${at}model\` or \`${at}image\` is required, and not both, got: ${model ? 'both' : 'neither'}.`);
  }
  if (minMemory === undefined) { throw new Error(`\`${at}minMemory\` is required, unless the component is an adapter: the service places copies by it.`); }
  const resources = needs(at, options);
  const container = image ? containerOf(scope, at, id, options) : undefined;
  if (model) { refuse(options, ['modelData', ...ONLY_WITH_IMAGE], 'with `model`: set it on the model', at); }
  return {
    properties: {
      modelName: model && modelNameOf(model),
      container: container?.properties,
      computeResourceRequirements: resources,
      startupParameters: startup(at, options),
    },
    later: later(at, options),
    grantRead: (grantee) => {
      container?.grantRead(grantee);
      // A model has its own role; the service may read it with the endpoint's role, too.
      if (model) { grantReadModel(model, grantee); }
    },
  };
}

function containerOf(scope: Construct, at: string, id: string, options: InferenceComponentOptions) {
  const { image, environment } = options;
  const { uri } = image!;
  checkProp(`${at}image`, 'ContainerImage', uri);
  checkProp(`${at}environment`, 'EnvironmentMap', environment);
  checkImageRegion(scope, `${at}image`, uri);
  const { url, grantRead } = archive(scope, at, id, options);
  return {
    properties: { image: uri, artifactUrl: url, environment },
    grantRead: (grantee: IGrantable) => {
      image!._grantPull(grantee);
      grantRead(grantee);
    },
  };
}

/** @throws if the data is anything but one archive: the API has no other form here */
function archive(scope: Construct, at: string, id: string, { modelData }: InferenceComponentOptions) {
  const { members, grants } = renderModelData(scope, id, at, { modelData });
  if (members.modelDataSource) {
    throw new Error(`\`${at}modelData\` must be one \`.tar.gz\`, got: a prefix or an object of another kind. Use \`ModelData.fromBucket()\`, or a \`model\`.`);
  }
  return { url: members.modelDataUrl, grantRead: (grantee: IGrantable) => grants.forEach((grant) => grant(grantee)) };
}

function needs(at: string, { minMemory, maxMemory, cpuCores, accelerators }: InferenceComponentOptions): Specification['computeResourceRequirements'] {
  const [least, most] = [minMemory, maxMemory].map((size: Size | undefined) => size?.toMebibytes());
  checkProp(`${at}minMemory`, 'MemoryInMb', least);
  checkProp(`${at}maxMemory`, 'MemoryInMb', most);
  checkProp(`${at}cpuCores`, 'NumberOfCpuCores', cpuCores);
  checkProp(`${at}accelerators`, 'NumberOfAcceleratorDevices', accelerators);
  if (most !== undefined && ![least, most].some((one) => Token.isUnresolved(one)) && most < least!) {
    throw new Error(`\`${at}maxMemory\` must not be less than \`${at}minMemory\` (${least} MiB), got: ${most} MiB.`);
  }
  return {
    minMemoryRequiredInMb: least, maxMemoryRequiredInMb: most, numberOfCpuCoresRequired: cpuCores, numberOfAcceleratorDevicesRequired: accelerators,
  };
}

function startup(at: string, options: InferenceComponentOptions): Specification['startupParameters'] {
  const download = options.modelDataDownloadTimeout?.toSeconds();
  const start = options.containerStartupHealthCheckTimeout?.toSeconds();
  checkProp(`${at}modelDataDownloadTimeout`, 'ProductionVariantModelDataDownloadTimeoutInSeconds', download);
  checkProp(`${at}containerStartupHealthCheckTimeout`, 'ProductionVariantContainerStartupHealthCheckTimeoutInSeconds', start);
  return download === undefined && start === undefined ? undefined
    : { modelDataDownloadTimeoutInSeconds: download, containerStartupHealthCheckTimeoutInSeconds: start };
}

function later(at: string, { dataCaching, scheduling, metricsEndpoint }: InferenceComponentOptions): RenderedSpecification['later'] {
  return {
    DataCacheConfig: dataCaching === undefined ? undefined : { EnableCaching: dataCaching },
    SchedulingConfig: scheduling && placement(`${at}scheduling`, scheduling),
    ContainerMetricsConfig: metricsEndpoint && renderContainerMetrics(`${at}metricsEndpoint`, metricsEndpoint),
  };
}

/** CloudFormation requires the balance, which the API does not: its default is the API's. */
function placement(at: string, { placementStrategy, maxZoneImbalance = 0 }: CopyScheduling): object {
  checkProp(`${at}.maxZoneImbalance`, 'AvailabilityZoneBalanceMaxImbalance', maxZoneImbalance);
  return {
    PlacementStrategy: enumValue(`${at}.placementStrategy`, placementStrategy, 'PlacementStrategy'),
    AvailabilityZoneBalance: { EnforcementMode: 'PERMISSIVE', MaxImbalance: maxZoneImbalance },
  };
}

function refuse<T extends object>(props: T, names: ReadonlyArray<keyof T & string>, why: string, at = ''): void {
  const given = names.find((name) => props[name] !== undefined);
  if (given !== undefined) { throw new Error(`\`${at}${given}\` must not be set ${why}.`); }
}

/** Name of a component: from this library's own, or else the end of its ARN. */
function nameOf(component: IInferenceComponentRef): string {
  return isComponent(component) ? component.inferenceComponentName : endOf(component.inferenceComponentRef.inferenceComponentArn);
}

/** An L1 has a member of this name too, which may be empty. */
function isComponent(component: IInferenceComponentRef): component is IInferenceComponent {
  const name = 'inferenceComponentName' satisfies keyof IInferenceComponent;
  return name in component && typeof (component as IInferenceComponent)[name] === 'string';
}
