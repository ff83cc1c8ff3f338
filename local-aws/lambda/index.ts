import { createHash } from 'crypto';
import { ProcessRunner } from './process-runner';
import { InvocationResult, LambdaFunction, LambdaRunner, writeLog } from './runner';
import { unrunnable } from './runtimes';
import { AwsError, lackingIn, numberedPage, Operations, Principal, Region } from '../kernel';
import { Logs } from '../logs';

export { ProcessRunner } from './process-runner';
export type { InvocationResult, LambdaFunction, LambdaRunner } from './runner';
export { writeLog } from './runner';
export { LEADS } from './runtimes';

/** The settings of a function. All but the name, the code, the handler and the role have Lambda's defaults. */
export interface FunctionOptions {
  readonly functionName: string;
  readonly zip: Buffer;
  /** The zip files of its layers. @default - none */
  readonly layers?: readonly Buffer[];
  readonly handler: string;
  readonly roleArn: string;
  readonly runtime?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
  readonly memorySize?: number;
  readonly logGroup?: string;
}

/** A record of an invocation, in virtual milliseconds since 1970. `billedMs` is real time. */
export interface Invocation {
  readonly functionName: string;
  readonly start: number;
  readonly end: number;
  readonly billedMs: number;
  readonly error?: string;
}

/** The delays before the retries of failed asynchronous invocations. */
const RETRIES_MS = [60_000, 120_000];

/** How a function that fails gets an event again: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
export interface EventInvokeConfig {
  /** 0 to 2. @default 2 */
  readonly retries?: number;
  /** Seconds, 60 to 21,600, after which it does not. @default 21600 */
  readonly maxAgeSeconds?: number;
}

const LONGEST_AGE_SECONDS = 21_600;

/** Lambda: functions and their invocations. Virtual time does not advance during an invocation. */
export class Lambda {
  public readonly functions = new Map<string, LambdaFunction>();
  public readonly invocations: Invocation[] = [];
  /** The archives of layers, by the ARNs of their versions. */
  public readonly layers = new Map<string, Buffer>();
  /** The ARNs of versions and aliases. */
  public readonly qualified = new Set<string>();
  /** By the functions' names. */
  public readonly eventInvokeConfigs = new Map<string, EventInvokeConfig>();
  private readonly versions = new Map<string, number>();
  private readonly callers = new Map<string, number>();
  private requests = 0;

  public readonly operations: Operations = {
    // API_ListFunctions: at most 50 a page.
    ListFunctions: ({ Marker, MaxItems = '50' }) => {
      if (!/^\d{1,5}$/.test(MaxItems) || Number(MaxItems) < 1 || Number(MaxItems) > 10_000) { throw refused(`MaxItems must be 1 to 10000, got: ${MaxItems}`); }
      const { items, next } = numberedPage([...this.functions.values()], Marker, Math.min(Number(MaxItems), 50), () => refused('Invalid Marker'));
      return { Functions: items.map(configuration), NextMarker: next };
    },
    GetFunctionConfiguration: (input) => configuration(this.asked(input)),
    GetFunction: (input) => ({ Configuration: configuration(this.asked(input)), Code: { RepositoryType: 'S3' } }),
    Invoke: async ({ InvocationType = 'RequestResponse', LogType = 'None', Payload, ...input }, { principal }) => {
      const { functionName, logGroup } = this.asked(input);
      if (InvocationType === 'DryRun') { return { StatusCode: 204 }; }
      if (InvocationType === 'Event') {
        this.invokeAsync(functionName, Payload);
        return { StatusCode: 202 };
      }
      if (InvocationType !== 'RequestResponse') {
        throw refused(`Unknown InvocationType ${String(InvocationType)}`);
      }
      const { payload, error } = await this.run(this.find(functionName), Payload, this.requestId(), this.callersOf(principal));
      return { StatusCode: 200, ...(error && { FunctionError: 'Unhandled' }), Payload: JSON.stringify(error ?? payload ?? null), ...LogType === 'Tail' && { LogResult: this.endOfLog(logGroup) } };
    },
  };

  constructor(private readonly region: Region, private readonly runner: LambdaRunner = new ProcessRunner()) {}

  /** Whether functions find the local AWS under AWS's own names. */
  public get leadsAwsNames(): boolean {
    return this.runner.leadsAwsNames === true;
  }

  public create(options: FunctionOptions): LambdaFunction {
    if (this.functions.has(options.functionName)) {
      throw new AwsError('ResourceConflictException', `Function already exist: ${options.functionName}`, 409);
    }
    return this.set(options);
  }

