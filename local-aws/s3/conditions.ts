import { notImplemented, StoredObject } from './state';
import { AwsError } from '../kernel';

/** Words: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const unmet = () => new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
const unmodified = () => new AwsError('NotModified', 'Not Modified', 304);

/** Refuses a read whose conditions do not hold: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html */
export function checkRead({ etag, lastModified }: StoredObject, { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince }: any): void {
  // HTTP's dates have seconds.
  const modified = Math.floor(lastModified.getTime() / 1000) * 1000;
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, etag)) { throw unmet(); }
  } else if (IfUnmodifiedSince !== undefined && modified > Date.parse(IfUnmodifiedSince)) {
    throw unmet();
  }
  if (IfNoneMatch !== undefined) {
    if (matches(IfNoneMatch, etag)) { throw unmodified(); }
  } else if (IfModifiedSince !== undefined && modified <= Date.parse(IfModifiedSince)) {
    throw unmodified();
  }
}

/** Refuses a write whose conditions do not hold: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function checkWrite(old: StoredObject | undefined, { IfMatch, IfNoneMatch }: any): void {
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== '*') { throw notImplemented(`If-None-Match: ${IfNoneMatch} (only *)`); }
    if (old) { throw unmet(); }
  }
  if (IfMatch === undefined) { return; }
  if (!old) { throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404); }
  if (!matches(IfMatch, old.etag)) { throw unmet(); }
}

function matches(condition: string, etag: string): boolean {
  return condition.split(',').map((one) => one.trim()).some((one) => one === '*' || one.replace(/^"|"$/g, '') === etag.replace(/"/g, ''));
}

/** The part of an object that a request asks for: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Range) */
export function rangeOf(range: string | undefined, length: number): { readonly from: number; readonly to: number } | undefined {
  if (range?.includes(',')) { throw notImplemented(`Range: ${range} (only one range)`); }
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  // What is no range is no condition either: https://www.rfc-editor.org/rfc/rfc9110#field.range
  if (first === undefined || (first === '' && last === '') || (first !== '' && last !== '' && Number(last) < Number(first))) { return undefined; }
  const from = first === '' ? Math.max(length - Number(last), 0) : Number(first);
  const to = first === '' || last === '' ? length : Math.min(Number(last) + 1, length);
  if (from >= length) { throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416); }
  return { from, to };
}
