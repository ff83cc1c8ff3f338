import { Stage } from './stage';
import { FOLLOW_RESOURCE_TYPE } from './types';
import { BenchmarkScript } from '../../local-aws/sagemaker';
import { JOB_STATE_CHANGE, RECOMMENDATION_CHANGE, RECOMMENDATION_WRITTEN } from '../../src/contract/events';
import { FollowedRecommendation, RECOMMENDATION_RESOURCE_TYPE } from '../../src/contract/recommend';

export const PATH = '/shop/recommendation';
export const FALLBACK = { InstanceType: 'ml.m5.large', InitialInstanceCount: '1' };
export const SECOND = { LogicalResourceId: 'JobFast', ParameterPath: '/shop/fast', Objective: 'LowestLatency' };

export const row = (instanceType: string, cost: number) => ({
  Metrics: { CostPerInference: cost, ModelLatency: 1 / cost },
  EndpointConfiguration: { InstanceType: instanceType, InitialInstanceCount: 1 },
  ModelConfiguration: {},
});
export const lasts = (minutes: number, recommendations = [row('ml.c5.xlarge', 1), row('ml.c5.9xlarge', 2)]): BenchmarkScript => (
  () => ({ durationSeconds: minutes * 60, recommendations }));
export const fails: BenchmarkScript = () => ({ durationSeconds: 600, outcome: 'FAILED', failureReason: 'All benchmarks failed', recommendations: [] });

/** A stack with a job in the background, as CloudFormation makes it: job, recommendations, what follows. */
export class Background {
  public static async made(
    benchmarks?: BenchmarkScript, more: Array<Partial<FollowedRecommendation>> = [], first: Partial<FollowedRecommendation> = {},
  ): Promise<Background> {
    const background = new Background(await new Stage(benchmarks).setUp(), [first, ...more]);
    const { Data } = await background.stage.send(background.stage.start('Create'));
    background.jobName = Data!.JobName;
    for (const given of background.recommendations) { await background.recommend('Create', given); }
    await background.follow('Create');
    return background;
  }

  public jobName = '';
  /** Physical id of what follows. */
  public execution = '';

  private constructor(readonly stage: Stage, public recommendations: Array<Partial<FollowedRecommendation>>) {}

  public properties(given: Partial<FollowedRecommendation> = {}): FollowedRecommendation {
    return {
      SchemaVersion: '1',
      Family: 'InferenceRecommendations',
      LogicalResourceId: 'JobBest',
      Objective: 'LowestCostPerInference',
      EndpointType: 'RealTime',
      ParameterPath: PATH,
      InBackground: 'true',
      Fallback: FALLBACK,
      ModelPackageArn: this.stage.packageArn,
      ...given,
    };
  }

  public recommend(type: 'Create' | 'Update' | 'Delete', given: Partial<FollowedRecommendation> = {}, old: Partial<FollowedRecommendation> = {}) {
    const { LogicalResourceId: id, ...properties } = this.properties(given);
    const { LogicalResourceId: _id, ...before } = this.properties(old);
    return this.stage.send(this.stage.event(RECOMMENDATION_RESOURCE_TYPE, id, type, { ...properties, JobName: this.jobName }, {
      ...type !== 'Create' && { PhysicalResourceId: id }, ...type === 'Update' && { OldResourceProperties: { ...before, JobName: this.jobName } },
    }));
  }

  public followEvent(type: 'Create' | 'Update' | 'Delete', PhysicalResourceId = this.execution) {
    return this.stage.event(FOLLOW_RESOURCE_TYPE, 'JobFollower', type, {
      SchemaVersion: '1',
      JobName: this.jobName,
      JobLogicalId: 'Job',
      StateMachineArn: this.stage.followMachineArn,
      Recommendations: this.recommendations.map((given) => this.properties(given)),
    }, type === 'Create' ? {} : { PhysicalResourceId });
  }

  public async follow(type: 'Create' | 'Update' | 'Delete', id?: string) {
    const answer = await this.stage.send(this.followEvent(type, id));
    if (type !== 'Delete') { this.execution = answer.PhysicalResourceId; }
    return answer;
  }

  public get statuses(): string[] {
    return this.stage.events.filter(({ type }) => type === JOB_STATE_CHANGE).map(({ detail }) => `${detail.PreviousStatus} ${detail.Status}`);
  }

  public get changes(): any[] {
    return this.stage.events.filter(({ type }) => type === RECOMMENDATION_CHANGE).map(({ detail }) => detail);
  }

  /** Paths that replicas are told of. */
  public get told(): string[] {
    return this.stage.events.filter(({ type }) => type === RECOMMENDATION_WRITTEN).map(({ detail }) => detail.ParameterPath);
  }

  public get executions() {
    return this.stage.executions;
  }
}
