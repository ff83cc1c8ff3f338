import { App, CfnOutput, CustomResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { xgboost } from '../../harness/model-package';
import {
  AsyncInference, ContainerImage, Endpoint, EndpointAutoScaling, EndpointConfig, InstanceType, Model, ModelContainer, ModelPackage,
  ModelPackageGroup, Objective, RecommendedEndpoint, ScalingTarget, Variant,
} from 'cdk-sagemaker-inference-recommender';
import * as library from 'cdk-sagemaker-inference-recommender';

/** An endpoint by the figures of its user. */
export interface OwnEndpoint {
  /** Instance types by variant. */
  readonly variants: Readonly<Record<string, string>>;
  /** @default - it does not scale */
  readonly scales?: { readonly minCapacity: number; readonly maxCapacity: number; readonly invocations?: number };
  readonly endpointName?: string;
  readonly isAsynchronous?: boolean;
}

/** What a test wants of one stack. */
export interface ScalingOptions {
  /** An endpoint of a job's recommendation, by this objective. */
  readonly recommended?: { readonly objective: 'cost' | 'latency'; readonly minCapacity?: number };
  /** By their construct ids. */
  readonly endpoints?: Readonly<Record<string, OwnEndpoint>>;
  /** A custom resource that fails once everything scales. */
  readonly siblingFails?: boolean;
}

function build(stack: Stack, { recommended, endpoints = {}, siblingFails }: ScalingOptions): void {
  const scaled: EndpointAutoScaling[] = [];
  if (recommended) { scaled.push(recommendedEndpoint(stack, recommended)); }
  for (const [id, own] of Object.entries(endpoints)) {
    const model = new Model(stack, `${id}Model`, { containers: [ModelContainer.fromImage(ContainerImage.fromRegistry('image'))] });
    const variants = Object.entries(own.variants)
      .map(([variantName, type]) => Variant.onInstances(model, { variantName, instanceType: InstanceType.of(type) }));
    const asyncInference = own.isAsynchronous ? AsyncInference.toBucket(Bucket.fromBucketName(stack, `${id}Bucket`, 'answers')) : undefined;
    const endpointConfig = new EndpointConfig(stack, `${id}Config`, { variants, asyncInference });
    const endpoint = new Endpoint(stack, id, { endpointConfig, endpointName: own.endpointName });
    if (own.scales) {
      const { invocations, ...capacity } = own.scales;
      const target = invocations === undefined ? undefined : ScalingTarget.invocationsPerInstance(invocations);
      scaled.push(new EndpointAutoScaling(stack, `${id}Scaling`, { endpoint, ...capacity, target }));
    }
  }
  if (siblingFails) { failingSibling(stack).node.addDependency(...scaled); }
}

function recommendedEndpoint(stack: Stack, { objective, minCapacity }: Required<ScalingOptions>['recommended']): EndpointAutoScaling {
  const { endpoint, autoScaling } = new RecommendedEndpoint(stack, 'Served', {
    modelPackage: new ModelPackage(stack, 'ModelPackage', {
      modelPackageGroup: new ModelPackageGroup(stack, 'Group', { removalPolicy: RemovalPolicy.DESTROY }),
      ...xgboost(library),
      removalPolicy: RemovalPolicy.DESTROY,
    }),
    objective: objective === 'latency' ? Objective.lowestLatency() : undefined,
    autoScaling: { minCapacity },
  });
  new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
  new CfnOutput(stack, 'TargetValue', { value: autoScaling!.targetValue });
  return autoScaling!;
}

function failingSibling(stack: Stack): CustomResource {
  const code = `exports.handler = async ({ StackId, RequestId, LogicalResourceId, RequestType, ResponseURL }) => {
    const Status = RequestType === 'Delete' ? 'SUCCESS' : 'FAILED';
    const body = JSON.stringify({ StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'sibling', Status, Reason: 'The sibling fails' });
    await fetch(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  };`;
  const handler = new LambdaFunction(stack, 'SiblingFunction', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(code) });
  return new CustomResource(stack, 'Sibling', { serviceToken: handler.functionArn });
}

interface Wanted {
  readonly outdir: string;
  readonly name: string;
  readonly options: ScalingOptions;
}

function synth({ outdir, name, options }: Wanted): void {
  const app = new App({ outdir });
  build(new Stack(app, name), options);
  app.synth();
}

// Once for a process's argument, and for each message of a parent.
if (process.argv[2] !== undefined) { synth(JSON.parse(process.argv[2])); }
process.on('message', (wanted: Wanted) => {
  const { outdir } = wanted;
  try {
    synth(wanted);
    process.send!({ outdir });
  } catch (error) {
    process.send!({ outdir, error: String(error) });
  }
});
