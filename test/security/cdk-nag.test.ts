import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NagPack, NIST80053R5Checks } from 'cdk-nag';
import { everything } from './everything';
import { InferenceRecommenderFinding } from '../../src';
import { SCRATCH } from '../harness/constructs';
import { redundantDependencies } from '../harness/redundant';

const mockApps: App[] = [];
const mockOut = join(SCRATCH, 'examples');

// An example keeps its app to itself.
jest.mock('aws-cdk-lib', () => {
  const actual = jest.requireActual('aws-cdk-lib');
  class CapturedApp extends actual.App {
    constructor(props: AppProps = {}) {
      super({ ...props, outdir: `${mockOut}/${mockApps.length}` });
      mockApps.push(this as unknown as App);
    }
  }
  return new Proxy(actual, { get: (library, name) => (name === 'App' ? CapturedApp : library[name]) });
});
jest.mock('cdk-sagemaker-inference-recommender', () => jest.requireActual('../../src'));

const EXAMPLES = join(__dirname, '..', '..', 'examples');
const EXAMPLE_NAMES = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'app.ts')));

/** What stands in the examples that is not of the library. */
const EXAMPLES_OWN: ReadonlyArray<[rule: RegExp, where: RegExp, reason: string]> = [
  [/^AwsSolutions-IAM4/, /\/Listener\/ServiceRole\/Resource$/, 'The listener is a function as CDK makes it. A user brings a target of theirs.'],
  [/^AwsSolutions-S1$/, /\/Compiled\/Resource$/, 'The bucket goes with its stack, and access logs need a bucket that an account has once.'],
  [/^AwsSolutions-VPC7$/, /\/Vpc\/Resource$/, 'The VPC is made to show `vpc`. A user brings the account\'s, with its flow logs.'],
  [/^AwsSolutions-IAM5\[(Action::s3:|Resource::arn:<AWS::Partition>:s3:::shop-models-)/, /\/ModelRole\/DefaultPolicy\/Resource$/, 'The role of a model that is there before this library.'],
  [/^AwsSolutions-(IAM5|CB4|S1)/, /\/Pipeline\//, 'CDK Pipelines makes its own roles, projects and bucket.'],
];

/** What CDK itself, or the app that exists before this library, makes wait for a role that it names. */
const NOT_OURS = /^(Listener\w+ \(AWS::Lambda::Function\)|Pipeline\w+ \(AWS::CodePipeline::Pipeline\)|Model \(AWS::SageMaker::Model\))/;

interface Finding {
  readonly rule: string;
  readonly path: string;
}

/** The app of an example, synthesized with the context that its user has. */
function made(example: string): App {
  const { context } = JSON.parse(readFileSync(join(EXAMPLES, example, 'cdk.json'), 'utf8'));
  const before = process.env.CDK_CONTEXT_JSON;
  process.env.CDK_CONTEXT_JSON = JSON.stringify(context);
  try {
    jest.requireActual(join(EXAMPLES, example, 'app.ts'));
  } finally {
    if (before === undefined) { delete process.env.CDK_CONTEXT_JSON; } else { process.env.CDK_CONTEXT_JSON = before; }
  }
  return mockApps[mockApps.length - 1];
}

function findingsOf(pack: NagPack, app: App): Finding[] {
  return pack.validateScope(app).violations.flatMap(({ ruleName, violatingResources }) => (
    violatingResources.map(({ constructPath }: any) => ({ rule: ruleName, path: constructPath }))));
}

/** The pack as if nothing was acknowledged. */
function unacknowledged(): NagPack {
  return Object.defineProperty<NagPack>(new AwsSolutionsChecks(), 'isAcknowledged', { value: () => false });
}

/** What is acknowledged in an app: the rule with the finding, where, and the reason. */
function acknowledgedIn(app: App): Array<Finding & { readonly reason: string }> {
  return app.node.findAll().flatMap(({ node }) => node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries<string>(data).map(([rule, reason]) => ({ rule, path: node.path, reason }))));
}

function isOfExample({ rule, path }: Finding): boolean {
  return EXAMPLES_OWN.some(([one, where]) => one.test(rule) && where.test(path));
}

const examples = EXAMPLE_NAMES.map((name) => ({ name, app: made(name) }));
// What no example has: an app of this test.
const apps = [...examples, { name: 'everything', app: everything().node.root as App }];
apps.forEach(({ app }) => {
  InferenceRecommenderFinding.acknowledge(app);
  app.synth();
});
const found = apps.map(({ name, app }) => ({ name, app, all: findingsOf(unacknowledged(), app) }));

test.each(found)('AwsSolutions finds nothing in $name that the library\'s findings do not acknowledge', ({ app, all }) => {
  expect(all.length).toBeGreaterThan(0);
  expect(findingsOf(new AwsSolutionsChecks(), app).filter((one) => !isOfExample(one))).toEqual([]);
});

test.each(found)('in $name, everything that is acknowledged is found by cdk-nag', ({ app, all }) => {
  expect(acknowledgedIn(app).filter(({ rule, path }) => !all.some((one) => one.rule === rule && one.path === path))).toEqual([]);
});

test.each(found)('in $name, cfn-lint finds no redundant DependsOn', ({ app }) => {
  const { stacks } = app.synth();
  expect(stacks.length).toBeGreaterThan(0);
  const redundant = stacks.flatMap(({ template }) => redundantDependencies(template));
  const ofLibrary = redundant.filter((one) => !NOT_OURS.test(one));
  expect(ofLibrary).toEqual([]);
});

test.each([
  ['Ref', { Ref: 'B' }], ['GetAtt', { 'Fn::GetAtt': ['B', 'Arn'] }], ['Sub', { 'Fn::Sub': '${B.Arn}' }], ['Sub with values', { 'Fn::Sub': ['${C}', { C: { Ref: 'B' } }] }],
])('a DependsOn beside a %s would be found', (_how, value) => {
  const template = (DependsOn: string[], given: unknown) => ({ Resources: { A: { Type: 'A', DependsOn, Properties: { value: [{ given }] } } } });
  expect(redundantDependencies(template(['B', 'D'], value))).toEqual(['A (A) depends on B']);
  expect(redundantDependencies(template(['D'], value))).toEqual([]);
  expect(redundantDependencies(template(['B'], { 'Fn::Sub': ['${B}', { B: '1' }] }))).toEqual([]);
});

test('each finding is acknowledged somewhere, and each one of the examples\' own stands somewhere', () => {
  const acknowledged = found.flatMap(({ app }) => acknowledgedIn(app));
  const used = new Set(acknowledged.map(({ reason }) => reason.split(':')[0]));
  expect(InferenceRecommenderFinding.ALL.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([]);
  const all = found.flatMap(({ all: one }) => one);
  expect(EXAMPLES_OWN.filter(([rule, where]) => !all.some((one) => rule.test(one.rule) && where.test(one.path)))).toEqual([]);
  process.stdout.write(`AwsSolutions: ${InferenceRecommenderFinding.ALL.length} findings with a reason for ${acknowledged.length} in ${apps.length} apps\n`);
});

test('each finding is short, and has a reason of its own', () => {
  const all = InferenceRecommenderFinding.ALL;
  expect(all.length).toBeGreaterThan(15);
  for (const pick of ['id', 'reason'] as const) { expect(new Set(all.map((one) => one[pick])).size).toBe(all.length); }
  for (const { id, ruleId, reason } of all) {
    expect([id, ruleId]).toEqual([expect.stringMatching(/^[A-Z][A-Za-z]{5,17}$/), expect.stringMatching(/^AwsSolutions-(IAM5|SF[12])$/)]);
    expect(reason).toMatch(/^.{40,140}\.$/);
  }
});

test('NIST 800-53 R5 is printed, as advice', () => {
  const counts = new Map<string, number>();
  for (const { app } of examples) {
    for (const { rule } of findingsOf(new NIST80053R5Checks(), app)) {
      const [name] = rule.split('[');
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  expect(counts.size).toBeGreaterThan(0);
  const lines = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([rule, count]) => `  ${String(count).padStart(3)} ${rule}\n`);
  process.stdout.write(`NIST 800-53 R5 advises on ${examples.length} examples:\n${lines.join('')}`);
});
