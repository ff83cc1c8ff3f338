import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, DefaultStackSynthesizer, Duration, Stack } from 'aws-cdk-lib';
import { factsOf, PATH, Synthesized } from './apps';
import { InstanceType, ModelPackageGroup, ModelRegistryBenchmark } from '../../src';
import { ACCOUNT, REGION } from '../harness/place';

/** Whoever trains makes it: it is there before the stack and stays after it. */
export const GROUP = 'models';
export const RENEWAL_DAYS = 9;

/** An app with a registry, for every cap: `capped` sets it. */
export type RegistryApp = Omit<Synthesized, 'template'> & { readonly template: string };

/** Once, for every registry of a campaign. */
export function synthesizeRegistry(): RegistryApp {
  const outdir = mkdtempSync(join(tmpdir(), 'faults-'));
  try {
    const app = new App({ outdir, analyticsReporting: false, context: { 'aws:cdk:disable-asset-staging': true } });
    const stack = new Stack(app, 'Registry', {
      env: { account: ACCOUNT, region: REGION }, synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    });
    new ModelRegistryBenchmark(stack, 'Benchmark', {
      modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', GROUP),
      parameterPath: PATH,
      fallback: { instanceType: InstanceType.ML_M5_LARGE },
      renewEvery: Duration.days(RENEWAL_DAYS),
      maxJobsPerMonth: 2,
    });
    const { template } = app.synth().getStackArtifact(stack.artifactId);
    return { template: JSON.stringify(template), ...factsOf(template) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The template with another cap of a month. */
export function capped({ template }: RegistryApp, cap: number): string {
  return template.replace(/(MaxJobsPerMonth\W+)\d+/g, `$1${cap}`);
}
