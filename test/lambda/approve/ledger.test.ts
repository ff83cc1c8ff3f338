import { Ledger } from '../../../lambda/approve/ledger';
import { SLOTS_PATH } from '../../harness/registry';
import { serviceError, Stage } from '../../harness/stage';

/** An open ledger, as several executions see it. */
async function opened() {
  const stage = new Stage();
  const ledger = new Ledger(stage.clients.of(stage.region, 'ssm'), stage.clock, SLOTS_PATH);
  await ledger.open();
  const claim = (holder: string, job: string, most = 3) => ledger.claim({ holder, request: `of ${holder}`, job, target: 'version', seen: [] }, most);
  const slots = () => Object.keys(stage.parameters(SLOTS_PATH)).filter((name) => name !== 'open');
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
  const slot = await claim('one', 'a', 1);
  await expect(claim('two', 'b', 1)).rejects.toMatchObject({ name: 'NotYet' });
  await ledger.giveBack(slot);
  await ledger.settle(await claim('two', 'b', 1), 'b');
  await expect(claim('one', 'a', 1)).rejects.toThrow('There were 1 benchmarks since 2026-01-01T00:00:00.000Z, and 1 a month are allowed.');
});

test('what is closed has nothing, and takes nothing', async () => {
  const { ledger, claim, slots } = await opened();
  for (let job = 1; job <= 25; job++) { await claim(`holder ${job}`, `job ${job}`, 30); }
  await ledger.close();
  await expect(claim('me', 'job')).rejects.toThrow('was removed from its stack');
  expect(slots()).toEqual([]);
});
