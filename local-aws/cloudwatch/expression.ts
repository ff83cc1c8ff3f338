import { Series } from './datapoints';
import { invalid } from './errors';
import { AwsError, Lacking } from '../kernel';

/** What a part of an expression is: a number, values over time, or several of these. */
export type Value = number | Series | readonly Series[];

/** What an expression may refer to. */
export interface Surroundings {
  /** The values of a query, by its id; `undefined` if there is none. */
  readonly valueOf: (id: string) => Value | undefined;
  /** The seconds of a query's periods. */
  readonly periodOf: (id: string) => number | undefined;
  /** The queries of metrics. */
  readonly metrics: () => ReadonlyArray<{ readonly id: string; readonly series: Series }>;
  /** The beginnings of all periods that are asked for, by the shortest period of the metrics that queries read. */
  readonly momentsOf: (ids: readonly string[]) => readonly number[];
}

interface CallNode {
  readonly kind: 'call';
  readonly name: string;
  readonly items: readonly Node[];
}

type Node =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'id'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | CallNode
  | { readonly kind: 'operator'; readonly name: string; readonly items: readonly [Node, Node] };

/** From the loosest to the tightest. */
const OPERATORS: ReadonlyArray<Readonly<Record<string, (a: number, b: number) => number>>> = [
  { '||': (a, b) => Number(a !== 0 || b !== 0), 'OR': (a, b) => Number(a !== 0 || b !== 0) },
  { '&&': (a, b) => Number(a !== 0 && b !== 0), 'AND': (a, b) => Number(a !== 0 && b !== 0) },
  {
    '>=': (a, b) => Number(a >= b),
    '<=': (a, b) => Number(a <= b),
    '==': (a, b) => Number(a === b),
    '!=': (a, b) => Number(a !== b),
    '>': (a, b) => Number(a > b),
    '<': (a, b) => Number(a < b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => a / b },
  { '^': (a, b) => a ** b },
];

const AGGREGATES: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
};
const OF_EACH: Readonly<Record<string, (value: number) => number>> = { ABS: Math.abs, CEIL: Math.ceil, FLOOR: Math.floor };
const FUNCTIONS = [...Object.keys(AGGREGATES), ...Object.keys(OF_EACH), 'FILL', 'IF', 'METRICS', 'PERIOD'];

/**
 * The value of a metric math expression: arithmetic, comparisons and the functions of `FUNCTIONS`.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * @throws AwsError if it cannot be read, or needs what is not here
 */
export function evaluated(expression: string, surroundings: Surroundings): Value {
  return valueOf(parsed(expression), expression, surroundings);
}

/** The ids of the queries whose values an expression reads, with those of METRICS. */
export function queriesReadBy(expression: string, around: Surroundings): string[] {
  return readIn(parsed(expression), expression, around);
}

/** The ids of the queries that an expression names. */
export function idsIn(expression: string): string[] {
  const within = (node: Node): string[] => (node.kind === 'id' ? [node.name] : 'items' in node ? node.items.flatMap(within) : []);
  return within(parsed(expression));
}

/** Whether an expression reads the metrics of the whole request. */
export function readsAll(expression: string): boolean {
  const within = (node: Node): boolean => (node.kind === 'call' && node.name === 'METRICS') || ('items' in node && node.items.some(within));
  return within(parsed(expression));
}

