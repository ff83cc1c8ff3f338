import * as fc from 'fast-check';
import { formatOf, required, wordsAndFlags } from '../../cli/src/terminal/flags';
import { processIo, styled } from '../../cli/src/terminal/io';
import { cell, figureCell, NOTHING, records, rendered, Table } from '../../cli/src/terminal/table';

const PIPED = { out: () => {}, err: () => {}, isTerminal: false, hasColors: false, columns: 40 };
const TERMINAL = { ...PIPED, isTerminal: true };
const COLORED = { ...TERMINAL, hasColors: true, columns: 200 };

const TABLE: Table = {
  columns: [{ key: 'name', title: 'endpoint' }, { key: 'cost', title: 'USD an hour', isFigure: true }, { key: 'why', title: 'why not', isLong: true }],
  rows: [
    { name: cell('ml.c5.xlarge × 1', 'green'), cost: figureCell(0.2040001, (value) => value.toFixed(3)) },
    { name: cell('ml.m5.large'), cost: figureCell(NaN, String), why: cell('ModelLatency 120 must be at most 100, and it is compiled | "x"') },
  ],
};

describe('a table', () => {
  test('stands in columns, figures to the right, and a line is as long as it is where nobody looks', () => {
    expect(rendered(TABLE, 'table', PIPED).split('\n')).toEqual([
      'endpoint          USD an hour  why not',
      'ml.c5.xlarge × 1        0.204',
      'ml.m5.large                 –  ModelLatency 120 must be at most 100, and it is compiled | "x"',
    ]);
  });

  test('fits a narrow terminal: the long column breaks, and loses no word', () => {
    const text = rendered(TABLE, 'table', { ...TERMINAL, columns: 60 });
    expect(text.split('\n').filter((line) => [...line].length > 60)).toEqual([]);
    expect(text.split('\n').length).toBeGreaterThan(3);
    expect(text.replace(/\s+/g, ' ')).toContain('ModelLatency 120 must');
    for (const word of ['compiled', '"x"', '100,']) { expect(text).toContain(word); }
  });

  test('has colors where the terminal has them, and the same text', () => {
    const colored = rendered({ ...TABLE, title: 'Shop' }, 'table', COLORED);
    expect(colored).toContain('\u001b[32mml.c5.xlarge × 1\u001b[39m');
    // eslint-disable-next-line no-control-regex
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(rendered({ ...TABLE, title: 'Shop' }, 'table', { ...PIPED, columns: 200 }));
  });

  test('in Markdown keeps its cells, whatever is in them, and has no colors', () => {
    expect(rendered({ ...TABLE, title: 'Shop' }, 'markdown', COLORED).split('\n')).toEqual([
      '**Shop**', '', '| endpoint | USD an hour | why not |', '| --- | ---: | --- |', '| ml.c5.xlarge × 1 | 0.204 |  |',
      '| ml.m5.large | – | ModelLatency 120 must be at most 100, and it is compiled \\| "x" |',
    ]);
    const broken = { columns: [{ key: 'a', title: 'a|b' }], rows: [{ a: cell('one\ntwo|three') }] };
    expect(rendered(broken, 'markdown', PIPED).split('\n')).toEqual(['| a\\|b |', '| --- |', '| one two\\|three |']);
  });

  test('in CSV has the exact values, and nothing where there is none', () => {
    expect(rendered(TABLE, 'csv', COLORED).split('\n')).toEqual([
      'name,cost,why', 'ml.c5.xlarge × 1,0.2040001,', 'ml.m5.large,,"ModelLatency 120 must be at most 100, and it is compiled | ""x"""',
    ]);
  });

  test('in CSV is read back as it was', () => {
    // By RFC 4180, as far as one row of it.
    const read = (text: string) => [...`,${text}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replace(/""/g, '"') ?? plain);
    const texts = fc.array(fc.oneof(fc.string(), fc.constantFrom('a,b', 'say "hi"', 'two\nlines', 'carriage\rreturn', '')), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(texts, (values) => {
      const columns = values.map((_value, index) => ({ key: `c${index}`, title: '' }));
      const table = { columns, rows: [Object.fromEntries(values.map((value, index) => [`c${index}`, cell(value)]))] };
      const text = rendered(table, 'csv', PIPED);
      expect(read(text.slice(text.indexOf('\n') + 1))).toEqual(values);
    }));
  });

  test('is records for programs: values of any kind, null where there is none', () => {
    expect(records({ columns: TABLE.columns, rows: [{ name: { text: 'yes', value: true }, why: NOTHING }] })).toEqual([{ name: true, cost: null, why: null }]);
  });
});

describe('the terminal', () => {
  const before = { ...process.env };
  const stdout = { isTTY: process.stdout.isTTY, hasColors: process.stdout.hasColors };
  beforeEach(() => { Object.assign(process.stdout, { isTTY: true, hasColors: () => true }); });
  afterEach(() => {
    for (const name of ['NO_COLOR', 'TERM']) { if (before[name] === undefined) { delete process.env[name]; } else { process.env[name] = before[name]; } }
    Object.assign(process.stdout, stdout);
  });
  const hasColors = (environment: Record<string, string>) => {
    for (const name of ['NO_COLOR', 'TERM']) { delete process.env[name]; }
    Object.assign(process.env, environment);
    return processIo().hasColors;
  };

  test('has colors but with NO_COLOR, in a dumb one, and in a pipe', () => {
    expect([hasColors({ TERM: 'xterm' }), hasColors({ TERM: 'xterm', NO_COLOR: '1' }), hasColors({ TERM: 'dumb' })]).toEqual([true, false, false]);
    // An empty value counts as none. Source: https://no-color.org
    expect(hasColors({ TERM: 'xterm', NO_COLOR: '' })).toBe(true);
    Object.assign(process.stdout, { isTTY: false });
    expect([hasColors({ TERM: 'xterm' }), processIo().isTerminal]).toEqual([false, false]);
  });

  test('without colors, a style changes nothing', () => {
    expect([styled(PIPED, 'red', 'x'), styled(COLORED, 'red', 'x')]).toEqual(['x', '\u001b[31mx\u001b[39m']);
  });
});

describe('a command line', () => {
  const FLAGS = { json: { type: 'boolean' }, region: { type: 'string' } } as const;
  const read = (...args: string[]) => wordsAndFlags(args, FLAGS, { usage: 'verb WORD', most: 1 });

  test('has its options anywhere', () => {
    expect(read('--json', 'Shop', '--region', 'eu-west-1')).toEqual(read('Shop', '--region=eu-west-1', '--json'));
    expect(read('Shop')).toEqual({ values: {}, words: ['Shop'] });
  });

  test('is refused in one sentence where it cannot be understood', () => {
    expect(() => read('Shop', 'more')).toThrow('more is one word too many: verb WORD');
    expect(() => read('--nothing')).toThrow("Unknown option '--nothing'");
    expect(() => required(undefined, 'The name', 'verb WORD')).toThrow('The name is missing: verb WORD');
    expect(() => formatOf({ format: 'yaml' })).toThrow('--format yaml must be one of table, markdown, csv, json');
    expect(() => formatOf({ format: 'csv', json: true })).toThrow('--json and --format csv contradict each other: leave one out');
  });

  test('asks for one format', () => {
    expect([formatOf({}), formatOf({ json: true }), formatOf({ format: 'json', json: true }), formatOf({ format: 'markdown' })]).toEqual(['table', 'json', 'json', 'markdown']);
  });
});
