import { AwsError } from '../../local-aws';
import { CloudFormation } from '../../local-aws/cloudformation';
import { Iam } from '../../local-aws/iam';
import { InvocationResult, LambdaFunction, LambdaRunner, writeLog } from '../../local-aws/lambda';
import { SageMaker } from '../../local-aws/sagemaker';
import { Ssm } from '../../local-aws/ssm';
import { StepFunctions } from '../../local-aws/step-functions';
import { waitMachineVariable } from '../../src/contract/start';
import { Random } from '../faults/random';
import { accountAnswer } from '../harness/account';
import { onTheWire, stackOf } from '../harness/clients';
import { handlers, kindOf } from '../harness/handlers';

/** How the SDK tries again by itself: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
export const SDK_TRIES = 3;
const SDK_DELAY_MS = 500;
export const THROTTLED = 'ThrottlingException';

/**
 * Runs the handlers in process, with clients that wait in virtual time only: a process for each of so many events at once takes longer than all else,
 * and what is measured shall not depend on the machine.
 */
export class VirtualRunner implements LambdaRunner {
  private readonly random: Random;

  constructor(seed = 1) {
    this.random = new Random(seed);
  }

  public async run(fn: LambdaFunction, payload: unknown): Promise<InvocationResult> {
    try {
      const given = JSON.parse(JSON.stringify(payload));
      return { payload: await handlers(this.depsOf(fn))[kindOf(fn)!](given) ?? null };
    } catch (error) {
      return { error: { errorType: (error as Error).name, errorMessage: (error as Error).message } };
    }
  }

  private depsOf(fn: LambdaFunction) {
    const { region, roleArn, environment } = fn;
    const call = { region, principal: { account: region.account, arn: roleArn }, requestId: 'virtual' };
    return {
      sagemaker: this.client(fn, (operation, input) => region.room(SageMaker).call(operation, input, call.principal)),
      stepFunctions: this.client(fn, (operation, input) => region.room(StepFunctions).operations[operation](input, call)),
      waitMachineArn: (family: string) => environment[waitMachineVariable(family)],
      // Every object there is an asset, whose name tells its content.
      objects: { send: async () => undefined },
      account: this.client(fn, (operation, input) => accountAnswer(call, operation, input)),
      stacks: this.client(fn, (_operation, input: any) => stackOf(call, input)),
      ssm: this.client(fn, async (operation, input) => {
        region.room(Iam).check(call, 'ssm', operation, input);
        return region.room(Ssm).operations[operation](input, call);
      }),
      clock: region.clock,
      put: async (url: string, body: string) => { region.room(CloudFormation).respond(new URL(url).pathname.split('/').pop()!, body); },
      log: (entry: object) => writeLog(fn, JSON.stringify(entry)),
      random: () => this.random.next(),
    };
  }

  private client({ region }: LambdaFunction, run: (operation: string, input: unknown) => unknown): any {
    return {
      send: async (command: any) => {
        for (let tries = 1; ; tries++) {
          try {
            return await run(command.constructor.name.replace(/Command$/, ''), onTheWire(command.input));
          } catch (error) {
            const { name, status } = error as AwsError;
            if (name !== THROTTLED || tries === SDK_TRIES) { throw Object.assign(error as AwsError, { $metadata: { httpStatusCode: status } }); }
            await region.clock.sleep(Math.floor(this.random.next() * SDK_DELAY_MS * 2 ** (tries - 1)));
          }
        }
      },
    };
  }
}
