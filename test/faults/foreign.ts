import { HostileAws } from './hostile-aws';
import { CLAIM_TAG, STACK_TAG, stackTag } from '../../src/contract/claims';
import { claimKey, constructPrefix } from '../../src/contract/job-name';

const ROLE_ARN = 'arn:aws:iam::111111111111:role/foreign';
const OTHER_STACK = 'arn:aws:cloudformation:us-east-1:111111111111:stack/other/99999999-1111-2222-3333-444455556666';

/** What is there beside the stacks, and must be the same in the end: jobs and models of other stacks and of people. */
export class Foreign {
  private readonly before = new Map<string, string>();
  private request?: Readonly<Record<string, unknown>>;

  constructor(private readonly aws: HostileAws) {}

  /** Jobs that run for days, some under names that look like those of another stack's constructs. */
  public async setUp(): Promise<this> {
    const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } }] };
    this.aws.region.iam.createRole('foreign', trust);
    this.request = await this.aws.family.jobs?.foreign(this.aws, ROLE_ARN);
    await this.job('somebodys-job', []);
    await this.job(`${constructPrefix(OTHER_STACK, 'JobB9D00F9F')}0123456789abcdef`, [{ Key: STACK_TAG, Value: OTHER_STACK }]);
    await this.model('somebodys-model');
    await this.model(`${constructPrefix(OTHER_STACK, 'Model0301700E')}0123456789abcdef`);
    return this;
  }

  /** Jobs in a stack's own namespace that are not its own: of another stack of that name, and of nobody. */
  public async besideStack(stackId: string): Promise<void> {
    const stack = this.aws.region.cloudformation.stacks.get(stackId);
    const { Namespace, StackKey } = [...stack?.resources.values() ?? []].map(({ properties }) => properties as Record<string, any>)
      .find((properties) => properties.StackKey !== undefined) ?? {};
    if (Namespace === undefined || this.has(`${Namespace}-0000000000000000deadbeef`)) { return; }
    const [, , guid] = OTHER_STACK.split('/');
    await this.job(`${Namespace}-0000000000000000deadbeef`, [
      { Key: STACK_TAG, Value: OTHER_STACK },
      { Key: stackTag({ StackKey }), Value: OTHER_STACK },
      { Key: CLAIM_TAG + claimKey(StackKey, 'JobB9D00F9F'), Value: `2026-01-01T00:00:00.000Z request 2026-01-01T00:00:00.000Z ${guid}` },
    ]);
    await this.job(`${Namespace}-0000000000000000feedbeef`, []);
  }

  /** Another stack of the account starts its own job under a name that the service has dropped, and a person stops that: no stack of the lifecycle claims it. */
  public async takeOver(jobName: string): Promise<void> {
    const { create, stop, nameMember } = this.aws.family.jobs!.operations;
    const Tags = [{ Key: STACK_TAG, Value: OTHER_STACK }];
    await this.aws.sagemaker(create, { ...this.request, [nameMember]: jobName, Tags });
    await this.aws.sagemaker(stop, { [nameMember]: jobName });
  }

  public has(jobName: string): boolean {
    return this.before.has(`job ${jobName}`);
  }

  /** What is no longer as it was. */
  public changed(): string[] {
    return [...this.before].filter(([what, state]) => this.state(what) !== state).map(([what, state]) => `${what} was ${state} and is ${this.state(what)}`);
  }

  private async job(JobName: string, Tags: object[]): Promise<void> {
    if (!this.aws.family.jobs) { return; }
    const { create, nameMember } = this.aws.family.jobs.operations;
    await this.aws.sagemaker(create, { ...this.request, [nameMember]: JobName, Tags });
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
