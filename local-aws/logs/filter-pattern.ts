import { invalid } from '../kernel';

const TERM = /([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?:\s+|$)/gy;

/**
 * The test of a pattern of terms: each plain term must be in the message, none of those after a minus, and one of those after a question mark.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html (unstructured log events)
 */
export function matcherOf(pattern = ''): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[%]/.test(text)) { throw invalid(`A filterPattern of JSON, of columns or of a regular expression is not part of the local AWS, got: ${text}`, 'logs'); }
  const terms = [...text.matchAll(TERM)].map(([whole, sign, quoted, plain]) => ({ whole, sign, term: quoted?.replace(/\\(.)/g, '$1') ?? plain }));
  if (terms.reduce((length, { whole }) => length + whole.length, 0) !== text.length) { throw invalid(`Invalid filter pattern: ${text}`, 'logs'); }
  const of = (wanted: string) => terms.filter(({ sign }) => sign === wanted).map(({ term }) => term);
  const [all, none, any] = [of(''), of('-'), of('?')];
  // With plain terms, those after a question mark are ignored.
  return (message) => all.every((term) => message.includes(term)) && !none.some((term) => message.includes(term))
    && (all.length > 0 || any.length === 0 || any.some((term) => message.includes(term)));
}
