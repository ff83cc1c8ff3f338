import { sharedAccount } from './account';
import type { Life } from './life';
import { AwsError, FaultScript } from '../../local-aws';
import { InvocationResult, LambdaFunction, ProcessRunner } from '../../local-aws/lambda';

const START = /^Job[0-9A-F]{8}$/;
const CREATE = 'CreateInferenceRecommendationsJob';
const STOP = 'StopInferenceRecommendationsJob';

jest.setTimeout(120_000);

/** Loses answers to CloudFormation, as a network does: those that a function gives itself, and those that the state machine has it give. */
class LosingRunner extends ProcessRunner {
  public loses = (_logicalId: string, _stackName: string): boolean => false;

  public override run(fn: LambdaFunction, payload: any, awsRequestId: string): Promise<InvocationResult> {
    const { LogicalResourceId } = payload.address ?? payload;
    const nowhere = { ResponseURL: `${fn.region.world.endpoint}/cloudformation-response/lost` };
    const lost = this.loses(LogicalResourceId, fn.functionName.split('-')[0])
      && (payload.address ? { address: { ...payload.address, ...nowhere } } : nowhere);
    return super.run(fn, { ...payload, ...lost || undefined }, awsRequestId);
  }
}

const runner = new LosingRunner();
const faults = new Map<string, FaultScript>();
const account = sharedAccount({ lambdaRunner: runner, faults: [(call) => [...faults.values()].map((script) => script(call)).find((fault) => fault)] });

const lost = new Map<string, () => RegExp | undefined>();
runner.loses = (logicalId, stackName) => lost.get(stackName)?.()?.test(logicalId) ?? false;

/** Loses the answers of some resources while their stack has a status. */
function loseAnswers(stack: Life, name: string, logicalId: RegExp, during: string): void {
  lost.set(name, () => (stack.record.status === during ? logicalId : undefined));
}

/** Does something once the stack's first link waits, when nothing else is under way. */
async function whileWaiting<T>(name: string, act: () => Promise<T>): Promise<T> {
  await (await account()).called('StartExecution', ({ stateMachineArn }) => stateMachineArn.includes(`:${name}-`));
  return act();
}

describe('an answer of Update that never arrives', () => {
  test.concurrent.each<[string, string, RegExp, string[], number]>([
    ['the start\'s', 'LostStart', START, ['COMPLETED', 'STOPPED'], 3],
    ['a wait link\'s', 'LostLink', /^JobWait1/, ['COMPLETED', 'STOPPED'], 3],
    // The job is over by then: it is found again.
    ['the recommendation\'s', 'LostChoice', /^JobBest/, ['COMPLETED', 'COMPLETED'], 2],
  ])('%s: its job no longer runs, the old results are back, and a later deploy works', async (_what, name, logicalId, statuses, paid) => {
    const stack = (await account()).stack(name);
    await stack.bring({ loadTestHours: 5 });
    const { outputs } = stack;
    loseAnswers(stack, name, logicalId, 'UPDATE_IN_PROGRESS');
    expect(await stack.bring({ loadTestHours: 5, trigger: 'again' })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.reasons).toContain('did not receive a response');
    expect(await stack.statuses()).toEqual(statuses);
    expect(stack.outputs).toEqual(outputs);
    expect(stack.done(CREATE)).toHaveLength(2);

    lost.delete(name);
    expect(await stack.bring({ loadTestHours: 5, trigger: 'again' })).toBe('UPDATE_COMPLETE');
    expect(stack.done(CREATE)).toHaveLength(paid);
    expect(stack.outputs.JobName).toBe(stack.done(CREATE)[paid - 1]);
    expect((await stack.statuses()).filter((status) => status === 'COMPLETED')).toHaveLength(2);
  });
});

describe('a clean-up that fails', () => {
  const CLEANING = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';

  /** Updates a stack twice and deletes it, and the first clean-up of its job does not succeed. */
  async function expectToGoOn(stack: Life): Promise<void> {
    await stack.bring();
    expect(await stack.bring({ trigger: 'second' })).toBe('UPDATE_COMPLETE');
    expect(stack.record.events.filter(({ status }) => status === 'DELETE_FAILED')).toHaveLength(1);
    expect(stack.outputs.JobName).toBe(stack.done(CREATE)[1]);
    lost.clear();
    faults.clear();
  }

  test('because the service is down', async () => {
    const stack = (await account()).stack('Broken');
    faults.set('Broken', ({ operation }) => (operation === 'ListInferenceRecommendationsJobs' && stack.record.status === CLEANING
      ? new AwsError('InternalFailure', 'The service is down', 500) : undefined));
    await expectToGoOn(stack);
  });
});
