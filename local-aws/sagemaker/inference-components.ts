import {
  baseOf, componentsOf, currentCopies, putCopies, settleVariant, specificationsOf, takesComponents, Wanted,
} from './component-variants';
import { servedVariants } from './endpoint-variants';
import { findEndpoint } from './endpoints';
import { unreadable } from './inputs';
import { findModel } from './models';
import { InferenceComponent, isSameName, SageMakerState } from './state';
import { componentResourceId } from '../../src/service/scaling-rules';
import { Call, invalid, listing, Operations, Region } from '../kernel';

const CREATE_MS = 3 * 60_000;
const DELETE_MS = 60_000;

/** A component by its name; an error if there is none. */
export function findComponent(name: string, call: Call): InferenceComponent {
  const component = call.region.room(SageMakerState).components.get(name);
  if (!component) { throw invalid(`Could not find inference component "${componentArn(name, call)}".`); }
  return component;
}

export const inferenceComponentOperations: Operations = {
  CreateInferenceComponent({ InferenceComponentName: name, EndpointName, VariantName, RuntimeConfig, Tags, ...input }, call) {
    const { components, tags } = call.region.room(SageMakerState);
    const arn = componentArn(name, call);
    if (components.has(name)) { throw invalid(`Cannot create already existing inference component "${arn}".`); }
    const endpoint = findEndpoint(EndpointName, call);
    checkSpecifications(input, call);
    const base = baseOf(input);
    if (endpoint.status !== 'InService') { throw invalid(`Cannot create inference component "${arn}": endpoint "${endpoint.arn}" is ${endpoint.status}, not InService.`); }
    const variantName = base === undefined ? variantFor(name, EndpointName, VariantName, call) : undefined;
    if (base !== undefined) { checkBase(base, EndpointName, RuntimeConfig, call); }
    // Words: https://github.com/stdapi-ai/stdapi.ai/issues/43
    if (RuntimeConfig?.CopyCount === 0) { throw invalid('Inference components copy count must be an integer larger than 0.'); }
    const now = new Date(call.region.clock.now());
    const component: InferenceComponent = {
      name,
      arn,
      endpointName: endpoint.name,
      variantName,
      created: now,
      modified: now,
      status: 'Creating',
      input,
      copies: base === undefined ? RuntimeConfig?.CopyCount ?? 1 : undefined,
      placed: new Map(),
    };
    components.set(name, component);
    tags.set(arn, Tags ?? []);
    later(call, CREATE_MS, () => {
      const failure = settled(component, { input, copies: component.copies ?? 0 }, call.region);
      become(component, failure === undefined ? 'InService' : 'Failed', call.region, failure);
      keepBounds(component, call.region);
    });
    return { InferenceComponentArn: arn };
  },

  DescribeInferenceComponent({ InferenceComponentName }, call) {
    const component = findComponent(InferenceComponentName, call);
    const { Specification, Specifications } = component.input;
    return {
      InferenceComponentName: component.name,
      InferenceComponentArn: component.arn,
      EndpointName: component.endpointName,
      EndpointArn: findEndpoint(component.endpointName, call).arn,
      VariantName: component.variantName,
      FailureReason: component.failureReason,
      Specification: Specification && specificationSummary(Specification, component),
      Specifications: Specifications?.map((one: any) => specificationSummary(one, component)),
      RuntimeConfig: component.copies === undefined ? undefined : {
        DesiredCopyCount: component.copies,
        CurrentCopyCount: currentCopies(component),
        PlacementStatus: component.placed.size === 0 ? undefined
          : [...component.placed].map(([InstanceType, CurrentCopyCount]) => ({ InstanceType, CurrentCopyCount })),
      },
      CreationTime: component.created,
      LastModifiedTime: component.modified,
      InferenceComponentStatus: component.status,
      LastDeploymentConfig: component.lastDeployment,
    };
  },

  ListInferenceComponents({ EndpointNameEquals, VariantNameEquals, ...input }, call) {
    const found = [...call.region.room(SageMakerState).components.values()]
      .filter(({ endpointName }) => [undefined, endpointName].includes(EndpointNameEquals))
      .filter((component) => VariantNameEquals === undefined || hostOf(component, call.region).variantName === VariantNameEquals);
    return listing('InferenceComponents', found.map((component) => {
      const { name, arn, created, modified, status, endpointName } = component;
      const summary = {
        InferenceComponentName: name,
        InferenceComponentArn: arn,
        EndpointName: endpointName,
        EndpointArn: findEndpoint(endpointName, call).arn,
        VariantName: hostOf(component, call.region).variantName,
        CreationTime: created,
        LastModifiedTime: modified,
        InferenceComponentStatus: status,
      };
      return { name, created, modified, status, summary };
    }), input);
  },

  UpdateInferenceComponent({ InferenceComponentName, RuntimeConfig, DeploymentConfig, ...input }, call) {
    const component = atRest(InferenceComponentName, call);
    const isChanged = specificationsOf(input).length > 0;
    if (!isChanged && RuntimeConfig === undefined) { throw invalid('At least one of Specification, Specifications and RuntimeConfig must be given.'); }
    if (isChanged) { checkSpecifications(input, call); }
    if (baseOf(isChanged ? input : component.input) !== baseOf(component.input)) {
      throw invalid(`Cannot update inference component "${component.arn}": its BaseInferenceComponentName must stay as it is.`);
    }
    if (component.copies === undefined && RuntimeConfig !== undefined) { throw ofAdapter('RuntimeConfig'); }
    component.lastDeployment = DeploymentConfig;
    const wanted = { input: isChanged ? input : component.input, copies: RuntimeConfig?.CopyCount ?? component.copies ?? 0 };
    update(component, wanted, CREATE_MS + waitingMs(DeploymentConfig, wanted.copies), call);
    return { InferenceComponentArn: component.arn };
  },

  UpdateInferenceComponentRuntimeConfig({ InferenceComponentName, DesiredRuntimeConfig: { CopyCount } }, call) {
    const component = atRest(InferenceComponentName, call);
    if (component.copies === undefined) { throw ofAdapter('RuntimeConfig'); }
    update(component, { input: component.input, copies: CopyCount }, CREATE_MS, call);
    return { InferenceComponentArn: component.arn };
  },

  DeleteInferenceComponent({ InferenceComponentName }, call) {
    const { components, tags } = call.region.room(SageMakerState);
    const component = atRest(InferenceComponentName, call);
    const adapters = componentsOf(component.endpointName, call.region)
      .filter(({ input }) => isSameName(baseOf(input), component.name)).map(({ name }) => name);
    if (adapters.length > 0) { throw invalid(`Cannot delete inference component "${component.arn}": it has the adapters ${adapters.join(', ')}. Delete them first.`); }
    become(component, 'Deleting', call.region);
    later(call, DELETE_MS, () => {
      components.delete(component.name);
      tags.delete(component.arn);
      if (component.variantName !== undefined) { settleVariant(component.endpointName, component.variantName, call.region); }
    });
  },
};

