import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { checkProp } from '../common/check';

/** Objects of a bucket that begin with a prefix, as a place to write to. */
export class S3Destination {
  public readonly uri: string;
  private readonly objects: string;

  constructor(prop: string, private readonly bucket: IBucket, prefix?: string) {
    const folder = prefix?.replace(/\/+$/, '');
    this.uri = bucket.s3UrlForObject(folder);
    this.objects = folder ? `${folder}/*` : '*';
    checkProp(prop, 'DestinationS3Uri', this.uri);
  }

  public grantWrite(grantee: IGrantable, encryptionKey?: IKey): void {
    Grant.addToPrincipal({
      grantee, actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resourceArns: [this.bucket.arnForObjects(this.objects)],
    });
    // S3 asks for both when an object comes in parts.
    (encryptionKey ?? this.bucket.encryptionKey)?.grant(grantee, 'kms:GenerateDataKey', 'kms:Decrypt');
  }
}
