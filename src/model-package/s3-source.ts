import { existsSync } from 'fs';
import { resolve } from 'path';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { AssetStaging, FileAssetPackaging, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Archive, packDirectory } from './archive';
import { grantStatements } from '../common/iam';
import { grantBucketKey, objectsArn, s3Uri } from '../common/refs';

/** An object in S3, once it has a place in a stack. */
interface S3Object {
  readonly url: string;
  grantRead(grantee: IGrantable): void;
}

/** Model data, once it has a place in a stack. */
interface ModelObject extends S3Object {
  /** How the service is to read it, where it is more than one archive. */
  readonly source?: { readonly s3DataType: string; readonly compressionType: string; readonly acceptEula?: boolean };
}

/** How model data that is not one `.tar.gz` is kept. */
export interface ModelDataOptions {
  /**
   * Whether the data is one archive, a tar compressed with gzip: the object itself, or the only one under the prefix.
   *
   * @default false
   */
  readonly compressed?: boolean;
  /**
   * Whether you accept the end-user license agreement of the model: some cannot be loaded otherwise.
   *
   * @default - not said
   */
  readonly acceptEula?: boolean;
}

/** The artifacts of a trained model: one `.tar.gz` in S3, or the objects under a prefix. */
export abstract class ModelData {
  /** An object of a bucket. What is overwritten under the same key is not noticed: see the job's `trigger`. */
  public static fromBucket(bucket: IBucketRef, objectKey: string): ModelData {
    checkArchive('modelData', objectKey);
    return new BucketSource(bucket, objectKey);
  }

  /** A local `.tar.gz`, uploaded when the app is deployed. Changed content is a new model package, and a new job. */
  public static fromAsset(path: string): ModelData {
    checkArchive('modelData', path);
    return new AssetSource(path, false);
  }

  /**
   * All objects under a prefix, as large models are kept: the service copies them as they are. What is overwritten under the same prefix is
   * not noticed: see the job's `trigger`.
   *
   * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html
   *
   * @throws if the prefix does not end with a slash
   */
  public static fromBucketPrefix(bucket: IBucketRef, prefix: string, options: ModelDataOptions = {}): ModelData {
    if (!Token.isUnresolved(prefix) && !/[^/]\/$/.test(prefix)) {
      throw new Error(`\`prefix\` must end with '/' behind a name, got: '${prefix}'.`);
    }
    return new BucketSource(bucket, prefix, { s3DataType: 'S3Prefix', ...sourceOf(options) });
  }

  /** One object that is the model as it stands, e.g. a file of weights. What is overwritten under the same key is not noticed. */
  public static fromBucketObject(bucket: IBucketRef, objectKey: string, options: ModelDataOptions = {}): ModelData {
    return new BucketSource(bucket, objectKey, { s3DataType: 'S3Object', ...sourceOf(options) });
  }

  /**
   * Gives the data a place in a stack.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, id: string): ModelObject;
}

/** What a benchmark sends: files of which the service draws at random, in one `.tar.gz` in S3. */
export abstract class SamplePayload {
  /** An object of a bucket. What is overwritten under the same key is not noticed: see the job's `trigger`. */
  public static fromBucket(bucket: IBucketRef, objectKey: string): SamplePayload {
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
  constructor(private readonly bucket: IBucketRef, private readonly objectKey: string, private readonly source?: ModelObject['source']) {}

  public _bind(): ModelObject {
    const readable = this.source?.s3DataType === 'S3Prefix' ? `${this.objectKey}*` : this.objectKey;
    const statements = readStatements(this.bucket.bucketRef.bucketArn, objectsArn(this.bucket, readable));
    return {
      url: s3Uri(this.bucket, this.objectKey),
      source: this.source,
      grantRead: (grantee) => {
        grantStatements(grantee, statements);
        grantBucketKey(this.bucket, grantee, 'decrypt');
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
    const archive = (this.packsDirectories && packDirectory(this.path)) || plainArchive(this.path);
    const object = uploadArchive(scope, id, archive);
    this.bound.set(scope, object);
    return object;
  }
}

function sourceOf({ compressed, acceptEula }: ModelDataOptions) {
  return { compressionType: compressed ? 'Gzip' : 'None', acceptEula };
}

/** As `s3_assets.Asset` does it, but for the object's key: the service wants it to end in `.tar.gz`, and an Asset's ends in `.gz`. */
function uploadArchive(scope: Construct, id: string, archive: Partial<Archive> & { readonly path: string }): S3Object {
  const stack = Stack.of(scope);
  const sourcePath = resolve(archive.path);
  const staging = new AssetStaging(scope, id, { sourcePath, assetHash: archive.hash });
  // Where staging is switched off, the archive itself is what a deploy uploads.
  if (staging.absoluteStagedPath !== sourcePath) { archive.discard?.(); }
  const { bucketName, objectKey } = stack.synthesizer.addFileAsset({
    fileName: staging.relativeStagedPath(stack),
    packaging: FileAssetPackaging.FILE,
    sourceHash: `${staging.assetHash}.tar`,
    displayName: scope.node.path,
  });
  const bucketArn = stack.formatArn({ service: 's3', resource: bucketName, region: '', account: '' });
  const statements = readStatements(bucketArn, `${bucketArn}/${objectKey}`);
  return { url: `s3://${bucketName}/${objectKey}`, grantRead: (grantee) => grantStatements(grantee, statements) };
}

function readStatements(bucketArn: string, objectArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['s3:GetObject'], resources: [objectArn] }),
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucketArn] }),
  ];
}

function plainArchive(path: string): { readonly path: string } {
  if (!existsSync(path)) { throw new Error(`\`samplePayload\` must be a directory or a .tar.gz archive that exists, got: '${path}'.`); }
  checkArchive('samplePayload', path);
  return { path };
}

function checkArchive(prop: string, name: string): void {
  if (!Token.isUnresolved(name) && !name.endsWith('.tar.gz')) {
    throw new Error(`\`${prop}\` must be a .tar.gz archive, got: '${name}'. Pack the files with \`tar -czf\`.`);
  }
}
