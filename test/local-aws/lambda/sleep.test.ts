import { createServer } from 'http';
import { AddressInfo } from 'net';
import { VirtualClock } from '../../../local-aws/kernel/clock';
import { ProcessRunner } from '../../../local-aws/lambda';
import { Region, WorldOptions } from '../../../local-aws/world';
import { zipOf } from '../../harness/assembly';
import { someRegion } from '../iam/world';

const START = new Date('2030-01-01T00:00:00Z');
const MINUTE = 60_000;

let region: Region;

function begin(options: WorldOptions = {}): void {
  region = someRegion({ clock: new VirtualClock({ start: START }), ...options });
}

function create(body: string, options: object = {}): void {
  const code = `const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));\nexports.handler = async (event) => { ${body} };`;
  region.lambda.create({
    functionName: 'fn', zip: zipOf({ 'index.js': code }), handler: 'index.handler', roleArn: 'arn:aws:iam::111111111111:role/R', ...options,
  });
}

const invoke = () => region.clock.run(() => region.lambda.invoke('fn', {}));
const elapsed = () => region.clock.now() - START.getTime();

beforeEach(() => begin());
afterEach(() => region.world.close());

describe('a handler that sleeps', () => {
  test('takes virtual time alone, however fast the machine is', async () => {
    create('const begin = Date.now(); for (let i = 0; i < 24; i++) { await sleep(5000); } return Date.now() - begin;', { timeoutSeconds: 300 });
    const sleeps = jest.spyOn(region.clock, 'wait');
    const { payload } = await invoke();
    expect(sleeps).toHaveBeenCalledTimes(24);
    expect(payload).toBeGreaterThanOrEqual(2 * MINUTE);
    expect(elapsed()).toBe(2 * MINUTE);
    expect(region.lambda.invocations).toEqual([expect.objectContaining({ start: START.getTime(), end: region.clock.now() })]);
  });

  test('lets what else is due happen meanwhile', async () => {
    create('await sleep(60000); return "awake";', { timeoutSeconds: 300 });
    const seen: number[] = [];
    region.clock.at(START.getTime() + 10_000, () => { seen.push(elapsed()); });
    expect(await invoke()).toEqual({ payload: 'awake' });
    expect(seen).toEqual([10_000]);
  });

  test('has its function\'s timeout in virtual time', async () => {
    create('await sleep(600000);', { timeoutSeconds: 30 });
    expect((await invoke()).error).toMatchObject({ errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/timed out after 30.00 seconds$/) });
    expect(elapsed()).toBe(30_000);
  });

  test('wakes in the order in which its timers are due, without those that were cleared', async () => {
    create(`
      const order = [];
      const later = (name, ms) => setTimeout((text) => order.push(text), ms, name);
      later('third', 9000); later('first', 2000); later('second', 5000);
      clearTimeout(later('never', 1500)); clearTimeout(+later('nor this', 2500));
      await require('util').promisify(setTimeout)(10000);
      return order;
    `, { timeoutSeconds: 300 });
    expect((await invoke()).payload).toEqual(['first', 'second', 'third']);
  });

  test('does not wait for a timer that it does not hold on to', async () => {
    create('setTimeout(() => {}, 100000).unref(); await sleep(2000);', { timeoutSeconds: 300 });
    await invoke();
    expect(elapsed()).toBe(2000);
  });

  test('has no bound in real time while it sleeps', async () => {
    const realTimeoutMs = 543_210;
    const [begun, ended] = [jest.spyOn(globalThis, 'setTimeout'), jest.spyOn(globalThis, 'clearTimeout')];
    const bounds = () => begun.mock.results.filter((_, index) => begun.mock.calls[index][1] === realTimeoutMs).map(({ value }) => value);
    const open = () => bounds().filter((bound) => !ended.mock.calls.some(([timer]) => timer === bound));
    begin({ clock: new VirtualClock({ start: START, jumps: false }), lambdaRunner: new ProcessRunner({ realTimeoutMs }) });
    create('await sleep(60000); return "awake";', { timeoutSeconds: 300 });
    const running = invoke();
    expect(open()).toHaveLength(1);
    await region.clock.settled();
    expect(open()).toHaveLength(0);
    await region.clock.advance(2 * MINUTE);
    expect(await running).toEqual({ payload: 'awake' });
    expect([bounds().length, open().length]).toEqual([2, 0]);
  });

  test('is ended by the end of the world', async () => {
    begin({ clock: new VirtualClock({ start: START, jumps: false }) });
    create('await sleep(60000);', { timeoutSeconds: 300 });
    const running = invoke();
    await region.clock.settled();
    await region.world.close();
    expect((await running).error).toMatchObject({ errorType: 'Runtime.ExitError' });
    await region.clock.settled();
  });
});

test('a handler\'s deadline for a request is virtual, too: a service that is slow to answer is waited for', async () => {
  const server = createServer((_request, response) => { setTimeout(() => response.end('slow'), 100); }).listen(0);
  create(`
    const signal = AbortSignal.timeout(1000);
    const url = 'http://localhost:${(server.address() as AddressInfo).port}';
    const began = performance.now();
    let answers = 0;
    while (performance.now() - began < 1200) { answers += (await (await fetch(url, { signal })).text()) === 'slow'; }
    const before = signal.aborted;
    await sleep(1500);
    return [answers > 0, before, signal.aborted, signal.reason?.name];
  `, { timeoutSeconds: 300 });
  try {
    expect(await invoke()).toEqual({ payload: [true, false, true, 'TimeoutError'] });
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('time stands still for a handler that waits for a request, whatever timers it has', async () => {
  const server = createServer((_request, response) => { setTimeout(() => response.end('slow'), 100); }).listen(0);
  create(`
    let fired = false;
    setTimeout(() => { fired = true; }, 30000);
    await (await fetch('http://localhost:${(server.address() as AddressInfo).port}')).text();
    await sleep(50);
    return fired;
  `, { timeoutSeconds: 300 });
  try {
    expect(await invoke()).toEqual({ payload: false });
    expect(elapsed()).toBe(0);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
