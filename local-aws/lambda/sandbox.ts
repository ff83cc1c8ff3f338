import { ChildProcess, spawn } from 'child_process';
import { InvocationResult, LambdaFunction, logStream, writeLog } from './runner';
import { Place, programOf } from './runtimes';
import { issueCredentials } from '../sts';

/** One process with a function's code. It handles one event at a time. */
export class Sandbox {
  /** Whether it can handle another event. */
  public alive = true;
  private readonly child: ChildProcess;
  private task!: { readonly awsRequestId: string; readonly limitMs: number; readonly callers: number; readonly deadline: number };
  private answer?: (result: InvocationResult) => void;
  private limit?: NodeJS.Timeout;
  /** Ends a sleep early. */
  private wake?: () => void;

  constructor(private readonly fn: LambdaFunction, place: Place, app: string) {
    const { file, args, environment } = programOf(fn, app, place);
    this.child = spawn(file, args, { cwd: place.directory, env: { ...environmentOf(fn), ...environment }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.on('data', (data) => String(data).split('\n').filter((line) => line !== '').forEach((line) => writeLog(fn, line)));
      (stream as any).unref();
    }
    this.child.on('message', (message: any) => {
      if ('log' in message) { return writeLog(fn, message.log); }
      if ('notice' in message) { return fn.region.world.notice(message.notice); }
      if ('refused' in message) {
        return fn.region.world.notice(`the function ${fn.functionName} wanted to connect to ${message.refused}, and was not let: only AWS's own names lead somewhere`);
      }
      if ('sleep' in message) { return void this.sleep(message.sleep); }
      // After an uncaught error, the process must not get another event.
      if (message.fatal) { this.kill(); }
      this.end(message.result);
    });
    this.child.on('error', (error) => this.die('Runtime.InvalidEntrypoint', error.message));
    this.child.on('exit', (code, signal) => this.die('Runtime.ExitError', `Runtime exited with error: ${signal ? `signal: ${signal}` : `exit status ${code}`}`));
    // An idle sandbox does not keep the main process alive.
    this.child.unref();
    this.child.channel?.unref();
  }

  /** The caller holds the clock. A handler that only sleeps releases that hold until it wakes. */
  public invoke(payload: unknown, awsRequestId: string, limitMs: number, callers: number): Promise<InvocationResult> {
    const { arn, region: { clock }, timeoutSeconds } = this.fn;
    this.task = { awsRequestId, limitMs, callers, deadline: clock.now() + timeoutSeconds * 1000 };
    return new Promise((resolve) => {
      this.answer = resolve;
      this.goOn({ event: payload ?? null, context: { awsRequestId, invokedFunctionArn: arn, timeoutMs: timeoutSeconds * 1000 } });
    });
  }

  public kill(): void {
    this.alive = false;
    this.child.kill('SIGKILL');
  }

  /** Sends the process its next message: an event, or the time after a sleep. */
  private goOn(message: object): void {
    this.limit = setTimeout(() => this.timeOut(), this.task.limitMs);
    this.child.send({ ...message, now: this.fn.region.clock.now() }, (error) => {
      if (error) { this.die('Runtime.ExitError', error.message); }
    });
  }

  private async sleep(until: number): Promise<void> {
    const { clock } = this.fn.region;
    clearTimeout(this.limit);
    // Whoever waits for this function does not work either.
    const wakeCallers: Array<() => void> = [];
    const callers = Array.from({ length: this.task.callers }, () => clock.wait<void>((done) => { wakeCallers.push(done); }));
    await clock.wait<void>((done) => {
      const cancel = clock.at(Math.min(until, this.task.deadline), () => done());
      this.wake = () => {
        cancel();
        done();
      };
    });
    this.wake = undefined;
    wakeCallers.forEach((wake) => wake());
    await Promise.all(callers);
    if (!this.answer) { return; }
    if (until > this.task.deadline) { this.timeOut(); } else { this.goOn({}); }
  }

  private timeOut(): void {
    const { fn, task: { awsRequestId } } = this;
    writeLog(fn, `${awsRequestId} Task timed out after ${fn.timeoutSeconds}.00 seconds`);
    this.die('Sandbox.Timedout', `RequestId: ${awsRequestId} Error: Task timed out after ${fn.timeoutSeconds}.00 seconds`);
  }

  private die(errorType: string, errorMessage: string): void {
    this.kill();
    this.end({ error: { errorType, errorMessage } });
  }

  private end(result: InvocationResult): void {
    const { answer } = this;
    this.answer = undefined;
    clearTimeout(this.limit);
    this.wake?.();
    answer?.(result);
  }
}

/** The template's variables and Lambda's own variables. Nothing of the surrounding process is included. */
function environmentOf(fn: LambdaFunction): Record<string, string> {
  const { region, functionName } = fn;
  const role = fn.roleArn.split('/').pop()!;
  const credentials = issueCredentials(region.world, {
    account: region.account, arn: `arn:${region.partition}:sts::${region.account}:assumed-role/${role}/${functionName}`,
  });
  return {
    ...fn.environment,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream(fn),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_REGION: region.name,
    AWS_DEFAULT_REGION: region.name,
    AWS_ACCESS_KEY_ID: credentials.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.SecretAccessKey,
    AWS_SESSION_TOKEN: credentials.SessionToken,
    _HANDLER: fn.handler,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
