import { GetObjectCommand, ListObjectsV2Command, ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import { GetStored, ListStored, StoredApi, StoredObject } from '../../../lambda/runtime/objects';

const MOST_PAGES = 5;

/** The objects of a user's account, as the functions read theirs: by the user's credentials, and wherever the bucket is. */
export function storedObjects(s3: S3Client): StoredApi {
  return {
    async send<Output>(command: ListStored | GetStored) {
      const [, Bucket, key] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(command.input.address) ?? [];
      return await (command instanceof GetStored ? wholeOf(s3, Bucket, key, command.input.mostBytes) : listed(s3, Bucket, key)) as Output;
    },
  } as StoredApi;
}

async function listed(s3: S3Client, Bucket: string, Prefix: string): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  let ContinuationToken: string | undefined;
  for (let page = 0; page === 0 || (ContinuationToken !== undefined && page < MOST_PAGES); page++) {
    const answer: ListObjectsV2CommandOutput = await s3.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }));
    found.push(...(answer.Contents ?? []).map(({ Key, Size }) => ({ address: `s3://${Bucket}/${Key}`, bytes: Size ?? 0 })));
    ContinuationToken = answer.NextContinuationToken;
  }
  return found;
}

/** Of an object with more bytes than that, only a beginning, which has more, too. */
async function wholeOf(s3: S3Client, Bucket: string, Key: string, mostBytes: number): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of Body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) { break; }
  }
  return Buffer.concat(chunks);
}
