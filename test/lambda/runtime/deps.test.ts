import { readdirSync, readFileSync } from 'fs';
import { createServer } from 'http';
import { AddressInfo } from 'net';
import { join } from 'path';
import { ListModelsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { CLIENT, REQUEST_MS, systemClock, timed } from '../../../lambda/runtime/deps';
import { isTransient } from '../../../lambda/runtime/errors';

const LAMBDA = join(__dirname, '../../../lambda');

test('every client has the configuration of all', () => {
  const made = readdirSync(LAMBDA, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
    .flatMap((path) => readFileSync(join(LAMBDA, path), 'utf8').match(/new \w+Client\((\{\s*\.\.\.)?\w*/g) ?? []);
  expect(made.length).toBeGreaterThanOrEqual(10);
  expect(made.filter((text) => !/CLIENT$/.test(text))).toEqual([]);
});

test('which gives up a request that hangs, with an error that may pass', async () => {
  const server = createServer(() => {});
  await new Promise<void>((listening) => { server.listen(0, listening); });
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const client = new SageMakerClient({ ...CLIENT, endpoint: `http://localhost:${port}`, region: 'us-east-1', credentials });
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  try {
    let ended: any;
    client.send(new ListModelsCommand({})).catch((error) => { ended = error; });
    while (!ended) {
      await new Promise((done) => setImmediate(done));
      jest.advanceTimersByTime(REQUEST_MS / 10);
    }
    expect(ended).toMatchObject({ name: 'TimeoutError', $metadata: { attempts: 3 } });
    expect(isTransient(ended)).toBe(true);
  } finally {
    jest.useRealTimers();
    server.closeAllConnections();
    server.close();
  }
});

test.each<[number | undefined, boolean]>([
  [undefined, true], [200, true], [302, false], [400, false], [403, false], [429, true], [500, true], [503, true],
])('an error of an AWS service with status %s may pass: %s', (httpStatusCode, expected) => {
  expect(isTransient(Object.assign(new Error('oops'), { $metadata: { httpStatusCode } }))).toBe(expected);
});

test('the clock of a handler knows what is left of each invocation', async () => {
  const handler = timed(async (event: string) => `${event} ${systemClock.left()}`);
  for (const left of [600_000, 1, 55_000]) {
    expect(await handler('left:', { getRemainingTimeInMillis: () => left })).toBe(`left: ${left}`);
  }
});
