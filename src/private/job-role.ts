import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { sagemakerArn } from './arns';
import { allowTelemetry } from './execution-role';
import type { RenderedJob } from './job-request';
import { allowInterfaces } from './network';
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
export function jobRole(scope: Construct, job: RenderedJob): Role {
  const role = new Role(scope, 'Role', {
    description: 'Benchmarks a model in an Inference Recommender job',
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
  });
  allow(role, 'sagemaker', ON_OWN_RESOURCES,
    ['model', 'endpoint-config', 'endpoint', 'compilation-job'].flatMap((kind) => namesMadeByService().map((name) => sagemakerArn(kind, name))));
  allowTelemetry(role);
  role.addToPolicy(new PolicyStatement({
    actions: ['iam:PassRole'],
    resources: [role.roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  }));
  job.target._grantBenchmark(role);
  job.grantReadPayload(role);
  if (job.existingEndpoints.length > 0) {
    allow(role, 'sagemaker', ['DescribeEndpoint', 'InvokeEndpoint'], job.existingEndpoints.map((endpoint) => endpoint.endpointArn));
    // Which configuration an endpoint runs is known only once it is described.
    allow(role, 'sagemaker', ['DescribeEndpointConfig'], [sagemakerArn('endpoint-config', '*')]);
  }
  if (job.network) { allowInterfaces(role, job.network); }
  // Without this grant the job fails later, when it makes the endpoints' configuration.
  job.volumeEncryptionKey?.grant(role, 'kms:CreateGrant', 'kms:DescribeKey');
  job.outputEncryptionKey?.grant(role, 'kms:GenerateDataKey', 'kms:Decrypt');
  if (job.compiledOutput) {
    const { bucket, prefix } = job.compiledOutput;
    bucket.grantPut(role, `${prefix}*`);
    bucket.grantRead(role, `${prefix}*`);
  }
  return role;
}

function allow(role: Role, service: string, actions: readonly string[], resources: string[]): void {
  role.addToPolicy(new PolicyStatement({ actions: actions.map((action) => `${service}:${action}`), resources }));
}
