import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Stack } from 'aws-cdk-lib';
import { allRemarks, Word } from '../../projenrc/review/comments';
import { generated, Review, review, updated } from '../../projenrc/review/page';

const ROOT = join(__dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'security-review.md'), 'utf8');

const folder = mkdtempSync(join(tmpdir(), 'review-'));
let reviewed: Review;
let tables: string;
beforeAll(() => {
  reviewed = review(() => mkdtempSync(join(folder, 'cdk.out-')));
  tables = generated(reviewed);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the page says what the code grants now', () => {
  // If this fails: `npm run security-review`, and read what has changed.
  expect(PAGE).toBe(updated(PAGE, tables));
});

test('each resource is written in full', () => {
  const lines = tables.split('\n');
  expect(lines.filter((line) => /\[object |<Fn::|<select |\$\{/.test(line))).toEqual([]);
  // A `|` in a cell, also in code, would begin another column.
  expect(lines.filter((line) => line.startsWith('|') && line.split('|').length !== 6)).toEqual([]);
});

test('each statement of each role has its reason, and each role when it exists', () => {
  const places = ({ stack = '' }: { stack?: string }) => (
    Array.from(stack.matchAll(/\/src\/([^\s()]+:\d+):\d+/g), ([, place]) => place).join(' < '));
  const silent = reviewed.roles.flatMap(({ description, permissions }) => (
    permissions.filter(({ reason }) => !reason).map((one) => `${description}: ${one.actions.join()}, made at ${places(one)}`)));
  expect([...new Set(silent)]).toEqual([]);
  expect(reviewed.roles.filter(({ when }) => !when).map(({ description }) => description)).toEqual([]);
  expect(new Set(reviewed.roles.map(({ description }) => description)).size).toBeGreaterThan(15);
});

test('no action of a template is overlooked', () => {
  for (const stack of new Set(reviewed.roles.map((role) => role.stack))) {
    const template = actionsIn(stack);
    for (const { logicalId, permissions } of reviewed.roles.filter((role) => role.stack === stack)) {
      const found = new Set(permissions.flatMap(({ actions }) => actions));
      expect([logicalId, [...found].sort()]).toEqual([logicalId, [...template.get(logicalId) ?? []].sort()]);
    }
  }
});

test.each<Word>(['Reason', 'When'])('each `%s:` in the source is one that something has', (word) => {
  const remarks = reviewed.roles.flatMap(({ when, permissions }) => [when, ...permissions.map(({ reason }) => reason)]);
  const said = new Set(remarks.map((remark) => remark?.text));
  const all = allRemarks(word);
  expect(all.length).toBeGreaterThan(word === 'Reason' ? 80 : 12);
  expect(all.filter(({ text }) => !said.has(text))).toEqual([]);
});

test('each reason is a sentence', () => {
  expect(allRemarks('Reason').filter(({ text }) => !/^[A-Za-z].{15,}\.$/.test(text) || /\bTODO\b/.test(text))).toEqual([]);
});

/** The actions that a stack's template gives each of its roles. */
function actionsIn(stack: Stack): Map<string, Set<string>> {
  const template = JSON.parse(readFileSync(join((stack.node.root as any).outdir, stack.templateFile), 'utf8'));
  const resources: Array<[string, any]> = Object.entries(template.Resources);
  const found = new Map<string, Set<string>>();
  const add = (id: string, { Statement }: any) => {
    found.set(id, new Set([...found.get(id) ?? [], ...[Statement].flat().flatMap(({ Action }: any) => Action)]));
  };
  for (const [id, { Type, Properties }] of resources) {
    if (Type === 'AWS::IAM::Role') {
      (Properties.Policies ?? []).forEach(({ PolicyDocument: document }: any) => add(id, document));
      const managed = (Properties.ManagedPolicyArns ?? []).flatMap(({ Ref }: any) => template.Resources[Ref] ?? []);
      managed.forEach((policy: any) => add(id, policy.Properties.PolicyDocument));
    } else if (/^AWS::IAM::(Managed)?Policy$/.test(Type)) {
      (Properties.Roles ?? []).forEach(({ Ref }: any) => add(Ref, Properties.PolicyDocument));
    }
  }
  return found;
}
