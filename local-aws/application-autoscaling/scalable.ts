import { componentResourceId, SCALABLE_COMPONENT, SCALABLE_VARIANT, VariantFacts } from '../../src/service/scaling-rules';
import { AwsError, invalid, Lacking, Region } from '../kernel';
import { SageMakerState } from '../sagemaker';
import { isAsynchronous, scaleVariant, servedVariants } from '../sagemaker/endpoint-variants';
import { scaleCopies } from '../sagemaker/inference-components';
import { typesOf } from '../sagemaker/instance-pools';

/** The members that identify a scalable target, in requests and in answers. */
export interface TargetKey {
  readonly ServiceNamespace: string;
  readonly ResourceId: string;
  readonly ScalableDimension: string;
}

/** What a target scales: the instances of a variant, or the copies of an inference component. */
export interface Scalable {
  /** Of a variant. */
  readonly variant?: { readonly endpointName: string; readonly variantName: string };
  readonly facts: VariantFacts;
  /** How many there are to be; nothing before it serves. */
  readonly count?: number;
  readonly scale: (bounds: { readonly min: number; readonly max: number }) => void;
}

export function checkNamespace({ ServiceNamespace }: Pick<TargetKey, 'ServiceNamespace'>): void {
  if (ServiceNamespace !== SCALABLE_VARIANT.ServiceNamespace) { throw new Lacking(`The service namespace ${ServiceNamespace} is not part of the local AWS`); }
}

/** What a key names; an error if there is no such thing, or it does not scale. */
export function scalableOf(key: TargetKey, region: Region): Scalable {
  const { ServiceNamespace, ResourceId, ScalableDimension } = key;
  const unsupported = () => invalid('Unsupported service namespace, resource type or scalable dimension');
  if (!ScalableDimension.startsWith(`${ServiceNamespace}:`)) { throw unsupported(); }
  checkNamespace(key);
  if (ScalableDimension === SCALABLE_COMPONENT.ScalableDimension) { return component(ResourceId, region) ?? refuse(unsupported()); }
  if (ScalableDimension.startsWith('sagemaker:') && ScalableDimension !== SCALABLE_VARIANT.ScalableDimension) {
    throw new Lacking(`The scalable dimension ${ScalableDimension} is not part of the local AWS`);
  }
  return (ScalableDimension === SCALABLE_VARIANT.ScalableDimension ? variant(ResourceId, region) : undefined) ?? refuse(unsupported());
}

/** The same for a target that is registered: what it scaled may be gone, or may scale no more. */
export function stillScalable(key: TargetKey, region: Region): Scalable | undefined {
  try {
    return scalableOf(key, region);
  } catch (error) {
    if (error instanceof AwsError && !(error instanceof Lacking)) { return undefined; }
    throw error;
  }
}

function variant(resourceId: string, region: Region): Scalable | undefined {
  const [, endpointName, variantName] = /^endpoint\/([^/]+)\/variant\/([^/]+)$/.exec(resourceId) ?? [];
  if (endpointName === undefined) { return undefined; }
  const endpoint = region.room(SageMakerState).endpoints.get(endpointName);
  const configured = endpoint && servedVariants(endpoint, region).find(({ VariantName }) => VariantName === variantName);
  if (!endpoint || !configured) { throw invalid(`No SageMaker ${endpoint ? 'variant' : 'endpoint'} found for resource ID: ${resourceId}`); }
  if (configured.ServerlessConfig !== undefined) { throw invalid(`${resourceId} is serverless: it has no instances to scale`); }
  return {
    variant: { endpointName, variantName },
    facts: { instanceTypes: typesOf(configured), asynchronous: isAsynchronous(endpoint, region) },
    count: endpoint.variants?.find(({ VariantName }) => VariantName === variantName)?.DesiredInstanceCount,
    scale: (bounds) => scaleVariant(endpoint, variantName, bounds, region),
  };
}

function component(resourceId: string, region: Region): Scalable | undefined {
  const [, name] = /^inference-component\/([^/]+)$/.exec(resourceId) ?? [];
  if (name === undefined) { return undefined; }
  const found = region.room(SageMakerState).components.get(name);
  if (!found) { throw invalid(`No SageMaker inference component found for resource ID: ${componentResourceId(name)}`); }
  if (found.copies === undefined) { throw invalid(`${resourceId} is an adapter: it has no copies to scale`); }
  // Copies may scale to zero, as the instances of an asynchronous endpoint do.
  return { facts: { asynchronous: true }, count: found.copies, scale: (bounds) => scaleCopies(found, bounds, region) };
}

function refuse(error: Error): never {
  throw error;
}
