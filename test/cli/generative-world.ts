import { Size, Stack } from 'aws-cdk-lib';
import { chat, inStack, instant, measured, openWorld } from './generative';
import {
  AIRecommendationJobProps, Endpoint, EndpointConfig, GenerativeRecommendation, GenerativeRecommendationOptions, InstanceType, InstantRecommendation,
  InstantRecommendationProps, Model, RecommendedComponentOptions, RecommendedEndpoint, Variant,
} from '../../src';
import { LocalApps, LocalAppsOptions } from '../e2e/local-apps';

/** Three types, of which each has other copies. */
export const TYPES = ['ml.g6.12xlarge', 'ml.g5.12xlarge', 'ml.p4d.24xlarge'].map((type) => InstanceType.of(type));

export interface Chat extends GenerativeRecommendationOptions {
  readonly job?: Partial<AIRecommendationJobProps>;
  /** What hosts what is chosen. @default - nothing is served */
  readonly component?: RecommendedComponentOptions;
}

/** Memory that the model of these tests has room in. */
export const COMPONENT: RecommendedComponentOptions = { minMemory: Size.gibibytes(8) };

/** Stacks that are deployed whole, in a local AWS that the clients of this process are led to. */
export class GenerativeWorld {
  public static async open(options: LocalAppsOptions = {}): Promise<GenerativeWorld> {
    return new GenerativeWorld(await openWorld(options));
  }

  private readonly earlier = { ...process.env };

  private constructor(readonly apps: LocalApps) {
    Object.assign(process.env, apps.aws.environment());
  }

  /** A job for a chat model, a choice from it, and an inference component of that. */
  public chat(name: string, { job, component, ...options }: Chat = {}): Promise<string> {
    return this.bring(name, (stack) => {
      const recommendation = chat(stack, options, { instanceTypes: TYPES, ...job }).node.findChild('Best') as GenerativeRecommendation;
      if (component) { new RecommendedEndpoint(stack, 'Served', { recommendation, inferenceComponent: component }); }
    });
  }

  /** An endpoint, and a benchmark of it. */
  public benchmark(name: string): Promise<string> {
    return this.bring(name, measured);
  }

  /** What SageMaker recommends with a model at once, and an endpoint on it. */
  public instant(name: string, props: Partial<InstantRecommendationProps> = {}): Promise<string> {
    return this.bring(name, (stack) => {
      instant(stack, props);
      const recommendation = stack.node.findChild('Instant') as InstantRecommendation;
      const model = new Model(stack, 'Served', { recommendation });
      new Endpoint(stack, 'Endpoint', { endpointConfig: new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, recommendation)] }) });
    });
  }

  public bring(name: string, build: (stack: Stack) => void): Promise<string> {
    return this.apps.bring((app) => {
      app.node.setContext('aws:cdk:enable-path-metadata', true);
      inStack(name, build)(app);
    }, name);
  }

  public async close(): Promise<void> {
    process.env = this.earlier;
    await this.apps.close();
  }
}
