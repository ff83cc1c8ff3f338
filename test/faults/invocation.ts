import type { RequestRecord } from './ledger';
import { VirtualClock } from '../../local-aws';
import { InvocationResult, LambdaFunction } from '../../local-aws/lambda';
import type { FunctionKind } from '../harness/handlers';

export type Service = 'sagemaker' | 'states' | 'ssm' | 's3' | 'application-autoscaling' | 'monitoring';

/** An execution environment of a function: it has one invocation at a time. */
export interface Environment {
  readonly fn: LambdaFunction;
  readonly kind: FunctionKind;
  handler: (event: any) => Promise<unknown>;
  /** Absent while a job is looked after. */
  request?: RequestRecord;
  invocation: Invocation;
}

/** One invocation of a function, which may be killed wherever it waits. */
export class Invocation {
  public killed = false;
  public readonly began: number;
  private readonly deadline: number;
  private end!: (result: InvocationResult) => void;

  /** @param wanted Whether CloudFormation waits for an answer when it begins. */
  constructor({ timeoutSeconds }: LambdaFunction, private readonly clock: VirtualClock, readonly wanted: boolean) {
    this.began = clock.now();
    this.deadline = this.began + timeoutSeconds * 1000;
  }

  /** What Lambda reports of it. What it throws goes to its log. */
  public result(handle: () => Promise<unknown>, log: (line: string) => void): Promise<InvocationResult> {
    return new Promise((resolve) => {
      this.end = resolve;
      handle().then((payload) => resolve({ payload }), (error: Error) => {
        log(`${error.stack}`);
        resolve({ error: { errorType: error.name, errorMessage: error.message } });
      });
    });
  }

  /** Called by the handler, which holds the clock: lets go of it, to the function's timeout at most. */
  public async sleep(ms: number): Promise<void> {
    const left = this.deadline - this.clock.now();
    await this.clock.sleep(Math.min(ms, left));
    if (ms > left) { await this.kill('Sandbox.Timedout'); }
  }

  /** Ends it here and now: whoever waits for this waits for ever. */
  public kill(errorType = 'Runtime.ExitError'): Promise<never> {
    this.killed = true;
    this.end({ error: { errorType, errorMessage: 'The function was killed.' } });
    return new Promise(() => {});
  }
}
