/** More than any realistic request or template needs, and less than a recursive reader's stack allows. */
export const MAX_NESTING = 500;

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether objects and lists are nested more deeply than their readers allow. */
export function isTooDeep(value: unknown): boolean {
  let layer = [value].filter(isNested);
  for (let levels = 0; layer.length > 0; levels++) {
    if (levels === MAX_NESTING) { return true; }
    layer = layer.flatMap((outer) => Object.values(outer).filter(isNested));
  }
  return false;
}

/** Whether one object or list appears in several places, as with an alias of YAML. */
export function isShared(value: unknown): boolean {
  const seen = new Set<object>();
  const left = [value].filter(isNested);
  for (let outer = left.pop(); outer !== undefined; outer = left.pop()) {
    if (seen.has(outer)) { return true; }
    seen.add(outer);
    Object.values(outer).filter(isNested).forEach((inner) => left.push(inner));
  }
  return false;
}
