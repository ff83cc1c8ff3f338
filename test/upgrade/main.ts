import { execFileSync } from 'child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'fs';
import { createRequire } from 'module';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { buildApp } from './apps';
import { writeBaseline } from './baseline';

const ROOT = join(__dirname, '..', '..');

/** `npm run baseline -- COMMIT`: builds an earlier commit, and keeps what its library makes of the app for the test of upgrades. */
function main(): void {
  const [named] = process.argv.slice(2);
  if (!named) { throw new Error('Name the commit or the tag of the version that stacks are upgraded from: npm run baseline -- COMMIT'); }
  const commit = git('rev-parse', '--short=8', `${named}^{commit}`);
  const folder = mkdtempSync(join(tmpdir(), 'baseline-'));
  const checkout = join(folder, 'checkout');
  git('worktree', 'add', '--detach', '--quiet', checkout, commit);
  try {
    // On the same CDK as today: what is compared is this library.
    symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
    execFileSync('npx', ['projen', 'library'], { cwd: checkout, stdio: 'inherit' });
    const app = new App({ outdir: join(folder, 'assembly'), analyticsReporting: false });
    buildApp(createRequire(__filename)(join(checkout, 'lib')))(app);
    const bytes = writeBaseline(app.synth().directory, commit);
    console.log(`The baseline is commit ${commit}, ${Math.ceil(bytes / 1024)} KB.`);
  } finally {
    git('worktree', 'remove', '--force', checkout);
    rmSync(folder, { recursive: true, force: true });
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
}

main();
