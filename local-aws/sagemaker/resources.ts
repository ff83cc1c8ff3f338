import { SageMaker } from './index';
import { SAGEMAKER_OPERATIONS, SAGEMAKER_SHAPES } from './shapes';
import { SageMakerState, Tag } from './state';
import { coerce } from '../../src/service/constraints';
import { AwsError, invalid, ResourceProvider, ResourceProviders, ResourceRequest, ResourceState, UpdateRequest } from '../kernel';

const POLL_MS = 10_000;

/** The relation of a resource type to the operations of its noun. */
interface Noun {
  readonly noun: string;
  /** The member that names it in requests. CloudFormation generates a name if `maxLength` is set. */
  readonly name: string;
  readonly maxLength?: number;
  /** What CloudFormation's schema has for the name, where the operation takes more. */
  readonly namePattern?: RegExp;
  /** Properties that UpdateX accepts after a change. */
  readonly updatable?: readonly string[];
  /** Properties that control how UpdateX works. Without another change they do nothing. */
  readonly manner?: readonly string[];
  /** Properties that CreateX does not accept. */
  readonly notAtCreation?: readonly string[];
  /** Properties whose change CloudFormation's handler ignores. */
  readonly unheard?: readonly string[];
  /** Members that the handler adds to UpdateX. */
  readonly alsoUpdates?: (properties: Readonly<Record<string, any>>, old: Readonly<Record<string, any>>) => object;
  /** Further work of the handler, besides CreateX and UpdateX. */
  readonly besides?: (request: ResourceRequest & Partial<UpdateRequest>) => Promise<void>;
  /** Members of DescribeX that are attributes, besides the ARN, by their path. */
  readonly attributes: readonly string[];
  /** Waits until the resource has the requested state. Express mode does not. */
  readonly settle?: (request: ResourceRequest, name: string) => Promise<void>;
  readonly gone?: (request: ResourceRequest, name: string) => Promise<void>;
}

/** The resource types of SageMaker. */
export const resources: ResourceProviders = {
  'AWS::SageMaker::ModelPackageGroup': provider({
    noun: 'ModelPackageGroup',
    name: 'ModelPackageGroupName',
    notAtCreation: ['ModelPackageGroupPolicy'],
    unheard: ['ModelPackageGroupPolicy'],
    besides: setPolicy,
    attributes: ['CreationTime', 'ModelPackageGroupStatus'],
  }),
  'AWS::SageMaker::ModelPackage': provider({
    noun: 'ModelPackage',
    name: 'ModelPackageName',
    updatable: [
      'ModelApprovalStatus', 'ApprovalDescription', 'CustomerMetadataProperties', 'AdditionalInferenceSpecificationsToAdd', 'SourceUri', 'ModelCard',
    ],
    notAtCreation: ['ApprovalDescription'],
    unheard: ['AdditionalInferenceSpecifications', 'SkipModelValidation'],
    alsoUpdates: metadataToRemove,
    attributes: ['CreationTime', 'LastModifiedTime', 'ModelPackageStatus', 'ModelPackageName', 'ModelPackageVersion', 'ModelApprovalStatus'],
  }),
  'AWS::SageMaker::Model': provider({ noun: 'Model', name: 'ModelName', maxLength: 63, attributes: ['ModelName'] }),
  'AWS::SageMaker::EndpointConfig': provider({
    noun: 'EndpointConfig', name: 'EndpointConfigName', maxLength: 63, attributes: ['EndpointConfigName'],
  }),
  'AWS::SageMaker::AIWorkloadConfig': provider({
    noun: 'AIWorkloadConfig', name: 'AIWorkloadConfigName', namePattern: /^[a-z0-9]{1,63}$/, attributes: ['CreationTime'],
  }),
  'AWS::SageMaker::Endpoint': provider({
    noun: 'Endpoint',
    name: 'EndpointName',
    maxLength: 63,
    updatable: ['EndpointConfigName'],
    manner: ['RetainAllVariantProperties', 'ExcludeRetainedVariantProperties', 'RetainDeploymentConfig', 'DeploymentConfig'],
    attributes: ['EndpointName'],
    settle: async ({ region, properties }, name) => {
      let endpoint = await region.room(SageMaker).call('DescribeEndpoint', { EndpointName: name });
      while (['Creating', 'Updating'].includes(endpoint.EndpointStatus)) {
        await region.clock.sleep(POLL_MS);
        endpoint = await region.room(SageMaker).call('DescribeEndpoint', { EndpointName: name });
      }
      if (endpoint.EndpointStatus !== 'InService' || endpoint.EndpointConfigName !== properties.EndpointConfigName) {
        throw new Error(`Endpoint "${endpoint.EndpointArn}" did not stabilize: ${endpoint.FailureReason ?? endpoint.EndpointStatus}`);
      }
    },
    gone: async ({ region }, name) => {
      while (region.room(SageMakerState).endpoints.has(name)) { await region.clock.sleep(POLL_MS); }
    },
  }),
  'AWS::SageMaker::InferenceComponent': provider({
    noun: 'InferenceComponent',
    name: 'InferenceComponentName',
    maxLength: 63,
    updatable: ['Specification', 'Specifications', 'RuntimeConfig'],
    manner: ['DeploymentConfig'],
    notAtCreation: ['EndpointArn'],
    attributes: ['InferenceComponentStatus', 'CreationTime', 'LastModifiedTime', 'RuntimeConfig.DesiredCopyCount', 'RuntimeConfig.CurrentCopyCount'],
    settle: settleComponent,
    gone: async ({ region }, name) => {
      while (region.room(SageMakerState).components.has(name)) { await region.clock.sleep(POLL_MS); }
    },
  }),
};

