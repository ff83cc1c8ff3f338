import { App, Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { BUCKET, IMAGE, MODEL_DATA } from '../apps/artifacts';

// An endpoint in L1s, on a manually chosen instance: the minimum of any deploy.
const stack = new Stack(new App(), 'ByHand');
const role = new CfnRole(stack, 'Role', {
  assumeRolePolicyDocument: {
    Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } }],
  },
});
const model = new CfnModel(stack, 'Model', {
  executionRoleArn: role.attrArn, primaryContainer: { image: IMAGE, modelDataUrl: `s3://${BUCKET}/${MODEL_DATA}` },
});
const config = new CfnEndpointConfig(stack, 'Config', {
  productionVariants: [{
    modelName: model.attrModelName, variantName: 'AllTraffic', instanceType: 'ml.c5.large', initialInstanceCount: 1, initialVariantWeight: 1,
  }],
});
new CfnEndpoint(stack, 'Endpoint', { endpointConfigName: config.attrEndpointConfigName });
