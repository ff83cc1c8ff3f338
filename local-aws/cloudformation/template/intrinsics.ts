import { cidrBlocks } from './cidr';
import { attributeParts } from './references';
import { invalid, isObject, LANGUAGE_EXTENSIONS, Template } from './template';
import { AwsError } from '../../kernel';

/** A change set's text for a value that only the deployment will know. */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** The value of `AWS::NoValue`: the member or element that holds it is removed. */
const NO_VALUE = Symbol('AWS::NoValue');

/** The values that the intrinsics refer to. */
export interface Scope {
  readonly template: Template;
  readonly region: string;
  /** A parameter, a pseudo parameter or a resource. */
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  importValue(name: string): string;
  /** An SSM parameter, for `{{resolve:ssm:…}}`. */
  ssmParameter(name: string): string;
  /** A secret, for `{{resolve:secretsmanager:…}}`. */
  secret(reference: string): string;
}

type Resolve = (value: unknown) => any;

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const FUNCTIONS: Record<string, (argument: any, scope: Scope, resolve: Resolve) => unknown> = {
  'Ref': (name, scope) => name === 'AWS::NoValue' ? NO_VALUE : scope.ref(name),
  'Fn::GetAtt': (argument, scope, resolve) => {
    const [owner, attribute] = attributeParts(argument);
    return scope.attribute(owner, String(resolve(attribute)));
  },
  'Fn::Sub': (argument, _, resolve) => {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    if (typeof text !== 'string' || !isObject(variables)) {
      throw invalid('Template error: One or more Fn::Sub intrinsic functions don\'t specify expected arguments. '
        + 'Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string');
    }
    return text.replace(/\$\{(!?)([^}]*)\}/g, (_all, literal, inside) => {
      const name = inside.trim();
      if (literal) { return `\${${inside}}`; }
      if (Object.hasOwn(variables, name)) { return scalar(resolve(variables[name]), 'Fn::Sub'); }
      return scalar(name.includes('.') ? resolve({ 'Fn::GetAtt': name }) : resolve({ Ref: name }), 'Fn::Sub');
    });
  },
  'Fn::Join': (argument, _, resolve) => {
    const [separator, parts] = [resolve(argument?.[0]), resolve(argument?.[1])];
    if (parts === KNOWN_AFTER_APPLY) { return KNOWN_AFTER_APPLY; }
    if (typeof separator !== 'string' || !Array.isArray(parts)) {
      throw invalid('Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined '
        + 'or a function that returns a list of strings (such as Fn::GetAZs) to be joined.');
    }
    return parts.map((part) => scalar(part, 'Fn::Join')).join(separator);
  },
  'Fn::Split': (argument, _, resolve) => {
    const [separator, text] = [resolve(argument?.[0]), resolve(argument?.[1])];
    if (typeof separator !== 'string' || typeof text !== 'string') {
      throw invalid('Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function '
        + 'that returns a string to be split.');
    }
    return isUnknown(text) ? KNOWN_AFTER_APPLY : text.split(separator);
  },
  'Fn::Select': (argument, _, resolve) => {
    const [index, list] = [Number(resolve(argument?.[0])), resolve(argument?.[1])];
    if (list === KNOWN_AFTER_APPLY) { return KNOWN_AFTER_APPLY; }
    if (!Array.isArray(list)) {
      throw invalid('Template error: Fn::Select requires a list argument with two elements: an integer index and a list');
    }
    if (!(index in list)) { throw invalid(`Template error: Fn::Select cannot select nonexistent value at index ${index}`); }
    return list[index];
  },
  'Fn::If': (argument, scope, resolve) => {
    if (!Array.isArray(argument) || argument.length !== 3) { throw invalid('Template error: Fn::If requires a list argument with three elements'); }
    return resolve(argument[condition(argument[0], scope) ? 1 : 2]);
  },
  'Fn::FindInMap': (argument, scope, resolve) => {
    const [map, top, second] = (argument ?? []).map(resolve);
    const found = scope.template.Mappings[map]?.[top]?.[second];
    if (found === undefined) { throw invalid(`Template error: Unable to get mapping for ${map}::${top}::${second}`); }
    return found;
  },
  'Fn::Cidr': (argument, _, resolve) => {
    const [block, count, bits] = (argument ?? []).map(resolve);
    return isUnknown(block) ? KNOWN_AFTER_APPLY : cidrBlocks(String(block), Number(count), Number(bits));
  },
  'Fn::Base64': (argument, _, resolve) => Buffer.from(scalar(resolve(argument), 'Fn::Base64')).toString('base64'),
  'Fn::ImportValue': (argument, scope, resolve) => scope.importValue(scalar(resolve(argument), 'Fn::ImportValue')),
  'Fn::GetAZs': (argument, scope, resolve) => ['a', 'b', 'c'].map((zone) => `${resolve(argument) || scope.region}${zone}`),
  'Fn::Length': (argument, scope, resolve) => {
    needsTransform('Fn::Length', scope);
    return resolve(argument).length;
  },
  'Fn::ToJsonString': (argument, scope, resolve) => {
    needsTransform('Fn::ToJsonString', scope);
    return JSON.stringify(resolve(argument));
  },
};

