import { AUTOSCALING_OPERATIONS, AUTOSCALING_SHAPES } from '../../../local-aws/application-autoscaling/shapes';
import { violations } from '../../../src/service/constraints';
import { SCALABLE_VARIANT, variantResourceId } from '../../../src/service/scaling-rules';
import { Bench as SageMakerBench } from '../sagemaker/fixtures';

export const ResourceId = variantResourceId('live', 'main');
export const TARGET = { ...SCALABLE_VARIANT, ResourceId };
export const TRACKING = {
  TargetValue: 70, PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
};

/** A Region with an endpoint `live` in service, of one variant `main`, and answers of both services checked against their shapes. */
export class Bench extends SageMakerBench {
  /** Calls Application Auto Scaling, as a role if one is given. */
  public async scaling(operation: string, input: object, role?: string): Promise<any> {
    const { region } = this;
    const call = { region, principal: { account: region.account, arn: role ?? `arn:aws:iam::${region.account}:root` }, requestId: 'r' };
    region.iam.check(call, 'application-autoscaling', operation, input);
    const output = await region.applicationAutoScaling.operations[operation](input, call);
    expect(violations(AUTOSCALING_SHAPES, AUTOSCALING_OPERATIONS[operation].output!, output)).toEqual([]);
    return output;
  }

  public async endpoint(variant?: object): Promise<void> {
    await this.call('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: await this.endpointConfig('one', variant) });
    await this.minutes(3);
  }

  public register(capacity: object = { MinCapacity: 1, MaxCapacity: 4 }, role?: string): Promise<any> {
    return this.scaling('RegisterScalableTarget', { ...TARGET, ...capacity }, role);
  }

  public put(rest: object = {}, role?: string): Promise<any> {
    const policy = { PolicyName: 'track', PolicyType: 'TargetTrackingScaling', TargetTrackingScalingPolicyConfiguration: TRACKING };
    return this.scaling('PutScalingPolicy', { ...TARGET, ...policy, ...rest }, role);
  }

  public async targets(): Promise<any[]> {
    return (await this.scaling('DescribeScalableTargets', { ServiceNamespace: 'sagemaker' })).ScalableTargets;
  }

  public async policies(): Promise<any[]> {
    return (await this.scaling('DescribeScalingPolicies', { ServiceNamespace: 'sagemaker' })).ScalingPolicies;
  }
}
