import { execFileSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { atMost, count, figure, ratios } from '../figures';
import { Section } from '../report';

const RUNS = 3;
const ROOT = join(__dirname, '..', '..');
const CDK = `aws-cdk@${JSON.parse(readFileSync(require.resolve('aws-cdk/package.json'), 'utf8')).version}`;
const LAST_LINE = 'The app is ';

interface Way {
  readonly seconds: number;
  readonly packages: number;
}

/** A shell, because npm is a script of its own on each system. */
function run(folder: string, command: string): string {
  // The settings of the npm that runs this are not the newcomer's.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^PROJEN_|^NODE_OPTIONS$/i.test(name)));
  return execFileSync(command, { cwd: folder, shell: true, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 });
}

/** From the first command to the demo's last line. */
function way(commands: readonly string[]): Way {
  const folder = mkdtempSync(join(tmpdir(), 'bench-newcomer-'));
  try {
    const begun = performance.now();
    const output = commands.map((command) => run(folder, command)).join('');
    const seconds = (performance.now() - begun) / 1000;
    if (!output.includes(LAST_LINE)) { throw new Error(`The demo did not come to its end: ${output.slice(-1000)}`); }
    const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8'));
    return { seconds, packages: Object.keys(packages).length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What somebody does who wants to see it, from an empty folder: with the command's package, and with a clone. */
export function newcomer(): Section {
  const packed = mkdtempSync(join(tmpdir(), 'bench-packed-'));
  try {
    const [tarball] = run(join(ROOT, 'cli'), `npm pack --silent --pack-destination "${packed}"`).trim().split('\n').slice(-1);
    const [byPackage, byClone]: Way[][] = [[], []];
    for (let round = 0; round < RUNS; round++) {
      byPackage.push(way([`npm install --no-audit --no-fund ${CDK} "${join(packed, tarball)}"`, 'npx inference-recommender demo']));
      byClone.push(way([`git clone --quiet "${ROOT}" .`, 'npm ci', 'npm run demo']));
    }
    const [ours, other] = [byPackage, byClone].map((ways) => ways.map(({ seconds }) => seconds));
    const ratio = ratios(ours, other);
    const clone = 'a clone, `npm ci && npm run demo`';
    return {
      title: 'The newcomer\'s minute',
      rows: [
        { what: '`npm install` of the command and the CDK CLI, and `npx inference-recommender demo`, to its last line', unit: 's', ours: figure(ours), others: { [clone]: figure(other) }, ratio, goal: atMost(ratio.median, 0.25, 'ratio at most 0.25') },
        { what: 'packages that npm installs', unit: '', ours: count(byPackage[0].packages), others: { [clone]: count(byClone[0].packages) } },
      ],
      text: 'From an empty folder, in turns. npm keeps what it has downloaded once, for both.',
    };
  } finally {
    rmSync(packed, { recursive: true, force: true });
  }
}
