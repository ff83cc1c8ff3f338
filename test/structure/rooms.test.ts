import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';

const ROOT = join(__dirname, '..', '..');
const DEPCRUISE = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');

const folders: string[] = [];

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** What the check says of a checkout that has these files only. */
function check(files: Readonly<Record<string, string>>): { readonly status: number | null; readonly said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'rooms-'));
  folders.push(folder);
  for (const [path, text] of Object.entries({ 'lambda/bundle.ts': '', 'local-aws/main.ts': '', 'src/index.ts': '', ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const args = [DEPCRUISE, 'src', 'lambda', 'local-aws', '--config', join(ROOT, '.dependency-cruiser.cjs')];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

const type = (name: string) => `export interface ${name} { readonly a: string }\n`;
const importing = (name: string, from: string) => `import type { ${name} } from '${from}';\nexport type Of${name} = ${name}[];\n`;

test('an import that points down passes', () => {
  expect(check({ 'src/jobs/job.ts': type('Job'), 'src/hosting/model.ts': importing('Job', '../jobs/job') })).toMatchObject({ status: 0 });
});

describe('of what is wrong', () => {
  const UP: Array<[where: string, from: string, to: string, rule: string]> = [
    ['up a floor of src', 'src/jobs/a.ts', 'src/hosting/a.ts', 'src: hosting is above jobs: jobs must not import hosting'],
    ['beside, in src', 'src/runtime/b.ts', 'src/model-package/b.ts', 'src: model-package is beside runtime: runtime must not import model-package'],
    ['from one function to another', 'lambda/start/c.ts', 'lambda/model/c.ts', 'lambda: model is beside start: start must not import model'],
    ['up a floor of the local AWS', 'local-aws/kernel/d.ts', 'local-aws/iam/d.ts', 'local-aws: iam is above kernel: kernel must not import iam'],
    ['from a function to a construct', 'lambda/start/e.ts', 'src/jobs/e.ts', 'lambda must not import src/jobs'],
    ['from the local AWS to the contract', 'local-aws/kernel/f.ts', 'src/contract/f.ts', 'local-aws must not import src/contract'],
    ['from the library to a test', 'src/jobs/g.ts', 'test/harness/g.ts', 'src must not import test'],
  ];
  const CIRCLES = ['src/jobs', 'lambda/runtime', 'local-aws/iam'];
  let status: number | null;
  let said: string;

  beforeAll(() => {
    // One run for all: each takes a second.
    const files = UP.map(([, from, to]) => {
      const specifier = `${'../'.repeat(from.split('/').length - 1)}${to.replace(/\.ts$/, '')}`;
      return { [to]: type('T'), [from]: importing('T', specifier) };
    });
    const circles = CIRCLES.map((room) => ({
      [`${room}/one.ts`]: `${importing('Two', './two')}export interface One { readonly a: string }\n`,
      [`${room}/two.ts`]: `${importing('One', './one')}export interface Two { readonly a: string }\n`,
    }));
    ({ status, said } = check(Object.assign({}, ...files, ...circles)));
  });

  test('the check fails', () => {
    expect(status).toBe(UP.length + CIRCLES.length);
  });

  test.each(UP)('a type imported %s is told with both rooms', (_, from, to, rule) => {
    expect(said).toContain(`${rule}: ${from} → ${to}`);
  });

  test.each(CIRCLES)('a circle of types alone is told, in %s', (room) => {
    expect(said).toMatch(new RegExp(`${room.split('/')[0]}: no circles: ${room}/\\w+\\.ts → \\s*${room}/\\w+\\.ts`));
  });
});

test('a room on no floor is named', () => {
  const { status, said } = check({ 'src/attic/a.ts': type('A') });
  expect(status).not.toBe(0);
  expect(said).toContain('src/attic has no floor');
});
