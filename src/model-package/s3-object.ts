import { existsSync } from 'fs';
import { resolve } from 'path';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { AssetStaging, FileAssetPackaging, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Archive, ArchiveProp, checkArchiveFile, packDirectory } from './archive';
import { grantStatements } from '../common/iam';
import { ARCHIVE_END, S3Location } from '../common/s3-location';

/** An object in S3, after it is added to a stack. */
export interface S3Object {
  readonly url: string;
  grantRead(grantee: IGrantable): void;
}

/** Model data, after it is added to a stack. */
export interface ModelObject extends S3Object {
  /** The `S3DataSource` fields. Undefined for one `.tar.gz`, which needs only its URL. */
  readonly source?: {
    readonly s3DataType: string;
    readonly compressionType: string;
    readonly acceptEula?: boolean;
    readonly eTag?: string;
    readonly hubContentArn?: string;
  };
}

export class BucketSource {
  constructor(private readonly location: S3Location, private readonly source?: ModelObject['source']) {}

  public _bind(): ModelObject {
    const { uri, bucketArn } = this.location;
    const statements = readStatements(bucketArn, this.location.objectsArn(this.source?.s3DataType === 'S3Prefix' ? 'prefix' : 'object'));
    return {
      url: uri,
      source: this.source,
      grantRead: (grantee) => {
        grantStatements(grantee, statements);
        // Reason: decrypts what it reads with the bucket's key, if the bucket has one.
        this.location.grantBucketKey(grantee);
      },
    };
  }
}

export class AssetSource {
  private readonly bound = new Map<Construct, S3Object>();

  constructor(private readonly prop: ArchiveProp, private readonly path: string) {}

  public _bind(scope: Construct, id: string): S3Object {
    const known = this.bound.get(scope);
    if (known) { return known; }
    const archive = (this.prop === 'samplePayload' && packDirectory(this.prop, this.path)) || plainArchive(this.prop, this.path);
    const object = uploadArchive(scope, id, archive);
    this.bound.set(scope, object);
    return object;
  }
}

/** Does what `s3_assets.Asset` does, except for the object's key: the service requires `.tar.gz` at its end, but an Asset's key ends with `.gz`. */
function uploadArchive(scope: Construct, id: string, archive: Partial<Archive> & { readonly path: string }): S3Object {
  const stack = Stack.of(scope);
  const sourcePath = resolve(archive.path);
  const staging = new AssetStaging(scope, id, { sourcePath, assetHash: archive.hash });
  // If staging is switched off, the deploy uploads the archive itself.
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
    // Reason: reads the model's archive or the payload. Only these objects.
    new PolicyStatement({ actions: ['s3:GetObject'], resources: [objectArn] }),
    // Reason: the service lists what it reads, and S3 tells an object that is missing from one that may not be read only to those who may list.
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucketArn] }),
  ];
}

function plainArchive(prop: ArchiveProp, path: string): { readonly path: string } {
  const kinds = prop === 'samplePayload' ? 'a directory or a .tar.gz archive' : 'a .tar.gz archive';
  if (!existsSync(path)) { throw new Error(`\`${prop}\` must be ${kinds} that exists, got: '${path}'.`); }
  checkArchive(prop, path);
  checkArchiveFile(prop, path);
  return { path };
}

export function checkArchive(prop: string, name: string): void {
  if (!Token.isUnresolved(name) && !name.endsWith(ARCHIVE_END)) {
    throw new Error(`\`${prop}\` must be a .tar.gz archive, got: '${name}'. Pack the files with \`tar -czf\`.`);
  }
}
