'use strict';
// Whether a version that is registered without a status has one, and whether a model can be made of one that has none.
const sdk = require('@aws-sdk/client-sagemaker');

const { ModelName, ExecutionRoleArn, like, ModelPackageGroupName } = JSON.parse(process.env.INPUT);

exports.handler = async () => {
  const client = new sdk.SageMakerClient({});
  const registered = [];
  try {
    const { InferenceSpecification } = await client.send(new sdk.DescribeModelPackageCommand({ ModelPackageName: like }));
    const { ModelPackageArn: ModelPackageName } = await client.send(new sdk.CreateModelPackageCommand({ ModelPackageGroupName, InferenceSpecification }));
    registered.push(ModelPackageName);
    const { ModelApprovalStatus: status } = await client.send(new sdk.DescribeModelPackageCommand({ ModelPackageName }));
    if (status) { return { outcome: 'has a status', status }; }
    await client.send(new sdk.CreateModelCommand({ ModelName, ExecutionRoleArn, PrimaryContainer: { ModelPackageName } }));
    await client.send(new sdk.DeleteModelCommand({ ModelName }));
    return { outcome: 'accepted' };
  } catch (error) {
    return { outcome: `${error.name}: ${error.message}` };
  } finally {
    for (const ModelPackageName of registered) { await client.send(new sdk.DeleteModelPackageCommand({ ModelPackageName })); }
  }
};
