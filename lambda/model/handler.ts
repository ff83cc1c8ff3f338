import {
  CreateModelCommand, CreateModelCommandInput, DeleteModelCommand, DescribeCompilationJobCommand, DescribeModelCommand, DescribeModelPackageCommand,
  DescribeModelPackageCommandOutput,
} from '@aws-sdk/client-sagemaker';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { containersOf, copyOf, isPlain } from './copy';
import { compilationOf, containerOf, givenContainers, isOfMarketplace, needsCompilation, tunedEnvironment } from './request';
import type { Tag } from '../../src/contract/custom-resource';
import { constructPrefix, modelName } from '../../src/contract/job-name';
import { ModelProperties } from '../../src/contract/model';
import { Outcome } from '../runtime/answer';
import { askedBy } from '../runtime/asked';
import { serve, succeeded } from '../runtime/custom-resource';
import type { SageMakerApi, SageMakerDeps } from '../runtime/deps';
import { errorMessage, isDenied, isNotFound, UserError } from '../runtime/errors';
import { retrying } from '../runtime/retry';
import { checkMakes, stackFacts, StacksApi } from '../runtime/stacks';
import { addTags, isMadeAfter, renewTags, requestTag, tagsOf, withStackTags } from '../runtime/tags';

type Event = CloudFormationCustomResourceEvent;

/** Dependencies of this function, besides those of every handler. */
export interface ModelDeps extends SageMakerDeps {
  readonly stacks: StacksApi;
}

/** Creates and deletes the model of a recommendation: the CreateModel request is known only once the job has completed. */
export function modelHandler(deps: ModelDeps): (event: Event) => Promise<void> {
  return (event) => serve(event, deps, (given) => (
    event.RequestType === 'Delete' ? remove(event, given) : make(event, { ...given, stacks: retrying(deps.stacks, deps.clock) })));
}

async function make(event: Exclude<Event, { RequestType: 'Delete' }>, deps: ModelDeps): Promise<Outcome> {
  const properties = propertiesOf(event.ResourceProperties);
  const { ModelName: benchmarked } = properties;
  const name = nameOf(event, event.ResourceProperties);
  await checkNotLate(event, deps);
  // The physical id stays this library's own name, so a Delete of it never deletes the user's model.
  const deployed = benchmarked && isPlain(properties) ? benchmarked : name;
  const asked = askedBy(event);
  const { tags: ofStack, status } = await stackFacts(deps.stacks, event.StackId, deps);
  const found = await modelArn(deps.sagemaker, deployed);
  if (!found) { checkMakes(event.RequestType, status); }
  const arn = found ?? await create(deps.sagemaker, name, properties, withStackTags([...properties.Tags ?? [], requestTag(asked)], ofStack));
  // A repeated Delete of an earlier model of this name must spare this one.
  if (found && deployed === name) { await addTags(deps.sagemaker, found, [requestTag(asked)]); }
  if (event.RequestType === 'Update') {
    const { Tags: oldTags } = propertiesOf(event.OldResourceProperties);
    if (event.PhysicalResourceId === deployed) { await renewTags(deps.sagemaker, arn, ofStack, properties.Tags, oldTags); }
    await removeStray(event, name, deps);
  }
  return succeeded(name, { ModelName: deployed, ModelArn: arn });
}

async function create(sagemaker: SageMakerApi, name: string, properties: ModelProperties, tags: Tag[]): Promise<string> {
  const request: CreateModelCommandInput = {
    ModelName: name,
    ...await contentOf(sagemaker, properties),
    Tags: tags,
  };
  try {
    return (await sagemaker.send(new CreateModelCommand(request))).ModelArn!;
  } catch (error) {
    // A repeated delivery, or a call whose answer was lost. The same name means the same content.
    const arn = /existing model|already exist/i.test(errorMessage(error)) ? await modelArn(sagemaker, name) : undefined;
    if (!arn) { throw withoutEnvironment(error, request, properties); }
    return arn;
  }
}

/** What is shorter is no secret, and may be a part of any message. */
const SHORTEST_SECRET = 4;

/** A refusal repeats the request, and a container's own variables may hold secrets. */
function withoutEnvironment(error: unknown, { PrimaryContainer, Containers = [] }: CreateModelCommandInput, properties: ModelProperties): unknown {
  const tuned = Object.values(tunedEnvironment(properties));
  const hidden = [PrimaryContainer, ...Containers].flatMap((container) => Object.values(container?.Environment ?? {}))
    .filter((value) => value.length >= SHORTEST_SECRET && !tuned.includes(value)).sort((a, b) => b.length - a.length);
  if (error instanceof Error) { error.message = hidden.reduce((message, value) => message.replaceAll(value, '…'), error.message); }
  return error;
}

type Content = Omit<CreateModelCommandInput, 'ModelName' | 'Tags'>;

async function contentOf(sagemaker: SageMakerApi, properties: ModelProperties): Promise<Content> {
  if (properties.Containers) { return { ...givenContainers(properties, properties.Containers), ...settingsOf(properties) }; }
  return properties.ModelName ? copied(sagemaker, properties, properties.ModelName) : packaged(sagemaker, properties);
}

