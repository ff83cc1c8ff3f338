import { Bucket, Buckets, ownerId } from './state';
import { checkDocument } from '../iam/policy';
import { AwsError, Call, Operations } from '../kernel';

/** What the operations of buckets need besides. */
interface Owner extends Buckets {
  createBucket(name: string, account: string, region: string): Bucket;
  deleteBucket(name: string): void;
  all(account: string): Bucket[];
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html (LocationConstraint) */
function regionOf(constraint: string | undefined, endpoint: string): string {
  if (constraint === undefined || constraint === '') {
    if (endpoint === 'us-east-1') { return endpoint; }
    throw illegal(`The unspecified location constraint is incompatible for the region specific endpoint this request was sent to: it must be ${endpoint}.`);
  }
  const region = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (region === 'us-east-1' || !/^[a-z]{2,4}(-[a-z]+)+-\d$/.test(region)) {
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid');
  }
  if (endpoint !== 'us-east-1' && region !== endpoint) {
    throw illegal(`The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`);
  }
  return region;
}

function illegal(message: string): AwsError {
  return new AwsError('IllegalLocationConstraintException', message);
}

/** Buckets, their tags, policies and settings. */
export function bucketOperations(buckets: Owner): Operations {
  const own = (input: any, call: Call) => buckets.own(input, call);
  return {
    ListBuckets: ({ Prefix = '', BucketRegion }, { principal: { account } }) => {
      const found = buckets.all(account).filter(({ name, region }) => name.startsWith(Prefix) && (BucketRegion ?? region) === region);
      const entries = found.map(({ name, region, created }) => ({ Name: name, CreationDate: created, BucketRegion: region }));
      return { Owner: { ID: ownerId(account) }, Buckets: { Bucket: entries }, Prefix };
    },
    CreateBucket: ({ Bucket: name, CreateBucketConfiguration = {} }, { region }) => {
      buckets.createBucket(name, region.account, regionOf(CreateBucketConfiguration.LocationConstraint, region.name));
      return { Location: `/${name}` };
    },
    DeleteBucket: (input, call) => buckets.deleteBucket(own(input, call).name),
    HeadBucket: (input, call) => ({ BucketRegion: own(input, call).region }),
    GetBucketLocation: (input, call) => {
      const { region } = own(input, call);
      return { LocationConstraint: region === 'us-east-1' ? undefined : region };
    },
    GetBucketEncryption: (input, call) => {
      own(input, call);
      return { Rule: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }] };
    },
    // Older versions are not kept, but people's functions ask whether they would be.
    GetBucketVersioning: (input, call) => ({ Status: own(input, call).isVersioned ? 'Enabled' : undefined }),
    GetBucketTagging: (input, call) => {
      const tags = Object.entries(own(input, call).tags);
      if (tags.length === 0) { throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404); }
      return { TagSet: { Tag: tags.map(([Key, Value]) => ({ Key, Value })) } };
    },
    PutBucketTagging: (input, call) => {
      const tags: any[] = [input.Tagging?.TagSet?.Tag ?? []].flat();
      own(input, call).tags = Object.fromEntries(tags.map(({ Key, Value }) => [Key, `${Value}`]));
    },
    DeleteBucketTagging: (input, call) => { own(input, call).tags = {}; },
    GetBucketPolicy: (input, call) => {
      const { policy } = own(input, call);
      if (policy === undefined) { throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404); }
      return { Policy: policy };
    },
    PutBucketPolicy: (input, call) => {
      setPolicy(own(input, call), input.Policy);
    },
    DeleteBucketPolicy: (input, call) => { own(input, call).policy = undefined; },
    GetBucketNotificationConfiguration: (input, call) => own(input, call).notifications,
    PutBucketNotificationConfiguration: (input, call) => {
      const bucket = own(input, call);
      bucket.notifications = input.NotificationConfiguration || {};
      if (Object.keys(bucket.notifications).length > 0) { call.region.world.notice(`S3 sends no notifications: those of the bucket ${bucket.name} are only kept`); }
    },
  };
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (MalformedPolicy) */
export function setPolicy(bucket: Bucket, text: string): void {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new AwsError('MalformedPolicy', 'Policies must be valid JSON and the first byte must be \'{\'');
  }
  try {
    checkDocument(document, 'resource');
  } catch (error) {
    throw new AwsError('MalformedPolicy', (error as Error).message);
  }
  bucket.policy = text;
}
