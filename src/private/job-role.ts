import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { BenchmarkTarget } from '../benchmark-target';
import { allowTelemetry } from './execution-role';
import { sagemakerArn } from './runtime';
import { namesMadeByService } from './stack-prefix';

/**
 * What the service itself does in an account for a job, as the role that it is given. AWS documents a full-access managed policy only;
 * this is what the guide's pages say that happens. Unverified against the live service.
 */
const ON_OWN_RESOURCES = [
  'CreateModel', 'DescribeModel', 'DeleteModel',
  'CreateEndpointConfig', 'DescribeEndpointConfig', 'DeleteEndpointConfig',
  'CreateEndpoint', 'DescribeEndpoint', 'DeleteEndpoint', 'InvokeEndpoint', 'UpdateEndpoint', 'UpdateEndpointWeightsAndCapacities',
  'CreateCompilationJob', 'DescribeCompilationJob', 'StopCompilationJob',
  'AddTags',
];

/** The role of a job with what its inputs need, and no more. */
export function jobRole(scope: Construct, target: BenchmarkTarget): Role {
  const role = new Role(scope, 'Role', {
    description: 'Benchmarks a model in an Inference Recommender job',
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
  });
  const names = namesMadeByService();
  role.addToPolicy(new PolicyStatement({
    actions: ON_OWN_RESOURCES.map((action) => `sagemaker:${action}`),
    resources: ['model', 'endpoint-config', 'endpoint', 'compilation-job'].flatMap((kind) => names.map((name) => sagemakerArn(kind, name))),
  }));
  allowTelemetry(role);
  role.addToPolicy(new PolicyStatement({
    actions: ['iam:PassRole'],
    resources: [role.roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  }));
  if (target.modelPackage) {
    role.addToPolicy(new PolicyStatement({ actions: ['sagemaker:DescribeModelPackage'], resources: [target.modelPackage.modelPackageArn] }));
  }
  target._grantReadArtifacts(role);
  return role;
}
