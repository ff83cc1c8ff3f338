import type { Account } from './account';
import type { StackOptions } from './apps/lifecycle';
import { CdkRun } from '../../demo/cdk';
import { CallRecord, Region } from '../../local-aws';
import { Resource, Stack } from '../../local-aws/cloudformation';
import { digest, STACK_DIGITS } from '../../src/contract/job-name';
import { newestStack, operate, outputsOf, parametersBelow, publish } from '../harness/assembly';

export type Settings = Omit<StackOptions, 'name'>;

export interface BringOptions {
  readonly rollback?: boolean;
  /** Changes the synthesized template. */
  readonly edit?: (template: any) => void;
}

/** The life of one stack: changed by the CDK CLI or, where that is faster, by CloudFormation's operations, and looked at through the services. */
export class Life {
  private readonly calls: CallRecord[] = [];

  constructor(private readonly account: Account, private readonly name: string, readonly region: Region) {
    account.aws.world.watch((call) => this.calls.push(call));
  }

  /** With the CLI. */
  public deploy(settings: Settings = {}, ...args: string[]): Promise<CdkRun> {
    return this.cdk(settings, 'deploy', ...args);
  }

  /** With the CLI. */
  public destroy(): Promise<CdkRun> {
    return this.cdk({}, 'destroy', '--force');
  }

  public cdk(settings: Settings, ...args: string[]): Promise<CdkRun> {
    return this.account.cdk([{ name: this.name, ...settings }], ...args);
  }

  /** Creates or updates the stack without the CLI, and gives the status that it ends in. */
  public async bring(settings: Settings = {}, options: BringOptions = {}): Promise<string> {
    return this.change(await this.synth(settings), options);
  }

  /** The directory of the stack's assembly. The clock may jump past the end of a job meanwhile. */
  public synth(settings: Settings = {}): Promise<string> {
    return this.account.synth([{ name: this.name, ...settings }]);
  }

  /** The same as `bring`, with what is synthesized already. */
  public async change(assembly: string, { rollback = true, edit = () => {} }: BringOptions = {}): Promise<string> {
    const template = JSON.parse(publish(assembly, this.name, this.region));
    edit(template);
    const exists = this.region.cloudformation.find(this.name) !== undefined;
    return this.operate(exists ? 'UpdateStack' : 'CreateStack', {
      TemplateBody: JSON.stringify(template), Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'], DisableRollback: !rollback,
    });
  }

  /** Deletes the stack without the CLI, and gives the status that it ends in. */
  public remove(): Promise<string> {
    return this.operate('DeleteStack');
  }

  /** Lets one of CloudFormation's operations do its work, and gives the status that the stack ends in. */
  public operate(operation: string, input: Record<string, unknown> = {}): Promise<string> {
    return operate(this.region, operation, this.name, input);
  }

  /** The newest stack of the name, deleted or not. */
  public get record(): Stack {
    return newestStack(this.region, this.name);
  }

  public get outputs(): Record<string, string> {
    return outputsOf(this.record);
  }

  public resources(logicalId: RegExp): Resource[] {
    return [...this.record.resources.values()].filter((resource) => logicalId.test(resource.logicalId));
  }

  /** Why what failed has failed. */
  public get reasons(): string {
    return this.record.events.filter(({ status }) => status.endsWith('_FAILED')).map(({ reason }) => reason).join('\n');
  }

  /** Virtual time of a resource's first event of a status. */
  public at(logicalId: RegExp, status: string): number {
    const event = this.record.events.find((one) => logicalId.test(one.logicalId) && one.status === status);
    if (!event) { throw new Error(`${this.name} has no event ${status} of ${logicalId}`); }
    return event.virtualTime;
  }

  /** How long the creation of a resource took, in virtual minutes. */
  public minutesOf(logicalId: RegExp, end = 'CREATE_COMPLETE'): number {
    return (this.at(logicalId, end) - this.at(logicalId, 'CREATE_IN_PROGRESS')) / 60_000;
  }

  /** When functions of the stack were started, in virtual time. */
  public get invocations(): number[] {
    return this.region.lambda.invocations.filter(({ functionName }) => functionName.startsWith(`${this.name}-`)).map(({ start }) => start);
  }

  /** Jobs that were ever started under the stack, with their status. */
  public async jobs(): Promise<Array<{ readonly name: string; readonly status: string }>> {
    const { InferenceRecommendationsJobs: jobs } = await this.ask('ListInferenceRecommendationsJobs', { NameContains: this.namespace, SortOrder: 'Ascending', MaxResults: 100 });
    return jobs.map(({ JobName, Status }: any) => ({ name: JobName, status: Status }));
  }

  /** Names of the stack's jobs that an operation was done to, one for each call: what was started is what is billed. */
  public done(operation: 'CreateInferenceRecommendationsJob' | 'StopInferenceRecommendationsJob'): string[] {
    const calls = this.calls.filter((call) => call.operation === operation && call.status === 200);
    return calls.map(({ request }) => (request as { JobName: string }).JobName).filter((name) => name.startsWith(this.namespace));
  }

  public async statuses(): Promise<string[]> {
    return (await this.jobs()).map(({ status }) => status).sort();
  }

  /** Names of the models and endpoint configurations of the stack. */
  public async deployed(): Promise<{ readonly models: string[]; readonly configs: string[] }> {
    const { Models } = await this.ask('ListModels', { NameContains: this.prefix });
    const { EndpointConfigs } = await this.ask('ListEndpointConfigs', { NameContains: `${this.name}-` });
    return { models: Models.map((model: any) => model.ModelName), configs: EndpointConfigs.map((config: any) => config.EndpointConfigName) };
  }

  /** What the stack's endpoint runs. */
  public async endpoint(): Promise<{ readonly status: string; readonly config: string; readonly instanceType: string; readonly model: string }> {
    const endpoint = await this.ask('DescribeEndpoint', { EndpointName: this.outputs.EndpointName });
    const { ProductionVariants: [variant] } = await this.ask('DescribeEndpointConfig', { EndpointConfigName: endpoint.EndpointConfigName });
    return { status: endpoint.EndpointStatus, config: endpoint.EndpointConfigName, instanceType: variant.InstanceType, model: variant.ModelName };
  }

  /** The container of the model that the stack's endpoint runs. */
  public async container(): Promise<Record<string, any>> {
    return (await this.ask('DescribeModel', { ModelName: (await this.endpoint()).model })).PrimaryContainer;
  }

  /** What stands in Parameter Store below a path. */
  public parameters(path: string): Record<string, string> {
    return parametersBelow(this.region, path);
  }

  /** Names of the compilation jobs that the stack's jobs made, and that are there still. */
  public get compilations(): string[] {
    const made = [...this.region.sagemaker.state.compilationJobs].filter(([, { description }]) => description.RoleArn?.includes(`:role/${this.name}-`));
    return made.map(([name]) => name);
  }

  public ask(operation: string, input: Record<string, unknown> = {}): Promise<any> {
    return this.account.sagemaker(this.region, operation, input);
  }

  /** As the service may do with the records of old jobs. */
  public drop(jobName: string): void {
    this.region.sagemaker.state.jobs.delete(jobName);
  }

  /** Of the names of its jobs, which every stack of its name finds. */
  private get namespace(): string {
    return `${digest(`stack ${this.name}`, STACK_DIGITS)}-`;
  }

  /** Of the names of its models. */
  private get prefix(): string {
    return this.record.id.split('/')[2].split('-')[0];
  }
}
