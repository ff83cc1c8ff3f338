import { mkdtempSync, statSync } from 'fs';
import { join } from 'path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import {
  BenchmarkTarget, Endpoint, EndpointConfig, InferenceRecommendationsJob, InstanceType, Model, ModelPackageGroup, RecommendationOptions, Variant,
  Wait,
} from '../../src';
import { jobIn, packageIn, SCRATCH } from '../harness/constructs';

const MAX_RESOURCES = 500;
/** Of a template, and of all inline policies of a role. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_TEMPLATE_BYTES = 1_000_000;
const MAX_INLINE_POLICY = 10_240;
const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws-us-gov', 'AWS::Region': 'us-gov-west-1', 'AWS::AccountId': '111111111111', 'AWS::URLSuffix': 'amazonaws.com',
};

/** The limit is left to the assertion, which says how far off a template is. */
function newStack(): Stack {
  const context = { 'aws:cdk:disable-asset-staging': true, '@aws-cdk/core:stackResourceLimit': 0 };
  return new Stack(new App({ outdir: mkdtempSync(join(SCRATCH, 'counts-')), context }), 'Shop');
}

/** Packages in one group, each with its job, a recommendation, a model, a configuration and an endpoint. */
function stackOfChains(count: number): Stack {
  const stack = newStack();
  const modelPackageGroup = new ModelPackageGroup(stack, 'Group');
  for (let n = 1; n <= count; n++) {
    const target = BenchmarkTarget.fromModelPackage(packageIn(stack, { modelPackageGroup }, `Package${n}`));
    const recommendation = new InferenceRecommendationsJob(stack, `Job${n}`, { target }).addRecommendation('Best');
    const model = new Model(stack, `Model${n}`, { recommendation });
    new Endpoint(stack, `Endpoint${n}`, {
      endpointConfig: new EndpointConfig(stack, `Config${n}`, { variants: [Variant.fromRecommendation(model, recommendation)] }),
    });
  }
  return stack;
}

function stackOfJobs(count: number): Stack {
  const stack = newStack();
  for (let n = 1; n <= count; n++) { jobIn(stack, {}, `Job${n}`).addRecommendation('Best'); }
  return stack;
}

/** One job, and recommendations of it that another stack reads. */
function stackOfReadFields(count: number, optionsOf: (n: number) => RecommendationOptions = () => ({})): Stack {
  const stack = newStack();
  const job = jobIn(stack);
  const reader = new Stack(stack.node.root as App, 'Reader');
  for (let n = 1; n <= count; n++) { new CfnOutput(reader, `No${n}`, { value: job.addRecommendation(`Best${n}`, optionsOf(n)).instanceType }); }
  return stack;
}

function stackInBackground(count: number): Stack {
  const stack = newStack();
  for (let n = 1; n <= count; n++) {
    jobIn(stack, { wait: Wait.inBackground() }, `Job${n}`).addRecommendation('Best', { fallback: { instanceType: InstanceType.ML_M5_LARGE } });
  }
  return stack;
}

function synthesized(stack: Stack) {
  const { template, templateFullPath } = (stack.node.root as App).synth().getStackByName(stack.stackName);
  return { resources: template.Resources as Record<string, any>, bytes: statSync(templateFullPath).size };
}

