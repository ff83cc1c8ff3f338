import { EncryptedResources, IGrantable, IRole, IRoleRef, Role } from 'aws-cdk-lib/aws-iam';
import { IKey, IKeyRef, KeyGrants } from 'aws-cdk-lib/aws-kms';
import { IBucket, IBucketRef } from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, CfnModel, IEndpoint, IEndpointRef, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib/core';
import { Construct, IConstruct } from 'constructs';
import { Facts } from './facts';
import { arnSpellings, nameSpellings, sagemakerArn, showsName } from './names';

// Props accept the CDK's references, so that an L1, another library's construct or an import fits everywhere. An L2 has more fields, which are used.

function isRole(role: IRoleRef): role is IRole {
  return ('addToPrincipalPolicy' satisfies keyof IRole) in role;
}

function isKey(key: IKeyRef): key is IKey {
  return ('grantDecrypt' satisfies keyof IKey) in key;
}

/** The key that a bucket is encrypted with, if it is known to have one. */
export function keyOfBucket(bucket: IBucketRef): IKeyRef | undefined {
  return isBucket(bucket) ? bucket.encryptionKey : undefined;
}

function isBucket(bucket: IBucketRef): bucket is IBucket {
  return ('encryptionKey' satisfies keyof IBucket) in bucket;
}

/** A role that accepts grants. For a mere reference, the policies are attached by the role's name. */
export function grantableRole(scope: Construct, id: string, role: IRoleRef): IRole {
  return isRole(role) ? role : Role.fromRoleName(scope, id, role.roleRef.roleName);
}

/** Lets a principal use a key. */
export function grantKey(key: IKeyRef, grantee: IGrantable, ...actions: string[]): void {
  if (isKey(key)) { key.grant(grantee, ...actions); } else { KeyGrants.fromKey(key).actions(grantee, ...actions); }
}

export function grantDecrypt(key: IKeyRef, grantee: IGrantable): void {
  if (isKey(key)) { key.grantDecrypt(grantee); } else { KeyGrants.fromKey(key).decrypt(grantee); }
}

export function grantEncrypt(key: IKeyRef, grantee: IGrantable): void {
  if (isKey(key)) { key.grantEncrypt(grantee); } else { KeyGrants.fromKey(key).encrypt(grantee); }
}

/** Lets a principal use the key that a bucket is encrypted with, if it is known to have one. */
export function grantBucketKey(bucket: IBucketRef, grantee: IGrantable, use: 'decrypt' | 'encrypt' | 'both'): void {
  const actions = { decrypt: ['kms:Decrypt'], encrypt: ENCRYPT, both: ['kms:GenerateDataKey', 'kms:Decrypt'] }[use];
  if (!isBucket(bucket)) {
    EncryptedResources.of(bucket)?.grantOnKey(grantee, ...actions);
  } else if (bucket.encryptionKey && use === 'encrypt') {
    bucket.encryptionKey.grantEncrypt(grantee);
  } else if (bucket.encryptionKey && use === 'decrypt') {
    bucket.encryptionKey.grantDecrypt(grantee);
  } else {
    bucket.encryptionKey?.grant(grantee, ...actions);
  }
}

const ENCRYPT = ['kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'];

/** The S3 URI of an object, or of the bucket if there is no key. */
export function s3Uri({ bucketRef }: IBucketRef, objectKey?: string): string {
  return `s3://${bucketRef.bucketName}${objectKey === undefined ? '' : `/${objectKey}`}`;
}

/** The ARN pattern of objects. */
export function objectsArn({ bucketRef }: IBucketRef, keyPattern: string): string {
  return `${bucketRef.bucketArn}/${keyPattern}`;
}

/** Names of this library's own models, because a reference has only the ARN, which the service may write in lower case. */
export const modelNames = new Facts<IModelRef, string>();

/** For each model that a stack's own function creates: the ARN patterns of all that it may be. */
export const ownModelNames = new Facts<IModelRef, readonly string[]>();

/** Name of a model: from an L1 or L2, or else the end of its ARN. */
export function modelNameOf(model: IModelRef): string {
  if (CfnModel.isCfnModel(model)) { return model.attrModelName; }
  return 'modelName' in model && typeof model.modelName === 'string' ? model.modelName : endOf(model.modelRef.modelArn);
}

/**
 * The ARNs of a model in a shared policy. The stack's own functions make their models after the policy, so the policy has the pattern of their names.
 */
export function permissionArnsOfModel(model: IModelRef, user: IConstruct): readonly string[] {
  return (Stack.of(model) === Stack.of(user) ? ownModelNames.of(model) : undefined) ?? modelArns(model);
}

/** The ARNs of a model in a policy. */
export function modelArns(model: IModelRef): readonly string[] {
  const resource = [model, model.node.defaultChild].find(CfnModel.isCfnModel);
  return arnsInPolicy(model, 'model', model.modelRef.modelArn, resource?.modelName, resource ? modelNameOf(model) : modelNames.of(model));
}

/** The ARNs of an endpoint in a policy. */
export function endpointArns(endpoint: IEndpointRef): readonly string[] {
  const resource = [endpoint, endpoint.node.defaultChild].find(CfnEndpoint.isCfnEndpoint);
  return arnsInPolicy(endpoint, 'endpoint', endpoint.endpointRef.endpointArn, resource?.endpointName, resource && endpointNameOf(endpoint));
}

/**
 * The ARNs of a resource in a policy. The service was seen to answer ARNs in lower case and to authorize by the name as given, so a policy has both: all
 * spellings of a name that is given, or else the ARN by the name that the template gets beside the ARN that the service answers.
 */
export function arnsInPolicy(owner: IConstruct, resource: string, answered: string, given: string | undefined, name = given): readonly string[] {
  if (showsName(answered)) { return arnSpellings(answered); }
  const stack = Stack.of(owner);
  if (given !== undefined && !Token.isUnresolved(given)) {
    const spellings = nameSpellings(given);
    return spellings.length === 1 ? [answered] : spellings.map((spelling) => sagemakerArnIn(stack, resource, spelling));
  }
  return name === undefined ? [answered] : [answered, sagemakerArnIn(stack, resource, name)];
}

function sagemakerArnIn(stack: Stack, resource: string, name: string): string {
  return [stack.account, stack.region].some((part) => Token.isUnresolved(part)) ? sagemakerArn(resource, name)
    : stack.formatArn({ service: 'sagemaker', resource, resourceName: name });
}

/** Name of an endpoint: from an L1 or L2, or else the end of its ARN. */
export function endpointNameOf(endpoint: IEndpointRef): string {
  if (CfnEndpoint.isCfnEndpoint(endpoint)) { return endpoint.attrEndpointName; }
  return isEndpoint(endpoint) ? endpoint.endpointName : endOf(endpoint.endpointRef.endpointArn);
}

function isEndpoint(endpoint: IEndpointRef): endpoint is IEndpoint {
  return ('endpointName' satisfies keyof IEndpoint) in endpoint;
}

/** The name at the end of an ARN. */
export function endOf(arn: string): string {
  return Arn.split(arn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
}
