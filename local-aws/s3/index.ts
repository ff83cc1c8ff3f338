import { createHash } from 'crypto';
import { AwsError, Call, Operations, World } from '../kernel';

interface StoredObject {
  readonly body: Buffer;
  readonly contentType: string;
  readonly etag: string;
  readonly lastModified: Date;
}

export interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly objects: Map<string, StoredObject>;
  readonly created: Date;
  /** Exists from the start. A bootstrap stack may create it once more. */
  readonly given: boolean;
}

/** S3: bucket names are unique across all accounts. */
export class S3 {
  private readonly buckets = new Map<string, Bucket>();

  public readonly operations: Operations = {
    CreateBucket: ({ Bucket: name }, { region }) => {
      this.createBucket(name, region.account, region.name);
      return { Location: `/${name}` };
    },
    DeleteBucket: (input, call) => this.deleteBucket(this.own(input, call).name),
    HeadBucket: (input, call) => ({ BucketRegion: this.own(input, call).region }),
    GetBucketLocation: (input, call) => {
      const { region } = this.own(input, call);
      return { LocationConstraint: region === 'us-east-1' ? undefined : region };
    },
    GetBucketEncryption: (input, call) => {
      this.own(input, call);
      return { Rule: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }] };
    },
    ListBuckets: ({ Prefix = '' }, { principal: { account } }) => {
      const own = [...this.buckets.values()].filter((bucket) => bucket.account === account && bucket.name.startsWith(Prefix)).sort((a, b) => (a.name < b.name ? -1 : 1));
      return { Owner: { ID: ownerId(account) }, Buckets: { Bucket: own.map(({ name, region, created }) => ({ Name: name, CreationDate: created, BucketRegion: region })) }, Prefix };
    },
    ListObjectsV2: (input, call) => {
      const { name, objects, account } = this.own(input, call);
      const { Prefix = '', MaxKeys = 1000, StartAfter = '', EncodingType, Delimiter, FetchOwner } = input;
      const all = [...objects.keys()].filter((key) => key.startsWith(Prefix) && key > StartAfter);
      // API_ListObjectsV2: all keys with the same text between the prefix and the delimiter are one entry.
      const keys = [...new Set(all.map((key) => rolledUp(key, Prefix, Delimiter)))].filter((entry) => entry > StartAfter).sort();
      const page = keys.slice(0, Math.min(Number(MaxKeys), 1000));
      const encode = EncodingType === 'url' ? encodeURIComponent : (key: string) => key;
      const more = page.length > 0 && page.length < keys.length;
      return {
        Name: name,
        Prefix: encode(Prefix),
        KeyCount: page.length,
        MaxKeys,
        EncodingType,
        IsTruncated: more,
        NextContinuationToken: more ? page[page.length - 1] : undefined,
        Delimiter: Delimiter && encode(Delimiter),
        CommonPrefixes: page.filter((entry) => isRolledUp(entry, Prefix, Delimiter)).map((entry) => ({ Prefix: encode(entry) })),
        Contents: page.filter((entry) => !isRolledUp(entry, Prefix, Delimiter)).map((key) => {
          const { etag, body, lastModified } = objects.get(key)!;
          return { Key: encode(key), LastModified: lastModified, ETag: etag, Size: body.length, StorageClass: 'STANDARD', ...FetchOwner && { Owner: { ID: ownerId(account) } } };
        }),
      };
    },
    PutObject: (input, call) => ({ ETag: this.putObject(this.own(input, call).name, input.Key, input.Body, input.ContentType).etag }),
    GetObject: (input, call) => describe(this.object(this.own(input, call), input.Key)),
    HeadObject: (input, call) => describe(this.object(this.own(input, call), input.Key)),
    DeleteObject: (input, call) => { this.own(input, call).objects.delete(input.Key); },
  };

  constructor(private readonly world: World) {}

  /** The content of an object; S3's error if the bucket or the key does not exist. */
  public getObject(bucket: string, key: string): Buffer {
    return this.object(this.bucket(bucket), key).body;
  }

  public putObject(bucketName: string, key: string, body: Buffer, contentType = 'binary/octet-stream'): StoredObject {
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    const object = { body, contentType, etag, lastModified: new Date(this.world.clock.now()) };
    this.bucket(bucketName).objects.set(key, object);
    return object;
  }

  public createBucket(name: string, account: string, region: string): Bucket {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) { throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.'); }
    const old = this.find(name);
    if (old && !old.given) {
      throw old.account === account
        ? new AwsError('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded and you already own it.', 409)
        : new AwsError('BucketAlreadyExists', 'The requested bucket name is not available.', 409);
    }
    const bucket: Bucket = { name, account, region, objects: old?.objects ?? new Map(), created: new Date(this.world.clock.now()), given: false };
    this.buckets.set(name, bucket);
    return bucket;
  }

  public deleteBucket(name: string): void {
    if (this.bucket(name).objects.size > 0) { throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409); }
    this.buckets.delete(name);
  }

  /** All buckets of all accounts. */
  public list(): Bucket[] {
    return [...this.buckets.values()];
  }

  /** A bucket, if it exists. The asset bucket of `cdk bootstrap` exists in every account and Region. */
  public find(name: string): Bucket | undefined {
    const [, account, region] = /^cdk-hnb659fds-assets-(\d{12})-([a-z0-9-]+)$/.exec(name) ?? [];
    if (account && !this.buckets.has(name)) { this.buckets.set(name, { name, account, region, objects: new Map(), created: new Date(this.world.clock.now()), given: true }); }
    return this.buckets.get(name);
  }

  private bucket(name: string): Bucket {
    const bucket = this.find(name);
    if (!bucket) { throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404); }
    return bucket;
  }

  // Buckets of other accounts are not accessible: there is no cross-account sharing here.
  private own(input: { Bucket: string; ExpectedBucketOwner?: string }, { principal }: Call): Bucket {
    const bucket = this.bucket(input.Bucket);
    if (bucket.account !== principal.account || (input.ExpectedBucketOwner ?? bucket.account) !== bucket.account) {
      throw new AwsError('AccessDenied', 'Access Denied', 403);
    }
    return bucket;
  }

  private object(bucket: Bucket, key: string): StoredObject {
    const object = bucket.objects.get(key);
    if (!object) { throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404); }
    return object;
  }
}

/** The entry of a key in a list: the key, or its part up to the first delimiter after the prefix. */
function rolledUp(key: string, prefix: string, delimiter?: string): string {
  const at = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
  return at < 0 ? key : key.slice(0, at + delimiter!.length);
}

function isRolledUp(entry: string, prefix: string, delimiter?: string): boolean {
  return delimiter !== undefined && delimiter !== '' && entry.length > prefix.length && entry.indexOf(delimiter, prefix.length) === entry.length - delimiter.length;
}

/** The canonical user of an account. */
function ownerId(account: string): string {
  return createHash('sha256').update(account).digest('hex');
}

function describe({ body, contentType, etag, lastModified }: StoredObject) {
  return { Body: body, ContentLength: body.length, ContentType: contentType, ETag: etag, LastModified: lastModified };
}
