import { execFileSync, spawnSync } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { delimiter, join } from 'path';

const ROOT = join(__dirname, '..', '..');
const EXAMPLES = join(ROOT, 'examples');
const PYTHON = join(EXAMPLES, 'python');
const GOLDEN = join(PYTHON, 'golden');
const out = mkdtempSync(join(tmpdir(), 'python-'));
afterAll(() => rmSync(out, { recursive: true }));

const names = readdirSync(PYTHON).filter((name) => existsSync(join(PYTHON, name, 'app.py'))).sort();
/** Python's jsii comes from PyPI, which not every machine reaches. The release requires it. */
const hasJsii = process.env.REQUIRE_PYTHON_JSII !== undefined || spawnSync('python3', ['-c', 'import jsii, aws_cdk']).status === 0;

/** The same app in TypeScript: beside the one in Python, or the example of its name. */
const twinOf = (name: string) => [join(PYTHON, name), join(EXAMPLES, name)].find((folder) => existsSync(join(folder, 'app.ts')))!;

/** Runs an app as the CDK CLI does, and gives its templates as they are, by their names. */
function templates(folder: string, label: string, command: readonly string[], env: NodeJS.ProcessEnv = {}): Record<string, string> {
  const assembly = join(out, label);
  const { context } = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8'));
  execFileSync(command[0], command.slice(1), {
    cwd: folder, stdio: 'pipe', env: { ...process.env, ...env, CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  const files = readdirSync(assembly).filter((file) => file.endsWith('.template.json')).sort();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(assembly, file), 'utf8')]));
}

/** A template in which the code of functions has no hash: a golden template does not change with a function's code. */
function withoutCode(template: string): string {
  const resources = Object.values<any>(JSON.parse(template).Resources);
  const keys = resources.flatMap(({ Type, Properties }) => (Type === 'AWS::Lambda::Function' && Properties.Code.S3Key ? [Properties.Code.S3Key] : []));
  return keys.reduce((text, key) => text.replaceAll(key, 'CODE'), template);
}

test('there are examples in Python, each with its golden templates and no more', () => {
  expect(names.length).toBeGreaterThanOrEqual(2);
  for (const name of names) { expect(readdirSync(join(PYTHON, name))).toEqual(expect.arrayContaining(['README.md', 'cdk.json', 'requirements.txt'])); }
  expect(readdirSync(GOLDEN).sort()).toEqual(names);
});

describe.each(names)('%s', (name) => {
  const twin = templates(twinOf(name), `${name}-typescript`, [process.execPath, '--import', 'tsx', 'app.ts']);

  test('the twin in TypeScript makes the golden templates', () => {
    expect(readdirSync(join(GOLDEN, name)).sort()).toEqual(Object.keys(twin));
    for (const [file, template] of Object.entries(twin)) {
      const made = withoutCode(template).split('\n');
      if (process.env.UPDATE_GOLDEN) { writeFileSync(join(GOLDEN, name, file), made.join('\n')); }
      const golden = readFileSync(join(GOLDEN, name, file), 'utf8').split('\n');
      // The first lines that differ: the whole of a template would bury them. examples/python/README.md says how to write it again.
      const at = made.findIndex((line, index) => line !== golden[index]);
      expect(made.slice(at, at + 5)).toEqual(golden.slice(at, at + 5));
      expect(made).toHaveLength(golden.length);
      expect(golden.join('\n')).toContain('"S3Key": "CODE"');
    }
  });

  (hasJsii ? test : test.skip)('the app in Python makes the same templates, byte for byte', () => {
    // The package as a release would have it, from what is compiled now.
    const generated = join(out, 'package');
    if (!existsSync(generated)) {
      execFileSync(join(ROOT, 'node_modules', '.bin', 'jsii-pacmak'), [
        ROOT, '--code-only', '--no-npmignore', '--no-fingerprint', '--outdir', generated, '--targets', 'python',
      ], { stdio: 'pipe' });
    }
    const PYTHONPATH = [join(generated, 'python', 'src'), process.env.PYTHONPATH].filter(Boolean).join(delimiter);
    expect(templates(join(PYTHON, name), `${name}-python`, ['python3', 'app.py'], { PYTHONPATH })).toEqual(twin);
  });
});
