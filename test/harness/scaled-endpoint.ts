import { callIn } from './clients';
import { ROLE_ARN, Stage } from './stage';
import type { ScalingRecord } from '../../lambda/scaling/record';
import { SCALING_PAUSE_RESOURCE_TYPE, SCALING_RESOURCE_TYPE, ScalingProperties } from '../../src/contract/scaling';

export const RECORD = '/cdk-sagemaker-inference-recommender/0a1b2c3d/0a1b2c3d';
export const INVOCATIONS = 'SageMakerVariantInvocationsPerInstance';

/** A policy and an alarm of others. */
export const STEPS = { AdjustmentType: 'ChangeInCapacity', StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }], Cooldown: 60 };
export const ALARM = {
  Namespace: 'AWS/SageMaker',
  MetricName: 'CPUUtilization',
  Statistic: 'Maximum',
  Period: 60,
  EvaluationPeriods: 3,
  Threshold: 80,
  ComparisonOperator: 'GreaterThanThreshold',
  AlarmDescription: 'Theirs',
  TreatMissingData: 'notBreaching',
  Unit: 'Percent',
  Dimensions: [{ Name: 'EndpointName', Value: 'live' }],
};

/** Instance types by variant. */
export type Variants = Readonly<Record<string, string>>;

/** One state of a stack: what the endpoint runs, and how it scales. */
export interface StackState {
  readonly config: string;
  readonly variants: Variants;
  readonly properties?: Partial<ScalingProperties>;
}

/** Where an update fails by itself, not by what the handler answers. */
export type Failure = 'endpoint' | 'sibling';

/** An endpoint `live` on the stage, and CloudFormation as far as it goes around its scaling: it sends the events of a stack's life in their order. */
export class ScaledEndpoint extends Stage {
  public current!: StackState;
  /** Who was answered FAILED. */
  public readonly failures: string[] = [];

