import { join } from 'path';
import { Aws, CfnMapping, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  ContainerImage, MlDomain, MlFramework, MlTask, ModelData, ModelPackage, ModelPackageGroup, ModelPackageProps, SamplePayload,
} from 'cdk-sagemaker-inference-recommender';

const MODEL = join(__dirname, '..', 'model');

/** Accounts of AWS that keep the image of XGBoost, in the Regions that the tests run in. */
const ACCOUNTS = { 'us-east-1': '683313688378', 'us-east-2': '257758044811', 'us-west-2': '246618743249' };

/** The image, by the Region of the deploy. */
export function xgboost(stack: Stack): string {
  const mapping = stack.node.tryFindChild('Images') as CfnMapping | undefined ?? new CfnMapping(stack, 'Images', {
    mapping: Object.fromEntries(Object.entries(ACCOUNTS).map(([region, account]) => [region, { xgboost: account }])),
  });
  return `${mapping.findInMap(Aws.REGION, 'xgboost')}.dkr.ecr.${Aws.REGION}.amazonaws.com/sagemaker-xgboost:1.3-1`;
}

/** A row of the model's ten features, and what the model says of it: between 0 and 1. */
export const ROW = '0.42,1.7,3.1,0.05,12,7.5,0.9,0.33,2.2,1';

export interface PackageOptions extends Pick<ModelPackageProps, 'modelPackageGroup' | 'approvalStatus'> {
  readonly environment?: Record<string, string>;
  readonly dataInputConfig?: string;
  readonly modelData?: ModelData;
}

/** A trained model of a few trees, which any instance type serves. */
export function modelPackage(stack: Stack, { environment, dataInputConfig, modelData, ...others }: PackageOptions = {}): ModelPackage {
  return new ModelPackage(stack, 'ModelPackage', {
    ...others,
    modelPackageGroup: others.modelPackageGroup ?? new ModelPackageGroup(stack, 'Group', { removalPolicy: RemovalPolicy.DESTROY }),
    domain: MlDomain.MACHINE_LEARNING,
    task: MlTask.CLASSIFICATION,
    containers: [{
      image: ContainerImage.fromRegistry(xgboost(stack)),
      modelData: modelData ?? ModelData.fromAsset(join(MODEL, 'model.tar.gz')),
      framework: MlFramework.XGBOOST,
      frameworkVersion: '1.3-1',
      environment,
      dataInputConfig,
    }],
    samplePayload: SamplePayload.fromAsset(join(MODEL, 'payload')),
    supportedContentTypes: ['text/csv'],
    supportedResponseMimeTypes: ['text/csv'],
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
