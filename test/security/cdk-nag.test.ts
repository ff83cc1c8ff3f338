import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, AppProps, Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NagPack, NIST80053R5Checks } from 'cdk-nag';
import { everything } from './everything';
import { Suppression, SUPPRESSIONS } from './suppressions';
import { SCRATCH } from '../harness/constructs';

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

interface Finding {
  readonly rule: string;
  readonly finding?: string;
  readonly path: string;
}

/** The app of an example, synthesized with the context that its user has. */
function synthesized(example: string): App {
  const { context } = JSON.parse(readFileSync(join(EXAMPLES, example, 'cdk.json'), 'utf8'));
  const before = process.env.CDK_CONTEXT_JSON;
  process.env.CDK_CONTEXT_JSON = JSON.stringify(context);
  try {
    jest.requireActual(join(EXAMPLES, example, 'app.ts'));
  } finally {
    if (before === undefined) { delete process.env.CDK_CONTEXT_JSON; } else { process.env.CDK_CONTEXT_JSON = before; }
  }
  const app = mockApps[mockApps.length - 1];
  app.synth();
  return app;
}

function findingsOf(pack: NagPack, app: App): Finding[] {
  // A stage stands before its stacks.
  const stacks = app.node.findAll().filter((one) => Stack.isStack(one) && !one.nestedStackParent).map(({ node }) => `${node.path}/`);
  const belowStack = (path: string) => path.slice((stacks.find((stack) => path.startsWith(stack)) ?? '').length);
  return pack.validateScope(app).violations.flatMap(({ ruleName, violatingResources }) => {
    const [, rule, finding] = /^([^[]+)(?:\[(.*)\])?$/s.exec(ruleName)!;
    return violatingResources.map(({ constructPath }: any) => ({
      rule, finding: finding && readable(finding), path: belowStack(constructPath),
    }));
  });
}

const STACK = JSON.stringify({ 'Fn::Select': [0, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }] });

function readable(finding: string): string {
  const [, kind, resource] = /^(\w+::)(.*)$/s.exec(finding)!;
  return kind + (resource.startsWith('[') ? substituted(JSON.parse(resource)) : resource).replaceAll(STACK, '<stack>').replace(/\/[0-9a-f]{8}-\*$/, '/<jobs>-*')
    .replace(/^arn:<AWS::Partition>:/, '').replace(/:(<AWS::Region>|[a-z]+-[a-z]+-\d):(<AWS::AccountId>|\d{12}):/, ':');
}

/** What `Fn::Sub` makes of a text and what goes into it. */
function substituted([text, values]: [string, Record<string, any>]): string {
  const written = (value: any) => (typeof value === 'string' ? value : JSON.stringify(value));
  return text.replace(/\$\{([^}]+)\}/g, (_found, name) => (name in values ? [values[name]['Fn::Join']?.[1] ?? values[name]].flat().map(written).join('') : `<${name}>`));
}

function isOf({ rule, finding, where }: Suppression, found: Finding): boolean {
  return rule === found.rule && where.test(found.path) && (finding ? finding.test(found.finding ?? '') : found.finding === undefined);
}

const examples = EXAMPLE_NAMES.map((name) => ({ name, app: synthesized(name) }));
// What no example has: an app of this test.
const apps = [...examples, { name: 'everything', app: everything().node.root as App }];
const findings = apps.map(({ name, app }) => ({ name, found: findingsOf(new AwsSolutionsChecks(), app) }));

test.each(findings)('AwsSolutions finds nothing in $name that has no suppression', ({ found }) => {
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter((one) => !SUPPRESSIONS.some((suppression) => isOf(suppression, one)))).toEqual([]);
});

test('every suppression stands for a finding, and no finding has two', () => {
  const all = findings.flatMap(({ found }) => found);
  expect(SUPPRESSIONS.filter((suppression) => !all.some((one) => isOf(suppression, one)))).toEqual([]);
  expect(all.filter((one) => SUPPRESSIONS.filter((suppression) => isOf(suppression, one)).length > 1)).toEqual([]);
  process.stdout.write(`AwsSolutions: ${SUPPRESSIONS.length} suppressions for ${all.length} findings in ${apps.length} apps\n`);
});

test('every suppression gives a reason of its own', () => {
  expect(new Set(SUPPRESSIONS.map(({ reason }) => reason)).size).toBe(SUPPRESSIONS.length);
  for (const { reason } of SUPPRESSIONS) { expect(reason).toMatch(/^.{50,}\.$/); }
});

test('NIST 800-53 R5 is printed, as advice', () => {
  const counts = new Map<string, number>();
  for (const { app } of examples) {
    for (const { rule } of findingsOf(new NIST80053R5Checks(), app)) { counts.set(rule, (counts.get(rule) ?? 0) + 1); }
  }
  expect(counts.size).toBeGreaterThan(0);
  const lines = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([rule, count]) => `  ${String(count).padStart(3)} ${rule}\n`);
  process.stdout.write(`NIST 800-53 R5 advises on ${examples.length} examples:\n${lines.join('')}`);
});