/** A document with each value at its longest: names that CloudFormation makes up are 64 characters, a state machine's 80, a partition is `aws-us-gov`. */
function longest(value: any): any {
  if (Array.isArray(value)) { return value.map(longest); }
  if (typeof value !== 'object' || value === null) { return value; }
  if (value['Fn::Join']) { return longest(value['Fn::Join'][1]).join(value['Fn::Join'][0]); }
  if (value['Fn::Select']) { return '0a1b2c3d'; }
  if (value['Fn::GetAtt']) {
    const [id, attribute] = value['Fn::GetAtt'];
    if (attribute === 'Name') { return 'n'.repeat(80); }
    if (/Role/.test(id)) { return `arn:aws-us-gov:iam::111111111111:role/${'n'.repeat(64)}`; }
    return `arn:aws-us-gov:sagemaker:us-gov-west-1:111111111111:${/Package/.test(id) ? `model-package/${'g'.repeat(63)}/1` : 'n'.repeat(64)}`;
  }
  if (value['Fn::Sub']) {
    const [text, variables] = [value['Fn::Sub'], {}].flat();
    return text.replace(/\$\{([^}]+)\}/g, (_: string, name: string) => longest(
      variables[name] ?? (name.includes('.') ? { 'Fn::GetAtt': name.split('.') } : { Ref: name })));
  }
  if (/RuntimeWait/.test(value.Ref)) { return `arn:aws-us-gov:states:us-gov-west-1:111111111111:stateMachine:${'n'.repeat(80)}`; }
  if (value.Ref) { return PSEUDO_PARAMETERS[value.Ref] ?? 'n'.repeat(64); }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, longest(inner)]));
}

/** What each role's inline policies are together; IAM does not count white space. */
function inlineSizes(resources: Record<string, any>): number[] {
  const sizes: Record<string, number> = {};
  const add = (role: string, { PolicyDocument }: any) => { sizes[role] = (sizes[role] ?? 0) + JSON.stringify(longest(PolicyDocument)).length; };
  for (const [id, { Type, Properties }] of Object.entries(resources)) {
    if (Type === 'AWS::IAM::Role') { Properties.Policies?.forEach((policy: any) => add(id, policy)); }
    if (Type === 'AWS::IAM::Policy') { Properties.Roles.forEach(({ Ref }: any) => add(Ref, Properties)); }
  }
  return Object.values(sizes);
}

describe('40 Default jobs in one stack, each with its package, model, configuration and endpoint', () => {
  const { resources, bytes } = synthesized(stackOfChains(40));

  test('fit into the resources and the bytes of a template', () => {
    expect(Object.keys(resources).length).toBeLessThanOrEqual(MAX_RESOURCES);
    expect(bytes).toBeLessThan(MAX_TEMPLATE_BYTES);
  });

  test('fit into the inline policies of the roles that they share', () => {
    expect(Math.max(...inlineSizes(resources))).toBeLessThanOrEqual(MAX_INLINE_POLICY);
  });
});

test('as many jobs as fit into a stack by themselves fit into the inline policies of the roles that they share', () => {
  const { resources } = synthesized(stackOfJobs(80));
  expect(Object.keys(resources)).toHaveLength(11 + 6 * 80);
  expect(Math.max(...inlineSizes(resources))).toBeLessThanOrEqual(MAX_INLINE_POLICY);
});

describe('recommendations that another stack reads', () => {
  const largest = (stack: Stack) => Math.max(...inlineSizes(synthesized(stack).resources));

  // What a stack that reads them can take. Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html (parameters)
  test('fit into the inline policies of the role that writes them, as many as there are', () => {
    expect(largest(stackOfReadFields(200))).toBe(largest(stackOfReadFields(1)));
  });

  test('fit up to 23 where each has a path of the user\'s, and 24 do not', () => {
    const path = (n: number) => ({ parameterPath: `/machine-learning/recommendations/shop-${String(n).padStart(3, '0')}` });
    const [fits, doesNot] = [23, 24].map((count) => largest(stackOfReadFields(count, path)));
    expect(fits).toBeLessThanOrEqual(MAX_INLINE_POLICY);
    expect(doesNot).toBeGreaterThan(MAX_INLINE_POLICY);
  });
});

test('79 jobs in the background, each with a role of the longest name, fit into the inline policies that they share, and one more does not', () => {
  const [fits, doesNot] = [79, 80].map((count) => synthesized(stackInBackground(count)).resources);
  expect(Object.keys(fits)).toHaveLength(15 + 5 * 79);
  expect(Math.max(...inlineSizes(fits))).toBeLessThanOrEqual(MAX_INLINE_POLICY);
  expect(Math.max(...inlineSizes(doesNot))).toBeGreaterThan(MAX_INLINE_POLICY);
});
