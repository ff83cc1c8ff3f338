import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import type { Breakage } from './breakages';
import type { Wording } from './wordings';
import type { Cause } from '../../../cli/src/diagnose/causes';
import { diagnose } from '../../../cli/src/diagnose/diagnose';
import type { Io } from '../../../cli/src/terminal/io';
import type { Region } from '../../../local-aws';
import { BenchmarkScript, publishedBenchmarks } from '../../../local-aws/sagemaker';
import { issueCredentials } from '../../../local-aws/sts';
import { InProcessRunner } from '../../e2e/in-process-runner';
import { LocalApps } from '../../e2e/local-apps';
import { newestStack, operate, publish } from '../../harness/assembly';
import { QUICK_START } from '../../harness/model-package';

export interface Diagnosis {
  readonly code: number;
  readonly stack?: { readonly status: string };
  readonly jobs: ReadonlyArray<{ readonly jobName?: string; readonly status?: string }>;
  readonly causes: readonly Cause[];
  readonly notes: readonly string[];
}

/** A local AWS in which stacks of many names go wrong, each in its own way. */
export class BrokenWorld {
  public static async open(): Promise<BrokenWorld> {
    const running = new Map<string, Running>();
    // The description of a job is its construct's path; a role has the name of its stack.
    const benchmarks: BenchmarkScript = (request, ...rest) => (running.get(String(request.JobDescription).split('/')[0])?.benchmarks ?? publishedBenchmarks)(request, ...rest);
    const apps = await LocalApps.open({
      lambdaRunner: new InProcessRunner(),
      imported: 'required',
      benchmarks,
      faults: [(call) => running.get(stackOf(call))?.fault?.(call)],
      lostAnswers: [(call) => running.get(stackOf(call))?.lost?.(call)],
      quotas: { 'ml.g5.xlarge for endpoint usage': 0 },
    });
    return new BrokenWorld(apps, running);
  }

  private constructor(readonly apps: LocalApps, private readonly running: Map<string, Running>) {
    Object.assign(process.env, apps.aws.environment());
    apps.aws.world.s3.createBucket('data', this.region.account, this.region.name);
    for (const key of ['model.tar.gz', 'payload.tar.gz']) { apps.aws.world.s3.putObject('data', key, readFileSync(join(QUICK_START, 'model.tar.gz'))); }
    apps.aws.world.s3.putObject('data', 'text.tar.gz', Buffer.from('5.1,3.5,1.4,0.2\n'));
  }

  public get region(): Region {
    return this.apps.region();
  }

  /** Deploys a stack that breaks so, under a name that says nothing. */
  public async bring(name: string, breakage: Breakage, wording?: Wording): Promise<string> {
    this.running.set(name, { benchmarks: breakage.benchmarks?.(wording), fault: breakage.fault, lost: breakage.lost });
    await breakage.prepare?.(this.region);
    const build = (app: App) => { breakage.build(new Stack(app, name), this.region); };
    const meanwhile = breakage.meanwhile?.(this, name);
    const isThere = this.region.cloudformation.find(name) !== undefined;
    const status = await operate(this.region, isThere ? 'UpdateStack' : 'CreateStack', name, {
      TemplateBody: publish(this.apps.synth(build), name, this.region), Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'], Tags: breakage.tags,
    });
    await meanwhile;
    return status;
  }

  /** What the verb says, as a program reads it. */
  public async diagnosed(word: string, ...args: string[]): Promise<Diagnosis> {
    const { code, out } = await run([word, '--json', ...args]);
    return { code, ...JSON.parse(out) };
  }

  public arnOf(name: string): string {
    return newestStack(this.region, name).id;
  }

  public jobs(name: string): string[] {
    return [...this.region.sagemaker.state.jobs.values()].filter(({ request }) => String(request.JobDescription).startsWith(`${name}/`)).map(({ request }) => request.JobName);
  }

  /** Resolves with the first job of a stack, once it has been created. */
  public created(name: string): Promise<string> {
    return new Promise((resolve) => {
      const forget = this.apps.aws.world.watch(({ operation, status, request }) => {
        if (operation !== 'CreateInferenceRecommendationsJob' || status !== 200 || !String((request as any).JobDescription).startsWith(`${name}/`)) { return; }
        forget();
        resolve((request as any).JobName);
      });
    });
  }

  /** Resolves once a stack waits for its job. */
  public waiting(name: string): Promise<void> {
    return new Promise((resolve) => {
      const forget = this.apps.aws.world.watch(({ operation, status, request }) => {
        const { stateMachineArn = '', input = '{}' } = request as { readonly stateMachineArn?: string; readonly input?: string };
        if (operation !== 'StartExecution' || status !== 200 || !stateMachineArn.includes(`:${name}-`) || JSON.parse(input).purpose !== 'wait') { return; }
        forget();
        resolve();
      });
    });
  }

  /** Does something with the credentials of a role that has this policy alone. */
  public async as(policy: object, work: () => Promise<void>): Promise<void> {
    const { region: { iam, account, partition }, apps: { aws } } = this;
    const name = `Reader${iam.roles().length}`;
    const Principal = { AWS: `arn:${partition}:iam::${account}:root` };
    iam.createRole(name, { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] });
    iam.putRolePolicy(name, 'Policy', policy);
    const session = `arn:${partition}:sts::${account}:assumed-role/${name}/reader`;
    const keys = issueCredentials(aws.world, { account, arn: session });
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: keys.AccessKeyId, AWS_SECRET_ACCESS_KEY: keys.SecretAccessKey, AWS_SESSION_TOKEN: keys.SessionToken,
    });
    try {
      await work();
    } finally {
      Object.assign(process.env, aws.environment());
    }
  }

  public close(): Promise<void> {
    return this.apps.close();
  }
}

interface Running {
  readonly benchmarks?: BenchmarkScript;
  readonly fault?: Breakage['fault'];
  readonly lost?: Breakage['lost'];
}

/** The stack whose role makes a call. */
function stackOf({ principal }: { readonly principal: string }): string {
  return /:(?:assumed-)?role\/([^-/]+)-/.exec(principal)?.[1] ?? '';
}

/** Runs the verb in this process. */
export async function run(args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const [out, err]: string[][] = [[], []];
  const io: Io = { out: (text) => out.push(text), err: (text) => err.push(text), isTerminal: false, hasColors: false, columns: 120 };
  const code = await diagnose(args, io);
  return { code, out: out.join('\n'), err: err.join('\n') };
}
