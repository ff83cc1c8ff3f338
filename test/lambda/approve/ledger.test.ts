import { Ledger } from '../../../lambda/approve/ledger';
import { SLOTS_PATH } from '../../harness/registry';
import { serviceError, Stage } from '../../harness/stage';

/** An open ledger, as several executions see it. */
async function opened(left = () => Infinity) {
  const stage = new Stage();
  // No longer the beginning of a month.
  await stage.pass(10);
  const ledger = new Ledger(stage.clients.of(stage.region, 'ssm'), { now: () => stage.clock.now(), sleep: (ms) => stage.clock.sleep(ms), left }, SLOTS_PATH);
  await ledger.open('3');
  const claim = (holder: string, job: string) => ledger.claim({ holder, request: `of ${holder}`, job, target: 'version', seen: [] }, (slot) => ledger.giveBack(slot));
  const slots = () => Object.entries(stage.parameters(SLOTS_PATH)).filter(([name, value]) => name !== 'open' && !value.includes('"isFree":true')).map(([name]) => name);
  return { stage, ledger, claim, slots };
}

/** Stops at the n-th call of an operation until it is told to go on, if ever. */
function stopAt(stage: Stage, operation: string, nth: number) {
  let calls = 0;
  let reach = () => {};
  let goOn = () => {};
  const reached = new Promise<void>((resolve) => { reach = resolve; });
  const released = new Promise<void>((resolve) => { goOn = resolve; });
  stage.clients.before = async (given) => {
    if (given !== operation || ++calls !== nth) { return; }
    reach();
    await released;
  };
  return { reached, goOn };
}

const JOBS = [...'abcdefghij'];

test.each(JOBS)('two that want the same job (%s), and saw different slots taken, have one slot together', async (job) => {
  const { stage, ledger, claim, slots } = await opened();
  const other = await claim('other', 'another');
  const { reached, goOn } = stopAt(stage, 'PutParameter', 1);
  const late = claim('late', job);
  await reached;
  await ledger.giveBack(other);
  await claim('early', job);
  goOn();
  await expect(late).rejects.toMatchObject({ name: 'NotYet' });
  expect(slots()).toHaveLength(1);
});

test.each(JOBS)('two that want the same job (%s) and crashed when each had put its slot do not wait for each other for ever', async (job) => {
  const { stage, ledger, claim, slots } = await opened();
  const other = await claim('other', 'another');
  // Each crashes when it looks once more: the first one saw the other's slot taken, the second one did not.
  const first = stopAt(stage, 'PutParameter', 1);
  void claim('first', job);
  await first.reached;
  await ledger.giveBack(other);
  const second = stopAt(stage, 'GetParametersByPath', 2);
  void claim('second', job);
  await second.reached;
  const crashed = stopAt(stage, 'GetParametersByPath', 1);
  first.goOn();
  await crashed.reached;
  stage.clients.before = async () => {};
  for (let round = 1; round <= 2; round++) { await Promise.allSettled([claim('first', job)]); }
  await Promise.allSettled([claim('second', job)]);
  expect(slots()).toHaveLength(1);
});

test('a claim whose answer was lost is found again', async () => {
  const { stage, claim, slots } = await opened();
  stage.fail('PutParameter', serviceError('InternalServerError', 'lost', 500), 1, true);
  await expect(claim('me', 'job')).rejects.toThrow('lost');
  await claim('me', 'job');
  expect(slots()).toHaveLength(1);
});

test('a slot is given back by its holder, and taken by another', async () => {
  const { ledger, claim } = await opened();
  await ledger.open('1');
  const slot = await claim('one', 'a');
  await expect(claim('two', 'b')).rejects.toMatchObject({ name: 'NotYet' });
  await ledger.giveBack(slot);
  await ledger.settle(await claim('two', 'b'), 'b');
  await expect(claim('one', 'a')).rejects.toThrow('There were 1 benchmarks since 2026-01-01T00:00:00.000Z, and 1 a month are allowed.');
});

test('what is closed has nothing, and takes nothing', async () => {
  const { stage, ledger, claim, slots } = await opened();
  await ledger.open('30');
  for (let job = 1; job <= 25; job++) { await claim(`holder ${job}`, `job ${job}`); }
  const closed = ledger.close();
  await stage.pass(6);
  await closed;
  await expect(claim('me', 'job')).rejects.toThrow(`was removed from its stack, or somebody deleted its parameters that begin with ${SLOTS_PATH}/open: deploy`);
  expect(slots()).toEqual([]);
});

test('what is closed waits for all that is about to start, also when another execution finds the ledger closed meanwhile', async () => {
  const { stage, ledger, claim, slots } = await opened();
  // A slot in its second turn has another name.
  await ledger.giveBack(await claim('early', 'a'));
  const held = [await claim('one', 'a'), await claim('two', 'c')];
  let isClosed = false;
  const closed = ledger.close().then(() => { isClosed = true; });
  await stage.clock.advance(10_000);
  await expect(ledger.slots('other')).rejects.toThrow('was removed from its stack');
  await expect(claim('another', 'b')).rejects.toThrow('was removed from its stack');
  await stage.clock.advance(20_000);
  expect([isClosed, slots()]).toEqual([false, held.map(() => expect.any(String))]);
  for (const slot of held) { await expect(ledger.settle(slot, slot.job)).rejects.toThrow('was removed from its stack'); }
  await stage.pass(1);
  await closed;
  expect(stage.parameters(SLOTS_PATH)).toEqual({});
});

