import { failsAfter, sharedAccount } from './account';

const account = sharedAccount();

test.concurrent('cdk deploy --express waits for the job, and not for the endpoint', async () => {
  const stack = (await account()).stack('Express');
  const { exitCode, output } = await stack.deploy({ endpoint: true }, '--express');
  expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining('Stack deployed using Express Mode. Resources still stabilizing') });
  expect(stack.record).toMatchObject({ status: 'CREATE_COMPLETE', mode: 'EXPRESS', disableRollback: true });
  expect(await stack.statuses()).toEqual(['COMPLETED']);
  expect(stack.minutesOf(/^JobWait1/)).toBeGreaterThan(0);
  expect(stack.minutesOf(/^Endpoint/)).toBe(0);
  expect(await stack.endpoint()).toMatchObject({ instanceType: stack.outputs.InstanceType });
});

test.concurrent('of a job that fails in express mode, nothing rolls back; --rollback rolls back', async () => {
  const stack = (await account()).stack('ExpressFails', () => failsAfter(10));
  expect(await stack.deploy({}, '--express')).toMatchObject({ exitCode: 1, output: expect.stringContaining('All benchmarks failed') });
  expect(stack.record.status).toBe('CREATE_FAILED');
  const other = (await account()).stack('ExpressRollback', () => failsAfter(10));
  expect(await other.deploy({}, '--express', '--rollback')).toMatchObject({ exitCode: 1, output: expect.stringContaining('All benchmarks failed') });
  expect(other.record).toMatchObject({ status: 'ROLLBACK_COMPLETE', mode: 'EXPRESS' });
});
