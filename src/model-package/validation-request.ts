import { Grant, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import type { CfnModelPackage } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { checkProp } from '../common/check';
import { checkMembers } from '../common/check-members';
import { statementsFor, TELEMETRY } from '../hosting/execution-role';
import { GrantTo, warnOfTransformType } from './inference-specification';
import { permit, serviceRole } from '../common/service-role';
import { grantStatements } from '../common/statements';
import type { ModelPackageValidation } from './package-validation';

/** A validation as CloudFormation has it, and the role that must be ready before the package is made. */
export function renderValidation(
  scope: Construct, validation: ModelPackageValidation, artifacts: GrantTo[],
): { property: CfnModelPackage.ValidationSpecificationProperty; role: IRole } {
  const prefix = validation.outputPrefix ?? '';
  const s3OutputPath = validation.outputBucket.s3UrlForObject(prefix === '' ? undefined : prefix);
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
  const role = validation.role ?? validationRole(scope, validation, artifacts);
  return {
    role,
    property: {
      validationRole: role.roleArn,
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
            kmsKeyId: validation.outputEncryptionKey?.keyArn,
          },
          transformResources: {
            instanceType: validation.instanceType.value,
            instanceCount: validation.instanceCount ?? 1,
            volumeKmsKeyId: validation.volumeEncryptionKey?.keyArn,
          },
        },
      }],
    },
  };
}

function validationRole(scope: Construct, validation: ModelPackageValidation, artifacts: GrantTo[]): IRole {
  const role = serviceRole(scope, 'ValidationRole', { description: 'Validates a SageMaker model package', service: 'sagemaker' });
  permit(role, 'Inputs', statementsFor(role, (grantee) => grantValidation(grantee, validation, artifacts)));
  return role;
}

function grantValidation(grantee: IPrincipal, validation: ModelPackageValidation, artifacts: GrantTo[]): void {
  grantStatements(grantee, TELEMETRY);
  artifacts.forEach((grant) => grant(grantee));
  validation.input._grantRead(grantee);
  const written = validation.outputBucket.arnForObjects(`${validation.outputPrefix ?? ''}*`);
  Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: [written] });
  (validation.outputEncryptionKey ?? validation.outputBucket.encryptionKey)?.grantEncrypt(grantee);
  validation.volumeEncryptionKey?.grant(grantee, 'kms:CreateGrant', 'kms:DescribeKey');
}
