import { createHash } from 'crypto';
import { checkWrite, rangeOf } from './conditions';
import { sourceOf } from './objects';
import { Bucket, Buckets, factsIn, invalidArgument, Upload } from './state';
import { AwsError, Call, Content, Operations } from '../kernel';

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const SMALLEST_PART = 5 * 1024 * 1024;
const LAST_NUMBER = 10_000;

/** Uploads in parts: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
export function multipartOperations(buckets: Buckets): Operations {
  const find = (input: any, call: Call): { bucket: Bucket; upload: Upload } => {
    const bucket = buckets.own(input, call);
    const upload = bucket.uploads.get(input.UploadId);
    if (!upload || upload.key !== input.Key) {
      throw new AwsError('NoSuchUpload', 'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.', 404);
    }
    return { bucket, upload };
  };
  const put = ({ parts }: Upload, number: number, content: Content, { region }: Call) => {
    const part = { content, etag: `"${content.md5}"`, lastModified: new Date(region.clock.now()) };
    content.isOwned = true;
    parts.get(number)?.content.drop();
    parts.set(number, part);
    return part;
  };
  return {
    CreateMultipartUpload: (input, call) => {
      const { name, uploads } = buckets.own(input, call);
      const id = createHash('sha256').update(call.requestId).digest('hex');
      uploads.set(id, { id, key: input.Key, initiated: new Date(call.region.clock.now()), parts: new Map(), ...factsIn(input) });
      return { Bucket: name, Key: input.Key, UploadId: id };
    },
    UploadPart: (input, call) => {
      const { upload } = find(input, call);
      return { ETag: put(upload, numberOf(input), input.Body, call).etag };
    },
    UploadPartCopy: async (input, call) => {
      const { upload } = find(input, call);
      const { content } = sourceOf(buckets, input, call);
      const range = input.CopySourceRange === undefined ? undefined : rangeOf(input.CopySourceRange, content.length);
      if (input.CopySourceRange !== undefined && !range) { throw invalidArgument('The x-amz-copy-source-range value must be of the form bytes=first-last'); }
      const { etag, lastModified } = put(upload, numberOf(input), await content.copy(call.region.world.newFile, range), call);
      return { ETag: etag, LastModified: lastModified };
    },
    CompleteMultipartUpload: (input, call) => {
      const { bucket, upload } = find(input, call);
      const asked: any[] = [input.CompleteMultipartUpload?.Part ?? []].flat();
      const numbers = asked.map(numberOf);
      if (asked.length === 0) { throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema'); }
      if (numbers.some((number, index) => index > 0 && number <= numbers[index - 1])) {
        throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.');
      }
      const parts = asked.map(({ ETag }, index) => {
        const part = upload.parts.get(numbers[index]);
        if (!part || part.etag.replace(/"/g, '') !== `${ETag}`.replace(/"/g, '')) {
          throw new AwsError('InvalidPart', "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.");
        }
        return part.content;
      });
      if (parts.slice(0, -1).some(({ length }) => length < SMALLEST_PART)) {
        throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
      }
      checkWrite(bucket.objects.get(upload.key), input);
      const content = Content.join(parts);
      const { facts, metadata } = upload;
      const { etag } = buckets.keep(bucket, upload.key, content, { facts, metadata, etag: `"${content.md5}-${parts.length}"` });
      bucket.uploads.delete(upload.id);
      // A part that was uploaded and not named is gone.
      upload.parts.forEach((part) => { if (!parts.includes(part.content)) { part.content.drop(); } });
      return { Location: `${call.region.world.endpoint}/${bucket.name}/${upload.key}`, Bucket: bucket.name, Key: upload.key, ETag: etag };
    },
    AbortMultipartUpload: (input, call) => {
      const { bucket, upload } = find(input, call);
      bucket.uploads.delete(upload.id);
      upload.parts.forEach(({ content }) => content.drop());
    },
    ListParts: (input, call) => {
      const { bucket, upload } = find(input, call);
      const after = Number(input.PartNumberMarker ?? 0);
      const most = Math.min(Number(input.MaxParts ?? 1000), 1000);
      const rest = [...upload.parts].filter(([number]) => number > after).sort(([a], [b]) => a - b);
      const page = rest.slice(0, most);
      return {
        Bucket: bucket.name,
        Key: upload.key,
        UploadId: upload.id,
        PartNumberMarker: after,
        NextPartNumberMarker: page.at(-1)?.[0] ?? after,
        MaxParts: most,
        IsTruncated: page.length < rest.length,
        StorageClass: 'STANDARD',
        Part: page.map(([PartNumber, { etag, content, lastModified }]) => ({
          PartNumber, LastModified: lastModified, ETag: etag, Size: content.length,
        })),
      };
    },
    ListMultipartUploads: (input, call) => {
      const { name, uploads } = buckets.own(input, call);
      const { Prefix = '' } = input;
      const found = [...uploads.values()].filter(({ key }) => key.startsWith(Prefix)).sort((a, b) => (a.key < b.key ? -1 : 1));
      return {
        Bucket: name,
        Prefix,
        IsTruncated: false,
        MaxUploads: 1000,
        Upload: found.map(({ id, key, initiated }) => ({ Key: key, UploadId: id, Initiated: initiated, StorageClass: 'STANDARD' })),
      };
    },
  };
}

function numberOf({ PartNumber }: any): number {
  const number = Number(PartNumber);
  if (Number.isInteger(number) && number >= 1 && number <= LAST_NUMBER) { return number; }
  throw invalidArgument(`Part number must be an integer between 1 and ${LAST_NUMBER}, inclusive`);
}
