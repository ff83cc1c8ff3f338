import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnModel, IModelRef } from 'aws-cdk-lib/aws-sagemaker';
import { Token } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { ContainerImage } from './container-image';
import { BucketSource } from './s3-object';
import { Facts } from '../common/facts';
import { isObjectUri, locationAt } from '../common/s3-location';
import { warn } from '../common/warn';

/** What lets a principal read the images and data of a model of this library. */
export const modelReading = new Facts<IModelRef, (grantee: IGrantable) => void>();

type Container = CfnModel.ContainerDefinitionProperty;

/** Lets a principal read the images and data of a model, as far as the app has them: of a model of this library, or in the template of another one. */
export function grantReadModel(model: IModelRef, grantee: IGrantable): void {
  const known = modelReading.of(model);
  if (known) {
    known(grantee);
    return;
  }
  for (const container of containersOf(model) ?? []) {
    if (container.image !== undefined) { ContainerImage.fromRegistry(container.image)._grantPull(grantee); }
    dataOf(container)?.forEach((data) => data._bind().grantRead(grantee));
  }
}

/** Without a `role`, a job cannot read a model that the app does not know: otherwise the job fails only after the user has paid for it. */
export function warnOfUnreadableModel(scope: IConstruct, model: IModelRef | undefined): void {
  if (!model || modelReading.of(model)) { return; }
  const containers = containersOf(model);
  if (containers?.every((container) => container.modelPackageName === undefined && dataOf(container) !== undefined)) { return; }
  warn(scope, 'UnreadableModel', '`role` should be set for this model: the role that this library makes cannot read its images and data.'
    + ' Alternatively, let the job read them, such as with `bucket.grantRead(job)`, and acknowledge this warning.');
}

/** The containers of a model in the template. Undefined for an imported model, and where they are a token. */
function containersOf(model: IModelRef): readonly Container[] | undefined {
  const resource = [model, model.node.defaultChild].find(CfnModel.isCfnModel);
  const { primaryContainer, containers = [] } = resource ?? {};
  const all = [...primaryContainer ? [primaryContainer] : [], ...Array.isArray(containers) ? containers : [containers]];
  return resource && !all.some(Token.isUnresolved) ? all as Container[] : undefined;
}

/** Where a container's data is. Undefined where the template does not say it in full. */
function dataOf({ mode, modelDataUrl, modelDataSource }: Container): BucketSource[] | undefined {
  const source = Token.isUnresolved(modelDataSource) ? undefined : (modelDataSource as CfnModel.ModelDataSourceProperty | undefined)?.s3DataSource;
  if (Token.isUnresolved(source) || (modelDataSource !== undefined && !source)) { return undefined; }
  const { s3Uri, s3DataType, compressionType } = (source ?? {}) as Partial<CfnModel.S3DataSourceProperty>;
  const whole = [modelDataUrl, s3Uri].filter((uri) => uri !== undefined);
  // CloudFormation, and not this library, refuses an address that is none. It also takes one that begins with https.
  if (!whole.every(isObjectUri)) { return undefined; }
  return whole.map((uri) => {
    if (uri === s3Uri) { return new BucketSource(locationAt('s3Uri', uri), { s3DataType: s3DataType ?? 'S3Prefix', compressionType: compressionType ?? 'None' }); }
    // The archives of several models are below the address.
    return new BucketSource(locationAt('modelDataUrl', uri), mode === 'MultiModel' ? { s3DataType: 'S3Prefix', compressionType: 'Gzip' } : undefined);
  });
}