function parsed(text: string): Node {
  const tokens = tokensOf(text);
  let at = 0;
  const fail = (): never => { throw unreadable(text, at < tokens.length ? `'${tokens[at]}' is unexpected` : 'it ends too early'); };
  const take = (token: string) => (tokens[at] === token ? (at++, true) : false);
  const expect = (token: string) => { if (!take(token)) { fail(); } };
  const list = (end: string): Node[] => {
    const items: Node[] = [];
    if (take(end)) { return items; }
    do { items.push(level(0)); } while (take(','));
    expect(end);
    return items;
  };
  function level(depth: number): Node {
    if (depth === OPERATORS.length) { return unary(); }
    let left = level(depth + 1);
    while (Object.hasOwn(OPERATORS[depth], tokens[at] ?? '')) {
      const name = tokens[at++];
      left = { kind: 'operator', name, items: [left, level(depth + 1)] };
    }
    return left;
  }
  function unary(): Node {
    if (take('-')) { return { kind: 'operator', name: '-', items: [{ kind: 'number', value: 0 }, unary()] }; }
    if (take('(')) {
      const inner = level(0);
      expect(')');
      return inner;
    }
    if (take('[')) { return { kind: 'list', items: list(']') }; }
    const token = tokens[at++] ?? fail();
    if (/^[\d.]/.test(token)) { return { kind: 'number', value: Number(token) }; }
    if (/^["']/.test(token)) { return { kind: 'text', value: token.slice(1, -1) }; }
    if (!/^[A-Za-z]/.test(token)) {
      at--;
      fail();
    }
    if (take('(')) { return { kind: 'call', name: token, items: list(')') }; }
    return { kind: 'id', name: token };
  }
  const whole = level(0);
  if (at < tokens.length) { fail(); }
  return whole;
}

function tokensOf(text: string): string[] {
  const pattern = /\s*(?:(\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+|[A-Za-z]\w*|>=|<=|==|!=|\|\||&&|[-+*/^()<>,[\]]|"[^"]*"|'[^']*')|(\S))/gy;
  return [...text.matchAll(pattern)].map(([, token, stray]) => {
    if (stray !== undefined) { throw unreadable(text, `'${stray}' is unexpected`); }
    return token;
  });
}

function valueOf(node: Node, text: string, around: Surroundings): Value {
  const read = (inner: Node) => valueOf(inner, text, around);
  switch (node.kind) {
    case 'number': return node.value;
    case 'text': throw unreadable(text, `'${node.value}' is a text`);
    case 'id': {
      const found = around.valueOf(node.name);
      if (found === undefined) { throw unreadable(text, `there is no query ${node.name}`); }
      return found;
    }
    case 'list': return node.items.flatMap((item) => seriesOf(read(item), text));
    case 'operator': {
      const operator = OPERATORS.find((level) => Object.hasOwn(level, node.name))![node.name];
      return combined(node.items.map(read), ([a, b]) => operator(a, b), text);
    }
    case 'call': return called(node, text, around, read);
  }
}

function called({ name, items }: CallNode, text: string, around: Surroundings, read: (node: Node) => Value): Value {
  const need = (count: number) => { if (items.length !== count) { throw unreadable(text, `${name} takes ${count} parameters, and got ${items.length}`); } };
  if (Object.hasOwn(AGGREGATES, name)) {
    need(1);
    const value = read(items[0]);
    if (typeof value === 'number') { throw unreadable(text, `${name} takes a time series`); }
    // Of several it is one series, of a single one a number.
    return isSeries(value) ? AGGREGATES[name]([...value.values()]) : across(value, AGGREGATES[name]);
  }
  if (Object.hasOwn(OF_EACH, name)) {
    need(1);
    return combined([read(items[0])], ([value]) => OF_EACH[name](value), text);
  }
  switch (name) {
    case 'METRICS': return metricsIn(items, text, around).map(({ series }) => series);
    case 'PERIOD': {
      need(1);
      const period = items[0].kind === 'id' ? around.periodOf(items[0].name) : undefined;
      if (period === undefined) { throw unreadable(text, 'PERIOD takes the id of a metric'); }
      return period;
    }
    case 'FILL': {
      need(2);
      const filling = items[1].kind === 'id' ? undefined : read(items[1]);
      if (typeof filling !== 'number') { throw new Lacking(`FILL of the expression ${text} with anything but a number is not part of the local AWS`, 'ValidationError'); }
      return filled(items[0], filling, text, around, read);
    }
    case 'IF': {
      need(3);
      return combined(items.map(read), ([condition, then, otherwise]) => (condition !== 0 ? then : otherwise), text);
    }
    default: throw new Lacking(`The function ${name} of the expression ${text} is not part of the local AWS: it has ${FUNCTIONS.join(', ')}`, 'ValidationError');
  }
}

/** The metrics of a call of METRICS. */
function metricsIn(items: readonly Node[], text: string, around: Surroundings): ReturnType<Surroundings['metrics']> {
  const part = items.length === 0 ? '' : items[0].kind === 'text' ? items[0].value : undefined;
  if (part === undefined || items.length > 1) { throw unreadable(text, 'METRICS takes a part of the ids as a text, or nothing'); }
  return around.metrics().filter(({ id }) => id.includes(part));
}

/** Fills each series at the moments of its own metrics. */
function filled(node: Node, filling: number, text: string, around: Surroundings, read: (node: Node) => Value): Value {
  const fill = (series: Series, ids: readonly string[]): Series => (
    new Map(around.momentsOf(ids).map((moment) => [moment, series.get(moment) ?? filling])));
  if (node.kind === 'list') { return node.items.flatMap((item) => seriesOf(filled(item, filling, text, around, read), text)); }
  if (node.kind === 'call' && node.name === 'METRICS') { return metricsIn(node.items, text, around).map(({ id, series }) => fill(series, [id])); }
  const value = read(node);
  if (typeof value === 'number') { throw unreadable(text, 'FILL takes a time series'); }
  const ids = readIn(node, text, around);
  return isSeries(value) ? fill(value, ids) : value.map((series) => fill(series, ids));
}

/** The ids of the queries whose values a part of an expression reads. */
function readIn(node: Node, text: string, around: Surroundings): string[] {
  if (node.kind === 'id') { return [node.name]; }
  if (node.kind === 'call' && node.name === 'METRICS') { return metricsIn(node.items, text, around).map(({ id }) => id); }
  return 'items' in node && !(node.kind === 'call' && node.name === 'PERIOD') ? node.items.flatMap((item) => readIn(item, text, around)) : [];
}

/** Values of one moment make one: where any has none, or the result is no number, there is none. */
function combined(values: readonly Value[], combine: (of: readonly number[]) => number, text: string): Value {
  if (values.every((value) => typeof value === 'number')) { return combine(values as number[]); }
  const lists = values.filter((value): value is readonly Series[] => typeof value !== 'number' && !isSeries(value));
  if (lists.length > 0) {
    const most = Math.max(...lists.map(({ length }) => length));
    if (lists.some(({ length }) => length !== most)) { throw unreadable(text, 'it combines lists of different lengths'); }
    const at = (index: number) => values.map((value) => (typeof value === 'number' || isSeries(value) ? value : value[index]));
    return Array.from({ length: most }, (_, index) => combined(at(index), combine, text) as Series);
  }
  const all = values.filter((value): value is Series => typeof value !== 'number');
  const moments = [...all[0].keys()].filter((moment) => all.every((one) => one.has(moment)));
  const found = moments.map((moment) => [moment, combine(values.map((value) => (typeof value === 'number' ? value : (value as Series).get(moment)!)))] as const);
  return new Map(found.filter(([, value]) => Number.isFinite(value)));
}

function across(all: readonly Series[], aggregate: (values: readonly number[]) => number): Series {
  const moments = [...new Set(all.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
  return new Map(moments.map((moment) => [moment, aggregate(all.flatMap((one) => one.get(moment) ?? []))]));
}

/** The series of a value. A bare number has none. */
export function seriesOf(value: Value, text: string): readonly Series[] {
  if (typeof value === 'number') { throw unreadable(text, 'it has a number where a time series is expected'); }
  return isSeries(value) ? [value] : value;
}

function isSeries(value: Value): value is Series {
  return value instanceof Map;
}

function unreadable(text: string, why: string): AwsError {
  return invalid(`Error in expression '${text}': ${why}.`);
}