async function packaged(sagemaker: SageMakerApi, properties: ModelProperties): Promise<Content> {
  if (!properties.ModelPackageName) {
    throw new UserError('The recommendation names no model package: if the job benchmarked a model, pass that model as `model` to `Recommendation.fromSsmParameter`.');
  }
  const modelPackage = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: properties.ModelPackageName }));
  return {
    PrimaryContainer: containerOf(properties, modelPackage, await compiled(sagemaker, properties, modelPackage)),
    ...settingsOf(properties),
    // Which package a recommendation of another stack names is known only now.
    ...isOfMarketplace(modelPackage) && { EnableNetworkIsolation: true },
  };
}

function settingsOf({ ExecutionRoleArn, EnableNetworkIsolation, VpcConfig }: ModelProperties): Content {
  return { ExecutionRoleArn, EnableNetworkIsolation: EnableNetworkIsolation === 'true' ? true : undefined, VpcConfig };
}

async function copied(sagemaker: SageMakerApi, properties: ModelProperties, source: string): Promise<Content> {
  const model = await sagemaker.send(new DescribeModelCommand({ ModelName: source }));
  const [{ ModelPackageName = undefined } = {}] = containersOf(model);
  const modelPackage = ModelPackageName === undefined ? undefined : await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName }));
  return copyOf(properties, model, modelPackage, await compiled(sagemaker, properties, modelPackage));
}

async function compiled(sagemaker: SageMakerApi, properties: ModelProperties, modelPackage: DescribeModelPackageCommandOutput | undefined) {
  if (!needsCompilation(properties, modelPackage)) { return undefined; }
  const CompilationJobName = compilationOf(properties);
  try {
    return await sagemaker.send(new DescribeCompilationJobCommand({ CompilationJobName }));
  } catch (error) {
    if (properties.CompilationJobName || !(isNotFound(error) || isDenied(error))) { throw error; }
    throw new UserError(`The recommendation is of the inference specification '${CompilationJobName}', which ${properties.ModelPackageName ?? properties.ModelName}`
      + ' does not have, and no compilation job has this name: choose another recommendation, e.g. with `limits.allowCompiledModels` false.');
  }
}

async function remove(event: Event & { RequestType: 'Delete' }, deps: SageMakerDeps): Promise<Outcome> {
  // Of an invented id, the properties tell which model was created.
  await removeModel(isOurs(event) ? event.PhysicalResourceId : nameOf(event, event.ResourceProperties), event, deps);
  return succeeded(event.PhysicalResourceId);
}

/** In a rollback, the failed properties may have created a model without an answer: CloudFormation knows no id to delete. */
async function removeStray(event: Event & { RequestType: 'Update' }, name: string, deps: SageMakerDeps): Promise<void> {
  const old = nameOf(event, event.OldResourceProperties);
  if (old !== event.PhysicalResourceId && old !== name) { await removeModel(old, event, deps); }
}

async function removeModel(name: string, event: Event, deps: SageMakerDeps): Promise<void> {
  if (await isOvertaken(name, event, deps)) { return; }
  try {
    await deps.sagemaker.send(new DeleteModelCommand({ ModelName: name }));
  } catch (error) {
    if (!isNotFound(error)) { throw error; }
    deps.log({ message: 'already gone', model: name });
  }
}

/** Whether a later request has made or kept this model. */
async function isOvertaken(name: string, event: Event, { sagemaker }: SageMakerDeps): Promise<boolean> {
  const arn = await modelArn(sagemaker, name);
  return arn !== undefined && isMadeAfter(await tagsOf(sagemaker, arn), askedBy(event));
}

/** A late Update would make a model that nobody deletes. */
async function checkNotLate(event: Event, deps: SageMakerDeps): Promise<void> {
  if (event.RequestType === 'Update' && isOurs(event) && await isOvertaken(event.PhysicalResourceId, event, deps)) {
    throw new UserError('This request comes late: a later one has made the model.');
  }
}

/** CloudFormation invents an id if a Create was never answered. */
function isOurs(event: Event & { readonly PhysicalResourceId: string }): boolean {
  return event.PhysicalResourceId.startsWith(constructPrefix(event.StackId, event.LogicalResourceId));
}

async function modelArn(sagemaker: SageMakerApi, name: string): Promise<string | undefined> {
  try {
    return (await sagemaker.send(new DescribeModelCommand({ ModelName: name }))).ModelArn;
  } catch (error) {
    if (isNotFound(error)) { return undefined; }
    throw error;
  }
}

function propertiesOf(properties: Readonly<Record<string, any>>): ModelProperties {
  const { ServiceToken: _token, ServiceTimeout: _timeout, ...rest } = properties;
  return rest as unknown as ModelProperties;
}

/** Tags do not count, because they change without a new model. */
function nameOf(event: Event, properties: Readonly<Record<string, any>>): string {
  const { Tags: _tags, SchemaVersion: _version, ...content } = propertiesOf(properties);
  return modelName(event.StackId, event.LogicalResourceId, content);
}
