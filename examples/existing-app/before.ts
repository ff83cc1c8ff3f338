import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';

// An app as many people have it: without this library, on an instance type that somebody has guessed.
const stack = new Stack(new App(), 'Shop');
const models = Bucket.fromBucketName(stack, 'Models', `shop-models-${stack.account}`);
const role = new Role(stack, 'ModelRole', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
models.grantRead(role);
const model = new CfnModel(stack, 'Model', {
  executionRoleArn: role.roleArn,
  primaryContainer: {
    image: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.3-1',
    modelDataUrl: models.s3UrlForObject('model.tar.gz'),
  },
});
model.node.addDependency(role);
const config = new CfnEndpointConfig(stack, 'Config', {
  productionVariants: [{
    variantName: 'AllTraffic', modelName: model.attrModelName, instanceType: 'ml.m5.4xlarge', initialInstanceCount: 1, initialVariantWeight: 1,
  }],
});
const endpoint = new CfnEndpoint(stack, 'Endpoint', { endpointConfigName: config.attrEndpointConfigName });
new CfnOutput(stack, 'EndpointName', { value: endpoint.attrEndpointName });