  /** Changes code or configuration; absent members stay. Running invocations end with the old version. */
  public update(functionName: string, changes: Partial<Omit<FunctionOptions, 'functionName'>>): LambdaFunction {
    const old = this.find(functionName);
    const fn = this.set({ ...old, ...changes });
    this.runner.forget?.(old);
    return fn;
  }

  /** The number of a function's next version. */
  public nextVersion(functionName: string): number {
    const next = (this.versions.get(functionName) ?? 0) + 1;
    this.versions.set(functionName, next);
    return next;
  }

  /** Does nothing if the function does not exist. */
  public delete(functionName: string): void {
    const fn = this.functions.get(functionName);
    if (!fn) { return; }
    this.functions.delete(functionName);
    this.runner.forget?.(fn);
  }

  /** Calls a function and waits for its answer. An error of its code is a result; only a missing function throws. */
  public invoke(nameOrArn: string, payload: unknown): Promise<InvocationResult> {
    return this.run(this.find(nameOrArn), payload, this.requestId());
  }

  /**
   * Queues an event without waiting. A failing function gets it twice more, unless its configuration says otherwise, or what it fails of is not here:
   * `lacks` hears that.
   */
  public invokeAsync(nameOrArn: string, payload: unknown, lacks?: (what: string) => void): void {
    const { functionName } = this.find(nameOrArn);
    const requestId = this.requestId();
    const { clock } = this.region;
    const { retries = RETRIES_MS.length, maxAgeSeconds = LONGEST_AGE_SECONDS } = this.eventInvokeConfigs.get(functionName) ?? {};
    const until = clock.now() + maxAgeSeconds * 1000;
    void clock.run(async () => {
      for (const wait of [...RETRIES_MS.slice(0, retries), undefined]) {
        const fn = this.functions.get(functionName);
        const error = fn && (await this.run(fn, payload, requestId)).error;
        const lacking = lacks && lackingIn(error?.errorMessage ?? '');
        if (lacking !== undefined) { return lacks!(lacking); }
        if (!error || wait === undefined || clock.now() + wait > until) { return; }
        await clock.sleep(wait);
      }
    });
  }

  public async close(): Promise<void> {
    this.functions.clear();
    await this.runner.close?.();
  }

  /** The caller holds the clock. A function in this process releases that one hold while it sleeps. */
  private async run(fn: LambdaFunction, payload: unknown, requestId: string, callers = 0): Promise<InvocationResult> {
    const { clock } = this.region;
    const [start, began] = [clock.now(), process.hrtime.bigint()];
    writeLog(fn, `START RequestId: ${requestId} Version: $LATEST`);
    this.callers.set(fn.functionName, callers);
    const result = await this.runner.run(fn, payload, requestId, callers);
    writeLog(fn, `END RequestId: ${requestId}`);
    const billedMs = Number((process.hrtime.bigint() - began) / 1_000_000n);
    this.invocations.push({ functionName: fn.functionName, start, end: clock.now(), billedMs, error: result.error?.errorMessage });
    return result;
  }

  /** How many functions wait for what a caller calls: the caller if it is one, and its own callers. Its session has the function's name. */
  private callersOf({ arn }: Principal): number {
    const name = /:assumed-role\/[^/]+\/(.+)$/.exec(arn)?.[1] ?? '';
    return this.functions.has(name) ? (this.callers.get(name) ?? 0) + 1 : 0;
  }

  /** Why functions of a runtime do not run here. A runner that leads nothing has functions of its own. */
  private unrunnable(runtime: string): string | undefined {
    return this.runner.leadsAwsNames ? unrunnable(runtime, this.region.world.options.app ?? process.cwd()) : undefined;
  }

  private set(options: FunctionOptions): LambdaFunction {
    check(options);
    const { functionName, runtime = 'nodejs22.x' } = options;
    const why = this.unrunnable(runtime);
    if (why !== undefined) { this.region.world.notice(`the function ${functionName} exists, but a call of it fails: ${why}`); }
    const fn: LambdaFunction = {
      runtime: 'nodejs22.x',
      environment: {},
      layers: [],
      timeoutSeconds: 3,
      memorySize: 128,
      logGroup: `/aws/lambda/${functionName}`,
      ...defined(options),
      region: this.region,
      arn: this.region.arn('lambda', `function:${functionName}`),
      lastModified: new Date(this.region.clock.now()),
    };
    this.functions.set(functionName, fn);
    return fn;
  }

