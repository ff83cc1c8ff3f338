import { PROBE_CAMPAIGN } from './campaign';
import { probesOf } from './service';
import { Apps, PARAMETERS, Parameters, synthesizeApps } from '../faults/apps';
import { campaign, reportOf } from '../faults/campaign';
import { Course } from '../faults/family';
import { Faults } from '../faults/faults';
import { HostileAws } from '../faults/hostile-aws';
import { Random } from '../faults/random';

const MINUTE = 60_000;
const apps: Apps = synthesizeApps(PROBE_CAMPAIGN);

/** A stack with a job of the second family, on the local AWS's own CloudFormation, functions and state machines, where nothing goes wrong by itself. */
class Probed {
  private readonly random = new Random(1);
  private readonly faults = new Faults(this.random);
  private readonly aws: HostileAws;
  public readonly courses: Course[] = [];

  constructor() {
    this.faults.calm = true;
    this.aws = new HostileAws(this.random, this.faults, PROBE_CAMPAIGN, () => this.courses.shift() ?? { seconds: 600 });
    this.aws.publish(apps('one-job', 'Probed'));
  }

  /** Runs an operation until it ends, and gives the status of the stack. */
  public async operate(operation: 'CreateStack' | 'UpdateStack' | 'DeleteStack', parameters: Partial<Parameters> = {}): Promise<string> {
    await this.begin(operation, parameters);
    await this.until(() => !this.stack.inProgress && this.aws.quiet);
    return this.stack.status;
  }

  public async begin(operation: 'CreateStack' | 'UpdateStack' | 'DeleteStack', parameters: Partial<Parameters> = {}): Promise<void> {
    const input = operation === 'DeleteStack' ? {} : {
      TemplateBody: apps('one-job', 'Probed').template('cost Job'),
      Parameters: Object.entries({ ...PARAMETERS, ...parameters }).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      Capabilities: ['CAPABILITY_IAM'],
    };
    void this.aws.operate('cloudformation', operation, { StackName: 'Probed', ...input });
    await this.aws.world.clock.settled();
  }

  public async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (!await this.aws.world.clock.step()) { throw new Error(`Nothing is left to happen, and the stack is ${this.stack.status}.`); }
    }
  }

  public get stack() {
    return [...this.aws.region.cloudformation.stacks.values()].pop()!;
  }

  /** Names of the jobs that the service has, with their statuses. */
  public get probes(): Array<[string, string]> {
    return [...probesOf(this.aws.region)].map(([name, { status }]) => [name, status]);
  }

  public get reasons(): string {
    return this.stack.events.map(({ reason }) => reason ?? '').join('\n');
  }

  public best(): Record<string, unknown> {
    return [...this.stack.resources.values()].find(({ logicalId }) => logicalId.startsWith('JobBest'))!.attributes;
  }

  public get minutes(): number {
    return this.aws.world.clock.now() / MINUTE;
  }
}

test('starts, is waited for beyond the hour, and its best recommendation is chosen', async () => {
  const probed = new Probed();
  probed.courses.push({ seconds: 80 * 60 });
  const begun = probed.minutes;
  expect(await probed.operate('CreateStack')).toBe('CREATE_COMPLETE');
  expect(probed.minutes - begun).toBeGreaterThan(80);
  const [[name, status]] = probed.probes;
  expect(status).toBe('Done');
  expect(probed.best()).toMatchObject({ JobName: name, InstanceType: 'ml.c6i.xlarge', CostPerInference: '0.000002', MaxInvocations: '900', Source: 'Benchmark' });
});

test('a failure fails the deploy with the service\'s reason, and the rollback deletes the job', async () => {
  const probed = new Probed();
  probed.courses.push({ seconds: 600, failureReason: 'The probe found no capacity' });
  expect(await probed.operate('CreateStack')).toBe('ROLLBACK_COMPLETE');
  expect(probed.reasons).toContain('ended Broken: The probe found no capacity. Logs: group /probes, stream ');
  expect(probed.probes).toEqual([]);
});

test('an update with the same content runs nothing; other content runs another job, and the clean-up deletes the old one', async () => {
  const probed = new Probed();
  await probed.operate('CreateStack');
  const [[first]] = probed.probes;
  expect(await probed.operate('UpdateStack', { Team: 'green' })).toBe('UPDATE_COMPLETE');
  expect(probed.probes).toEqual([[first, 'Done']]);
  expect(await probed.operate('UpdateStack', { Trigger: 'second' })).toBe('UPDATE_COMPLETE');
  const [[second], ...more] = probed.probes;
  expect([more, second === first]).toEqual([[], false]);
  expect(probed.best()).toMatchObject({ JobName: second });
});

test('an update that fails after the job has begun stops and deletes the new job, and keeps the old one with its results', async () => {
  const probed = new Probed();
  await probed.operate('CreateStack');
  const [[first]] = probed.probes;
  probed.courses.push({ seconds: 40 * 60 });
  expect(await probed.operate('UpdateStack', { Trigger: 'second', Sibling: 'fails after 5' })).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(probed.probes).toEqual([[first, 'Done']]);
  expect(probed.best()).toMatchObject({ JobName: first });
});

test('a deletion deletes the job that has ended', async () => {
  const probed = new Probed();
  await probed.operate('CreateStack');
  expect(await probed.operate('DeleteStack')).toBe('DELETE_COMPLETE');
  expect(probed.probes).toEqual([]);
});

test('a deletion stops a job that runs, waits until it has stopped, and deletes it', async () => {
  const probed = new Probed();
  probed.courses.push({ seconds: 80 * 60 });
  const begun = probed.minutes;
  await probed.begin('CreateStack');
  await probed.until(() => probed.probes.some(([, status]) => status === 'Running'));
  expect(await probed.operate('DeleteStack')).toBe('DELETE_COMPLETE');
  expect(probed.probes).toEqual([]);
  expect(probed.minutes - begun).toBeLessThan(80);
});

test('meets with every fault as the first family does, and nothing comes of it that must not', async () => {
  const { violated, lifecycles } = await campaign(apps, { lifecycles: 150, seed: 1, family: PROBE_CAMPAIGN });
  expect(lifecycles).toBe(150);
  expect(violated.flatMap(reportOf)).toEqual([]);
});