/** Brings the number of a component's copies within bounds, as an update does. A component that changes at the moment follows at its end. */
export function scaleCopies(component: InferenceComponent, { min, max }: { min: number; max: number }, region: Region): void {
  const copies = Math.min(Math.max(component.copies ?? 0, min), max);
  if (component.status !== 'InService' || component.copies === undefined || copies === component.copies) { return; }
  update(component, { input: component.input, copies }, CREATE_MS, { region });
}

/** An update that finds no room leaves what runs, and says why. */
function update(component: InferenceComponent, wanted: Wanted, ms: number, { region }: Pick<Call, 'region'>): void {
  const before = component.copies;
  component.copies = before === undefined ? undefined : wanted.copies;
  become(component, 'Updating', region);
  later({ region }, ms, () => {
    const failure = settled(component, wanted, region);
    if (failure === undefined) { component.input = wanted.input; }
    component.copies = before === undefined ? undefined : failure === undefined ? wanted.copies : before;
    const runs = component.copies === undefined || component.copies === currentCopies(component);
    become(component, runs ? 'InService' : 'Failed', region, failure);
    // Copies without room now have no more of it a moment later.
    if (failure === undefined) { keepBounds(component, region); }
  });
}

/** Application Auto Scaling moves a count that is out of its target's bounds. */
function keepBounds(component: InferenceComponent, region: Region): void {
  const bounds = region.room(SageMakerState).scaling?.boundsOf(componentResourceId(component.name));
  if (bounds) { scaleCopies(component, bounds, region); }
}

/** Why a component cannot run as it wants to; otherwise it does. */
function settled(component: InferenceComponent, wanted: Wanted, region: Region): string | undefined {
  const { models, components, endpoints, endpointConfigs } = region.room(SageMakerState);
  const all = specificationsOf(wanted.input);
  const missing = all.find(({ ModelName }) => ModelName !== undefined && !models.has(ModelName))?.ModelName;
  if (missing !== undefined) { return `Could not find model "${missing}".`; }
  const role = endpointConfigs.get(endpoints.get(component.endpointName)!.config)?.input.ExecutionRoleArn;
  const unread = role && all.flatMap(({ Container }) => Container?.ArtifactUrl ?? []).find((uri) => unreadable(uri, role, region));
  if (unread !== undefined) { return `Could not find model data at ${unread}: ${unreadable(unread, role, region)}.`; }
  const base = baseOf(wanted.input);
  if (base === undefined) { return putCopies(component, wanted, region); }
  const status = components.get(base)?.status ?? 'deleted';
  return ['InService', 'Updating'].includes(status) ? undefined : `The base inference component "${base}" is ${status}, not InService.`;
}

function atRest(name: string, call: Call): InferenceComponent {
  const component = findComponent(name, call);
  // Seen while Creating: https://github.com/aws/amazon-sagemaker-examples/issues/3432
  if (!['InService', 'Failed'].includes(component.status)) { throw invalid(`Cannot update in-progress inference component "${component.arn}".`); }
  return component;
}

