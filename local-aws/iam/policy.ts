import { BlockList, isIP } from 'net';
import { AwsError } from '../kernel';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | string[];
  readonly NotAction?: string | string[];
  readonly Resource?: string | string[];
  readonly NotResource?: string | string[];
  readonly Principal?: Principals;
  readonly NotPrincipal?: Principals;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Whom a statement of a resource's policy names, by their kind. */
export type Principals = '*' | Readonly<Record<string, string | string[]>>;

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: Statement | Statement[];
}

/** The values that conditions test. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** `undefined` is the implicit deny. */
export type Decision = 'Allow' | 'Deny' | undefined;

/** An explicit Deny wins over any Allow. */
export function decide(documents: Iterable<PolicyDocument>, action: string, resource: string, context: Context): Decision {
  let decision: 'Allow' | undefined;
  for (const document of documents) {
    for (const statement of list(document.Statement)) {
      if (!applies(statement, document.Version, action, resource, context)) { continue; }
      if (statement.Effect === 'Deny') { return 'Deny'; }
      decision = 'Allow';
    }
  }
  return decision;
}

/** Whether a trust policy lets a service (`lambda.amazonaws.com`) assume the role, for a request with this context. */
export function trusts(document: PolicyDocument, service: string, role: string, context: Context): boolean {
  const named = list(document.Statement).filter(({ Principal }) =>
    typeof Principal === 'object' && list(Principal.Service ?? []).some((name) => name.replace(/\.cn$/, '') === service));
  return decide([{ ...document, Statement: named }], 'sts:AssumeRole', role, context) === 'Allow';
}

/**
 * Refuses a document that IAM would refuse. All of IAM's condition operators are here.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function checkDocument(document: any, kind: keyof typeof BESIDES): asserts document is PolicyDocument {
  const statements: readonly any[] = list(document?.Statement ?? []);
  const strange = (of: object, known: readonly string[]) => Object.keys(of).some((name) => !known.includes(name));
  if (typeof document !== 'object' || statements.length === 0 || strange(document, ['Version', 'Id', 'Statement'])) { throw malformed('Syntax errors in policy.'); }
  if (document.Version !== undefined && !VERSIONS.includes(`${document.Version}`)) { throw malformed('The policy must contain a valid version string'); }
  const ids = statements.map((statement) => statement?.Sid).filter((id) => id !== undefined);
  if (new Set(ids).size < ids.length) { throw malformed('Statement IDs (SID) in a single policy must be unique.'); }
  if (kind === 'identity' && ids.some((id) => !/^[0-9A-Za-z]*$/.test(id))) {
    throw malformed('Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*');
  }
  statements.forEach((statement) => checkStatement(statement, kind, strange));
}

const VERSIONS = ['2012-10-17', '2008-10-17'];
const ELEMENTS = ['Sid', 'Effect', 'Action', 'NotAction', 'Condition'];
const RESOURCES = ['Resource', 'NotResource'];
const PRINCIPALS = ['Principal', 'NotPrincipal'];
/** What a statement has besides, by the kind of its policy. A trust policy names no resource, and nobody by exclusion. */
const BESIDES = { identity: RESOURCES, trust: ['Principal'], resource: [...RESOURCES, ...PRINCIPALS] };

