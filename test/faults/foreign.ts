import { HostileAws } from './hostile-aws';
import { constructPrefix } from '../../src/contract/job-name';
import { packageRequest } from '../harness/model-package';

const STACK_TAG = 'cdk-sagemaker-inference-recommender:stack-id';
const ROLE_ARN = 'arn:aws:iam::111111111111:role/foreign';
const OTHER_STACK = 'arn:aws:cloudformation:us-east-1:111111111111:stack/other/99999999-1111-2222-3333-444455556666';

/** What is there beside the stacks, and must be the same in the end: jobs and models of other stacks and of people. */
export class Foreign {
  private readonly before = new Map<string, string>();
  private packageArn = '';

  constructor(private readonly aws: HostileAws) {}

  /** Jobs that run for days, some under names that look like those of another stack's constructs. */
  public async setUp(): Promise<this> {
    const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } }] };
    this.aws.region.iam.createRole('foreign', trust);
    this.packageArn = (await this.aws.sagemaker('CreateModelPackage', {
      ModelPackageName: 'foreign',
      ...packageRequest({
        specification: { SupportedTransformInstanceTypes: ['ml.m5.large'], SupportedRealtimeInferenceInstanceTypes: ['ml.m5.large'] },
      }),
    })).ModelPackageArn;
    await this.job('somebodys-job', []);
    await this.job(`${constructPrefix(OTHER_STACK, 'JobB9D00F9F')}0123456789abcdef`, [{ Key: STACK_TAG, Value: OTHER_STACK }]);
    await this.model('somebodys-model');
    await this.model(`${constructPrefix(OTHER_STACK, 'Model0301700E')}0123456789abcdef`);
    return this;
  }

  /** Jobs under a stack's own prefix that are not its own: the first digits of two stacks' ids may be the same. */
  public async besideStack(stackId: string): Promise<void> {
    const prefix = constructPrefix(stackId, 'JobB9D00F9F');
    if (this.aws.jobs().some(({ name }) => name === `${prefix}00000000deadbeef`)) { return; }
    await this.job(`${prefix}00000000deadbeef`, [{ Key: STACK_TAG, Value: OTHER_STACK }]);
    await this.job(`${prefix}00000000feedbeef`, []);
  }

  public has(jobName: string): boolean {
    return this.before.has(`job ${jobName}`);
  }

  /** What is no longer as it was. */
  public changed(): string[] {
    return [...this.before].filter(([what, state]) => this.state(what) !== state).map(([what, state]) => `${what} was ${state} and is ${this.state(what)}`);
  }

  private async job(JobName: string, Tags: object[]): Promise<void> {
    const { operations: { create, nameMember }, foreignRequest } = this.aws.family;
    await this.aws.sagemaker(create, { ...foreignRequest(this.packageArn, ROLE_ARN), [nameMember]: JobName, Tags });
    this.before.set(`job ${JobName}`, this.state(`job ${JobName}`));
  }

  private async model(ModelName: string): Promise<void> {
    await this.aws.sagemaker('CreateModel', { ModelName, ExecutionRoleArn: ROLE_ARN, PrimaryContainer: { Image: 'image' } });
    this.before.set(`model ${ModelName}`, this.state(`model ${ModelName}`));
  }

  private state(what: string): string {
    const { models, tags } = this.aws.region.sagemaker.state;
    const [kind, name] = what.split(' ');
    const found = kind === 'job' ? this.aws.jobs().find((job) => job.name === name) : models.get(name);
    if (!found) { return 'gone'; }
    const state = 'phase' in found ? found.phase : found.input;
    return JSON.stringify([state, tags.get(found.arn)]);
  }
}