  /** A function by its name or ARN; an error if there is none. */
  public find(nameOrArn: string): LambdaFunction {
    const [, name, qualifier = '$LATEST'] = /^(?:arn:[\w-]+:lambda:[\w-]+:)?(?:\d{12}:)?(?:function:)?([\w-]+)(?::(\$LATEST|[\w-]+))?$/.exec(nameOrArn) ?? [];
    const fn = name === undefined ? undefined : this.functions.get(name);
    if (!fn || (nameOrArn.startsWith('arn:') && nameOrArn !== fn.arn && !nameOrArn.startsWith(`${fn.arn}:`))) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${this.region.arn('lambda', `function:${name ?? nameOrArn}`)}`, 404);
    }
    // Each version and alias is the newest code.
    if (qualifier !== '$LATEST' && !this.qualified.has(`${fn.arn}:${qualifier}`)) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${fn.arn}:${qualifier}`, 404);
    }
    return fn;
  }

  /** The function that a request names, with its version or alias in the name or beside it. */
  private asked({ FunctionName, Qualifier }: any): LambdaFunction {
    const fn = this.find(FunctionName);
    return Qualifier === undefined ? fn : this.find(`${fn.arn}:${Qualifier}`);
  }

  /** API_Invoke (LogType): the last 4 KB of the invocation's log. */
  private endOfLog(logGroup: string): string {
    const lines = this.region.room(Logs).tail(logGroup, 1000);
    const from = lines.map((line) => line.startsWith('START RequestId: ')).lastIndexOf(true);
    return Buffer.from(lines.slice(Math.max(from, 0)).join('\n')).subarray(-4096).toString('base64');
  }

  private requestId(): string {
    const digest = createHash('sha256').update(`${this.region.account} ${this.region.name} ${this.requests++}`).digest('hex');
    return [digest.slice(0, 8), digest.slice(8, 12), `4${digest.slice(13, 16)}`, `a${digest.slice(17, 20)}`, digest.slice(20, 32)].join('-');
  }
}

const RESERVED = /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_DEFAULT_REGION|AWS_REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_(FUNCTION_\w+|LOG_\w+_NAME|RUNTIME_API|INITIALIZATION_TYPE)|AWS_ACCESS_KEY(_ID)?|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR)$/;

function refused(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (environment variables) */
const MOST_ENVIRONMENT_BYTES = 4096;

function check({ functionName, runtime = '', handler, environment = {}, timeoutSeconds = 3, memorySize = 128 }: FunctionOptions): void {
  const refuse = (message: string) => { throw refused(message); };
  if (!/^[\w-]{1,64}$/.test(functionName)) { refuse(`The function name ${functionName} must be 1 to 64 letters, digits, hyphens and underscores`); }
  // https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
  if (runtime && !/^(image|nodejs\d+\.x|python3\.\d+|ruby\d\.\d|java\d+(\.al2)?|dotnet(core)?\d+(\.\d)?|go1\.x|provided(\.al\d+)?)$/.test(runtime)) {
    refuse(`Value ${runtime} at 'runtime' failed to satisfy constraint: Member must be one of Lambda's runtimes`);
  }
  if (/^(nodejs|python|$)/.test(runtime) && !/^[^\s.]+(\.[^\s.]+)+$/.test(handler ?? '')) { refuse(`The handler ${handler} must name a module and its export, as in index.handler`); }
  if (!(timeoutSeconds >= 1 && timeoutSeconds <= 900)) { refuse(`The timeout ${timeoutSeconds} must be 1 to 900 seconds`); }
  if (!(memorySize >= 128 && memorySize <= 10240)) { refuse(`'MemorySize' value ${memorySize} must be 128 to 10240`); }
  if (Buffer.byteLength(JSON.stringify(environment)) > MOST_ENVIRONMENT_BYTES) {
    refuse('Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. '
      + `String measured: ${JSON.stringify(environment).slice(0, 200)}`);
  }
  const reserved = Object.keys(environment).filter((name) => RESERVED.test(name));
  if (reserved.length > 0) {
    refuse('Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are '
      + `currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`);
  }
}

function configuration(fn: LambdaFunction) {
  return {
    FunctionName: fn.functionName,
    FunctionArn: fn.arn,
    ...fn.runtime === 'image' ? {} : { Runtime: fn.runtime, Handler: fn.handler },
    Role: fn.roleArn,
    CodeSize: fn.zip.length,
    CodeSha256: createHash('sha256').update(fn.zip).digest('base64'),
    Timeout: fn.timeoutSeconds,
    MemorySize: fn.memorySize,
    LastModified: fn.lastModified.toISOString(),
    Version: '$LATEST',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: fn.runtime === 'image' ? 'Image' : 'Zip',
    Environment: { Variables: fn.environment },
    LoggingConfig: { LogFormat: 'Text', LogGroup: fn.logGroup },
  };
}

function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
