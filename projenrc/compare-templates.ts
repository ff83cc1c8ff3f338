import { spawnSync } from 'child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'fs';
import { createRequire } from 'module';
import { tmpdir } from 'os';
import { join, resolve, sep } from 'path';
import { isDeepStrictEqual } from 'util';
import { changes, leaves, Pair, paired, shared, shown } from './changes';
import { exampleApps } from './examples';

// A refactoring should change no template: this shows each difference that another checkout's build makes, once for all examples that have it.

const ROOT = resolve(__dirname, '..');
const IS_FULL = process.argv.includes('--full');
/** The CLI gives both to each app; without paths nobody could tell which construct has a new logical id. */
const ENVIRONMENT = { ...process.env, CDK_DEFAULT_ACCOUNT: '111111111111', CDK_DEFAULT_REGION: 'us-east-1' };
const CONTEXT = { 'aws:cdk:enable-path-metadata': true };

interface Resource { readonly id: string; readonly where: string; readonly body: any }

/** Each template of an app, by its file. */
function synthesized(checkout: string, example: string, out: string): Record<string, any> {
  const folder = join(checkout, 'examples', example);
  const { name } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  const library = realpathSync(createRequire(join(folder, 'app.ts')).resolve(name));
  // A linked node_modules could hold another checkout's library, and the comparison would find no difference.
  if (!library.startsWith(realpathSync(checkout) + sep)) { throw new Error(`${example} of ${checkout} would use another build: ${library}`); }
  const { app, context } = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8'));
  const env = { ...ENVIRONMENT, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...CONTEXT }) };
  const { status, stderr } = spawnSync(app, { cwd: folder, env, shell: true, encoding: 'utf8' });
  if (status !== 0) { throw new Error(`${example} of ${checkout} does not synthesize:\n${stderr}`); }
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.template.json')).sort();
  return Object.fromEntries(files.map((file) => [file, JSON.parse(readFileSync(join(out, file), 'utf8'))]));
}

/** Outputs, parameters and all else beside the resources count as one resource more, so that the report omits no section. */
function resourcesOf({ Resources = {}, ...rest }: any): Resource[] {
  const path = (id: string, body: any) => body.Metadata?.['aws:cdk:path']?.split('/').slice(1).join('/') ?? id;
  const resources = Object.entries<any>(Resources).map(([id, body]) => ({ id, where: path(id, body), body }));
  return [...resources, { id: '', where: 'beside the resources', body: { Type: 'Template', ...rest } }];
}

/** Two values in one line, or their ends if both start alike. `--full` shortens nothing. */
function beside(was: string, is: string): string {
  const at = IS_FULL ? 0 : Math.max(0, [...was].findIndex((character, index) => character !== is[index]) - 40);
  const ends = [was, is].map((text) => (at > 0 ? `…${text.slice(at)}` : text));
  return ends.map((text) => (IS_FULL || text.length <= 240 ? text : `${text.slice(0, 240)}… (${text.length} characters)`)).join(' → ');
}

/** How alike resources of one type are: by their paths, and by what they hold. */
function alike(before: Resource, after: Resource): number {
  if (before.body.Type !== after.body.Type) { return 0; }
  return (shared(before.where.split('/'), after.where.split('/')) + shared(leaves(before.body.Properties), leaves(after.body.Properties))) / 2;
}

