import { IPrincipal, IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { sagemakerArn } from '../common/arns';
import { statementsFor } from '../hosting/execution-role';
import type { RenderedJob } from './job-request';
import { allowInterfaces } from '../common/network';
import { Runtime } from '../runtime/runtime';
import { permit, serviceRole } from '../common/service-role';

/** The role of a job with what its inputs need, and no more. */
export function jobRole(scope: Construct, job: RenderedJob): IRole {
  const role = serviceRole(scope, 'Role', {
    description: 'Benchmarks a model in an Inference Recommender job',
    service: 'sagemaker',
    managedPolicies: [Runtime.of(scope).benchmarkPolicy],
  });
  permit(role, 'Inputs', statementsFor(role, (grantee) => grantInputs(grantee, role.roleArn, job)));
  return role;
}

function grantInputs(grantee: IPrincipal, roleArn: string, job: RenderedJob): void {
  grantee.addToPrincipalPolicy(new PolicyStatement({
    actions: ['iam:PassRole'],
    resources: [roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  }));
  job.target._grantBenchmark(grantee);
  job.grantReadPayload(grantee);
  if (job.existingEndpoints.length > 0) {
    allow(grantee, ['DescribeEndpoint', 'InvokeEndpoint'], job.existingEndpoints.map((endpoint) => endpoint.endpointArn));
    // Which configuration an endpoint runs is known only once it is described.
    allow(grantee, ['DescribeEndpointConfig'], [sagemakerArn('endpoint-config', '*')]);
  }
  if (job.network) { allowInterfaces(grantee, job.network); }
  // Without this grant the job fails later, when it makes the endpoints' configuration.
  job.volumeEncryptionKey?.grant(grantee, 'kms:CreateGrant', 'kms:DescribeKey');
  job.outputEncryptionKey?.grant(grantee, 'kms:GenerateDataKey', 'kms:Decrypt');
  if (job.compiledOutput) {
    const { bucket, prefix } = job.compiledOutput;
    bucket.grantPut(grantee, `${prefix}*`);
    bucket.grantRead(grantee, `${prefix}*`);
  }
}

function allow(grantee: IPrincipal, actions: readonly string[], resources: string[]): void {
  grantee.addToPrincipalPolicy(new PolicyStatement({ actions: actions.map((action) => `sagemaker:${action}`), resources }));
}
