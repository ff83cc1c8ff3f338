import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import type { StackOptions } from './apps/lifecycle';
import { InProcessRunner } from './in-process-runner';
import { Life } from './life';
import { Synthesizer } from './synthesizer';
import { cdk, CdkRun } from '../../demo/cdk';
import { LocalAws, LocalAwsOptions, Region, startLocalAws, VirtualClock } from '../../local-aws';
import { BenchmarkRun, publishedBenchmarks } from '../../local-aws/sagemaker';
import { ACCOUNT } from '../harness/place';
import { UNTIL_DONE_FOR_TOOLS } from '../harness/waiting';

/** How the jobs of one stack go, where it is not as published. */
export type Course = (jobName: string) => Partial<BenchmarkRun>;

/** A job that ends after so many minutes, with all benchmarks failed. */
export function failsAfter(minutes: number): Partial<BenchmarkRun> {
  return {
    durationSeconds: minutes * 60,
    outcome: 'FAILED',
    failureReason: 'All benchmarks failed',
    recommendations: [],
    failedSteps: [{ failureReason: 'The container ran out of memory', EndpointConfiguration: { InstanceType: 'ml.c5.large' } }],
  };
}

export type AccountOptions = Omit<LocalAwsOptions, 'benchmarks'>;

/** An account of the local AWS, in which stacks live beside one another: each has its own name, jobs and functions. */
export class Account {
  public static async open(options: AccountOptions = {}): Promise<Account> {
    const courses = new Map<string, Course>();
    const aws = await startLocalAws({
      ...UNTIL_DONE_FOR_TOOLS,
      imported: 'assumed',
      // The same days in every run: months end, and quotas of a month begin anew.
      clock: new VirtualClock({ start: new Date('2026-01-01T00:00:00Z') }),
      benchmarks: (request, jobName, count) => ({
        // The description of a job is its construct's path, unless the test gives another.
        ...publishedBenchmarks(request, jobName, count), ...courses.get(String(request.JobDescription).split('/')[0])?.(jobName),
      }),
      ...InProcessRunner.unthrottled(options),
      ...options,
    });
    return new Account(aws, courses);
  }

  private readonly folder = mkdtempSync(join(tmpdir(), 'e2e-'));
  private readonly synthesizer = new Synthesizer();
  private assemblies = 0;

  private constructor(readonly aws: LocalAws, private readonly courses: Map<string, Course>) {}

  public stack(name: string, course?: Course, region = 'us-east-1'): Life {
    if (course) { this.courses.set(name, course); }
    return new Life(this, name, this.region(region));
  }

  public region(name: string): Region {
    return this.aws.world.region(ACCOUNT, name);
  }

  /** Runs the unchanged CDK CLI on an app. */
  public async cdk(stacks: readonly StackOptions[], ...args: string[]): Promise<CdkRun> {
    const assembly = await this.synth(stacks);
    return cdk(this.folder, this.aws.environment(), ...args, '--app', assembly, '--require-approval', 'never');
  }

  public async synth(stacks: readonly StackOptions[]): Promise<string> {
    const assembly = join(this.folder, `assembly-${++this.assemblies}`);
    await this.synthesizer.synth(assembly, stacks);
    return assembly;
  }

  /** Calls an operation of SageMaker in process, as the account's user. */
  public sagemaker(region: Region, operation: string, input: Record<string, unknown>): Promise<any> {
    const principal = { account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/e2e` };
    return this.aws.world.clock.run(async () => region.sagemaker.operations[operation](input, { region, principal, requestId: 'e2e' }));
  }

  /** Resolves once an operation was called with success. */
  public called(operation: string, matches: (request: any) => boolean = () => true): Promise<void> {
    return new Promise((resolve) => {
      const forget = this.aws.world.watch((call) => {
        if (call.operation !== operation || call.status !== 200 || !matches(call.request)) { return; }
        forget();
        resolve();
      });
    });
  }

  /** Lets virtual minutes pass, where the clock jumps. */
  public pass(minutes: number): Promise<void> {
    const { clock } = this.aws.world;
    return clock.run(() => clock.sleep(minutes * 60_000));
  }

  public async close(): Promise<void> {
    this.synthesizer.close();
    await this.aws.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One account for the tests around, opened by the first that asks for it. */
export function sharedAccount(options?: AccountOptions): () => Promise<Account> {
  let opened: Promise<Account> | undefined;
  afterAll(async () => (await opened)?.close());
  return () => (opened ??= Account.open(options));
}