/** The variant of an endpoint for a component: the named one, or the only one. */
function variantFor(name: string, endpointName: string, variantName: string | undefined, call: Call): string {
  const variants = servedVariants(findEndpoint(endpointName, call), call.region);
  const [variant, ...more] = variants.filter(({ VariantName }) => [undefined, VariantName].includes(variantName));
  if (variantName === undefined && more.length > 0) { throw invalid(`VariantName is required for inference component "${name}": the endpoint has several variants.`); }
  if (!variant) { throw invalid(`Could not find variant "${variantName}" of endpoint "${endpointName}".`); }
  // Words: https://github.com/hashicorp/terraform-provider-aws/issues/40644
  if (!takesComponents(variant)) {
    throw invalid('Invalid request provided: Inference Components are not supported in this Endpoint. Please make sure this endpoint can deploy inference components.');
  }
  return variant.VariantName;
}

/** Where an adapter runs, its base has a variant. */
function hostOf(component: InferenceComponent, region: Region): InferenceComponent {
  return region.room(SageMakerState).components.get(baseOf(component.input) ?? component.name) ?? component;
}

function checkBase(base: string, endpointName: string, runtimeConfig: unknown, call: Call): void {
  const { status, endpointName: own, copies } = findComponent(base, call);
  if (own !== endpointName) { throw invalid(`The base inference component "${base}" is on endpoint "${own}", not on "${endpointName}".`); }
  if (copies === undefined) { throw invalid(`The base inference component "${base}" is itself an adapter.`); }
  if (status !== 'InService') { throw invalid(`The base inference component "${base}" is ${status}, not InService.`); }
  if (runtimeConfig !== undefined) { throw ofAdapter('RuntimeConfig'); }
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentSpecification.html */
function checkSpecifications(input: Record<string, any>, call: Call): void {
  const { Specification, Specifications } = input;
  if ((Specification === undefined) === (Specifications === undefined)) { throw invalid('Exactly one of Specification and Specifications must be given.'); }
  const all = specificationsOf(input);
  const types = all.map(({ InstanceType }) => InstanceType);
  if (all.length > 1 && types.includes(undefined)) { throw invalid('InstanceType is required for each of several Specifications.'); }
  if (new Set(types).size < types.length) { throw invalid('Specifications must have different instance types.'); }
  all.forEach((one) => checkSpecification(one, call));
}

function checkSpecification({ ModelName, Container, ComputeResourceRequirements: needs, BaseInferenceComponentName: base }: any, call: Call): void {
  if (base !== undefined) {
    if (Container?.ArtifactUrl === undefined) { throw invalid('An adapter needs the ArtifactUrl of its Container.'); }
    const own = { ModelName, ComputeResourceRequirements: needs, Image: Container.Image };
    const strange = Object.entries(own).find(([, value]) => value !== undefined);
    if (strange) { throw ofAdapter(strange[0]); }
    return;
  }
  if ((ModelName === undefined) === (Container?.Image === undefined)) { throw invalid('Exactly one of ModelName and the Image of Container must be given.'); }
  if (ModelName !== undefined) { findModel(ModelName, call); }
  if (needs === undefined) { throw invalid('ComputeResourceRequirements is required, unless the inference component is an adapter.'); }
  if (needs.MaxMemoryRequiredInMb < needs.MinMemoryRequiredInMb) {
    throw invalid(`MaxMemoryRequiredInMb ${needs.MaxMemoryRequiredInMb} must not be less than MinMemoryRequiredInMb ${needs.MinMemoryRequiredInMb}.`);
  }
}

function ofAdapter(member: string): Error {
  return invalid(`${member} must not be given for an adapter: it uses the resources of its base inference component.`);
}

function specificationSummary({ Container, ...specification }: any, { created }: InferenceComponent): Record<string, any> {
  if (Container === undefined) { return specification; }
  const { Image, ...container } = Container;
  const DeployedImage = Image === undefined ? undefined : { SpecifiedImage: Image, ResolvedImage: Image, ResolutionTime: created };
  return { ...specification, Container: { ...container, DeployedImage } };
}

/** The time for which a rolling update watches its steps. */
function waitingMs(deployment: Record<string, any> | undefined, copies: number): number {
  const { MaximumBatchSize: { Type, Value } = { Type: 'COPY_COUNT', Value: 1 }, WaitIntervalInSeconds = 0 } = deployment?.RollingUpdatePolicy ?? {};
  return 1000 * WaitIntervalInSeconds * Math.ceil((Type === 'CAPACITY_PERCENT' ? 100 : copies) / Value);
}

function become(component: InferenceComponent, status: InferenceComponent['status'], region: Region, failureReason?: string): void {
  Object.assign(component, { status, failureReason, modified: new Date(region.clock.now()) });
}

function later({ region }: Pick<Call, 'region'>, ms: number, then: () => void): void {
  region.clock.at(region.clock.now() + ms, then);
}

function componentArn(name: string, { region }: Call): string {
  return region.arn('sagemaker', `inference-component/${name}`);
}
