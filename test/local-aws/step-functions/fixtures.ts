import { VirtualClock } from '../../../local-aws/kernel/clock';
import { AwsError } from '../../../local-aws/kernel/errors';
import { InvocationResult, LambdaFunction } from '../../../local-aws/lambda';
import { Execution } from '../../../local-aws/step-functions';
import { Region, World, WorldOptions } from '../../../local-aws/world';

export const START = Date.parse('2026-01-01T00:00:00Z');
export const ROLE = 'arn:aws:iam::111122223333:role/Machine';

type Behaviour = (payload: any, region: Region) => unknown;

/** A Region with one machine and functions that run in process. Its time jumps, unless it is told to stand. */
export class Bench {
  public readonly world: World;
  public readonly region: Region;
  private readonly behaviours = new Map<string, Behaviour>();
  private machines = 0;

  constructor(options: WorldOptions & { readonly stands?: boolean } = {}) {
    this.world = new World({
      clock: new VirtualClock({ start: new Date(START), jumps: !options.stands }),
      lambdaRunner: { run: (fn, payload) => this.runFunction(fn, payload) },
      ...options,
    });
    this.region = this.world.region('111122223333', 'eu-west-1');
  }

  public call(operation: string, input: object = {}): Promise<any> {
    const principal = { account: this.region.account, arn: 'arn:aws:iam::111122223333:root' };
    return this.world.clock.run(() => this.region.stepFunctions.operations[operation](input, { region: this.region, principal, requestId: 'r' }));
  }

  public refused(operation: string, input: object = {}): Promise<AwsError> {
    return this.call(operation, input).then(() => { throw new Error(`${operation} was not refused`); }, (error) => error);
  }

  /** Makes a function, and gives its ARN. */
  public lambda(name: string, behaviour: Behaviour): string {
    this.behaviours.set(name, behaviour);
    return this.region.lambda.create({ functionName: name, zip: Buffer.from(''), handler: 'index.handler', roleArn: ROLE }).arn;
  }

  /** Makes a machine of these states, begun with the first of them, and gives its ARN. */
  public async machine(states: Record<string, object>, rest: object = {}): Promise<string> {
    const definition = JSON.stringify({ StartAt: Object.keys(states)[0], States: states, ...rest });
    return (await this.call('CreateStateMachine', { name: `m${++this.machines}`, definition, roleArn: ROLE })).stateMachineArn;
  }

  public async start(stateMachineArn: string, input: unknown = {}, name?: string): Promise<Execution> {
    const { executionArn } = await this.call('StartExecution', { stateMachineArn, input: JSON.stringify(input), name });
    return this.region.stepFunctions.executions.get(executionArn)!;
  }

  /** Runs a machine of these states to its end. */
  public async run(states: Record<string, object>, input: unknown = {}, rest: object = {}): Promise<Execution> {
    const execution = await this.start(await this.machine(states, rest), input);
    while (execution.status === 'RUNNING') { await new Promise(setImmediate); }
    return execution;
  }

  /** What a machine of these states gives. */
  public async output(states: Record<string, object>, input: unknown = {}): Promise<any> {
    const { output, error, cause } = await this.run(states, input);
    if (output === undefined) { throw new Error(`${error}: ${cause}`); }
    return JSON.parse(output);
  }

  private async runFunction(fn: LambdaFunction, payload: unknown): Promise<InvocationResult> {
    try {
      return { payload: await this.behaviours.get(fn.functionName)!(payload, this.region) };
    } catch (error) {
      return { error: { errorType: (error as Error).name, errorMessage: (error as Error).message } };
    }
  }
}

/** Virtual seconds from the start of an execution to its end. */
export function seconds({ startDate, stopDate }: Execution): number {
  return (stopDate!.getTime() - startDate.getTime()) / 1000;
}

/** An error as a function throws it. */
export function named(name: string, message = 'no'): Error {
  return Object.assign(new Error(message), { name });
}
