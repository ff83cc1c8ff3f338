import { withoutQueries } from '../../../lambda/runtime/errors';

/** The ids of access keys, and what follows the names of secrets. */
const KEYS = /\b(?:AKIA|ASIA)[0-9A-Z]{12,}\b/g;
const NAMED = /((?:secret|token|password|passwd|api[_-]?key|credential)s?["']?\s*[:=]\s*["']?)[^\s"',;]+/gi;

/** A text as it may be shown: without signatures in URLs, credentials, and the values of the containers' own variables. */
export function redacted(text: string, secrets: readonly string[]): string {
  const hidden = [...secrets].sort((a, b) => b.length - a.length).reduce((shown, value) => shown.replaceAll(value, '…'), text);
  return withoutQueries(hidden).replace(KEYS, '…').replace(NAMED, '$1…');
}
