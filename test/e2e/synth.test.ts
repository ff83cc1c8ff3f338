import { createHash } from 'crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import type { StackOptions } from './apps/lifecycle';
import { Synthesizer, SynthesizerOptions } from './synthesizer';

const ROOT = join(__dirname, '..', '..');
const STACKS: StackOptions[] = [
  { name: 'Plain', endpoint: true, tags: { team: 'ml' } },
  { name: 'LoadTest', loadTestHours: 5, nested: true },
];
const A_YEAR_LATER = `--import=data:text/javascript,${encodeURIComponent(`
  const Wall = Date;
  const now = () => Wall.now() + 31536e6;
  globalThis.Date = class extends Wall { constructor(...at) { super(...(at.length > 0 ? at : [now()])); } static now() { return now(); } };
`)}`;

let folder: string;

beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'e2e-synth-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Templates, lists of assets, and the assets themselves, all by their paths in the assembly. */
async function synthesize(name: string, options: SynthesizerOptions = {}): Promise<Record<string, string>> {
  const outdir = join(folder, name);
  const synthesizer = new Synthesizer(options);
  await synthesizer.synth(outdir, STACKS);
  synthesizer.close();
  const paths = (readdirSync(outdir, { recursive: true }) as string[])
    .filter((path) => /^asset\.|\.(template|assets)\.json$/.test(path) && statSync(join(outdir, path)).isFile()).sort();
  return Object.fromEntries(paths.map((path) => [path, createHash('sha256').update(readFileSync(join(outdir, path))).digest('hex')]));
}

/** The parts that a synthesis reads, as another clone has them: with other times. */
function clone(): string {
  const root = join(folder, 'another clone');
  mkdirSync(root);
  for (const part of ['package.json', 'tsconfig.json', 'lib', 'assets', 'examples', 'test/e2e/apps', 'test/harness/model-package.ts']) {
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return root;
}

test('a template and its assets are the same wherever and whenever they are synthesized', async () => {
  const [here, elsewhere] = await Promise.all([
    synthesize('here'),
    synthesize('elsewhere', { root: clone(), cwd: folder, environment: { NODE_OPTIONS: A_YEAR_LATER, TZ: 'Asia/Tokyo', HOME: folder } }),
  ]);
  expect(Object.keys(here)).toEqual(expect.arrayContaining(['Plain.template.json', 'LoadTest.template.json', expect.stringMatching(/^asset\.\w+\/start\.mjs$/)]));
  expect(elsewhere).toEqual(here);
});
