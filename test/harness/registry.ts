import { SCOPE } from './place';
import { attributesIn } from './published';
import { ROLE_ARN, Stage, STACK_ID } from './stage';
import { APPROVALS_RESOURCE_TYPE, REGISTRY_RESOURCE_TYPE } from './types';
import type { BenchmarkScript } from '../../local-aws/sagemaker';
import { FollowedRecommendation, RECOMMENDATION_RESOURCE_TYPE } from '../../src/contract/recommend';
import type { ApprovalsProperties, RegistryBenchmark } from '../../src/contract/start';

export const PATH = '/shop/registry';
export const SLOTS_PATH = '/cdk-sagemaker-inference-recommender/registries.0a1b2c3d/01234567';

export const wins = (instanceType: string): ReturnType<BenchmarkScript> => ({
  durationSeconds: 600,
  recommendations: [{
    Metrics: { CostPerInference: 1 }, EndpointConfiguration: { InstanceType: instanceType, InitialInstanceCount: 1 }, ModelConfiguration: {},
  }],
});
export const FAILS: ReturnType<BenchmarkScript> = { durationSeconds: 600, outcome: 'FAILED', failureReason: 'All benchmarks failed', recommendations: [] };

/** What a registry's rules and its ledger are given. */
type Given = Partial<RegistryBenchmark & Pick<ApprovalsProperties, 'MaxJobsPerMonth'>>;

/** A registry whose jobs go one after the other as `runs` say, the last for ever. */
export class Registry {
  public static async made(runs: Array<ReturnType<BenchmarkScript>> = [wins('ml.c5.xlarge')], { MaxJobsPerMonth, ...more }: Given = {}, adopts = false) {
    const stage = await new Stage((_request, _name, count) => runs[Math.min(count, runs.length) - 1]).setUp();
    const registry = new Registry(stage, more, adopts, MaxJobsPerMonth);
    // No longer the beginning of a month.
    await stage.pass(10);
    await registry.resource('Create', RECOMMENDATION_RESOURCE_TYPE, 'Best', { ...registry.recommendation, JobName: '' });
    await registry.resource('Create', REGISTRY_RESOURCE_TYPE, 'Registry');
    await registry.ledger('Create');
    return registry;
  }

  private ids = 0;

  private constructor(readonly stage: Stage, public more: Partial<RegistryBenchmark>, public adopts: boolean, public cap?: string) {}

  /** The resource that keeps the slots. */
  public ledger(type: 'Create' | 'Update' | 'Delete') {
    return this.resource(type, APPROVALS_RESOURCE_TYPE, 'RegistryApprovals', { SchemaVersion: '1', SlotsPath: SLOTS_PATH, MaxJobsPerMonth: this.cap });
  }

  public resource(type: 'Create' | 'Update' | 'Delete', resourceType: string, id: string, properties: object = { SchemaVersion: '1' }) {
    return this.stage.send(this.stage.event(resourceType, id, type, properties, type === 'Create' ? {} : { PhysicalResourceId: id }));
  }

  public get recommendation(): Omit<FollowedRecommendation, 'LogicalResourceId'> {
    return {
      SchemaVersion: '1',
      Family: 'InferenceRecommendations',
      Objective: 'LowestCostPerInference',
      EndpointType: 'RealTime',
      ParameterPath: PATH,
      PendingPath: `${PATH}/pending`,
      InBackground: 'true',
      Fallback: { InstanceType: 'ml.m5.large', InitialInstanceCount: '1' },
    };
  }

  /** To the second, as EventBridge says it. */
  public get now(): string {
    return new Date(this.stage.clock.now()).toISOString().replace(/\.\d+Z/, 'Z');
  }

  /** An approval, or without a package, a renewal. */
  public async approve(packageArn = '', eventId = `event-${++this.ids}`, time = this.now): Promise<void> {
    await this.stage.approve({
      eventId,
      time,
      packageArn,
      registry: {
        ...SCOPE,
        Family: 'InferenceRecommendations',
        StackId: STACK_ID,
        LogicalResourceId: 'Registry',
        ModelPackageGroupName: 'group',
        Request: { JobType: 'Default', RoleArn: ROLE_ARN, InputConfig: { ModelPackageVersionArn: 'any' } },
        Recommendations: [{ ...this.recommendation, LogicalResourceId: 'Best', Adopts: this.adopts ? 'true' : undefined }],
        SlotsPath: SLOTS_PATH,
        StateMachineArn: this.stage.followMachineArn,
        ...this.more,
      },
    });
  }

  /** An approval, and all that comes of it. */
  public async benchmark(packageArn?: string, eventId?: string, time?: string): Promise<void> {
    await this.approve(packageArn, eventId, time);
    await this.stage.pass(15);
  }

  /** Another approved version. */
  public async version(ModelApprovalStatus = 'Approved'): Promise<string> {
    const { InferenceSpecification, Domain, Task, SamplePayloadUrl } = await this.stage.sagemaker('DescribeModelPackage', { ModelPackageName: this.stage.packageArn });
    return (await this.stage.sagemaker('CreateModelPackage', {
      ModelPackageGroupName: 'group', ModelApprovalStatus, InferenceSpecification, Domain, Task, SamplePayloadUrl,
    })).ModelPackageArn;
  }

  public of(type: string): any[] {
    return this.stage.events.filter((event) => event.type === type).map(({ detail }) => detail);
  }

  public get instanceTypes() {
    const parameters = this.stage.parameters(PATH);
    return { adopted: attributesIn(parameters).InstanceType, pending: attributesIn(parameters, 'pending/').InstanceType };
  }

  public get started(): any[] {
    return this.stage.calls.filter(({ operation }) => operation === 'CreateInferenceRecommendationsJob').map(({ input }) => input);
  }
}
