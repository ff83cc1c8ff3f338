import { ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { ListModelsCommand } from '@aws-sdk/client-sagemaker';
import { accountOf } from '../../../cli/src/account/account';
import { ServiceTime } from '../../../cli/src/account/service-time';
import { startLocalAws, VirtualClock } from '../../../local-aws';

const date = (time: string) => new Date(time).toUTCString();

test('time is what the newest answer says, and never goes back', () => {
  const time = new ServiceTime();
  time.take({ date: date('2026-01-01T12:00:00Z') });
  time.take({ date: date('2026-01-01T11:00:00Z') });
  time.take({ date: 'no date' });
  time.take({});
  expect([new Date(time.now()).toISOString(), time.isRehearsed]).toEqual(['2026-01-01T12:00:00.000Z', false]);
});

test('before an answer, it is this machine\'s', () => {
  const before = Date.now();
  expect(new ServiceTime().now()).toBeGreaterThanOrEqual(before);
});

test('a local AWS tells its own time, in answers and in refusals', async () => {
  const own = { ...process.env };
  const aws = await startLocalAws({ clock: new VirtualClock({ start: new Date('2040-01-01T00:00:00Z'), jumps: false }) });
  try {
    Object.assign(process.env, aws.environment());
    const account = accountOf({});
    await account.cloudFormation.send(new ListStacksCommand({}));
    expect([new Date(account.time.now()).toISOString(), account.time.isRehearsed]).toEqual(['2040-01-01T00:00:00.000Z', true]);
    await aws.world.clock.advance(60_000);
    await expect(account.sagemaker.send(new ListModelsCommand({ MaxResults: -1 }))).rejects.toThrow();
    expect(new Date(account.time.now()).toISOString()).toBe('2040-01-01T00:01:00.000Z');
  } finally {
    process.env = own;
    await aws.close();
  }
});
