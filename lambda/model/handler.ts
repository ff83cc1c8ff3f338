import {
  CreateModelCommand, CreateModelCommandInput, DeleteModelCommand, DescribeCompilationJobCommand, DescribeModelCommand, DescribeModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { containerOf, needsCompilation } from './request';
import { ModelProperties } from '../../src/api/contract';
import { constructPrefix, modelName } from '../../src/api/job-name';
import { Outcome } from '../shared/answer';
import { serve, succeeded } from '../shared/custom-resource';
import type { Deps, SageMakerApi } from '../shared/deps';
import { errorMessage, isNotFound } from '../shared/errors';
import { renewTags } from '../shared/tags';

type Event = CloudFormationCustomResourceEvent;

/** Makes and deletes the model of a recommendation: what a row asks of CreateModel is known only once the job is done. */
export function modelHandler(deps: Deps): (event: Event) => Promise<void> {
  return (event) => serve(event, deps, (given) => (event.RequestType === 'Delete' ? remove(event, given) : make(event, given)));
}

async function make(event: Exclude<Event, { RequestType: 'Delete' }>, deps: Deps): Promise<Outcome> {
  const { Tags } = propertiesOf(event.ResourceProperties);
  const name = nameOf(event, event.ResourceProperties);
  const arn = await modelArn(deps.sagemaker, name) ?? await create(deps.sagemaker, name, propertiesOf(event.ResourceProperties));
  if (event.RequestType === 'Update') {
    if (event.PhysicalResourceId === name) { await renewTags(deps.sagemaker, arn, Tags, propertiesOf(event.OldResourceProperties).Tags); }
    await removeStray(event, name, deps);
  }
  return succeeded(name, { ModelName: name, ModelArn: arn });
}

async function create(sagemaker: SageMakerApi, name: string, properties: ModelProperties): Promise<string> {
  const modelPackage = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: properties.ModelPackageName }));
  const compilation = needsCompilation(properties, modelPackage)
    ? await sagemaker.send(new DescribeCompilationJobCommand({ CompilationJobName: properties.CompilationJobName }))
    : undefined;
  const request: CreateModelCommandInput = {
    ModelName: name,
    ExecutionRoleArn: properties.ExecutionRoleArn,
    PrimaryContainer: containerOf(properties, modelPackage, compilation),
    EnableNetworkIsolation: properties.EnableNetworkIsolation === 'true' ? true : undefined,
    VpcConfig: properties.VpcConfig,
    Tags: properties.Tags ? [...properties.Tags] : undefined,
  };
  try {
    return (await sagemaker.send(new CreateModelCommand(request))).ModelArn!;
  } catch (error) {
    // A repeated delivery, or a call whose answer was lost: the name says that the content is the same.
    const arn = /existing model|already exist/i.test(errorMessage(error)) ? await modelArn(sagemaker, name) : undefined;
    if (!arn) { throw error; }
    return arn;
  }
}

async function remove(event: Event & { RequestType: 'Delete' }, deps: Deps): Promise<Outcome> {
  const isOurs = event.PhysicalResourceId.startsWith(constructPrefix(event.StackId, event.LogicalResourceId));
  // CloudFormation invents an id when an answer of Create never came: the properties say which model was made.
  await removeModel(isOurs ? event.PhysicalResourceId : nameOf(event, event.ResourceProperties), deps);
  return succeeded(event.PhysicalResourceId);
}

/** In a rollback, the properties that failed may have made a model whose answer never came: CloudFormation knows no id to delete. */
async function removeStray(event: Event & { RequestType: 'Update' }, name: string, deps: Deps): Promise<void> {
  const old = nameOf(event, event.OldResourceProperties);
  if (old !== event.PhysicalResourceId && old !== name) { await removeModel(old, deps); }
}

async function removeModel(name: string, deps: Deps): Promise<void> {
  try {
    await deps.sagemaker.send(new DeleteModelCommand({ ModelName: name }));
  } catch (error) {
    if (!isNotFound(error)) { throw error; }
    deps.log({ message: 'already gone', model: name });
  }
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
  return rest as ModelProperties;
}

/** Tags do not count: they change without a new model. */
function nameOf(event: Event, properties: Readonly<Record<string, any>>): string {
  const { Tags: _tags, SchemaVersion: _version, ...content } = propertiesOf(properties);
  return modelName(event.StackId, event.LogicalResourceId, content);
}
