import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { IBucketRef } from 'aws-cdk-lib/aws-s3';
import { checkProp } from '../common/check';
import { grantBucketKey, grantKey, objectsArn, s3Uri } from '../common/refs';

/** A bucket and prefix to write objects to. */
export class S3Destination {
  public readonly uri: string;
  private readonly objects: string;

  constructor(prop: string, private readonly bucket: IBucketRef, prefix?: string) {
    const folder = prefix?.replace(/\/+$/, '');
    this.uri = s3Uri(bucket, folder);
    this.objects = folder ? `${folder}/*` : '*';
    checkProp(prop, 'DestinationS3Uri', this.uri);
  }

  public grantWrite(grantee: IGrantable, encryptionKey?: IKeyRef): void {
    // Reason: the endpoint writes captured data, asynchronous answers or core dumps. Only below their prefix.
    Grant.addToPrincipal({
      grantee, actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resourceArns: [objectsArn(this.bucket, this.objects)],
    });
    // S3 requires both actions for a multipart upload.
    // Reason: the endpoint encrypts what it writes, with your key or the bucket's.
    if (encryptionKey) { grantKey(encryptionKey, grantee, 'kms:GenerateDataKey', 'kms:Decrypt'); } else { grantBucketKey(this.bucket, grantee, 'both'); }
  }
}
