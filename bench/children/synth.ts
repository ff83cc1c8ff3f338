import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { ChainByHand, chainByHand, roleOfCdk, sharedByHand } from '../alternatives/l1';
import { artifacts, chain, shared } from '../apps/ours';

// Prints the time from an app's first construct to its assembly, and of the process until then, and the process's processor time and memory.
const [kind, jobs, perStack, code] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4]), process.argv[5]];
const outdir = mkdtempSync(join(tmpdir(), 'bench-synth-'));
const [began, begin] = [performance.now(), process.cpuUsage()];
const app = new App({ outdir });
let resources = 0;
for (let first = 0; first === 0 || first < jobs; first += perStack) {
  const stack = new Stack(app, `Stack${first}`);
  const ids = Array.from({ length: Math.min(perStack, jobs - first) }, (_, n) => `Job${first + n}`);
  // Each of these apps has the user's own bucket, the empty app as well.
  const bucket = artifacts(stack);
  if (kind === 'ours' && jobs > 0) {
    const common = shared(stack, bucket);
    ids.forEach((id) => chain(stack, id, common));
  } else if (jobs > 0) {
    const token = sharedByHand(stack, code);
    ids.forEach((id) => (kind === 'l1-flat'
      ? chainByHand(stack, id, token)
      : new ChainByHand(stack, id, token, kind === 'l2-roles' ? roleOfCdk : undefined)));
  }
}
const assembly = app.synth();
const whole = performance.now();
const ms = whole - began;
const { user, system } = process.cpuUsage(begin);
const mib = process.resourceUsage().maxRSS / 1024;
for (const { template } of assembly.stacks) { resources += Object.keys(template.Resources ?? {}).length; }
rmSync(outdir, { recursive: true });
console.log(JSON.stringify({ ms, whole, cpu: (user + system) / 1000, mib, resources }));
