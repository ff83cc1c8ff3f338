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
  // When: an `InferenceRecommendationsJob` or a `ModelRegistryBenchmark` is given no `role`.
  const role = serviceRole(scope, 'Role', 'sagemaker', 'Benchmarks a model in an Inference Recommender job', { managed: benchmarkPolicy(scope, namespace) });
  grantInputs(role, role.roleArn, job);
  return role;
}

function grantInputs(grantee: IPrincipal, roleArn: string, job: RenderedJob): void {
  // Reason: the job gives its own role to the models that it makes for its benchmarks.
  grantee.addToPrincipalPolicy(new PolicyStatement({
    actions: ['iam:PassRole'],
    resources: [roleArn],
    conditions: PASSED_TO_SAGEMAKER,
  }));
  job.target._grantBenchmark(grantee);
  job.grantReadPayload(grantee);
  if (job.existingEndpoints.length > 0) {
    // Reason: the job reads and invokes the endpoint that it compares with.
    allow(grantee, ['DescribeEndpoint', 'InvokeEndpoint'], job.existingEndpoints.flatMap(endpointArns));
    // Reason: the job reads what the existing endpoint runs on.
    // The name of an endpoint's configuration is unknown until the job describes the endpoint.
    allow(grantee, ['DescribeEndpointConfig'], [sagemakerArn('endpoint-config', '*')]);
  }
  if (job.network) { allowInterfaces(grantee, job.network); }
  // Without this grant the job fails late, when it makes the endpoint configuration.
  // Reason: the service encrypts the volumes of the benchmarks' instances with your key.
  if (job.volumeEncryptionKey) { grantKey(job.volumeEncryptionKey, grantee, 'kms:CreateGrant', 'kms:DescribeKey'); }
  // Reason: the job encrypts its output with your key.
  if (job.outputEncryptionKey) { grantKey(job.outputEncryptionKey, grantee, 'kms:GenerateDataKey', 'kms:Decrypt'); }
  if (job.compiledOutput) {
    const { bucket, prefix } = job.compiledOutput;
    // Reason: the job writes compiled models where the app says.
    BucketGrants.fromBucket(bucket).put(grantee, `${prefix}*`);
    // Reason: the benchmark of a compiled model reads it there.
    BucketGrants.fromBucket(bucket).read(grantee, `${prefix}*`);
  }
}

function allow(grantee: IPrincipal, actions: readonly string[], resources: string[]): void {
  grantee.addToPrincipalPolicy(new PolicyStatement({ actions: actions.map((action) => `sagemaker:${action}`), resources }));
}
