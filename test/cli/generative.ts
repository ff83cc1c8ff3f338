import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { GenerativeScript } from '../../local-aws/sagemaker';
import {
  AIBenchmarkJob, AIRecommendationJob, AIRecommendationJobProps, Endpoint, EndpointConfig, GenerativeModelSource,
  GenerativeRecommendationOptions, InstanceType, InstantRecommendation, InstantRecommendationProps, Model, ModelContainer, ModelData, ContainerImage,
  ModelPackageGroup, PackageApproval, PerformanceTarget, RecommendedComponentOptions, RecommendedEndpoint, TokenStatistic, TokenThreshold, Variant,
} from '../../src';
import { InProcessRunner } from '../e2e/in-process-runner';
import { LocalApps, LocalAppsOptions } from '../e2e/local-apps';
import { chatIn, namedBucket } from '../harness/generative';
import { ACCOUNT, REGION } from '../harness/place';

export interface Chat extends GenerativeRecommendationOptions {
  readonly job?: Partial<AIRecommendationJobProps>;
  readonly component?: RecommendedComponentOptions;
  readonly isServed?: boolean;
  readonly concurrency?: number;
}

/** Within so many milliseconds to the first token, in 99 of 100 requests. */
export const firstTokenWithin = (ms: number) => TokenThreshold.timeToFirstToken(Duration.millis(ms), TokenStatistic.P99);

/** Stacks of the generative family, and of instant recommendations, in a local AWS that the clients of this process are led to. */
export class GenerativeWorld {
  public static async open(script: Partial<GenerativeScript> = {}, options: LocalAppsOptions = {}): Promise<GenerativeWorld> {
    const apps = await LocalApps.open({ lambdaRunner: new InProcessRunner(), generative: script, ...options });
    const { s3 } = apps.aws.world;
    s3.createBucket('models', ACCOUNT, REGION);
    s3.putObject('models', 'chat/config.json', Buffer.from('{}'));
    s3.putObject('models', 'chat/model.safetensors', Buffer.alloc(1000));
    await apps.sagemaker('CreateModelPackageGroup', { ModelPackageGroupName: 'chat' });
    return new GenerativeWorld(apps);
  }

  private readonly earlier = { ...process.env };

  private constructor(readonly apps: LocalApps) {
    Object.assign(process.env, apps.aws.environment());
  }

  /** A job for a chat model, a choice from it, and what serves it. */
  public chat(name: string, { job: jobProps, component, isServed = true, concurrency, ...options }: Chat = {}): Promise<string> {
    return this.bring(name, (stack) => {
      const job = new AIRecommendationJob(stack, 'Job', {
        model: GenerativeModelSource.fromBucket(namedBucket(stack), 'chat/'),
        workload: chatIn(stack, 'Workload', concurrency),
        performanceTarget: PerformanceTarget.cost(),
        instanceTypes: [InstanceType.ML_G6_12XLARGE, InstanceType.ML_G5_12XLARGE, InstanceType.ML_P4D_24XLARGE],
        outputBucket: namedBucket(stack),
        modelPackageGroup: ModelPackageGroup.fromModelPackageGroupName(stack, 'Group', 'chat'),
        ...jobProps,
      });
      const recommendation = job.addRecommendation('Best', { approval: PackageApproval.byThisStack(), ...options });
      if (isServed) { new RecommendedEndpoint(stack, 'Served', { recommendation, inferenceComponent: component ?? { minMemory: Size.gibibytes(8) } }); }
    });
  }

  /** An endpoint, and a benchmark of it. */
  public benchmark(name: string, trigger?: string): Promise<string> {
    return this.bring(name, (stack) => {
      const container = ModelContainer.fromImage(ContainerImage.fromRegistry('image'), { modelData: ModelData.fromBucketPrefix(namedBucket(stack), 'chat/') });
      const variants = [Variant.onInstances(new Model(stack, 'Model', { containers: [container] }), { instanceType: InstanceType.ML_G6_12XLARGE })];
      new AIBenchmarkJob(stack, 'Job', {
        endpoint: new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants }) }),
        workload: chatIn(stack, 'Workload'),
        outputBucket: namedBucket(stack),
        outputPrefix: 'results',
        trigger,
      }).addResults();
    });
  }

  /** What SageMaker recommends with a model at once. */
  public instant(name: string, props: Partial<InstantRecommendationProps> = {}): Promise<string> {
    return this.bring(name, (stack) => {
      const container = ModelContainer.fromImage(ContainerImage.fromRegistry('image'), { modelData: ModelData.fromBucketPrefix(namedBucket(stack), 'chat/') });
      const recommendation = new InstantRecommendation(stack, 'Instant', { model: new Model(stack, 'Model', { containers: [container] }), ...props });
      const served = new Model(stack, 'ServedModel', { recommendation });
      new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(served, recommendation)] }) });
    });
  }

  public bring(name: string, build: (stack: Stack) => void): Promise<string> {
    return this.apps.bring((app: App) => {
      app.node.setContext('aws:cdk:enable-path-metadata', true);
      build(new Stack(app, name, { env: { account: ACCOUNT, region: REGION } }));
    }, name);
  }

  public async close(): Promise<void> {
    process.env = this.earlier;
    await this.apps.close();
  }
}
