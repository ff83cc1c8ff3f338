import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { build } from 'esbuild';
import { FrameworkRunner } from './framework-runner';
import { CallRecord, LocalAws, Region, startLocalAws } from '../../local-aws';
import { Stack as StackRecord } from '../../local-aws/cloudformation';
import { BenchmarkScript } from '../../local-aws/sagemaker';
import { newestStack, publish, withTemplate } from '../../test/harness/assembly';
import { packageRequest } from '../../test/harness/model-package';
import { ACCOUNT, REGION } from '../../test/harness/place';

const HANDLER = join(__dirname, '..', 'alternatives', 'handler.ts');

/** An account of the local AWS with a registered model. It deploys stacks without the CLI. */
export class Account {
  public static async open(benchmarks: BenchmarkScript): Promise<Account> {
    const aws = await startLocalAws({ benchmarks, imported: 'assumed', lambdaRunner: new FrameworkRunner(), holdAnswersMs: 0 });
    const account = new Account(aws);
    await build({ entryPoints: [HANDLER], outfile: join(account.code, 'index.js'), bundle: true, minify: true, platform: 'node', target: 'node22' });
    await account.register();
    return account;
  }

  /** The bundled handler of the alternative. */
  public readonly code = mkdtempSync(join(tmpdir(), 'bench-handler-'));
  public readonly calls: CallRecord[] = [];
  public packageArn = '';

  private constructor(readonly aws: LocalAws) {
    aws.world.watch((call) => this.calls.push(call));
  }

  public get region(): Region {
    return this.aws.world.region(ACCOUNT, REGION);
  }

  /** Creates or updates a stack and returns the stack with its final status. */
  public async bring(name: string, make: (stack: Stack) => void): Promise<StackRecord> {
    const outdir = mkdtempSync(join(tmpdir(), 'bench-app-'));
    const app = new App({ outdir });
    make(new Stack(app, name));
    app.synth();
    const TemplateBody = publish(outdir, name, this.region);
    rmSync(outdir, { recursive: true });
    const operation = this.region.cloudformation.find(name) ? 'UpdateStack' : 'CreateStack';
    const request = withTemplate(this.region, { StackName: name, TemplateBody, Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] });
    await this.ask('cloudformation', operation, { ...request }).catch((error) => {
      if (!/No updates are to be performed/.test(error.message)) { throw error; }
    });
    const record = newestStack(this.region, name);
    await record.work;
    return record;
  }

  /** The number of jobs that were started. */
  public get jobsStarted(): number {
    return this.calls.filter(({ operation, status }) => operation === 'CreateInferenceRecommendationsJob' && status === 200).length;
  }

  public ask(service: 'cloudformation' | 'sagemaker', operation: string, input: Record<string, unknown>): Promise<any> {
    const { region } = this;
    const call = { region, principal: { account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/bench` }, requestId: 'bench' };
    return this.aws.world.clock.run(async () => region[service].operations[operation](input, call));
  }

  public async close(): Promise<void> {
    await this.aws.close();
    rmSync(this.code, { recursive: true });
  }

  private async register(): Promise<void> {
    await this.ask('sagemaker', 'CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
    this.packageArn = (await this.ask('sagemaker', 'CreateModelPackage', {
      ModelPackageGroupName: 'models',
      ModelApprovalStatus: 'Approved',
      ...packageRequest(),
    })).ModelPackageArn;
  }
}
