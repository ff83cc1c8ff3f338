import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, CfnOutput, CfnParameter, CustomResource, DefaultStackSynthesizer, Stack, Tags } from 'aws-cdk-lib';
import { CampaignFamily, INFERENCE_RECOMMENDATION_JOBS } from './family';
import { JobReuse } from '../../src';
import { ACCOUNT, REGION } from '../harness/place';

/** A function that the world has from the beginning: it fails or not, as its properties say. */
export const SIBLING = 'sibling';
export const SIBLING_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${SIBLING}`;

/** Where recommendations are written. A lifecycle puts the name of its stack in place of `stack`. */
export const PATH = '/faults';

/** What an update of a stack may change without another template. */
export const PARAMETERS = { Content: 'one', Artifact: 'a', Trigger: 'first', Team: 'blue', Sibling: 'well' } as const;
export type Parameters = Record<keyof typeof PARAMETERS, string>;

/** `shared` finds its job in the whole account, `own` only in its construct. */
const APPS = ['one-job', 'endpoint', 'load-test', 'shared', 'own'] as const;
export type AppName = typeof APPS[number];

/** What an update may change with another template: the objective, and the job's id in its stack. */
export const OBJECTIVES = ['cost', 'latency'] as const;
export const IDS = ['Job', 'Renamed'] as const;
export type TemplateVariant = `${typeof OBJECTIVES[number]} ${typeof IDS[number]}`;

/** An app as it was synthesized. */
export interface Synthesized {
  readonly template: (variant: TemplateVariant) => string;
  /** Where the functions' code is. */
  readonly code: ReadonlyArray<{ readonly bucket: string; readonly key: string }>;
  /** How many answers of functions a deploy may have to wait for. */
  readonly customResources: number;
}

/** The app of a name, for a stack of a name. */
export type Apps = (name: AppName, stackName: string) => Synthesized;

/** Each template is made once, for every lifecycle of a campaign that needs it. */
export function synthesizeApps(family: CampaignFamily = INFERENCE_RECOMMENDATION_JOBS): Apps {
  const known = new Map<string, unknown>();
  const once = <T>(key: string, make: () => T): T => {
    if (!known.has(key)) { known.set(key, make()); }
    return known.get(key) as T;
  };
  return (name, stackName) => {
    const template = (variant: TemplateVariant) => once(`${name} ${stackName} ${variant}`, () => synthesized(family, name, stackName, variant));
    return once(`${name} ${stackName}`, () => ({ template: (variant) => JSON.stringify(template(variant)), ...factsOf(template('cost Job')) }));
  };
}

type Template = { readonly Resources: Record<string, any> };

function synthesized(family: CampaignFamily, name: AppName, stackName: string, variant: TemplateVariant): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'faults-'));
  try {
    const app = new App({ outdir, analyticsReporting: false, context: { 'aws:cdk:disable-asset-staging': true } });
    // The same id, so that nothing differs but the variant and the name.
    const stack = new Stack(app, 'Benchmark', {
      stackName, env: { account: ACCOUNT, region: REGION }, synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    });
    build(family, stack, name, variant);
    return app.synth().getStackArtifact(stack.artifactId).template;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** What a lifecycle must know of a template besides its text. */
export function factsOf({ Resources }: Template): Omit<Synthesized, 'template'> {
  const resources = Object.entries(Resources);
  return {
    code: resources.filter(([, { Type }]) => Type === 'AWS::Lambda::Function').map(([, { Properties: { Code } }]) => ({ bucket: Code.S3Bucket, key: Code.S3Key })),
    customResources: resources.filter(([, { Type }]) => Type.startsWith('Custom::') || Type === 'AWS::CloudFormation::CustomResource').length,
  };
}

const REUSE: Partial<Record<AppName, JobReuse>> = { shared: JobReuse.ACCOUNT, own: JobReuse.CONSTRUCT };

function build(family: CampaignFamily, stack: Stack, name: AppName, variant: TemplateVariant): void {
  const [objectiveName, id] = variant.split(' ');
  const choice = { objective: OBJECTIVES.find((one) => one === objectiveName)!, parameterPath: `${PATH}/stack` };
  const parameter = (of: keyof Parameters) => new CfnParameter(stack, of, { default: PARAMETERS[of] }).valueAsString;
  const app = family.inApp(stack, { app: name, content: parameter('Content'), artifact: parameter('Artifact') });
  const job = app.job(id, { trigger: parameter('Trigger'), isLong: name === 'load-test', reuse: REUSE[name] }, choice);
  Tags.of(job).add('team', parameter('Team'));
  const sibling = new CustomResource(stack, 'SiblingResource', { serviceToken: SIBLING_ARN, properties: { Behaviour: parameter('Sibling') } });
  sibling.node.addDependency(job.node.findChild('Resource'));
  const best = app.choose(job, choice);
  new CfnOutput(stack, 'JobName', { value: best.jobName });
  if (name !== 'endpoint') { return; }
  app.job('Second', { trigger: 'always the same' });
  best.host();
}