function needsTransform(name: string, { template }: Scope): void {
  if (![template.Transform].flat().includes(LANGUAGE_EXTENSIONS)) { throw invalid(`Template error: ${name} needs the Transform ${LANGUAGE_EXTENSIONS}`); }
}

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html */
const TESTS: Record<string, (argument: any, scope: Scope) => boolean> = {
  'Condition': (name, scope) => condition(name, scope),
  'Fn::And': (tests, scope) => twoToTen('Fn::And', tests).every((test) => holds(test, scope)),
  'Fn::Or': (tests, scope) => twoToTen('Fn::Or', tests).some((test) => holds(test, scope)),
  'Fn::Not': (tests, scope) => !holds(tests[0], scope),
  'Fn::Equals': ([one, other], scope) => same(resolveValue(one, scope), resolveValue(other, scope)),
  'Fn::Contains': ([list, value], scope) => resolveValue<unknown[]>(list, scope).some((member) => same(member, resolveValue(value, scope))),
};

function twoToTen(name: string, tests: unknown): unknown[] {
  if (Array.isArray(tests) && tests.length >= 2 && tests.length <= 10) { return tests; }
  throw invalid(`Template error: every ${name} object requires a list of at least 2 and at most 10 boolean parameters.`);
}

/** Whether a named condition is true. */
export function condition(name: string, scope: Scope): boolean {
  if (!Object.hasOwn(scope.template.Conditions, name)) { throw invalid(`Template format error: Unresolved condition dependency ${name}`); }
  return holds(scope.template.Conditions[name], scope);
}

/** Whether an expression of the Conditions or Rules block is true. */
export function holds(test: unknown, scope: Scope): boolean {
  const [name, argument] = single(test);
  if (!Object.hasOwn(TESTS, name)) { throw invalid(`Template error: ${name || JSON.stringify(test)} as a condition is not part of the local AWS`); }
  return refusing(name, () => TESTS[name](argument, scope));
}

/** Arguments of an unexpected shape are an error of the template. */
function refusing<T>(name: string, evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    throw error instanceof AwsError ? error : invalid(`Template error: ${name} has invalid arguments (${(error as Error).message})`);
  }
}

/** The value with every intrinsic function and dynamic reference in it resolved. */
export function resolveValue<T = unknown>(value: unknown, scope: Scope): T {
  const resolve: Resolve = (inner) => {
    if (typeof inner === 'string') { return dynamicReferences(inner, scope); }
    if (Array.isArray(inner)) { return inner.map(resolve).filter((member) => member !== NO_VALUE); }
    if (!isObject(inner)) { return inner; }
    const [name, argument] = single(inner);
    if (Object.hasOwn(FUNCTIONS, name)) { return refusing(name, () => FUNCTIONS[name](argument, scope, resolve)); }
    if (name.startsWith('Fn::')) { throw invalid(`Template error: ${name} is not part of the local AWS`); }
    return Object.fromEntries(Object.entries(inner).map(([key, member]) => [key, resolve(member)]).filter(([, member]) => member !== NO_VALUE));
  };
  const resolved = resolve(value);
  return (resolved === NO_VALUE ? undefined : resolved) as T;
}

/** Whether the deployment must first determine a value, or a part of it. */
export function isUnknown(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).includes(KNOWN_AFTER_APPLY);
}

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */
function dynamicReferences(text: string, scope: Scope): string {
  return text.replace(/\{\{resolve:([\w-]+):([^}]*)\}\}/g, (_, service, reference) => {
    const [, name, version] = /^([\w./-]+)(?::(\d+))?$/.exec(reference) ?? [];
    if (service === 'secretsmanager') { return scope.secret(reference); }
    if (!['ssm', 'ssm-secure'].includes(service) || name === undefined || version !== undefined) {
      throw invalid(`The dynamic reference {{resolve:${service}:${reference}}} is not part of the local AWS`);
    }
    return scope.ssmParameter(name);
  });
}

function single(value: unknown): [string, any] {
  const entries = isObject(value) ? Object.entries(value) : [];
  return entries.length === 1 ? entries[0] : ['', undefined];
}

function scalar(value: unknown, where: string): string {
  if (typeof value === 'object' || value === undefined || typeof value === 'symbol') {
    throw invalid(`Template error: ${where} takes strings, and got ${typeof value === 'symbol' ? 'AWS::NoValue' : JSON.stringify(value)}`);
  }
  return String(value);
}

function same(one: unknown, other: unknown): boolean {
  return typeof one === 'object' || typeof other === 'object' ? JSON.stringify(one) === JSON.stringify(other) : String(one) === String(other);
}
