import { Lacking } from './errors';

/** The data of an expression: a state's input, and the context object behind `$$`. */
export interface Scope {
  readonly input: unknown;
  readonly context: unknown;
}

/** What JSONPath has and is not here: descents, wildcards, filters, slices, unions, functions, variables. Source: https://states-language.net/spec.html#path */
const BEYOND = /^(\.\.[\w*[]|\.\*|\[[*?"'\d:-][^\]]*\]|\(\)|\w+)/;

/** Reads a reference path: `$.a.b[0]['c d']`. An unsupported path is an error. */
export function parsePath(path: string): Array<string | number> {
  if (path[0] !== '$') { throw new Error(`The path ${path} does not begin with $`); }
  const segments: Array<string | number> = [];
  const step = /\.([^.[\]'()*?@,:\s]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]/y;
  step.lastIndex = path.startsWith('$$') ? 2 : 1;
  while (step.lastIndex < path.length) {
    const from = step.lastIndex;
    const found = step.exec(path);
    if (!found) {
      const rest = path.slice(from);
      if (BEYOND.test(rest)) { throw new Lacking(`The path ${path} is not supported by the local AWS at "${rest}"`); }
      throw new Error(`The path ${path} is not valid at "${rest}"`);
    }
    segments.push(found[1] ?? (found[2] === undefined ? found[3].replace(/\\(.)/g, '$1') : Number(found[2])));
  }
  return segments;
}

/** The value at a path; `undefined` if there is none. */
export function lookUp(path: string, scope: Scope): unknown {
  return parsePath(path).reduce<any>((value, segment) => (
    typeof value === 'object' && value !== null && Object.hasOwn(value, segment) ? value[segment] : undefined
  ), path.startsWith('$$') ? scope.context : scope.input);
}