/** Waits for the end of an operation, and fails if the service could not do what was asked. */
async function settleComponent({ region }: ResourceRequest, name: string): Promise<void> {
  const describe = () => region.room(SageMaker).call('DescribeInferenceComponent', { InferenceComponentName: name });
  let component = await describe();
  while (['Creating', 'Updating'].includes(component.InferenceComponentStatus)) {
    await region.clock.sleep(POLL_MS);
    component = await describe();
  }
  if (component.InferenceComponentStatus !== 'InService' || component.FailureReason !== undefined) {
    throw new Error(`Inference component "${component.InferenceComponentArn}" did not stabilize: ${component.FailureReason ?? component.InferenceComponentStatus}`);
  }
}

function provider(kind: Noun): ResourceProvider {
  const { noun, name } = kind;
  // Packages are named by their ARN, everything else by the last part of it.
  const nameIn = (arn: string) => (noun === 'ModelPackage' ? arn : arn.slice(arn.indexOf('/') + 1));
  const describe = async ({ region }: ResourceRequest, arn: string): Promise<ResourceState> => {
    const found = await region.room(SageMaker).call(`Describe${noun}`, { [name]: nameIn(arn) });
    const attributes = Object.fromEntries(kind.attributes.map((attribute) => [attribute, attribute.split('.').reduce((inner, part) => inner?.[part], found)]));
    return { physicalId: arn, attributes: { ...asAttributes(attributes), [`${noun}Arn`]: arn, Id: arn } };
  };
  return {
    async create(request) {
      const { region, properties } = request;
      const taken = SAGEMAKER_SHAPES[SAGEMAKER_OPERATIONS[`Create${noun}`].input].members!;
      const aside = ['Tags', ...(kind.manner ?? []).filter((property) => !Object.hasOwn(taken, property)), ...kind.notAtCreation ?? []];
      const rest = Object.fromEntries(Object.entries(properties).filter(([property]) => !aside.includes(property)));
      const input = toInput(`Create${noun}`, kind.maxLength ? { [name]: request.generatedName(kind.maxLength), ...rest } : rest);
      if (kind.namePattern && !kind.namePattern.test(input[name])) {
        throw invalid(`Properties validation failed for resource ${request.logicalId} with message: #/${name}: failed validation constraint for keyword [pattern]`);
      }
      const tags = tagsOf(request);
      const { [`${noun}Arn`]: arn } = await onceAtRest(request, () => region.room(SageMaker).call(`Create${noun}`, tags.length > 0 ? { ...input, Tags: tags } : input));
      try {
        if (!request.express) { await kind.settle?.(request, nameIn(arn)); }
        await kind.besides?.(request);
      } catch (error) {
        // The rollback deletes only resources with a physical id, and this one has none yet.
        await region.room(SageMaker).call(`Delete${noun}`, { [name]: nameIn(arn) });
        await kind.gone?.(request, nameIn(arn));
        throw error;
      }
      return describe(request, arn);
    },

    async update(request) {
      const { region, properties, oldProperties, oldTags = {}, physicalId } = request;
      const changed = Object.keys({ ...oldProperties, ...properties })
        .filter((property) => !['Tags', ...kind.manner ?? [], ...kind.unheard ?? []].includes(property))
        .filter((property) => JSON.stringify(properties[property]) !== JSON.stringify(oldProperties[property]));
      const strange = changed.find((property) => !kind.updatable?.includes(property));
      if (strange) { throw new AwsError('ValidationException', `Updating ${strange} of ${request.type} is not part of the local AWS`); }
      if (changed.length > 0) {
        const id = noun === 'ModelPackage' ? { ModelPackageArn: physicalId } : { [name]: nameIn(physicalId) };
        const sent = Object.fromEntries([...changed, ...kind.manner ?? []].map((property) => [property, properties[property]]));
        const input = { ...toInput(`Update${noun}`, sent), ...kind.alsoUpdates?.(properties, oldProperties), ...id };
        await onceAtRest(request, () => region.room(SageMaker).call(`Update${noun}`, input));
        if (!request.express) { await kind.settle?.(request, nameIn(physicalId)); }
      }
      await kind.besides?.(request);
      await retag(request, tagsOf({ properties: oldProperties, tags: oldTags }), tagsOf(request), physicalId);
      return describe(request, physicalId);
    },

    async delete(request) {
      const id = nameIn(request.physicalId);
      try {
        await request.region.room(SageMaker).call(`Describe${noun}`, { [name]: id });
      } catch {
        return;
      }
      await onceAtRest(request, () => request.region.room(SageMaker).call(`Delete${noun}`, { [name]: id }));
      if (!request.express) { await kind.gone?.(request, id); }
    },
  };
}

