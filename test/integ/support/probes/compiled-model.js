'use strict';
// Where the service has put a job's compiled model, and whether a model's role may read it there.
const { IAMClient, SimulatePrincipalPolicyCommand } = require('@aws-sdk/client-iam');
const { DescribeCompilationJobCommand, DescribeInferenceRecommendationsJobCommand, SageMakerClient } = require('@aws-sdk/client-sagemaker');

const { jobName, roleArn } = JSON.parse(process.env.INPUT);

exports.handler = async () => {
  const sagemaker = new SageMakerClient({});
  const job = await sagemaker.send(new DescribeInferenceRecommendationsJobCommand({ JobName: jobName }));
  const CompilationJobName = job.InferenceRecommendations.map(({ ModelConfiguration }) => ModelConfiguration.CompilationJobName).find(Boolean);
  if (!CompilationJobName) { return { decision: 'no recommendation is compiled' }; }
  const { ModelArtifacts: { S3ModelArtifacts: place } } = await sagemaker.send(new DescribeCompilationJobCommand({ CompilationJobName }));
  const { EvaluationResults: [{ EvalDecision }] } = await new IAMClient({}).send(new SimulatePrincipalPolicyCommand({
    PolicySourceArn: roleArn, ActionNames: ['s3:GetObject'], ResourceArns: [place.replace('s3://', 'arn:aws:s3:::')],
  }));
  return { decision: EvalDecision, place };
};
