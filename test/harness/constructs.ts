import { mkdtempSync, rmSync } from 'fs';
import os from 'os';
import { join } from 'path';
import { App, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { QUICK_START, XGBOOST, xgboost } from './model-package';
import { ACCOUNT, REGION, STACK_ID } from './place';
import { PolicyDocument } from '../../local-aws/iam';
import * as library from '../../src';
import {
  BenchmarkTarget, ContainerConfigOptions, InferenceRecommendationsJob, InferenceRecommendationsJobProps, InferenceRecommenderRuntime,
  InferenceRecommenderRuntimeOptions, MlDomain, MlFramework, MlTask,
  ModelPackage, ModelPackageGroup, ModelPackageProps, SamplePayload,
} from '../../src';
import { INFERENCE_RECOMMENDER } from '../../src/jobs/family';
import { Runtime } from '../../src/runtime/runtime';

// Where a template is deployed in thought: every intrinsic gets a value that could be one.
export { ACCOUNT, QUICK_START, REGION, STACK_ID, XGBOOST };

/** Everything that a test writes, gone after its file. */
export const SCRATCH = mkdtempSync(join(os.tmpdir(), 'constructs-'));
jest.spyOn(os, 'tmpdir').mockReturnValue(SCRATCH);
afterAll(() => rmSync(SCRATCH, { recursive: true }));

export interface Resource {
  readonly Type: string;
  readonly Properties: any;
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}
export type Resources = Readonly<Record<string, Resource>>;

export interface StackOptions {
  /** Copies assets into the assembly, as a deploy does. @default - they stay where they are, which is faster */
  readonly stages?: boolean;
  readonly env?: { readonly account: string; readonly region: string };
}

export function newStack(options: StackOptions = {}): Stack {
  const app = new App({
    outdir: mkdtempSync(join(SCRATCH, 'cdk.out-')),
    analyticsReporting: false,
    context: options.stages ? {} : { 'aws:cdk:disable-asset-staging': true },
  });
  return new Stack(app, 'Shop', { env: options.env });
}

/** A package with all that a job wants of it. */
export function packageIn(stack: Stack, props: Partial<ModelPackageProps> = {}, id = 'Package'): ModelPackage {
  return new ModelPackage(stack, id, {
    modelPackageGroup: props.modelPackageGroup ?? new ModelPackageGroup(stack, `${id}Group`),
    ...xgboost(library),
    ...props,
  });
}

/** What a job must be told of a container when its target says nothing of it. */
export const CONTAINER_CONFIG: ContainerConfigOptions = {
  domain: MlDomain.MACHINE_LEARNING,
  task: MlTask.CLASSIFICATION,
  framework: MlFramework.XGBOOST,
  samplePayload: SamplePayload.fromAsset(join(QUICK_START, 'payload')),
};

export function importedPackage(stack: Stack, id = 'Imported', version = 1) {
  return ModelPackage.fromModelPackageArn(stack, id, `arn:aws:sagemaker:${REGION}:${ACCOUNT}:model-package/models/${version}`);
}

/** A job on an imported package, which adds nothing of its own to the stack. */
export function jobIn(stack: Stack, props: Partial<InferenceRecommendationsJobProps> = {}, id = 'Job'): InferenceRecommendationsJob {
  return new InferenceRecommendationsJob(stack, id, {
    target: props.target ?? BenchmarkTarget.fromModelPackage(importedPackage(stack, `${id}Package`)),
    ...props,
  });
}

/** A stack with every function and machine that a runtime may have. */
export function wholeRuntime(options?: (stack: Stack) => InferenceRecommenderRuntimeOptions): Stack {
  const stack = newStack();
  if (options) { InferenceRecommenderRuntime.configure(stack, options(stack)); }
  jobIn(stack).addRecommendation('Best');
  const runtime = Runtime.of(stack);
  runtime.model();
  runtime.scaling();
  runtime.replica();
  runtime.approvals(INFERENCE_RECOMMENDER);
  return stack;
}

/** A stack's resources as CloudFormation would make them, where some attributes have other values. */
export function deployed(stack: Stack, attributes: Attributes = {}): Resources {
  const { Resources: resources = {}, Parameters = {} } = Template.fromStack(stack).toJSON();
  return evaluate(resources, resources, Parameters, { ...ARNS, ...attributes });
}

/** What a token is once it is deployed, with the resources of the stack's template if it names some. */
export function atDeploy(stack: Stack, value: unknown, resources: Resources = {}): any {
  return evaluate(stack.resolve(value), resources, {});
}

export function ofType(resources: Resources, type: string): Resource[] {
  return Object.values(resources).filter(({ Type }) => Type === type);
}

/** The only resource of a type. */
export function only(resources: Resources, type: string): Resource {
  const found = ofType(resources, type);
  expect(found).toHaveLength(1);
  return found[0];
}

/** Logical ids of a type's resources. */
export function idsOf(resources: Resources, type: string): string[] {
  return Object.keys(resources).filter((id) => resources[id].Type === type);
}

/** The logical id that begins with these letters and goes on with the eight of CDK's hash. */
export function idOf(resources: Resources, start: string): string {
  const found = Object.keys(resources).filter((id) => new RegExp(`^${start}[0-9A-F]{8}$`).test(id));
  expect(found).toHaveLength(1);
  return found[0];
}

/** The documents of every policy that a role has: its own, those that are attached to it, and the stack's managed ones. */
export function policiesOf(resources: Resources, roleId: string): PolicyDocument[] {
  const { ManagedPolicyArns = [] } = resources[roleId].Properties;
  const attached = ofType(resources, 'AWS::IAM::Policy').filter((policy) => policy.Properties.Roles.includes(roleId));
  const managed = ManagedPolicyArns.map((id: string) => resources[id]);
  return [...ownPoliciesOf(resources[roleId]), ...[...attached, ...managed].map(({ Properties }) => Properties.PolicyDocument)];
}

/** The documents of all policies of a stack, whoever has them. */
export function allPoliciesOf(resources: Resources): PolicyDocument[] {
  return [
    ...[...ofType(resources, 'AWS::IAM::Policy'), ...ofType(resources, 'AWS::IAM::ManagedPolicy')].map(({ Properties }) => Properties.PolicyDocument),
    ...ofType(resources, 'AWS::IAM::Role').flatMap(ownPoliciesOf),
  ];
}

function ownPoliciesOf({ Properties }: Resource): PolicyDocument[] {
  return (Properties.Policies ?? []).map(({ PolicyDocument: document }: any) => document);
}

/** All that a role may do: the resources of each action, with the condition behind them. */
export function permissionsOf(resources: Resources, roleId: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { Effect, Action, Resource, Condition, ...rest } of policiesOf(resources, roleId).flatMap(statementsOf)) {
    expect({ Effect, rest }).toEqual({ Effect: 'Allow', rest: {} });
    for (const action of [Action!].flat()) {
      const condition = Condition ? ` if ${JSON.stringify(Condition)}` : '';
      found[action] = [...found[action] ?? [], ...[Resource!].flat().map((resource) => resource + condition)];
    }
  }
  return found;
}