/** What is refused while something else is on its way. */
const NOT_READY = /^Cannot update in-progress| is (Creating|Updating), not InService\.$/;

/**
 * Express mode tries an operation again while its resource, or one that it refers to, is not ready:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-express-mode.html#express-mode-dependencies
 */
async function onceAtRest<T>({ express, region }: ResourceRequest, task: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if (!express || !NOT_READY.test((error as Error).message)) { throw error; }
      await region.clock.sleep(POLL_MS);
    }
  }
}

/** Converts properties to the operation's input: each scalar gets its type there, and unsupported properties are refused. */
function toInput(operation: string, properties: Record<string, any>): Record<string, any> {
  const { input } = SAGEMAKER_OPERATIONS[operation];
  const strange = Object.keys(properties).find((property) => !Object.hasOwn(SAGEMAKER_SHAPES[input].members!, property));
  if (strange) { throw new AwsError('ValidationException', `Property ${strange} is not part of the local AWS`); }
  return coerce(SAGEMAKER_SHAPES, input, properties);
}

/** A resource's own tags win over the stack's. */
function tagsOf({ properties, tags }: Pick<ResourceRequest, 'properties' | 'tags'>): Tag[] {
  const own: Tag[] = properties.Tags ?? [];
  const all = new Map([...Object.entries(tags), ...own.map(({ Key, Value }) => [Key, String(Value)] as const)]);
  return [...all].map(([Key, Value]) => ({ Key, Value }));
}

async function retag({ region }: ResourceRequest, before: Tag[], after: Tag[], arn: string): Promise<void> {
  // What a failed update has not put there needs no removal.
  const there = (region.room(SageMakerState).tags.get(arn) ?? []).map(({ Key }) => Key);
  const dropped = before.map(({ Key }) => Key).filter((key) => there.includes(key) && !after.some(({ Key }) => Key === key));
  if (dropped.length > 0) { await region.room(SageMaker).call('DeleteTags', { ResourceArn: arn, TagKeys: dropped }); }
  if (JSON.stringify(before) !== JSON.stringify(after) && after.length > 0) {
    await region.room(SageMaker).call('AddTags', { ResourceArn: arn, Tags: after });
  }
}

function asAttributes(values: Record<string, any>): Record<string, any> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]));
}

/** CloudFormation's handling of a group's policy after creating the group: it puts the policy, or deletes one that left the template. */
async function setPolicy({ region, properties, oldProperties }: ResourceRequest & Partial<UpdateRequest>): Promise<void> {
  const { ModelPackageGroupName, ModelPackageGroupPolicy: policy } = properties;
  const old = oldProperties?.ModelPackageGroupPolicy;
  if (JSON.stringify(policy) === JSON.stringify(old)) { return; }
  if (policy === undefined) {
    await region.room(SageMaker).call('DeleteModelPackageGroupPolicy', { ModelPackageGroupName });
  } else {
    const ResourcePolicy = typeof policy === 'string' ? policy : JSON.stringify(policy);
    await region.room(SageMaker).call('PutModelPackageGroupPolicy', { ModelPackageGroupName, ResourcePolicy });
  }
}

/** CloudFormation's handler adds this to an update: the names of removed metadata. */
function metadataToRemove(properties: Readonly<Record<string, any>>, old: Readonly<Record<string, any>>): object {
  const gone = Object.keys(old.CustomerMetadataProperties ?? {}).filter((name) => properties.CustomerMetadataProperties?.[name] === undefined);
  return gone.length > 0 ? { CustomerMetadataPropertiesToRemove: gone } : {};
}
