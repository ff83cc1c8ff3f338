import { CallRecord, LocalAws, Region } from '../local-aws';

/** Records every call to the local AWS, and counts those to SageMaker after a mark. */
export class Observer {
  public readonly calls: CallRecord[] = [];

  constructor(readonly aws: LocalAws, onCall: (call: CallRecord) => void = () => {}) {
    aws.world.watch((call) => {
      this.calls.push(call);
      onCall(call);
    });
  }

  public get region(): Region {
    return this.aws.world.region('111111111111', 'us-east-1');
  }

  /** Successful calls since a mark. */
  public count(operation: string, since = 0): number {
    return this.calls.slice(since).filter((call) => call.operation === operation && call.status === 200).length;
  }

  /** Calls the service as the account's user. */
  public async ask(operation: string, input: Record<string, unknown> = {}): Promise<any> {
    const { region } = this;
    return region.sagemaker.operations[operation](input, {
      region, principal: { account: region.account, arn: `arn:aws:iam::${region.account}:user/demo` }, requestId: 'demo',
    });
  }

  /** The names of the existing resources, by kind. */
  public async inventory(): Promise<Inventory> {
    const [jobs, models, configs, endpoints] = await Promise.all([
      this.ask('ListInferenceRecommendationsJobs'), this.ask('ListModels'), this.ask('ListEndpointConfigs'), this.ask('ListEndpoints'),
    ]);
    const all = jobs.InferenceRecommendationsJobs as Array<{ JobName: string; Status: string }>;
    return {
      runningJobs: all.filter((job) => !['COMPLETED', 'FAILED', 'STOPPED'].includes(job.Status)).map((job) => job.JobName),
      finishedJobs: all.filter((job) => ['COMPLETED', 'FAILED', 'STOPPED'].includes(job.Status)).map((job) => job.JobName),
      models: models.Models.map((model: any) => model.ModelName),
      configs: configs.EndpointConfigs.map((config: any) => config.EndpointConfigName),
      endpoints: endpoints.Endpoints.map((endpoint: any) => endpoint.EndpointName),
    };
  }
}

export interface Inventory {
  readonly runningJobs: readonly string[];
  readonly finishedJobs: readonly string[];
  readonly models: readonly string[];
  readonly configs: readonly string[];
  readonly endpoints: readonly string[];
}
