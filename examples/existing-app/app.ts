import { join } from 'path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import {
  BenchmarkTarget, InferenceRecommendationsJob, MlDomain, MlFramework, MlTask, SamplePayload,
} from 'cdk-sagemaker-inference-recommender';

// The app of `before.ts` with a benchmark. The imports of this library, the lines between the marks, and the variant's type and count are new.
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

// New: benchmark the model that the app has.
const job = new InferenceRecommendationsJob(stack, 'Job', {
  target: BenchmarkTarget.fromModel(model),
  containerConfig: {
    domain: MlDomain.MACHINE_LEARNING,
    task: MlTask.CLASSIFICATION,
    framework: MlFramework.XGBOOST,
    frameworkVersion: '1.3-1',
    samplePayload: SamplePayload.fromAsset(join(__dirname, 'payload')),
    supportedContentTypes: ['text/csv'],
  },
});
// The model stays as it is, so a compiled one must not be chosen.
const best = job.addRecommendation('Best', { limits: { allowCompiledModels: false } });
new CfnOutput(stack, 'InstanceType', { value: best.instanceType });
// End of the new lines.

const config = new CfnEndpointConfig(stack, 'Config', {
  productionVariants: [{
    variantName: 'AllTraffic', modelName: model.attrModelName, instanceType: best.instanceType, initialInstanceCount: best.initialInstanceCount, initialVariantWeight: 1,
  }],
});
const endpoint = new CfnEndpoint(stack, 'Endpoint', { endpointConfigName: config.attrEndpointConfigName });
new CfnOutput(stack, 'EndpointName', { value: endpoint.attrEndpointName });