test.each([
  ['until its job has started', () => Infinity, 1],
  ['no longer than the call may take', () => Infinity, 6],
  ['no longer than the function may run', () => 0, 0],
])('what is closed waits for a slot whose job is about to start %s', async (_what, left, minutes) => {
  const { stage, ledger, claim } = await opened(left);
  const slot = await claim('one', 'a');
  let isClosed = minutes === 0;
  const closed = ledger.close().then(() => { isClosed = true; });
  await stage.clock.advance(30_000);
  expect(isClosed).toBe(minutes === 0);
  if (minutes === 1) { await ledger.settle(slot, 'a').catch(() => {}); }
  await stage.pass(minutes);
  await closed;
  expect(stage.parameters(SLOTS_PATH)).toEqual({});
});

test('a slot that was given back, and whose answer was lost, is not taken from its next holder', async () => {
  const { stage, ledger, claim, slots } = await opened();
  await ledger.open('1');
  const slot = await claim('one', 'a');
  await ledger.giveBack(slot);
  const next = await claim('two', 'b');
  // The client sends it once more.
  await ledger.giveBack(slot);
  expect([slots(), next.turn]).toEqual([['2026-01-1.2'], 2]);
  await expect(claim('three', 'c')).rejects.toMatchObject({ name: 'NotYet' });
  await stage.pass(31 * 24 * 60);
  await claim('four', 'd');
  expect(Object.keys(stage.parameters(SLOTS_PATH)).sort()).toEqual(['2026-02-1', 'open']);
});

describe('a slot whose execution has ended without it', () => {
  test('is another one\'s after an hour', async () => {
    const { stage, ledger, claim, slots } = await opened();
    await ledger.open('1');
    await claim('ended', 'a');
    await stage.pass(59);
    await expect(claim('two', 'b')).rejects.toMatchObject({ name: 'NotYet' });
    await stage.pass(2);
    await claim('two', 'b');
    expect(slots()).toEqual(['2026-01-1.2']);
  });

  test('is no longer used by that execution, should it live', async () => {
    const { stage, claim, slots } = await opened();
    const before = await claim('one', 'a');
    await stage.pass(29);
    expect((await claim('one', 'a')).turn).toBe(1);
    await stage.pass(31);
    expect(await claim('one', 'a')).toMatchObject({ number: before.number, turn: 2 });
    expect(slots()).toHaveLength(1);
  });
});

test.each([['the first five minutes', 4], ['the last ten minutes', 31 * 24 * 60 - 9]])('in %s of a month, nobody claims a slot', async (_when, minute) => {
  const { stage, claim, slots } = await opened();
  const begin = Date.UTC(2026, minute < 60 ? 1 : 0);
  await stage.clock.advance(begin + minute * 60_000 - stage.clock.now());
  await expect(claim('me', 'job')).rejects.toMatchObject({ name: 'NotYet', message: expect.stringMatching(/^The month .* ends\.$/) });
  expect(slots()).toEqual([]);
});

test('a lowered cap holds for those who had asked before', async () => {
  const { ledger, claim } = await opened();
  await ledger.settle(await claim('one', 'a'), 'a');
  await ledger.open('1');
  await expect(claim('two', 'b')).rejects.toThrow('There were 1 benchmarks since 2026-01-01T00:00:00.000Z, and 1 a month are allowed.');
});

test('a cap of an earlier request that is written late, or once more, does not hold; what it wrote is deleted with the next claim', async () => {
  const { stage, ledger, claim } = await opened();
  await ledger.open('1', '2026-01-01T00:10:00.000Z');
  await ledger.open('2', '2026-01-01T00:10:07.000Z');
  await ledger.open('1', '2026-01-01T00:10:00.000Z');
  await ledger.settle(await claim('one', 'a'), 'a');
  await ledger.settle(await claim('two', 'b'), 'b');
  await expect(claim('three', 'c')).rejects.toThrow('There were 2 benchmarks since 2026-01-01T00:00:00.000Z, and 2 a month are allowed.');
  expect(Object.keys(stage.parameters(SLOTS_PATH)).filter((name) => name.startsWith('open'))).toEqual(['open.20260101T001007000Z']);
  await ledger.close();
  expect(stage.parameters(SLOTS_PATH)).toEqual({});
});

test('a list that misses the marker, because others delete an earlier month while it is read, does not close the ledger', async () => {
  const { stage, ledger, claim, slots } = await opened();
  for (const job of JOBS) { await ledger.open(String(JOBS.length)).then(() => claim(`of ${job}`, job)); }
  // The newest marker comes last in a list, and the claims of the next month delete the others.
  await ledger.open('2', '2026-01-20T00:00:00Z');
  await stage.clock.advance(31 * 86_400_000);
  const { reached, goOn } = stopAt(stage, 'GetParametersByPath', 2);
  const late = claim('late', 'one');
  await reached;
  await claim('early', 'other');
  goOn();
  await late;
  expect(slots().filter((name) => !name.startsWith('open'))).toHaveLength(2);
});

test('the end of a ledger leaves no marker, also if a list misses it because others delete meanwhile', async () => {
  const { stage, ledger, claim } = await opened();
  for (const job of JOBS) { await ledger.open(String(JOBS.length)).then(() => claim(`of ${job}`, job)); }
  await ledger.open('2', '2026-01-20T00:00:00Z');
  await stage.clock.advance(31 * 86_400_000);
  const { reached, goOn } = stopAt(stage, 'GetParametersByPath', 2);
  const closed = ledger.close();
  await reached;
  await claim('early', 'other');
  goOn();
  await stage.clock.advance(30_000);
  // Its end still waits for the job that is about to start, and nothing more may start.
  await expect(claim('late', 'another')).rejects.toThrow('was removed from its stack');
  await stage.pass(6);
  await closed;
  expect(stage.parameters(SLOTS_PATH)).toEqual({});
});