/** Gives each difference of two templates to `say`, with a title that equal differences share. */
function compare(old: any, current: any, say: (title: string, where: string) => void): void {
  const [before, after] = [resourcesOf(old), resourcesOf(current)];
  const pairs = before.flatMap((one): Pair<Resource>[] => after.filter(({ id }) => id === one.id).map((other) => [one, other]));
  const alone = (all: Resource[]) => all.filter((each) => !pairs.flat().includes(each));
  const isPolicy = ({ body }: Resource) => body.Type === 'AWS::IAM::Policy';
  pairs.push(...paired(alone(before).filter((each) => !isPolicy(each)), alone(after).filter((each) => !isPolicy(each)), alike));
  // A role that gains an inline policy took it over from a policy of its own: their statements are compared, not listed twice.
  for (const [at, [one, other]] of pairs.entries()) {
    const [Policies, gained] = [one, other].map(({ body }) => (body.Type === 'AWS::IAM::Role' && body.Properties.Policies) || []);
    const own = alone(before).filter((each) => isPolicy(each) && isDeepStrictEqual(each.body.Properties.Roles, [{ Ref: one.id }]));
    for (const policy of own.slice(0, Math.max(0, gained.length - Policies.length))) {
      before.splice(before.indexOf(policy), 1);
      const { Roles: _role, ...moved } = policy.body.Properties;
      pairs[at] = [{ ...one, body: { ...one.body, Properties: { ...one.body.Properties, Policies: [...Policies, moved] } } }, other];
      before[before.indexOf(one)] = pairs[at][0];
      say('moved inline  AWS::IAM::Policy → Policies of its AWS::IAM::Role', `${policy.where} → ${other.where}`);
    }
  }
  pairs.push(...paired(alone(before), alone(after), alike));

  const renamed = new Map(pairs.filter(([one, other]) => one.id !== other.id).map(([one, other]) => [one.id, other.id]));
  const follow = (text: string) => text.replace(/[A-Za-z0-9]+/g, (word) => renamed.get(word) ?? word);
  for (const [one, other] of pairs) {
    const isRenamed = one.id !== other.id;
    if (isRenamed) { say(`renamed  ${one.body.Type}\n    ${one.id} → ${other.id}`, `${one.where} → ${other.where}`); }
    for (const change of changes('', one.body, other.body, follow)) {
      // The line of the renaming shows both paths.
      if (isRenamed && change.path === 'Metadata/aws:cdk:path') { continue; }
      const [was, is] = [shown(change.before), shown(change.after)];
      const ids = [...renamed].filter(([id]) => was !== is && follow(was) === is && was.includes(id)).map((pair) => pair.join(' → '));
      if (ids.length > 0) { say(`follows a renaming\n    ${ids.join(', ')}`, `${other.where} ${change.path}`); continue; }
      say(`changed  ${other.body.Type}  ${change.path}\n    ${beside(was, is)}`, other.where);
    }
  }
  const text = ({ Type: _type, Metadata: _path, ...rest }: any) => shown(rest);
  for (const { body, where } of alone(before)) { say(`removed  ${body.Type}\n    ${beside(text(body), '(none)')}`, where); }
  for (const { body, where } of alone(after)) { say(`added  ${body.Type}\n    ${beside('(none)', text(body))}`, where); }
}

function main(): void {
  const [other] = process.argv.slice(2).filter((argument) => argument !== '--full');
  if (!other) { throw new Error('Name the other checkout: npx tsx projenrc/compare-templates.ts <other checkout> [--full]'); }
  const checkouts = [resolve(other), ROOT];
  const groups = new Map<string, Map<string, string[]>>();
  const out = mkdtempSync(join(tmpdir(), 'compare-templates-'));
  const examples = [...new Set(checkouts.flatMap(exampleApps))];
  for (const example of examples) {
    const say = (title: string, where: string) => {
      const group = groups.get(title) ?? groups.set(title, new Map()).get(title)!;
      group.set(where, [...(group.get(where) ?? []), example]);
    };
    const [old, current] = checkouts.map((checkout, at) => (
      exampleApps(checkout).includes(example) ? synthesized(checkout, example, join(out, `${at}`, example)) : {}));
    for (const file of new Set([...Object.keys(old), ...Object.keys(current)])) { compare(old[file] ?? {}, current[file] ?? {}, say); }
  }
  rmSync(out, { recursive: true });
  let total = 0;
  for (const [title, places] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const count = [...places.values()].flat().length;
    total += count;
    console.log(`${count} × ${title}`);
    for (const [where, having] of places) {
      const names = [...new Set(having)];
      console.log(`      ${where}: ${names.length === examples.length ? 'all examples' : names.join(', ')}`);
    }
  }
  const versions = checkouts.map((checkout) => createRequire(join(checkout, 'package.json'))('aws-cdk-lib/package.json').version);
  console.log(`\n${total} differences in ${groups.size} groups, over ${examples.length} apps. aws-cdk-lib: ${versions.join(' → ')}.`);
  process.exitCode = total === 0 ? 0 : 1;
}

main();
