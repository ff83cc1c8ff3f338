import { checkRead, checkWrite, rangeOf } from './conditions';
import { Buckets, factsIn, invalidArgument, StoredObject } from './state';
import { AwsError, Call, Content, Operations } from '../kernel';

/** The object that a copy names: `/bucket/key`, each part percent-encoded. */
export function sourceOf(buckets: Buckets, { CopySource, ...input }: any, call: Call): StoredObject {
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decodeURIComponent(CopySource)) ?? [];
  if (key === undefined) { throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey'); }
  const object = buckets.object(buckets.own({ Bucket: bucket }, call), key);
  checkRead(object, {
    IfMatch: input.CopySourceIfMatch,
    IfNoneMatch: input.CopySourceIfNoneMatch,
    IfModifiedSince: input.CopySourceIfModifiedSince,
    IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  });
  return object;
}

/** Objects as a whole. */
export function objectOperations(buckets: Buckets): Operations {
  const found = (input: any, call: Call) => {
    try {
      return buckets.object(buckets.own(input, call), input.Key);
    } catch (error) {
      throw error instanceof AwsError && countsAsThere(error, call) ? ELSEWHERE : error;
    }
  };
  const get = (input: any, call: Call) => {
    const object = found(input, call);
    checkRead(object, input);
    const range = rangeOf(input.Range, object.content.length);
    const part = range ?? { from: 0, to: object.content.length };
    return { ...described(object), Body: { content: object.content, ...part }, isPart: range !== undefined };
  };
  return {
    PutObject: (input, call) => {
      const bucket = buckets.own(input, call);
      checkWrite(bucket.objects.get(input.Key), input);
      const content: Content = input.Body;
      return { ETag: buckets.keep(bucket, input.Key, content, factsIn(input)).etag };
    },
    GetObject: get,
    HeadObject: get,
    CopyObject: async (input, call) => {
      const bucket = buckets.own(input, call);
      const source = sourceOf(buckets, input, call);
      const { MetadataDirective = 'COPY' } = input;
      if (!['COPY', 'REPLACE'].includes(MetadataDirective)) { throw invalidArgument('Unknown metadata directive.'); }
      // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (an object that is copied to itself)
      if (MetadataDirective === 'COPY' && source === bucket.objects.get(input.Key) && input.ServerSideEncryption === undefined) {
        throw new AwsError('InvalidRequest', "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata,"
          + ' storage class, website redirect location or encryption attributes.');
      }
      const facts = MetadataDirective === 'COPY' ? { facts: source.facts, metadata: source.metadata } : factsIn(input);
      checkWrite(bucket.objects.get(input.Key), input);
      const content = await source.content.copy(call.region.world.newFile);
      const { etag, lastModified } = buckets.keep(bucket, input.Key, content, { ...facts, etag: source.etag });
      return { ETag: etag, LastModified: lastModified };
    },
    DeleteObject: (input, call) => buckets.remove(buckets.own(input, call), input.Key),
    DeleteObjects: (input, call) => {
      const bucket = buckets.own(input, call);
      const asked: any[] = [input.Delete?.Object ?? []].flat();
      if (asked.length === 0 || asked.length > 1000) {
        throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
      }
      asked.forEach(({ Key }) => buckets.remove(bucket, Key));
      return { Deleted: input.Delete.Quiet === 'true' ? [] : asked.map(({ Key, VersionId }) => ({ Key, VersionId })) };
    },
  };
}

/**
 * What a role finds of an object that nobody has made here, if such objects count as there: it cannot be read, but it is not missing either.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (PermanentRedirect)
 */
const ELSEWHERE = new AwsError('PermanentRedirect', 'The bucket you are attempting to access must be addressed using the specified endpoint.'
  + ' Please send all future requests to this endpoint.', 301);

function countsAsThere({ name }: AwsError, { region, principal }: Call): boolean {
  return region.world.options.imported !== 'required' && /:(assumed-)?role\//.test(principal.arn) && ['NoSuchBucket', 'NoSuchKey'].includes(name);
}

function described({ content, etag, lastModified, facts, metadata }: StoredObject) {
  return { ...facts, Metadata: metadata, ContentLength: content.length, ETag: etag, LastModified: lastModified };
}
