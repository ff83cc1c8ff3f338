import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { usdText } from '../../src/service/usd';
import { data } from '../cli/estimate/apps';

const PAGE = readFileSync(join(__dirname, '..', '..', 'docs', 'live-verification.md'), 'utf8');
const TESTS = readdirSync(__dirname).filter((file) => /^integ\..*\.ts$/.test(file)).map((file) => file.slice(0, -3));
const HOURS_A_MONTH = 730;

/** The rows of the table with these columns, as their cells. */
function table(...columns: string[]): string[][] {
  const cells = (line: string) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim());
  const lines = PAGE.split('\n');
  const head = lines.findIndex((line) => JSON.stringify(cells(line)) === JSON.stringify(columns));
  expect(head).toBeGreaterThan(0);
  const rows = lines.slice(head + 2);
  return rows.slice(0, rows.findIndex((line) => !line.startsWith('|'))).map(cells);
}

/** The assertions of a test, by the snapshot of its stack of assertions, which `npm run integ` compares with the test. */
function assertionsOf(test: string): string[] {
  const folder = join(__dirname, `${test}.ts.snapshot`);
  const file = readdirSync(folder).find((name) => name.endsWith('Assertions.template.json'))!;
  const { Outputs = {} } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  return Object.keys(Outputs).filter((name) => name.startsWith('AssertionResults')).map((name) => name.slice('AssertionResults'.length));
}

test('each claim names an assertion of an integration test, and each assertion has its claim and what to do if it fails', () => {
  const rows = table('Claim', 'Test', 'Assertion', 'If it fails');
  const named = rows.map(([, test, assertion]) => `${test} ${assertion.replace(/`/g, '')}`);
  const made = TESTS.flatMap((test) => assertionsOf(test).map((assertion) => `${test} ${assertion}`));
  expect(named.sort()).toEqual(made.sort());
  expect(rows.filter((row) => row.length !== 4 || row.some((cell) => cell === ''))).toEqual([]);
});

test('the costs are those of the estimate', async () => {
  const rows = table('Test', 'Minutes, about', 'Jobs, USD at most', 'Endpoints, USD an hour');
  expect(rows.map(([test]) => test).sort()).toEqual(TESTS.map((test) => `[${test}](../test/integ/${test}.ts)`).sort());
  for (const [link, , jobs, endpoints] of rows) {
    const test = /^\[(.*)\]/.exec(link)![1];
    const { jobsUsd, monthlyUsd } = await data('--app', join(__dirname, `${test}.ts.snapshot`), '--region', 'us-east-1');
    const figures = [jobsUsd.most ?? jobsUsd.least, (monthlyUsd.most ?? monthlyUsd.least) / HOURS_A_MONTH].map(usdText);
    expect([test, `${jobs} USD`, `${endpoints} USD`]).toEqual([test, ...figures]);
  }
});
