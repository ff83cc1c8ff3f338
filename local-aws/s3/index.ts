import { bucketOperations } from './buckets';
import { listingOperations } from './listing';
import { multipartOperations } from './multipart';
import { objectOperations } from './objects';
import { Bucket, Buckets, StoredObject } from './state';
import { AwsError, Call, Content, Operations, World } from '../kernel';

export { notImplemented, OBJECT_HEADERS } from './state';
export type { Bucket, StoredObject } from './state';

/** S3: bucket names are unique across all accounts. */
export class S3 implements Buckets {
  public readonly operations: Operations;
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly world: World) {
    this.operations = { ...bucketOperations(this), ...listingOperations(this), ...objectOperations(this), ...multipartOperations(this) };
  }

  /** The content of an object; S3's error if the bucket or the key does not exist. */
  public getObject(bucket: string, key: string): Buffer {
    return this.object(this.bucket(bucket), key).content.bytes();
  }

  public putObject(bucketName: string, key: string, body: Buffer, contentType?: string): StoredObject {
    return this.keep(this.bucket(bucketName), key, Content.of(body), { facts: { ContentType: contentType } });
  }

  public createBucket(name: string, account: string, region: string): Bucket {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) { throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.'); }
    const old = this.find(name);
    if (old && !old.given) {
      throw old.account === account
        ? new AwsError('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded and you already own it.', 409)
        : new AwsError('BucketAlreadyExists', 'The requested bucket name is not available.', 409);
    }
    const bucket = { ...this.newBucket(name, account, region, false), ...old && { objects: old.objects, uploads: old.uploads } };
    this.buckets.set(name, bucket);
    return bucket;
  }

  public deleteBucket(name: string): void {
    const { objects, uploads } = this.bucket(name);
    if (objects.size > 0) { throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409); }
    uploads.forEach(({ parts }) => parts.forEach(({ content }) => content.drop()));
    this.buckets.delete(name);
  }

  /** All buckets of all accounts. */
  public list(): Bucket[] {
    return [...this.buckets.values()];
  }

  /** A bucket, if it exists. The asset bucket of `cdk bootstrap` exists in every account and Region. */
  public find(name: string): Bucket | undefined {
    const [, account, region] = /^cdk-hnb659fds-assets-(\d{12})-([a-z0-9-]+)$/.exec(name) ?? [];
    if (account && !this.buckets.has(name)) { this.buckets.set(name, this.newBucket(name, account, region, true)); }
    return this.buckets.get(name);
  }

  public all(account: string): Bucket[] {
    return [...this.buckets.values()].filter((bucket) => bucket.account === account).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  // Buckets of other accounts are not accessible: there is no cross-account sharing here.
  public own(input: { Bucket: string; ExpectedBucketOwner?: string }, { principal }: Call): Bucket {
    const bucket = this.bucket(input.Bucket);
    if (bucket.account !== principal.account || (input.ExpectedBucketOwner ?? bucket.account) !== bucket.account) {
      throw new AwsError('AccessDenied', 'Access Denied', 403);
    }
    return bucket;
  }

  public object(bucket: Bucket, key: string): StoredObject {
    const object = bucket.objects.get(key);
    if (!object) { throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404); }
    return object;
  }

  public keep(bucket: Bucket, key: string, given: Content, more: Partial<StoredObject>): StoredObject {
    const content = given.settled(this.world.newFile);
    content.isOwned = true;
    const facts = { ...more.facts, ContentType: more.facts?.ContentType ?? 'binary/octet-stream', ServerSideEncryption: more.facts?.ServerSideEncryption ?? 'AES256' };
    const object: StoredObject = {
      metadata: {}, ...more, content, facts, etag: more.etag ?? `"${content.md5}"`, lastModified: new Date(this.world.clock.now()),
    };
    this.remove(bucket, key);
    bucket.objects.set(key, object);
    return object;
  }

  public remove({ objects }: Bucket, key: string): void {
    objects.get(key)?.content.drop();
    objects.delete(key);
  }

  private newBucket(name: string, account: string, region: string, given: boolean): Bucket {
    const created = new Date(this.world.clock.now());
    return { name, account, region, created, objects: new Map(), uploads: new Map(), given, tags: {}, notifications: {}, isVersioned: false };
  }

  private bucket(name: string): Bucket {
    const bucket = this.find(name);
    if (!bucket) { throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404); }
    return bucket;
  }
}
