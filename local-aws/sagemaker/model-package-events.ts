import { Call } from '../world';
import { ModelPackage } from './model-packages';

/** What DescribeModelPackage tells and the event carries. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html */
const TOLD = [
  'ModelPackageGroupName', 'ModelPackageName', 'ModelPackageVersion', 'ModelPackageArn', 'ModelPackageDescription', 'CreationTime', 'InferenceSpecification',
  'ModelPackageStatus', 'ModelPackageStatusDetails', 'CertifyForMarketplace', 'ModelApprovalStatus', 'ApprovalDescription', 'MetadataProperties',
  'CustomerMetadataProperties', 'ModelMetrics', 'SourceUri', 'ModelLifeCycle', 'LastModifiedTime',
];

/** What is told to have changed, by the names that the event has for it. */
const UPDATES: Readonly<Record<string, string>> = {
  ModelApprovalStatus: 'ModelApprovalStatus',
  ApprovalDescription: 'ApprovalDescription',
  SourceUri: 'sourceUri',
  CustomerMetadataProperties: 'CustomerMetadataProperties',
  InferenceSpecification: 'InferenceSpecification',
  ModelLifeCycle: 'ModelLifeCycle',
};

/** Tells EventBridge of a package that was made or, if there is an earlier description, of what has changed in it: nothing, if nothing has. */
export function tellOf({ arn, description }: ModelPackage, { region }: Call, earlier?: Record<string, any>): void {
  const changed = earlier && Object.keys(UPDATES).filter((member) => JSON.stringify(earlier[member]) !== JSON.stringify(description[member]));
  if (changed?.length === 0) { return; }
  region.events.emit({
    source: 'aws.sagemaker',
    detailType: 'SageMaker Model Package State Change',
    resources: [arn],
    detail: {
      CertifyForMarketplace: false,
      ...Object.fromEntries(TOLD.filter((member) => description[member] !== undefined).map((member) => [member, told(description[member])])),
      ...changed && { UpdatedModelPackageFields: changed.map((member) => UPDATES[member]) },
    },
  });
}

/** Times come to the second. */
function told(value: unknown): unknown {
  return value instanceof Date ? value.toISOString().replace(/\.\d+Z$/, 'Z') : value;
}
