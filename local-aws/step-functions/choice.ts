import { resolve } from './expressions';
import { runtimeFailure } from './failure';
import { Lacking, lookUp, parsePath, Scope } from '../kernel';

type Compare = (value: any, operand: any) => boolean;

/** A timestamp of RFC 3339, as the state language has it. */
export const isTime = (value: unknown) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) && !isNaN(Date.parse(value));

/** The kinds of values that comparisons accept. For a value of another kind, a comparison is false. */
const KINDS: Readonly<Record<string, { is: (value: unknown) => boolean; rank: (value: any) => any; ordered: boolean }>> = {
  String: { is: (value) => typeof value === 'string', rank: (value) => value, ordered: true },
  Numeric: { is: (value) => typeof value === 'number', rank: (value) => value, ordered: true },
  Boolean: { is: (value) => typeof value === 'boolean', rank: (value) => value, ordered: false },
  Timestamp: { is: isTime, rank: (value) => Date.parse(value), ordered: true },
};

const ORDERS: Readonly<Record<string, Compare>> = {
  Equals: (a, b) => a === b,
  LessThan: (a, b) => a < b,
  GreaterThan: (a, b) => a > b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThanEquals: (a, b) => a >= b,
};

/** Comparisons whose operand may also come from a path. */
const COMPARISONS: Readonly<Record<string, Compare>> = Object.fromEntries(
  Object.entries(KINDS).flatMap(([kind, { is, rank, ordered }]) => Object.entries(ORDERS)
    .filter(([order]) => ordered || order === 'Equals')
    .map(([order, compare]): [string, Compare] => [`${kind}${order}`, (value, operand) => is(value) && is(operand) && compare(rank(value), rank(operand))])),
);

const TESTS: Readonly<Record<string, Compare>> = {
  IsPresent: (value, wanted) => (value !== undefined) === wanted,
  IsNull: (value, wanted) => (value === null) === wanted,
  IsString: (value, wanted) => KINDS.String.is(value) === wanted,
  IsNumeric: (value, wanted) => KINDS.Numeric.is(value) === wanted,
  IsBoolean: (value, wanted) => KINDS.Boolean.is(value) === wanted,
  IsTimestamp: (value, wanted) => KINDS.Timestamp.is(value) === wanted,
  StringMatches: (value, pattern: string) => typeof value === 'string' && wildcard(pattern).test(value),
};

/** Whether a choice rule is true. */
export function holds(rule: any, scope: Scope): boolean {
  if (rule.And) { return rule.And.every((inner: any) => holds(inner, scope)); }
  if (rule.Or) { return rule.Or.some((inner: any) => holds(inner, scope)); }
  if (rule.Not) { return !holds(rule.Not, scope); }
  const operator = operatorsOf(rule)[0];
  const value = lookUp(rule.Variable, scope);
  if (value === undefined && operator !== 'IsPresent') {
    throw runtimeFailure(`Invalid path '${rule.Variable}': The choice state's condition path references an invalid value.`);
  }
  if (Object.hasOwn(TESTS, operator)) { return TESTS[operator](value, rule[operator]); }
  const operand = Object.hasOwn(COMPARISONS, operator) ? rule[operator] : resolve(rule[operator], scope);
  return COMPARISONS[operator.replace(/Path$/, '')](value, operand);
}

/** Throws if a rule is not supported. */
export function checkRule(rule: any, nested = false): void {
  if (nested && rule.Next !== undefined) { throw new Error('A nested choice rule must have no Next'); }
  if (!nested && rule.Assign !== undefined) { throw new Lacking('The field \'Assign\' of a choice rule is not supported by the local AWS'); }
  const operators = operatorsOf(rule);
  if (operators.length !== 1) { throw new Error(`A choice rule must have exactly one operator, got ${operators.join(', ') || 'none'}`); }
  const [operator] = operators;
  const operand = rule[operator];
  if (operator === 'And' || operator === 'Or') {
    if (!Array.isArray(operand) || operand.length === 0) { throw new Error(`${operator} must be a non-empty list of choice rules`); }
    operand.forEach((inner) => checkRule(inner, true));
  } else if (operator === 'Not') {
    checkRule(operand, true);
  } else {
    parsePath(String(rule.Variable));
    if (Object.hasOwn(TESTS, operator) || Object.hasOwn(COMPARISONS, operator)) {
      const kind = operator.startsWith('Is') ? 'Boolean' : /^[A-Z][a-z]+/.exec(operator)![0];
      if (!KINDS[kind].is(operand)) { throw new Error(`${operator} must be a ${kind.toLowerCase()}, got: ${JSON.stringify(operand)}`); }
      return;
    }
    if (!operator.endsWith('Path') || !Object.hasOwn(COMPARISONS, operator.slice(0, -4))) {
      throw new Error(`The operator ${operator} is not supported`);
    }
    parsePath(String(operand));
  }
}

function operatorsOf(rule: object): string[] {
  return Object.keys(rule).filter((name) => !['Variable', 'Next', 'Comment'].includes(name));
}

function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/\\([*\\])|[*]|[^*\\]+|\\/g, (found, escaped) => (
    found === '*' ? '[^]*' : (escaped ?? found).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  ));
  return new RegExp(`^${source}$`);
}
