import { resolve } from 'path';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { AssetStaging, FileAssetPackaging, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { packDirectory } from './private/archive';

/** An object in S3, once it has a place in a stack. */
interface S3Object {
  readonly url: string;
  grantRead(grantee: IGrantable): void;
}

/** The artifacts of a trained model: one `.tar.gz` in S3. */
export abstract class ModelData {
  /** An object of a bucket. What is overwritten under the same key is not noticed: see the job's `trigger`. */
  public static fromBucket(bucket: IBucket, objectKey: string): ModelData {
    checkArchive('modelData', objectKey);
    return new BucketSource(bucket, objectKey);
  }

  /** A local `.tar.gz`, uploaded when the app is deployed. Changed content is a new model package, and a new job. */
  public static fromAsset(path: string): ModelData {
    checkArchive('modelData', path);
    return new AssetSource(path, false);
  }

  /**
   * Gives the data a place in a stack.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, id: string): S3Object;
}

/** What a benchmark sends: files of which the service draws at random, in one `.tar.gz` in S3. */
export abstract class SamplePayload {
  /** An object of a bucket. What is overwritten under the same key is not noticed: see the job's `trigger`. */
  public static fromBucket(bucket: IBucket, objectKey: string): SamplePayload {
    checkArchive('samplePayload', objectKey);
    return new BucketSource(bucket, objectKey);
  }

  /** A local `.tar.gz`, or a directory, whose files become one: the same files give the same archive on every machine. */
  public static fromAsset(path: string): SamplePayload {
    return new AssetSource(path, true);
  }

  /**
   * Gives the payload a place in a stack.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, id: string): S3Object;
}

class BucketSource {
  constructor(private readonly bucket: IBucket, private readonly objectKey: string) {}

  public _bind(): S3Object {
    return {
      url: this.bucket.s3UrlForObject(this.objectKey),
      grantRead: (grantee) => {
        Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns: [this.bucket.arnForObjects(this.objectKey)] });
        Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.bucket.bucketArn] });
        this.bucket.encryptionKey?.grantDecrypt(grantee);
      },
    };
  }
}

class AssetSource {
  private readonly bound = new Map<Construct, S3Object>();

  constructor(private readonly path: string, private readonly packsDirectories: boolean) {}

  public _bind(scope: Construct, id: string): S3Object {
    const known = this.bound.get(scope);
    if (known) { return known; }
    const archive = this.packsDirectories ? packDirectory(this.path) : undefined;
    if (!archive) { checkArchive('samplePayload', this.path); }
    const object = uploadArchive(scope, id, archive?.path ?? this.path, archive?.hash);
    this.bound.set(scope, object);
    return object;
  }
}

/** As `s3_assets.Asset` does it, but for the object's key: the service wants it to end in `.tar.gz`, and an Asset's ends in `.gz`. */
function uploadArchive(scope: Construct, id: string, path: string, hash?: string): S3Object {
  const stack = Stack.of(scope);
  const staging = new AssetStaging(scope, id, { sourcePath: resolve(path), assetHash: hash });
  const { bucketName, objectKey } = stack.synthesizer.addFileAsset({
    fileName: staging.relativeStagedPath(stack),
    packaging: FileAssetPackaging.FILE,
    sourceHash: `${staging.assetHash}.tar`,
    displayName: scope.node.path,
  });
  const bucketArn = stack.formatArn({ service: 's3', resource: bucketName, region: '', account: '' });
  return {
    url: `s3://${bucketName}/${objectKey}`,
    grantRead: (grantee) => {
      Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns: [`${bucketArn}/${objectKey}`] });
      Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [bucketArn] });
    },
  };
}

function checkArchive(prop: string, name: string): void {
  if (!Token.isUnresolved(name) && !name.endsWith('.tar.gz')) {
    throw new Error(`\`${prop}\` must be a .tar.gz archive, got: '${name}'. Pack the files with \`tar -czf\`.`);
  }
}
