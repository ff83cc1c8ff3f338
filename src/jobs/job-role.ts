import { IPrincipal, IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BucketGrants } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { benchmarkPolicy } from './family';
import type { RenderedJob } from './job-request';
import { PASSED_TO_SAGEMAKER, serviceRole } from '../common/iam';
import { sagemakerArn } from '../common/names';
import { allowInterfaces } from '../common/network';
import { endpointArns, grantKey } from '../common/refs';
import type { ClaimProperties } from '../contract/start';

/** The role of a job, with only the permissions that its inputs need. */
export function jobRole(scope: Construct, job: RenderedJob, { Namespace: namespace }: ClaimProperties): IRole {
  const role = serviceRole(scope, 'Role', 'sagemaker', 'Benchmarks a model in an Inference Recommender job', { managed: benchmarkPolicy(scope, namespace) });
  grantInputs(role, role.roleArn, job);
  return role;
}

function grantInputs(grantee: IPrincipal, roleArn: string, job: RenderedJob): void {
  grantee.addToPrincipalPolicy(new PolicyStatement({
    actions: ['iam:PassRole'],
    resources: [roleArn],
    conditions: PASSED_TO_SAGEMAKER,
  }));
  job.target._grantBenchmark(grantee);
  job.grantReadPayload(grantee);
  if (job.existingEndpoints.length > 0) {
    allow(grantee, ['DescribeEndpoint', 'InvokeEndpoint'], job.existingEndpoints.flatMap(endpointArns));
    // The name of an endpoint's configuration is unknown until the job describes the endpoint.
    allow(grantee, ['DescribeEndpointConfig'], [sagemakerArn('endpoint-config', '*')]);
  }
  if (job.network) { allowInterfaces(grantee, job.network); }
  // Without this grant the job fails late, when it makes the endpoint configuration.
  if (job.volumeEncryptionKey) { grantKey(job.volumeEncryptionKey, grantee, 'kms:CreateGrant', 'kms:DescribeKey'); }
  if (job.outputEncryptionKey) { grantKey(job.outputEncryptionKey, grantee, 'kms:GenerateDataKey', 'kms:Decrypt'); }
  if (job.compiledOutput) {
    const { bucket, prefix } = job.compiledOutput;
    BucketGrants.fromBucket(bucket).put(grantee, `${prefix}*`);
    BucketGrants.fromBucket(bucket).read(grantee, `${prefix}*`);
  }
}

function allow(grantee: IPrincipal, actions: readonly string[], resources: string[]): void {
  grantee.addToPrincipalPolicy(new PolicyStatement({ actions: actions.map((action) => `sagemaker:${action}`), resources }));
}
