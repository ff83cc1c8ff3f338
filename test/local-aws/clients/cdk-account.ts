import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { cdk, CdkRun } from '../../../demo/cdk';
import { LocalAws, LocalAwsOptions, startLocalAws } from '../../../local-aws';
import { Stack as DeployedStack } from '../../../local-aws/cloudformation';
import { newestStack } from '../../harness/assembly';
import { ACCOUNT, REGION } from '../../harness/place';
import { UNTIL_DONE_FOR_TOOLS } from '../../harness/waiting';

/** What stands in the stacks of an app, by their names. */
export type Apps = Readonly<Record<string, (stack: Stack) => void>>;

/** An account of a local AWS of its own, and the unchanged CDK CLI with apps that are synthesized here. */
export class CdkAccount {
  public static async open(options: LocalAwsOptions = {}): Promise<CdkAccount> {
    return new CdkAccount(await startLocalAws({ ...UNTIL_DONE_FOR_TOOLS, ...options }));
  }

  private readonly folder = mkdtempSync(join(tmpdir(), 'cdk-cli-'));
  private assemblies = 0;

  private constructor(readonly aws: LocalAws) {}

  /** Runs a command on an app. */
  public run(stacks: Apps, ...args: string[]): Promise<CdkRun> {
    const app = new App({ outdir: join(this.folder, `assembly-${++this.assemblies}`), analyticsReporting: false });
    for (const [name, fill] of Object.entries(stacks)) { fill(new Stack(app, name)); }
    return this.command(...args, '--app', app.synth().directory);
  }

  /** Runs a command that reads no app. */
  public command(...args: string[]): Promise<CdkRun> {
    return cdk(this.folder, this.aws.environment(), ...args);
  }

  public region(name = REGION) {
    return this.aws.world.region(ACCOUNT, name);
  }

  /** The newest stack of a name, deleted or not. */
  public stack(name: string): DeployedStack {
    return newestStack(this.region(), name);
  }

  /** What happened in a stack from its `from`th event on: `logicalId STATUS`. */
  public events(name: string, from = 0): string[] {
    return this.stack(name).events.slice(from).map(({ logicalId, status }) => `${logicalId} ${status}`);
  }

  public parameter(name: string): string | undefined {
    return this.region().ssm.parameters.get(name)?.Value;
  }

  /** The CloudFormation operations that changed a stack while `work` ran. */
  public async changes(stackName: string, work: () => Promise<unknown>): Promise<string[]> {
    const seen: string[] = [];
    const forget = this.aws.world.watch(({ service, operation, request }) => {
      if (service === 'cloudformation' && (request as any).StackName === stackName && !/^(Describe|List|Get)/.test(operation)) { seen.push(operation); }
    });
    await work();
    forget();
    return seen;
  }

  public async close(): Promise<void> {
    await this.aws.close();
    rmSync(this.folder, { recursive: true });
  }
}
