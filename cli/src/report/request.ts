import type { JobRequest } from '../../../lambda/jobs/family';

/** Names of members whose values may be secrets: variables of a container that the job did not tune. */
const SECRET = /^environment(variables|parameters)?$/i;
const MASK = '(not shown)';

/**
 * The request of a job, as the service tells it. The values that a load test tunes are part of it. Values of other variables, and the part of an address
 * that may be a signature, are not shown.
 */
export function requestOf(request: JobRequest): Record<string, unknown> {
  return masked(request) as Record<string, unknown>;
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') { return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)(?:[^/@?#]*@)?([^?#]*)[?#].*$/is, `$1$2?${MASK}`); }
  if (Array.isArray(value)) { return value.map(masked); }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, SECRET.test(name) ? withoutValues(inner) : masked(inner)]));
}

/** The names stay: they say what a container reads. */
function withoutValues(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(withoutValues); }
  if (typeof value !== 'object' || value === null) { return MASK; }
  const isPair = 'Key' in value || 'Name' in value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, isPair && /^(Key|Name|ValueType)$/.test(name) ? inner : MASK]));
}
