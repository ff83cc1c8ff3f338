import { mkdtempSync, rmSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { ChainByHand, sharedByHand } from '../alternatives/l1';
import { Benchmark, benchmarkProvider } from '../alternatives/provider-framework';
import { chain, job, shared } from '../apps/ours';
import { atLeast, atMost, count } from '../figures';
import { Section } from '../report';

const PACKAGE = 'arn:aws:sagemaker:us-east-1:111111111111:model-package/models/1';
const LIMIT = 500;
const MAX_TEMPLATE_BYTES = 1_000_000;
/** The code is only counted, so any folder is enough. */
const CODE = join(__dirname, '..', 'alternatives');

type Build = (stack: Stack, jobs: number) => void;
const times = (jobs: number, make: (id: string) => void) => { for (let n = 0; n < jobs; n++) { make(`Job${n}`); } };

const jobs: Record<string, Build> = {
  'ours': (stack, n) => times(n, (id) => job(stack, id, PACKAGE)),
  '(a)': (stack, n) => times(n, (id) => new Benchmark(stack, id, { modelPackageArn: PACKAGE, provider: benchmarkProvider(stack, `${id}Provider`, { code: CODE }) })),
  '(a) with one provider for all': (stack, n) => {
    const provider = benchmarkProvider(stack, 'Provider', { code: CODE });
    times(n, (id) => new Benchmark(stack, id, { modelPackageArn: PACKAGE, provider }));
  },
};

const chains: Record<string, Build> = {
  'ours': (stack, n) => {
    const common = shared(stack);
    times(n, (id) => chain(stack, id, common));
  },
  '(b), which needs functions of its own': (stack, n) => {
    const token = sharedByHand(stack, CODE);
    times(n, (id) => new ChainByHand(stack, id, token));
  },
};

/** A stack's resources and the size of its template as the CLI uploads it. */
export function sizeOf(build: Build, n: number): { readonly resources: number; readonly bytes: number } {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-resources-'));
  const app = new App({ outdir });
  build(new Stack(app, 'Stack'), n);
  const { template, templateFullPath } = app.synth().getStackByName('Stack');
  const size = { resources: Object.keys(template.Resources).length, bytes: statSync(templateFullPath).size };
  rmSync(outdir, { recursive: true });
  return size;
}

/** The fixed resources, and those that each further job adds. */
export function perJob(build: Build): { readonly fixed: number; readonly each: number } {
  const [one, two] = [sizeOf(build, 1).resources, sizeOf(build, 2).resources];
  return { fixed: 2 * one - two, each: two - one };
}

function fitting(build: Build): number {
  const { fixed, each } = perJob(build);
  return Math.floor((LIMIT - fixed) / each);
}

export function resources(): Section {
  const ours = perJob(jobs.ours);
  const own = perJob(jobs['(a)']);
  const one = perJob(jobs['(a) with one provider for all']);
  const fit = { ours: fitting(chains.ours), byHand: fitting(chains['(b), which needs functions of its own']) };
  const template = sizeOf(chains.ours, fit.ours);
  return {
    title: 'Resources',
    rows: [
      {
        what: 'resources a stack has once',
        unit: '',
        ours: count(ours.fixed),
        others: { '(a) with one provider for all': count(one.fixed), '(a)': count(own.fixed) },
        goal: atMost(ours.fixed, 12, 'at most 12'),
      },
      {
        what: 'resources of each Default job',
        unit: '',
        ours: count(ours.each),
        others: { '(a)': count(own.each), '(a) with one provider for all': count(one.each) },
        goal: atMost(ours.each, 6, 'at most 6'),
        note: '(a) waits an hour at most',
      },
      {
        what: 'Default jobs that fit in one stack, each with model package, model, configuration and endpoint',
        unit: '',
        ours: count(fit.ours),
        others: { '(b) with resources of the same kinds': count(fit.byHand) },
        goal: atLeast(fit.ours, 40, 'at least 40'),
      },
      {
        what: 'their template',
        unit: 'bytes',
        ours: count(template.bytes),
        others: { '(b)': count(sizeOf(chains['(b), which needs functions of its own'], fit.ours).bytes) },
        goal: atMost(template.bytes, MAX_TEMPLATE_BYTES, 'under 1 MB'),
      },
    ],
  };
}
