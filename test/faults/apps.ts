import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, CfnOutput, CfnParameter, CustomResource, DefaultStackSynthesizer, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CampaignFamily, INFERENCE_RECOMMENDATION_JOBS } from './family';
import { Endpoint, EndpointConfig, Model, ModelPackage, ModelPackageGroup, Objective, Recommendation, Variant } from '../../src';
import * as library from '../../src';
import { FunctionKind, FUNCTIONS, idOf } from '../harness/handlers';
import { xgboost } from '../harness/model-package';
import { ACCOUNT, REGION } from '../harness/place';

/** A function that the world has from the beginning: it fails or not, as its properties say. */
export const SIBLING = 'sibling';
export const SIBLING_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${SIBLING}`;

/** Where recommendations are written. A lifecycle puts the name of its stack in place of `stack`. */
export const PATH = '/faults';

/** What an update of a stack may change without another template. */
export const PARAMETERS = { Content: 'one', Trigger: 'first', Team: 'blue', Sibling: 'well' } as const;
export type Parameters = Record<keyof typeof PARAMETERS, string>;

const APPS = ['one-job', 'endpoint', 'load-test'] as const;
export type AppName = typeof APPS[number];

/** An app as it was synthesized. */
export interface Synthesized {
  /** By objective. */
  readonly templates: Readonly<Record<'cost' | 'latency', string>>;
  /** Which function an asset holds, by its bucket and key. */
  readonly code: ReadonlyArray<{ readonly bucket: string; readonly key: string; readonly kind: FunctionKind }>;
  /** How many answers of functions a deploy may have to wait for. */
  readonly customResources: number;
}

export type Apps = Readonly<Record<AppName, Synthesized>>;

/** Once, for every lifecycle of a campaign. */
export function synthesizeApps(family: CampaignFamily = INFERENCE_RECOMMENDATION_JOBS): Apps {
  const outdir = mkdtempSync(join(tmpdir(), 'faults-'));
  try {
    return Object.fromEntries(APPS.map((name) => [name, synthesized(family, name, outdir)])) as unknown as Apps;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function synthesized(family: CampaignFamily, name: AppName, outdir: string): Synthesized {
  const [cost, latency] = (['cost', 'latency'] as const).map((objective) => {
    const app = new App({ outdir: join(outdir, name, objective), analyticsReporting: false, context: { 'aws:cdk:disable-asset-staging': true } });
    // The same id, so that nothing differs but the objective.
    const stack = new Stack(app, 'Benchmark', {
      env: { account: ACCOUNT, region: REGION }, synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    });
    build(family, stack, name, objective);
    return app.synth().getStackArtifact(stack.artifactId).template;
  });
  const resources = Object.entries<any>(cost.Resources);
  return {
    templates: { cost: JSON.stringify(cost), latency: JSON.stringify(latency) },
    code: resources.filter(([, { Type }]) => Type === 'AWS::Lambda::Function').map(([logicalId, { Properties: { Code } }]) => (
      { bucket: Code.S3Bucket, key: Code.S3Key, kind: FUNCTIONS.find((kind) => logicalId.startsWith(`InferenceRecommenderRuntime${idOf(kind)}Function`))! }
    )),
    customResources: resources.filter(([, { Type }]) => Type.startsWith('Custom::') || Type === 'AWS::CloudFormation::CustomResource').length,
  };
}

function build(family: CampaignFamily, stack: Stack, name: AppName, objectiveName: 'cost' | 'latency'): void {
  const parameter = (id: keyof Parameters) => new CfnParameter(stack, id, { default: PARAMETERS[id] }).valueAsString;
  const bucket = Bucket.fromBucketName(stack, 'Data', 'benchmark-data');
  const modelPackage = new ModelPackage(stack, 'ModelPackage', {
    modelPackageGroup: new ModelPackageGroup(stack, 'Group', { removalPolicy: RemovalPolicy.DESTROY }),
    description: parameter('Content'),
    ...xgboost(library, { bucket, container: { dataInputConfig: '{"input":[1,10]}' } }),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const job = family.job(stack, 'Job', { modelPackage, trigger: parameter('Trigger'), isLong: name === 'load-test' });
  Tags.of(job).add('team', parameter('Team'));
  const sibling = new CustomResource(stack, 'SiblingResource', { serviceToken: SIBLING_ARN, properties: { Behaviour: parameter('Sibling') } });
  sibling.node.addDependency(job.node.findChild('Resource'));
  const objective = objectiveName === 'latency' ? Objective.lowestLatency() : undefined;
  const best = new Recommendation(job, 'Best', { job, objective, parameterPath: `${PATH}/stack` });
  new CfnOutput(stack, 'JobName', { value: best.jobName });
  if (name !== 'endpoint') { return; }
  family.job(stack, 'Second', { modelPackage, trigger: 'always the same' });
  const model = new Model(stack, 'Model', { recommendation: best });
  const endpointConfig = new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] });
  new Endpoint(stack, 'Endpoint', { endpointConfig });
}