function checkStatement(statement: any, kind: keyof typeof BESIDES, strange: (of: object, known: readonly string[]) => boolean): void {
  if (!['Allow', 'Deny'].includes(statement?.Effect)) { throw malformed('Syntax errors in policy.'); }
  if (kind === 'identity' && PRINCIPALS.some((name) => statement[name] !== undefined)) { throw malformed('Policy document should not specify a principal.'); }
  const twice = [['Action', 'NotAction'], RESOURCES, PRINCIPALS].some((pair) => pair.every((name) => statement[name] !== undefined));
  if (kind === 'trust' && RESOURCES.some((name) => statement[name] !== undefined)) { throw malformed('Has prohibited field Resource'); }
  if (twice || strange(statement, [...ELEMENTS, ...BESIDES[kind]])) { throw malformed('Syntax errors in policy.'); }
  const actions = list<any>(statement.Action ?? statement.NotAction ?? []);
  if (actions.length === 0) { throw malformed('Policy statement must contain actions.'); }
  if (actions.some((action) => !/^(\*|[\w-]+:[\w*?]+)$/.test(action))) {
    throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
  if (kind !== 'identity' && list(statement.Principal ?? statement.NotPrincipal ?? []).length === 0) { throw malformed('Missing required field Principal'); }
  if (kind !== 'trust') {
    const resources = list<any>(statement.Resource ?? statement.NotResource ?? []);
    if (resources.length === 0) { throw malformed('Policy statement must contain resources.'); }
    const wrong = resources.find((resource) => !/^(\*|arn:.*|\$\{.*)$/s.test(resource));
    if (wrong !== undefined) { throw malformed(`Resource ${wrong} must be in ARN format or "*".`); }
  }
  for (const operator of Object.keys(statement.Condition ?? {})) {
    if (!operatorOf(operator)) { throw malformed(`Invalid Condition type : ${operator}.`); }
  }
}

function applies(statement: Statement, version: string | undefined, action: string, resource: string, context: Context): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const acts = list(Action ?? NotAction ?? []).some((pattern) => like(pattern, action, 'i')) === (Action !== undefined);
  if (!acts) { return false; }
  try {
    // Only the newer version of the language has variables.
    const fill = version === VERSIONS[0] ? (text: string) => filled(text, context) : quoted;
    const meets = list(Resource ?? NotResource ?? []).some((pattern) => like(fill(pattern), resource)) === (Resource !== undefined);
    return meets && Object.entries(Condition).every(([operator, keys]) => Object.entries(keys).every(([key, expected]) =>
      holds(operator, list(expected).map(String), valueOf(context, key), fill)));
  } catch (error) {
    if (error === UNRESOLVED) { return false; }
    throw error;
  }
}

const UNRESOLVED = new Error('A variable has no value.');

/**
 * A text whose variables have the request's values. `\0` stands before a sign that is no wildcard.
 * A statement with a variable that has no value does not apply.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
function filled(text: string, context: Context): string {
  return quoted(text).replace(/\$\{([^}]*)\}/g, (_found, variable: string) => {
    if (['*', '?', '$'].includes(variable)) { return `\0${variable}`; }
    const [, name, otherwise] = /^([^,]+?)\s*(?:,\s*'(.*)')?$/s.exec(variable) ?? [];
    const [value = otherwise, ...more] = valueOf(context, `${name}`) ?? [];
    if (value === undefined || more.length > 0) { throw UNRESOLVED; }
    return value.replace(/[*?]/g, '\0$&');
  });
}

function quoted(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}

type Compare = (expected: string, actual: string) => boolean;

const equals: Compare = (expected, actual) => quoted(expected) === actual;
const equalsIgnoringCase: Compare = (expected, actual) => quoted(expected).toLowerCase() === actual.toLowerCase();
const arnLike: Compare = (expected, actual) => {
  const [patterns, parts] = [expected, actual].map((arn) => [...arn.split(':').slice(0, 5), arn.split(':').slice(5).join(':')]);
  return patterns.every((pattern, index) => like(pattern, parts[index]));
};

const OPERATORS: Readonly<Record<string, Compare>> = {
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

/** Those that have a negated form. */
const NEGATED = /^(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|(Numeric|Date)Equals|IpAddress)$/;

function operatorOf(name: string) {
  const [, quantifier, base, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(name) ?? [];
  const isNull = base === 'Null' && ifExists === undefined;
  // The word stands after the kind of value, but for addresses.
  const plain = `${base}`.replace(/^(String|Arn|Numeric|Date)Not|^Not(?=Ip)/, '$1');
  const negated = plain !== base;
  const isKnown = Object.hasOwn(OPERATORS, plain) && (!negated || NEGATED.test(plain));
  const compare = isNull ? equals : isKnown ? OPERATORS[plain] : undefined;
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (where variables can be used)
  return compare && { quantifier, isNull, negated, ifExists: ifExists !== undefined, compare, fills: /^(String|Arn)/.test(plain) };
}

function holds(name: string, patterns: string[], actual: readonly string[] | undefined, fill: (text: string) => string): boolean {
  const { quantifier, isNull, negated, ifExists, compare, fills } = operatorOf(name)!;
  if (isNull) { return patterns.includes(String(actual === undefined)); }
  // An absent key fulfils only the operators that say so, and the negated ones.
  if (actual === undefined) { return ifExists || quantifier === 'ForAllValues' || (negated && quantifier === undefined); }
  const expected = fills ? patterns.map(fill) : patterns;
  const one = (value: string) => expected.some((pattern) => compare(pattern, value)) !== negated;
  return quantifier === 'ForAllValues' ? actual.every(one) : actual.some(one);
}

function valueOf(context: Context, key: string): readonly string[] | undefined {
  if (Object.hasOwn(context, key)) { return list(context[key]); }
  const name = Object.keys(context).find((one) => one.toLowerCase() === key.toLowerCase());
  return name === undefined ? undefined : list(context[name]);
}

/** By a pattern's wildcards. A last one of a segment crosses colons: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
function like(pattern: string, value: string, flags = ''): boolean {
  if (!/[*?]/.test(pattern)) { return flags === 'i' ? equalsIgnoringCase(pattern, value) : equals(pattern, value); }
  const known = compiled.get(flags + pattern);
  if (known) { return known.test(value); }
  const source = pattern.replace(/\0(.)|\*+|\?|[.+^${}()|[\]\\]/gs, (found, plain) => (
    plain !== undefined ? `\\${plain}` : found[0] === '*' ? '.*' : found === '?' ? '.' : `\\${found}`));
  const made = new RegExp(`^${source}$`, `s${flags}`);
  // A pattern may have a request's values, so there is no end to them.
  if (compiled.size >= MOST_COMPILED) { compiled.clear(); }
  compiled.set(flags + pattern, made);
  return made.test(value);
}

const MOST_COMPILED = 10_000;
/** Patterns by their flags and texts. */
const compiled = new Map<string, RegExp>();

function list<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message);
}
