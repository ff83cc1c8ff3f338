import { Bucket, Buckets, invalidArgument, ownerId } from './state';
import { Operations } from '../kernel';

interface Page {
  readonly keys: string[];
  readonly prefixes: string[];
  readonly isMore: boolean;
  /** The last key or common prefix of the page. */
  readonly last?: string;
}

/** One page of the keys after `after`; those that go on with a delimiter are one common prefix: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html */
function pageOf({ objects }: Bucket, { Prefix = '', Delimiter = '', MaxKeys }: any, after: string): Page {
  const most = limitOf(MaxKeys);
  // By their bytes, as S3 orders them.
  const all = [...objects.keys()].filter((key) => key.startsWith(Prefix)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const named = all.map((key) => {
    const end = Delimiter === '' ? -1 : key.indexOf(Delimiter, Prefix.length);
    return end < 0 ? key : key.slice(0, end + Delimiter.length);
  });
  const isPrefix = (name: string) => Delimiter !== '' && name.indexOf(Delimiter, Prefix.length) >= 0;
  const rest = [...new Set(named)].filter((name) => Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0);
  const page = rest.slice(0, most);
  return {
    keys: page.filter((name) => !isPrefix(name)), prefixes: page.filter(isPrefix), isMore: most > 0 && page.length < rest.length, last: page.at(-1),
  };
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (InvalidArgument) */
function limitOf(text = '1000'): number {
  if (!/^\d{1,9}$/.test(text)) { throw invalidArgument('Provided max-keys not an integer or within integer range'); }
  return Math.min(Number(text), 1000);
}

function encoderOf(EncodingType: string | undefined): (text: string) => string {
  if (![undefined, 'url'].includes(EncodingType)) { throw invalidArgument('Invalid Encoding Method specified in Request'); }
  return EncodingType === 'url' ? encodeURIComponent : (text) => text;
}

function shown({ objects, account }: Bucket, key: string, encode: (text: string) => string) {
  const { etag, content, lastModified } = objects.get(key)!;
  return { Key: encode(key), LastModified: lastModified, ETag: etag, Size: content.length, StorageClass: 'STANDARD', Owner: { ID: ownerId(account) } };
}

/** The lists of a bucket's objects. */
export function listingOperations(buckets: Buckets): Operations {
  const listed = (input: any, bucket: Bucket, { keys, prefixes, isMore }: Page) => {
    const encode = encoderOf(input.EncodingType);
    return {
      Name: bucket.name,
      Prefix: encode(input.Prefix ?? ''),
      Delimiter: input.Delimiter && encode(input.Delimiter),
      MaxKeys: limitOf(input.MaxKeys),
      EncodingType: input.EncodingType,
      IsTruncated: isMore,
      CommonPrefixes: prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
      Contents: keys.map((key) => shown(bucket, key, encode)),
    };
  };
  return {
    ListObjectsV2: (input, call) => {
      const bucket = buckets.own(input, call);
      const page = pageOf(bucket, input, input.ContinuationToken ?? input.StartAfter ?? '');
      const { Contents, ...list } = listed(input, bucket, page);
      return {
        ...list,
        KeyCount: page.keys.length + page.prefixes.length,
        ContinuationToken: input.ContinuationToken,
        StartAfter: input.StartAfter,
        NextContinuationToken: page.isMore ? page.last : undefined,
        Contents: input.FetchOwner === 'true' ? Contents : Contents.map(({ Owner, ...entry }) => entry),
      };
    },
    ListObjects: (input, call) => {
      const bucket = buckets.own(input, call);
      const page = pageOf(bucket, input, input.Marker ?? '');
      return { ...listed(input, bucket, page), Marker: input.Marker ?? '', NextMarker: page.isMore && input.Delimiter ? encoderOf(input.EncodingType)(page.last!) : undefined };
    },
    // No object has an older version: an overwritten or deleted one is gone.
    ListObjectVersions: (input, call) => {
      const bucket = buckets.own(input, call);
      const page = pageOf(bucket, input, input.KeyMarker ?? '');
      const { Contents, ...list } = listed(input, bucket, page);
      return {
        ...list,
        KeyMarker: input.KeyMarker ?? '',
        NextKeyMarker: page.isMore ? encoderOf(input.EncodingType)(page.last!) : undefined,
        Version: Contents.map((entry) => ({ ...entry, VersionId: 'null', IsLatest: true })),
      };
    },
  };
}
