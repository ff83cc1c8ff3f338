import { VirtualClock } from '../../../local-aws';
import { HandTime } from '../../harness/hand-time';

let real: HandTime;
let clock: VirtualClock;
beforeEach(async () => {
  real = new HandTime();
  clock = new VirtualClock({ start: new Date(0), pace: 60, realTime: real });
  await real.pass(0, clock);
});

const SECOND = 1000;

describe('at a pace of 60', () => {
  test('a minute passes in a second, whether something is due or not', async () => {
    await real.pass(10 * SECOND, clock);
    expect(clock.now()).toBe(600 * SECOND);
  });

  test('what is due in an hour is so in a minute of real time, and not before', async () => {
    let fired: number | undefined;
    clock.at(3600 * SECOND, () => { fired = clock.now(); });
    await real.pass(59 * SECOND, clock);
    expect([fired, clock.now()]).toEqual([undefined, 59 * 60 * SECOND]);
    await real.pass(SECOND, clock);
    expect(fired).toBe(3600 * SECOND);
  });

  test('a timer fires at its own moment and in its order, however late the machine is', async () => {
    const fired: number[] = [];
    for (const moment of [100, 50, 75]) { clock.at(moment * SECOND, () => { fired.push(clock.now() / SECOND); }); }
    await real.pass(0, clock);
    await real.pass(3600 * SECOND, clock);
    expect(fired).toEqual([50, 75, 100]);
    expect(clock.now()).toBe(3600 * 60 * SECOND);
  });

  test('no time passes while something works, and a sleep of a worker is in virtual time', async () => {
    let go = () => {};
    const work = clock.run(async () => {
      await new Promise<void>((resolve) => { go = resolve; });
      await clock.sleep(60 * SECOND);
      return clock.now();
    });
    await new Promise(setImmediate);
    // The machine is slow.
    Object.assign(real, { time: 500 * SECOND });
    expect(clock.now()).toBe(0);
    go();
    await real.pass(SECOND, clock);
    expect(await work).toBe(60 * SECOND);
  });

  test('work from outside comes at the moment that it is, between two timers', async () => {
    clock.at(3600 * SECOND, () => {});
    await real.pass(20 * SECOND, clock);
    expect(await clock.run(() => clock.now())).toBe(1200 * SECOND);
    await real.pass(10 * SECOND, clock);
    expect(clock.now()).toBe(1800 * SECOND);
  });

  test('a cancelled timer does not fire, and the next one does in time', async () => {
    const fired: string[] = [];
    const cancel = clock.at(60 * SECOND, () => { fired.push('cancelled'); });
    clock.at(120 * SECOND, () => { fired.push('kept'); });
    await real.pass(0, clock);
    cancel();
    await real.pass(2 * SECOND, clock);
    expect(fired).toEqual(['kept']);
  });

  test('a background timer fires when it is due, because time passes anyhow', async () => {
    let count = 0;
    clock.inBackground(60 * SECOND, () => { count++; });
    await real.pass(SECOND, clock);
    expect(count).toBe(1);
  });

  test('time can be advanced by hand, too', async () => {
    let fired = false;
    clock.at(60 * SECOND, () => { fired = true; });
    await clock.advance(90 * SECOND);
    expect([fired, clock.now()]).toEqual([true, 90 * SECOND]);
    await real.pass(SECOND, clock);
    expect(clock.now()).toBe(150 * SECOND);
  });

  test('a stopped clock fires nothing', async () => {
    let fired = false;
    clock.at(60 * SECOND, () => { fired = true; });
    await real.pass(0, clock);
    clock.stop();
    await real.pass(10 * SECOND, clock);
    expect(fired).toBe(false);
  });
});
