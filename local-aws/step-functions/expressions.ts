import { runtimeFailure, StateFailure } from './failure';
import { Lacking, lookUp, parsePath, Scope } from '../kernel';

type Evaluate = (scope: Scope) => unknown;

const INTRINSICS: Readonly<Record<string, (...values: any[]) => unknown>> = {
  'States.Format': (template: string, ...values: unknown[]) => {
    const left = [...values];
    const text = template.replace(/\\([{}\\'])|\{\}/g, (_found, escaped) => {
      if (escaped !== undefined) { return escaped; }
      if (left.length === 0) { throw runtimeFailure(`States.Format has fewer values than {} in ${template}`); }
      const value = left.shift();
      return typeof value === 'string' ? value : JSON.stringify(value);
    });
    if (left.length > 0) { throw runtimeFailure(`States.Format has more values than {} in ${template}`); }
    return text;
  },
  'States.StringToJson': (text: string) => JSON.parse(text),
  'States.JsonToString': (value: unknown) => JSON.stringify(value),
  'States.Array': (...values: unknown[]) => values,
  'States.ArrayLength': (values: unknown[]) => values.length,
  'States.MathAdd': (a: number, b: number) => Math.round(a) + Math.round(b),
};

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
const LACKING = ['ArrayPartition', 'ArrayContains', 'ArrayRange', 'ArrayGetItem', 'ArrayUnique', 'Base64Encode', 'Base64Decode', 'Hash', 'JsonMerge', 'MathRandom',
  'StringSplit', 'UUID'].map((name) => `States.${name}`);

/** The value at a path; a failure if there is none. */
export function resolve(path: string, scope: Scope): unknown {
  const value = lookUp(path, scope);
  if (value === undefined) { throw runtimeFailure(`The JSONPath '${path}' specified could not be found in the input '${JSON.stringify(scope.input)}'`); }
  return value;
}

/** The input with a value at the place of a ResultPath. */
export function place(path: string | null | undefined, input: unknown, value: unknown): unknown {
  if (path === null) { return input; }
  const put = (into: any, [segment, ...rest]: Array<string | number>): unknown => {
    if (segment === undefined) { return value; }
    const fits = typeof segment === 'number' ? Array.isArray(into) : into === undefined || (typeof into === 'object' && into !== null && !Array.isArray(into));
    if (!fits) { throw new StateFailure('States.ResultPathMatchFailure', `Unable to apply ResultPath ${path} to input ${JSON.stringify(input)}`); }
    const inner = put(into?.[segment], rest);
    return Array.isArray(into) ? Object.assign([...into], { [segment]: inner }) : { ...into, [segment]: inner };
  };
  return put(input, parsePath(path ?? '$'));
}

/** An expression of a payload template: a path, or an intrinsic function. */
export function parseExpression(source: string): Evaluate {
  let at = 0;
  const fail = () => new Error(`The expression ${source} is not valid at "${source.slice(at)}"`);
  const take = (pattern: RegExp): string | undefined => {
    const found = new RegExp(pattern.source, 'y');
    found.lastIndex = at;
    const text = found.exec(source)?.[0];
    if (text !== undefined) { at += text.length; }
    return text;
  };
  const parse = (): Evaluate => {
    const path = take(/\$(?:\['(?:[^'\\]|\\.)*'\]|[^,)\s'])*/);
    if (path !== undefined) {
      parsePath(path);
      return (scope) => resolve(path, scope);
    }
    const quoted = take(/'(?:[^'\\]|\\.)*'/);
    if (quoted !== undefined) { return () => quoted.slice(1, -1).replace(/\\'/g, "'"); }
    const literal = take(/-?\d+(?:\.\d+)?|true|false|null/);
    if (literal !== undefined) { return () => JSON.parse(literal); }
    const name = take(/States\.\w+/);
    const run = name !== undefined && Object.hasOwn(INTRINSICS, name) ? INTRINSICS[name] : undefined;
    if (!run) {
      at -= name?.length ?? 0;
      if (name !== undefined && LACKING.includes(name)) { throw new Lacking(`The expression ${source} is not supported by the local AWS at "${source.slice(at)}"`); }
      throw fail();
    }
    if (!take(/\(\s*/)) { throw fail(); }
    const values: Evaluate[] = [];
    while (!take(/\s*\)/)) {
      if (values.length > 0 && !take(/\s*,\s*/)) { throw fail(); }
      values.push(parse());
    }
    return (scope) => {
      const given = values.map((value) => value(scope));
      try {
        return run(...given);
      } catch (error) {
        throw error instanceof StateFailure ? error : runtimeFailure(`${name} failed: ${(error as Error).message}`);
      }
    };
  };
  const parsed = parse();
  if (at < source.length || !/^(\$|States\.)/.test(source)) { throw fail(); }
  return parsed;
}

/** A payload template with every `name.$` evaluated. */
export function fillIn(template: unknown, scope: Scope): unknown {
  if (Array.isArray(template)) { return template.map((inner) => fillIn(inner, scope)); }
  if (typeof template !== 'object' || template === null) { return template; }
  return Object.fromEntries(Object.entries(template).map(([name, inner]) => (
    name.endsWith('.$') ? [name.slice(0, -2), parseExpression(inner)(scope)] : [name, fillIn(inner, scope)]
  )));
}

/** Throws on the first unsupported expression in a template. */
export function checkTemplate(template: unknown): void {
  if (typeof template !== 'object' || template === null) { return; }
  for (const [name, inner] of Object.entries(template)) {
    if (name.endsWith('.$') && Object.hasOwn(template, name.slice(0, -2))) { throw new Error(`The field '${name.slice(0, -2)}' is there twice, with and without '.$'`); }
    if (!name.endsWith('.$')) { checkTemplate(inner); } else if (typeof inner === 'string') { parseExpression(inner); } else {
      throw new Error(`The value for the field '${name}' must be a path or an intrinsic function`);
    }
  }
}