/** The order of a statement's resources says nothing. */
export function sorted(permissions: Record<string, string[]>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(permissions).map(([action, resources]) => [action, [...new Set(resources)].sort()]));
}

export function statementsOf({ Statement }: PolicyDocument) {
  return [Statement].flat();
}

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

/** Tokens: values that nothing can look into before the template is made. */
export const late = {
  text: (value: string) => Lazy.uncachedString({ produce: () => value }),
  number: (value: number) => Lazy.uncachedNumber({ produce: () => value }),
  list: (value: string[]) => Lazy.list({ produce: () => value }),
};

/** Attributes of a type by the logical id and the properties. */
export type Attributes = Readonly<Record<string, (id: string, properties: any) => string>>;

/** The service writes names in lower case. */
const ARNS: Attributes = {
  'AWS::IAM::Role.Arn': (id) => `arn:aws:iam::${ACCOUNT}:role/${id}`,
  'AWS::Lambda::Function.Arn': (id) => arn('lambda', `function:${id}`),
  'AWS::Logs::LogGroup.Arn': (id) => arn('logs', `log-group:${id}:*`),
  'AWS::StepFunctions::StateMachine.Ref': (id) => arn('states', `stateMachine:${id}`),
  'AWS::SageMaker::ModelPackage.ModelPackageArn': (id) => arn('sagemaker', `model-package/${id}/1`),
  'AWS::SageMaker::ModelPackageGroup.ModelPackageGroupArn': (_id, { ModelPackageGroupName: name }) => arn('sagemaker', `model-package-group/${name.toLowerCase()}`),
  'AWS::SageMaker::Endpoint.EndpointArn': (id) => arn('sagemaker', `endpoint/${id}`),
  'AWS::S3::Bucket.Arn': (id) => `arn:aws:s3:::${id.toLowerCase()}`,
  'AWS::S3::Bucket.Ref': (id) => id.toLowerCase(),
  'AWS::ECR::Repository.Arn': (id) => arn('ecr', `repository/${id.toLowerCase()}`),
  'AWS::KMS::Key.Arn': (id) => arn('kms', `key/${id}`),
};

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws', 'AWS::Region': REGION, 'AWS::AccountId': ACCOUNT, 'AWS::StackId': STACK_ID, 'AWS::URLSuffix': 'amazonaws.com',
};

/** The properties that are names, which depend on no other resource. */
function namesIn({ Properties = {} }: Resource, resources: Resources): any {
  return Object.fromEntries(Object.entries(Properties).filter(([name]) => name.endsWith('Name'))
    .map(([name, value]) => [name, JSON.stringify(value).includes('GetAtt') ? undefined : evaluate(value, resources, {})]));
}

function evaluate(value: any, resources: Resources, parameters: Record<string, any>, attributes = ARNS): any {
  if (Array.isArray(value)) { return value.map((inner) => evaluate(inner, resources, parameters, attributes)); }
  if (typeof value !== 'object' || value === null) { return value; }
  const inner: Record<string, any> = Object.fromEntries(Object.entries(value)
    .map(([name, part]) => [name, evaluate(part, resources, parameters, attributes)]));
  const [[name, given] = [''], ...more] = Object.entries(inner);
  if (more.length > 0) { return inner; }
  const made = (id: string, attribute: string) => attributes[`${resources[id]?.Type}.${attribute}`]?.(id, namesIn(resources[id], resources));
  switch (name) {
    case 'Ref': return PSEUDO[given] ?? parameters[given]?.Default ?? made(given, 'Ref') ?? given;
    case 'Fn::GetAtt': return made(given[0], given[1]) ?? `${given[0]}.${given[1]}`;
    case 'Fn::Join': return given[1].join(given[0]);
    case 'Fn::Split': return given[1].split(given[0]);
    // What is selected from the text of a parameter is not known before the deploy.
    case 'Fn::Select': return given[1][Number(given[0])] ?? `${given[1].join()}.${given[0]}`;
    case 'Fn::Sub': {
      const [text, variables = {}] = [given].flat();
      return text.replace(/\$\{([^}]+)\}/g, (_found: string, variable: string) => variables[variable] ?? PSEUDO[variable]);
    }
    default: return inner;
  }
}
