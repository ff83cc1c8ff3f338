import { Grant, IPrincipal, IRole, IRoleRef } from 'aws-cdk-lib/aws-iam';
import type { CfnModelPackage } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { GrantTo, warnOfTransformType } from './inference-specification';
import type { ModelPackageValidation } from './package-validation';
import { checkMembers, checkProp, enumValue } from '../common/check';
import { grantStatements, serviceRole, TELEMETRY } from '../common/iam';
import { grantBucketKey, grantEncrypt, grantKey, objectsArn, s3Uri } from '../common/refs';
import { warnOfLocalStorage } from '../common/warn';

/** The validation in CloudFormation's form, and the role that must exist before the package is created. */
export function renderValidation(
  scope: Construct, validation: ModelPackageValidation, artifacts: GrantTo[],
): { property: CfnModelPackage.ValidationSpecificationProperty; role: IRoleRef } {
  const prefix = validation.outputPrefix ?? '';
  const s3OutputPath = s3Uri(validation.outputBucket, prefix === '' ? undefined : prefix);
  const input = validation.input._render();
  checkMembers('validation', validation, {
    instanceCount: 'TransformInstanceCount',
    profileName: 'EntityName',
    contentType: 'ContentType',
    accept: 'Accept',
    maxConcurrentTransforms: 'MaxConcurrentTransforms',
    environment: 'TransformEnvironmentMap',
  });
  checkProp('validation.input', 'S3Uri', input.s3Uri);
  checkProp('validation.outputPrefix', 'S3Uri', s3OutputPath);
  warnOfTransformType(scope, 'validation.instanceType', validation.instanceType);
  if (validation.volumeEncryptionKey) { warnOfLocalStorage(scope, 'validation.volumeEncryptionKey', [validation.instanceType.value]); }
  const role = validation.role ?? validationRole(scope, validation, artifacts);
  return {
    role,
    property: {
      validationRole: role.roleRef.roleArn,
      validationProfiles: [{
        profileName: validation.profileName ?? 'Validation',
        transformJobDefinition: {
          maxConcurrentTransforms: validation.maxConcurrentTransforms,
          maxPayloadInMb: validation.maxPayload?.toMebibytes(),
          batchStrategy: validation.batchStrategy,
          environment: validation.environment,
          transformInput: {
            dataSource: { s3DataSource: input },
            contentType: validation.contentType,
            compressionType: validation.compressed ? 'Gzip' : undefined,
            splitType: validation.splitType,
          },
          transformOutput: {
            s3OutputPath,
            accept: validation.accept,
            assembleWith: validation.assembleWith,
            kmsKeyId: validation.outputEncryptionKey?.keyRef.keyArn,
          },
          transformResources: {
            instanceType: enumValue('validation.instanceType', validation.instanceType, 'InstanceType'),
            instanceCount: validation.instanceCount ?? 1,
            volumeKmsKeyId: validation.volumeEncryptionKey?.keyRef.keyArn,
          },
        },
      }],
    },
  };
}

function validationRole(scope: Construct, validation: ModelPackageValidation, artifacts: GrantTo[]): IRole {
  // When: a `ModelPackage` has `validation`, and no role for it is given.
  const role = serviceRole(scope, 'ValidationRole', 'sagemaker', 'Validates a SageMaker model package');
  grantValidation(role, validation, artifacts);
  return role;
}

function grantValidation(grantee: IPrincipal, validation: ModelPackageValidation, artifacts: GrantTo[]): void {
  const { input, outputBucket, outputPrefix = '', outputEncryptionKey, volumeEncryptionKey } = validation;
  grantStatements(grantee, TELEMETRY);
  artifacts.forEach((grant) => grant(grantee));
  input._grantRead(grantee);
  // Reason: a validation writes its output.
  Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: [objectsArn(outputBucket, `${outputPrefix}*`)] });
  // Reason: a validation encrypts its output with your key.
  if (outputEncryptionKey) { grantEncrypt(outputEncryptionKey, grantee); } else { grantBucketKey(outputBucket, grantee, 'encrypt'); }
  // Reason: the service encrypts the volumes of the validation's instances with your key.
  if (volumeEncryptionKey) { grantKey(volumeEncryptionKey, grantee, 'kms:CreateGrant', 'kms:DescribeKey'); }
}
