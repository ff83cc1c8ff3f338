import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { InProcessRunner } from './in-process-runner';
import { cdk, CdkRun } from '../../demo/cdk';
import { Home, LocalAws, LocalAwsOptions, Region, startLocalAws, VirtualClock } from '../../local-aws';
import { Stack } from '../../local-aws/cloudformation';
import { publishedBenchmarks } from '../../local-aws/sagemaker';
import { newestStack, operate, outputsOf, parametersBelow, publish } from '../harness/assembly';
import { ACCOUNT, REGION } from '../harness/place';
import { passUntil, UNTIL_DONE_FOR_TOOLS } from '../harness/waiting';

const MINUTE = 60_000;

/** What stands in an app. */
export type Build = (app: App) => void;

export interface LocalAppsOptions extends LocalAwsOptions {
  /** Time passes only where the test lets it, so there are no rates: whoever waits for one would wait for ever. @default - it jumps to whatever is due */
  readonly byHand?: boolean;
}

/** Apps that are synthesized here, and deployed to a local AWS of their own: by the unchanged CDK CLI or, where that is faster, by CloudFormation alone. */
export class LocalApps {
  public static async open({ byHand, ...options }: LocalAppsOptions = {}): Promise<LocalApps> {
    // The same on every day of a month: what a month is allowed does not begin anew in between.
    const time = byHand ? { clock: new VirtualClock({ start: new Date('2026-01-01T00:00:00Z'), jumps: false }), rates: [] } : {};
    return new LocalApps(await startLocalAws({
      ...UNTIL_DONE_FOR_TOOLS, benchmarks: publishedBenchmarks, imported: 'assumed', ...time, ...InProcessRunner.unthrottled(options), ...options,
    }));
  }

  private readonly folder = mkdtempSync(join(tmpdir(), 'e2e-apps-'));
  private assemblies = 0;

  private constructor(readonly aws: LocalAws) {}

  public region(name = REGION, account = ACCOUNT): Region {
    return this.aws.world.region(account, name);
  }

  /** The directory of an app's assembly. */
  public synth(build: Build): string {
    const app = new App({ outdir: join(this.folder, `assembly-${++this.assemblies}`), analyticsReporting: false });
    build(app);
    return app.synth().directory;
  }

  /** Runs the CLI on an app. */
  public cdk(build: Build, args: string[], home?: Home): Promise<CdkRun> {
    return cdk(this.folder, this.aws.environment(home), ...args, '--app', this.synth(build), '--require-approval', 'never');
  }

  /** Creates or updates a stack without the CLI, and gives the status that it ends in. */
  public async bring(build: Build, name: string, region = this.region()): Promise<string> {
    const TemplateBody = publish(this.synth(build), name, region);
    const isThere = region.cloudformation.find(name) !== undefined;
    return operate(region, isThere ? 'UpdateStack' : 'CreateStack', name, { TemplateBody, Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] });
  }

  /** Deletes a stack without the CLI, and gives the status that it ends in. */
  public remove(name: string, region = this.region()): Promise<string> {
    return operate(region, 'DeleteStack', name);
  }

  /** The newest stack of a name, deleted or not. */
  public stack(name: string, region = this.region()): Stack {
    return newestStack(region, name);
  }

  public outputs(name: string, region = this.region()): Record<string, string> {
    return outputsOf(this.stack(name, region));
  }

  /** Why what failed has failed. */
  public reasons(name: string, region = this.region()): string {
    return this.stack(name, region).events.filter(({ status }) => /FAILED|ROLLBACK_IN_PROGRESS/.test(status)).map(({ reason }) => reason).join('\n');
  }

  /** Values of the parameters below a path, by the rest of their names. */
  public parameters(path: string, region = this.region()): Record<string, string> {
    return parametersBelow(region, path);
  }

  /** The objects that were logged in a group. */
  public logged(group: string, region = this.region()): any[] {
    return region.logs.tail(group, 1000).filter((line) => line.includes('{')).map((line) => JSON.parse(line.slice(line.indexOf('{'))));
  }

  /** Calls an operation of SageMaker, as the account's user. */
  public sagemaker(operation: string, input: object, region = this.region()): Promise<any> {
    return this.aws.world.clock.run(() => region.sagemaker.call(operation, input));
  }

  public statuses(region = this.region()): string[] {
    return [...region.sagemaker.state.jobs.values()].map(({ status }) => status);
  }

  /** How the executions of the machine that follows jobs are. */
  public followings(region = this.region()): string[] {
    return [...region.stepFunctions.executions.values()].filter(({ machine }) => machine.name.includes('Following')).map(({ status }) => status);
  }

  public pass(minutes: number): Promise<void> {
    return this.aws.world.clock.advance(minutes * MINUTE);
  }

  /** Lets time pass by hand until something is done. */
  public passUntil<T>(work: Promise<T>): Promise<T> {
    return passUntil(this.aws.world, work);
  }

  public async close(): Promise<void> {
    await this.aws.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
