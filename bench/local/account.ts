import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { FrameworkRunner } from './framework-runner';
import { CallRecord, LocalAws, Region, startLocalAws } from '../../local-aws';
import { Stack as StackRecord } from '../../local-aws/cloudformation';
import { BenchmarkScript } from '../../local-aws/sagemaker';

const ACCOUNT = '111111111111';
const HANDLER = join(__dirname, '..', 'alternatives', 'handler.ts');

/** An account of the local AWS with a registered model, in which stacks are brought up without the CLI. */
export class Account {
  public static async open(benchmarks: BenchmarkScript): Promise<Account> {
    const aws = await startLocalAws({ benchmarks, lambdaRunner: new FrameworkRunner(), holdAnswersMs: 0 });
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
    return this.aws.world.region(ACCOUNT, 'us-east-1');
  }

  /** Creates or updates a stack and gives the status that it ends in. */
  public async bring(name: string, make: (stack: Stack) => void): Promise<StackRecord> {
    const outdir = mkdtempSync(join(tmpdir(), 'bench-app-'));
    const app = new App({ outdir });
    make(new Stack(app, name));
    app.synth();
    const TemplateBody = this.publish(outdir, name);
    rmSync(outdir, { recursive: true });
    const operation = this.region.cloudformation.find(name) ? 'UpdateStack' : 'CreateStack';
    await this.ask('cloudformation', operation, { StackName: name, TemplateBody, Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] }).catch((error) => {
      if (!/No updates are to be performed/.test(error.message)) { throw error; }
    });
    const record = [...this.region.cloudformation.stacks.values()].filter((stack) => stack.name === name).pop()!;
    await record.work;
    return record;
  }

  /** Jobs that were started, all in all. */
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

  /** Brings a stack's assets where its template looks for them, and gives the template. */
  private publish(assembly: string, name: string): string {
    const { s3 } = this.aws.world;
    const { files } = JSON.parse(readFileSync(join(assembly, `${name}.assets.json`), 'utf8'));
    for (const { source, destinations } of Object.values<any>(files)) {
      const [{ bucketName, objectKey }] = Object.values<any>(destinations);
      const bucket = bucketName.replace('${AWS::AccountId}', ACCOUNT).replace('${AWS::Region}', this.region.name);
      const path = join(assembly, source.path);
      s3.putObject(bucket, objectKey, source.packaging === 'zip' ? zip(path) : readFileSync(path));
    }
    return readFileSync(join(assembly, `${name}.template.json`), 'utf8');
  }

  private async register(): Promise<void> {
    await this.ask('sagemaker', 'CreateModelPackageGroup', { ModelPackageGroupName: 'models' });
    this.packageArn = (await this.ask('sagemaker', 'CreateModelPackage', {
      ModelPackageGroupName: 'models',
      ModelApprovalStatus: 'Approved',
      Domain: 'MACHINE_LEARNING',
      Task: 'CLASSIFICATION',
      SamplePayloadUrl: 's3://bucket/payload.tar.gz',
      InferenceSpecification: {
        Containers: [{ Image: 'image', ModelDataUrl: 's3://bucket/model.tar.gz', Framework: 'XGBOOST', FrameworkVersion: '1.3-1' }],
        SupportedContentTypes: ['text/csv'],
        SupportedResponseMIMETypes: ['text/csv'],
      },
    })).ModelPackageArn;
  }
}

function zip(folder: string): Buffer {
  return Buffer.from(zipSync(Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file))]))));
}
