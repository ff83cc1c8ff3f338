/** Whether a value of JSON, YAML or a request is an object with members: no list, and no time. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
