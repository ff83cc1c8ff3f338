import { VirtualClock } from '../../../local-aws/kernel/clock';
import { AwsError } from '../../../local-aws/kernel/errors';
import { publishedBenchmarks } from '../../../local-aws/sagemaker';
import { SAGEMAKER_OPERATIONS, SAGEMAKER_SHAPES } from '../../../local-aws/sagemaker/shapes';
import { Region, World, WorldOptions } from '../../../local-aws/world';
import { violations } from '../../../src/service/constraints';
import { packageRequest } from '../../harness/model-package';

export const ROLE = 'arn:aws:iam::111122223333:role/Job';
export const IMAGE = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/xgboost:1.3-1';

/** A Region whose jobs find the published results, whose time moves only by `minutes()`, and whose every answer is checked against the service's shapes. */
export class Bench {
  public readonly world: World;
  public readonly region: Region;

  constructor(options: WorldOptions = {}) {
    this.world = new World({ clock: new VirtualClock({ start: new Date('2026-01-01T00:00:00Z'), jumps: false }), benchmarks: publishedBenchmarks, ...options });
    this.region = this.world.region('111122223333', 'eu-west-1');
  }

  public async call(operation: string, input: object = {}): Promise<any> {
    const output = await this.region.sagemaker.call(operation, input);
    const shape = SAGEMAKER_OPERATIONS[operation].output;
    if (shape) { expect(violations(SAGEMAKER_SHAPES, shape, output)).toEqual([]); } else { expect(output).toBeUndefined(); }
    return output;
  }

  /** The error that a request is refused with. */
  public async refused(operation: string, input: object = {}): Promise<AwsError> {
    return this.region.sagemaker.call(operation, input).then(
      () => { throw new Error(`${operation} was not refused`); },
      (error) => {
        if (!(error instanceof AwsError)) { throw error; }
        return error;
      });
  }

  public minutes(count: number): Promise<void> {
    return this.world.clock.advance(count * 60_000);
  }

  /** A version in the group `models`, made if need be, all that a job needs in it. */
  public async modelPackage(properties: object = {}): Promise<string> {
    if (!this.region.sagemaker.state.groups.has('models')) { await this.call('CreateModelPackageGroup', { ModelPackageGroupName: 'models' }); }
    return (await this.call('CreateModelPackage', {
      ModelPackageGroupName: 'models',
      ModelApprovalStatus: 'Approved',
      ...packageRequest({ container: { Image: IMAGE, ModelInput: { DataInputConfig: '{"input":[1,10]}' } } }),
      ...properties,
    })).ModelPackageArn;
  }

  /** A configuration of one variant, with its model. */
  public async endpointConfig(name: string, variant: object = { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 }): Promise<string> {
    await this.call('CreateModel', { ModelName: `${name}-model`, PrimaryContainer: { Image: IMAGE }, ExecutionRoleArn: ROLE });
    await this.call('CreateEndpointConfig', {
      EndpointConfigName: name, ProductionVariants: [{ VariantName: 'main', ModelName: `${name}-model`, ...variant }],
    });
    return name;
  }
}
