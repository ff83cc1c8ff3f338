import { Account, sharedAccount } from './account';
import { InProcessRunner } from './in-process-runner';
import type { Life } from './life';
import { VirtualClock } from '../../local-aws';
import { InvocationResult, LambdaFunction } from '../../local-aws/lambda';
import { START_RESOURCE_TYPE } from '../harness/types';
import { passUntil } from '../harness/waiting';

const MINUTE = 60_000;
const ROLE = /^JobRole[0-9A-F]{8}$/;

/** Loses the answers to the creations of the stack `Lost`, as a network does. */
class LosingRunner extends InProcessRunner {
  public override run(fn: LambdaFunction, payload: any, awsRequestId: string): Promise<InvocationResult> {
    const lost = fn.functionName.startsWith('Lost-') && payload.RequestType === 'Create' && payload.ResourceType === START_RESOURCE_TYPE;
    return super.run(fn, lost ? { ...payload, ResponseURL: `${fn.region.world.endpoint}/cloudformation-response/lost` } : payload, awsRequestId);
  }
}

/** A job's role is there until the job is over, whatever the stack is doing. */
async function expectStoppedBeforeItsRole(stack: Life): Promise<void> {
  const [{ name, status }] = await stack.jobs();
  expect(status).toBe('STOPPED');
  const { CompletionTime } = await stack.ask('DescribeInferenceRecommendationsJob', { JobName: name });
  expect(stack.at(ROLE, 'DELETE_IN_PROGRESS')).toBeGreaterThanOrEqual(CompletionTime.getTime());
}

describe('while the clock is moved by hand', () => {
  let account: Account;

  beforeEach(async () => { account = await Account.open({ clock: new VirtualClock({ jumps: false }), lambdaRunner: new InProcessRunner() }); });
  afterEach(() => account.close());

  const pass = (minutes: number) => account.aws.world.clock.advance(minutes * MINUTE);

  test('destroy stops the job that runs, and deletes its role only once it has stopped', async () => {
    const stack = account.stack('Destroyed');
    const started = account.called('CreateInferenceRecommendationsJob');
    const creating = stack.bring();
    await started;
    await pass(10);
    expect(await stack.statuses()).toEqual(['IN_PROGRESS']);

    const stopped = account.called('StopInferenceRecommendationsJob');
    const destroying = stack.destroy();
    await stopped;
    await pass(1);
    expect(await stack.statuses()).toEqual(['STOPPING']);
    expect(stack.resources(ROLE)[0].status).toBe('CREATE_COMPLETE');

    expect(await passUntil(account.aws.world, destroying)).toMatchObject({ exitCode: 0 });
    expect(await creating).toBe('DELETE_COMPLETE');
    await expectStoppedBeforeItsRole(stack);
  });

  test('a cancelled update stops its job and leaves the old one\'s results in place', async () => {
    const stack = account.stack('Cancelled');
    await passUntil(account.aws.world, stack.bring());
    const { outputs } = stack;
    const started = account.called('CreateInferenceRecommendationsJob');
    const updating = stack.bring({ trigger: 'again' });
    await started;
    await pass(10);
    void stack.operate('CancelUpdateStack');
    expect(await passUntil(account.aws.world, updating)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await stack.statuses()).toEqual(['COMPLETED', 'STOPPED']);
    expect(stack.outputs).toEqual(outputs);
  });
});

describe('while time jumps', () => {
  const account = sharedAccount({ lambdaRunner: new LosingRunner() });

  test.concurrent('a sibling that fails while the job runs ends the job before its role', async () => {
    const stack = (await account()).stack('Sibling');
    expect(await stack.deploy({ loadTestHours: 5, siblingFailsAfterMinutes: 10 }))
      .toMatchObject({ exitCode: 1, output: expect.stringContaining('The sibling fails') });
    expect(stack.record.status).toBe('ROLLBACK_COMPLETE');
    await expectStoppedBeforeItsRole(stack);
  });

  test.concurrent('a job whose start was never answered is found and stopped in the rollback', async () => {
    const stack = (await account()).stack('Lost');
    expect(await stack.bring({ loadTestHours: 5 })).toBe('ROLLBACK_COMPLETE');
    expect(stack.reasons).toContain('did not receive a response');
    expect(await stack.jobs()).toHaveLength(1);
    await expectStoppedBeforeItsRole(stack);
  });

  test.concurrent('a stack whose job the service has dropped since is deleted all the same', async () => {
    const stack = (await account()).stack('Dropped');
    await stack.bring({ endpoint: true });
    stack.drop(stack.outputs.JobName);
    expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
    expect(stack.record.status).toBe('DELETE_COMPLETE');
    expect(await stack.deployed()).toEqual({ models: [], configs: [] });
  });

  test.concurrent('tags change on a stack whose job the service has dropped since', async () => {
    const stack = (await account()).stack('DroppedTags');
    await stack.bring();
    const { outputs } = stack;
    stack.drop(outputs.JobName);
    expect(await stack.bring({ tags: { team: 'ml' } })).toBe('UPDATE_COMPLETE');
    expect(stack.outputs).toEqual(outputs);
    expect(await stack.jobs()).toEqual([]);
  });
});
