import { BlockList, isIP } from 'net';
import { AwsError } from '../kernel';

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | string[];
  readonly NotAction?: string | string[];
  readonly Resource?: string | string[];
  readonly NotResource?: string | string[];
  readonly Principal?: '*' | Readonly<Record<string, string | string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: Statement | Statement[];
}

/** The values that conditions test. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** An explicit Deny wins over any Allow. `undefined` is the implicit deny. */
export function decide(documents: Iterable<PolicyDocument>, action: string, resource: string, context: Context): 'Allow' | 'Deny' | undefined {
  let decision: 'Allow' | undefined;
  for (const document of documents) {
    for (const statement of list(document.Statement)) {
      if (!applies(statement, action, resource, context)) { continue; }
      if (statement.Effect === 'Deny') { return 'Deny'; }
      decision = 'Allow';
    }
  }
  return decision;
}

/** Whether a trust policy lets a service (`lambda.amazonaws.com`) assume the role. */
export function trusts(document: PolicyDocument, service: string): boolean {
  const named = list(document.Statement).filter(({ Principal }) =>
    typeof Principal === 'object' && list(Principal.Service ?? []).some((name) => name.replace(/\.cn$/, '') === service));
  return named.some(({ Effect }) => Effect === 'Allow') && !named.some(({ Effect }) => Effect === 'Deny');
}

/** Refuses a document that IAM would refuse, or that cannot be evaluated here. */
export function checkDocument(document: any, kind: 'identity' | 'trust'): asserts document is PolicyDocument {
  const statements: any[] = list(document?.Statement ?? []);
  if (typeof document !== 'object' || statements.length === 0) { throw malformed('Syntax errors in policy.'); }
  for (const statement of statements) {
    if (!['Allow', 'Deny'].includes(statement?.Effect)) { throw malformed('Syntax errors in policy.'); }
    const actions = list<any>(statement.Action ?? statement.NotAction ?? []);
    if (actions.length === 0) { throw malformed('Policy statement must contain actions.'); }
    if (actions.some((action) => !/^(\*|[\w-]+:[\w*?]+)$/.test(action))) {
      throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    }
    const target = kind === 'trust' ? statement.Principal : statement.Resource ?? statement.NotResource;
    if (target === undefined || list(target).length === 0) {
      throw malformed(kind === 'trust' ? 'Missing required field Principal' : 'Policy statement must contain resources.');
    }
    for (const operator of Object.keys(statement.Condition ?? {})) {
      if (!operatorOf(operator)) { throw malformed(`The condition operator ${operator} is not part of the local AWS`); }
    }
  }
}

function applies(statement: Statement, action: string, resource: string, context: Context): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const covers = (patterns: string | string[], value: string, flags?: string) => list(patterns).some((pattern) => like(pattern, value, flags));
  const acts = Action !== undefined ? covers(Action, action, 'i') : !covers(NotAction ?? [], action, 'i');
  const meets = Resource !== undefined ? covers(Resource, resource) : !covers(NotResource ?? [], resource);
  return acts && meets && Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) => holds(operator, list(expected).map(String), valueOf(context, key))));
}

type Compare = (expected: string, actual: string) => boolean;

const equals: Compare = (expected, actual) => expected === actual;
const equalsIgnoringCase: Compare = (expected, actual) => expected.toLowerCase() === actual.toLowerCase();
const arnLike: Compare = (expected, actual) => {
  const [patterns, parts] = [expected, actual].map((arn) => [...arn.split(':').slice(0, 5), arn.split(':').slice(5).join(':')]);
  return patterns.every((pattern, index) => like(pattern, parts[index]));
};

const OPERATORS: Readonly<Record<string, Compare | undefined>> = {
  StringEquals: equals,
  StringEqualsIgnoreCase: equalsIgnoringCase,
  StringLike: (expected, actual) => like(expected, actual),
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: equalsIgnoringCase,
  BinaryEquals: equals,
  ...ordered('Numeric', Number),
  ...ordered('Date', (text) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text))),
  IpAddress: (expected, actual) => isWithin(expected, actual),
};

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
function ordered(kind: string, read: (text: string) => number): Record<string, Compare> {
  const by = (compare: (actual: number, expected: number) => boolean): Compare => (expected, actual) => compare(read(actual), read(expected));
  return {
    [`${kind}Equals`]: by((a, b) => a === b),
    [`${kind}LessThan`]: by((a, b) => a < b),
    [`${kind}LessThanEquals`]: by((a, b) => a <= b),
    [`${kind}GreaterThan`]: by((a, b) => a > b),
    [`${kind}GreaterThanEquals`]: by((a, b) => a >= b),
  };
}

function isWithin(range: string, address: string): boolean {
  const [base, bits] = range.split('/');
  const family = isIP(base) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(base) === 0 || isIP(base) !== isIP(address)) { return false; }
  const block = new BlockList();
  block.addSubnet(base, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  return block.check(address, family);
}

function operatorOf(name: string) {
  const [, quantifier, base, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(name) ?? [];
  const isNull = base === 'Null';
  const compare = isNull ? equals : OPERATORS[base?.replace('Not', '')];
  return compare && { quantifier, isNull, negated: /Not/.test(base), ifExists: ifExists !== undefined, compare };
}

function holds(name: string, expected: string[], actual: readonly string[] | undefined): boolean {
  const { quantifier, isNull, negated, ifExists, compare } = operatorOf(name)!;
  if (isNull) { return expected.includes(String(actual === undefined)); }
  // An absent key fulfils only the operators that say so, and the negated ones.
  if (actual === undefined) { return ifExists || quantifier === 'ForAllValues' || (negated && quantifier === undefined); }
  const one = (value: string) => expected.some((pattern) => compare(pattern, value)) !== negated;
  return quantifier === 'ForAllValues' ? actual.every(one) : actual.some(one);
}

function valueOf(context: Context, key: string): readonly string[] | undefined {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return found && list(found[1]);
}

function like(pattern: string, value: string, flags = ''): boolean {
  if (!/[*?]/.test(pattern)) { return flags === 'i' ? equalsIgnoringCase(pattern, value) : equals(pattern, value); }
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${source}$`, `s${flags}`).test(value);
}

function list<T>(value: T | readonly T[]): T[] {
  return Array.isArray(value) ? [...value] : [value as T];
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message);
}