  /** Creates the stack, and gives the answer for its scaling. */
  public async create(state: StackState) {
    await this.sagemaker('CreateModel', { ModelName: 'model', ExecutionRoleArn: ROLE_ARN, PrimaryContainer: { Image: 'image' } });
    await this.config(state);
    this.current = state;
    await this.pause('Create', state, {});
    await this.sagemaker('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: state.config });
    await this.pass(5);
    return this.scale('Create', state);
  }

  /** Updates the stack and cleans up, or rolls it back, and gives the status that it ends in. */
  public async update(to: StackState, failure?: Failure): Promise<string> {
    const from = this.current;
    await this.config(to);
    const paused = await this.pause('Update', to, { PhysicalResourceId: from.config });
    if (paused.Status === 'FAILED') { return this.rollBack(to, { pauseId: from.config }); }
    if (failure === 'endpoint') { return this.rollBack(to); }
    await this.endpointTo(to.config);
    const scaled = await this.scale('Update', to, { PhysicalResourceId: 'Scaling' });
    if (scaled.Status === 'FAILED' || failure === 'sibling') { return this.rollBack(to, { reached: true }); }
    this.current = to;
    if (from.config !== to.config) { await this.pause('Delete', from, { PhysicalResourceId: from.config }); }
    return 'UPDATE_COMPLETE';
  }

  /** Takes an update back, from wherever it was; a rollback that failed is continued by another. */
  public async rollBack(to: StackState, { pauseId = to.config, reached = false } = {}): Promise<string> {
    const from = this.current;
    const paused = await this.pause('Update', from, { PhysicalResourceId: pauseId });
    if (paused.Status === 'FAILED') { return 'UPDATE_ROLLBACK_FAILED'; }
    await this.endpointTo(from.config);
    if (reached && (await this.scale('Update', from, { PhysicalResourceId: 'Scaling' })).Status === 'FAILED') { return 'UPDATE_ROLLBACK_FAILED'; }
    if (pauseId !== from.config && (await this.pause('Delete', to, { PhysicalResourceId: pauseId })).Status === 'FAILED') { return 'CLEAN_UP_FAILED'; }
    return 'UPDATE_ROLLBACK_COMPLETE';
  }

  /** Deletes the stack. */
  public async remove(): Promise<string> {
    const removed = await this.scale('Delete', this.current, { PhysicalResourceId: 'Scaling' });
    if (removed.Status === 'FAILED') { return 'DELETE_FAILED'; }
    if (this.region.sagemaker.state.endpoints.has('live')) {
      await this.sagemaker('DeleteEndpoint', { EndpointName: 'live' });
      await this.pass(5);
    }
    const { Status } = await this.pause('Delete', this.current, { PhysicalResourceId: this.current.config });
    return Status === 'SUCCESS' ? 'DELETE_COMPLETE' : 'DELETE_FAILED';
  }

  public pause(type: 'Create' | 'Update' | 'Delete', state: StackState, ids: object) {
    const properties = { SchemaVersion: '1', RecordName: RECORD, EndpointConfigName: state.config };
    return this.told(this.event(SCALING_PAUSE_RESOURCE_TYPE, 'Pause', type, properties, ids));
  }

  public scale(type: 'Create' | 'Update' | 'Delete', state: StackState, ids: object = {}) {
    return this.told(this.event(SCALING_RESOURCE_TYPE, 'Scaling', type, scalingProperties(state), ids));
  }

  /** As others do, on a registered variant: a step policy, an alarm that invokes it, and a scheduled action. */
  public async settings(variant: string): Promise<void> {
    const target = { ServiceNamespace: 'sagemaker', ScalableDimension: 'sagemaker:variant:DesiredInstanceCount', ResourceId: `endpoint/live/variant/${variant}` };
    const { PolicyARN } = await this.autoScaling('PutScalingPolicy', { ...target, PolicyName: 'theirs', PolicyType: 'StepScaling', StepScalingPolicyConfiguration: STEPS });
    await this.cloudwatch('PutMetricAlarm', { ...ALARM, AlarmName: `theirs-${variant}`, AlarmActions: ['arn:aws:sns:us-east-1:111111111111:topic', PolicyARN], OKActions: [PolicyARN] });
    await this.autoScaling('PutScheduledAction', { ...target, ScheduledActionName: 'nightly', Schedule: 'cron(0 22 * * ? *)', Timezone: 'Europe/Berlin', ScalableTargetAction: { MinCapacity: 0 } });
  }

  /** What others have set on a variant, and whether their alarm invokes the policy that there is. */
  public async theirs(variant: string): Promise<{ policies: string[]; actions: string[]; isInvoked: boolean }> {
    const { policies, scheduledActions } = this.region.applicationAutoScaling;
    const on = <T extends { readonly input: any }>(all: Map<string, T>) => [...all.values()].filter(({ input }) => input.ResourceId.endsWith(`/${variant}`));
    const policy = on(policies).find(({ input }) => input.PolicyName === 'theirs');
    const { input: alarm } = this.region.cloudwatch.alarms.get(`theirs-${variant}`)!;
    return {
      policies: on(policies).map(({ input }) => input.PolicyName).sort(),
      actions: on(scheduledActions).map(({ input }) => input.ScheduledActionName),
      isInvoked: policy !== undefined && alarm.AlarmActions[1] === policy.arn && alarm.OKActions[0] === policy.arn && alarm.AlarmActions.length === 2,
    };
  }

  public autoScaling(operation: string, input: object): Promise<any> {
    return this.region.clock.run(() => this.region.applicationAutoScaling.operations[operation](input, callIn(this.region)));
  }

  public cloudwatch(operation: string, input: object): Promise<any> {
    return this.region.clock.run(() => this.region.cloudwatch.operations[operation](input, callIn(this.region)));
  }

  /** What is registered: capacity and policies of each variant. */
  public get registered(): Record<string, { min: number; max: number; policies: Record<string, any> }> {
    const { targets, policies } = this.region.applicationAutoScaling;
    return Object.fromEntries([...targets].map(([id, { min, max }]) => {
      const own = [...policies.values()].filter(({ input }) => input.ResourceId === id && input.PolicyName !== 'theirs');
      const configs = own.map(({ input: { PolicyName, TargetTrackingScalingPolicyConfiguration: tracked, StepScalingPolicyConfiguration: steps } }) =>
        [PolicyName, tracked ?? steps]);
      return [id, { min, max, policies: Object.fromEntries(configs) }];
    }));
  }

  public get record(): ScalingRecord | undefined {
    const parameter = this.region.ssm.parameters.get(RECORD);
    return parameter && JSON.parse(parameter.Value);
  }

  /** Makes a configuration, unless it is there. */
  public async config({ config, variants }: StackState): Promise<void> {
    if (this.region.sagemaker.state.endpointConfigs.has(config)) { return; }
    await this.sagemaker('CreateEndpointConfig', {
      EndpointConfigName: config,
      ProductionVariants: Object.entries(variants)
        .map(([VariantName, InstanceType]) => ({ VariantName, InstanceType, InitialInstanceCount: 1, ModelName: 'model' })),
    });
  }

  public async endpointTo(EndpointConfigName: string): Promise<void> {
    const { EndpointConfigName: now } = await this.sagemaker('DescribeEndpoint', { EndpointName: 'live' });
    if (now === EndpointConfigName) { return; }
    await this.sagemaker('UpdateEndpoint', { EndpointName: 'live', EndpointConfigName });
    await this.pass(5);
  }

  private async told(event: Parameters<Stage['send']>[0]) {
    const answer = await this.send(event);
    if (answer.Status === 'FAILED') { this.failures.push(`${event.RequestType} ${event.LogicalResourceId}`); }
    return answer;
  }
}

export function scalingProperties({ config, variants, properties }: StackState): ScalingProperties {
  return {
    SchemaVersion: '1',
    RecordName: RECORD,
    EndpointConfigName: config,
    EndpointName: 'live',
    VariantNames: Object.keys(variants),
    ...properties,
  };
}

// An endpoint with one variant, before and after an update, and how it is registered then.
export const ID = 'endpoint/live/variant/AllTraffic';
export const OWN = { MinCapacity: '1', MaxCapacity: '4', TargetValue: '100', PredefinedMetricType: INVOCATIONS };
export const XLARGE: StackState = { config: 'one', variants: { AllTraffic: 'ml.c5.xlarge' }, properties: OWN };
export const LARGER: StackState = { config: 'two', variants: { AllTraffic: 'ml.c5.2xlarge' }, properties: { ...OWN, MaxCapacity: '8', TargetValue: '200' } };
export const tracking = (TargetValue: number, more = {}) => (
  { 'AllTraffic-target-tracking': { TargetValue, PredefinedMetricSpecification: { PredefinedMetricType: INVOCATIONS }, ...more } });
export const REGISTERED = { [ID]: { min: 1, max: 4, policies: tracking(100) } };
export const REGISTERED_LARGER = { [ID]: { min: 1, max: 8, policies: tracking(200) } };
