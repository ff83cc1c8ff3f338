import { BenchmarkArchiveError, runOf } from '../../../src/service/aiperf-run';

const read = (value: unknown) => runOf(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), 'a/profile_export_aiperf.json', 'the export');

test('an export is a run, with its figures as they were written', () => {
  expect(read({ aiperf_version: '0.8.0', input_config: { endpoint: { model_names: ['chat'] } }, request_count: { unit: 'requests', avg: 30 }, time_to_first_token: { unit: 'ms', p99: 9 } }))
    .toMatchObject({
      file: 'a/profile_export_aiperf.json',
      version: '0.8.0',
      models: ['chat'],
      requests: 30,
      isCancelled: false,
      metrics: [{ name: 'request_count', unit: 'requests', stats: { avg: 30 } }, { name: 'time_to_first_token', unit: 'ms', stats: { p99: 9 } }],
    });
});

test('words of Python for numbers that are none, and a mark of the byte order, do no harm', () => {
  expect(read('\uFEFF{"time_to_first_token": {"unit": "ms", "avg": NaN, "p50": 3}}').metrics).toEqual([{ name: 'time_to_first_token', unit: 'ms', stats: { p50: 3 } }]);
});

test.each([['[]', /must be a JSON object/], ['{', /is no JSON/], ['{"ttft": {"unit": "ms", "avg": {}}}', /ttft\.avg of the export must be a number/]])('%s is refused', (text, message) => {
  expect(() => read(text)).toThrow(BenchmarkArchiveError);
  expect(() => read(text)).toThrow(message);
});
