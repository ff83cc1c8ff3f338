import { EstimateOptions, estimateJob, JobEstimate } from '../../../src/service/estimate';
import { jobArchives } from '../../../src/service/job-objects';
import { endpointKind, supportedTypes, TargetFacts } from '../../../src/service/job-rules';
import { INVOKE_BODY_BYTES } from '../../../src/service/limits';
import { pricesOf } from '../../../src/service/prices';
import type { JobPlace, JobRequest, Target } from '../family';
import type { JobNeeds } from '../preflight/preflight';
import type { Needed } from '../preflight/simulation';

/** What a job needs of its account. */
export function needs(request: JobRequest, target: Target | undefined, place: JobPlace): JobNeeds {
  const { JobType, RoleArn, InputConfig: input = {} } = request as any;
  const candidates: readonly any[] = input.EndpointConfigurations ?? [];
  const each = [...new Set<string>(candidates.flatMap(({ InstanceType }) => InstanceType ?? []))];
  const kind = endpointKind(input);
  const isServerless = candidates.length > 0 ? each.length === 0 : JobType !== 'Advanced' && kind === 'Serverless';
  const isChosen = JobType !== 'Advanced' && candidates.length === 0 && !isServerless;
  const archives = jobArchives(request, target?.described);
  return {
    archives,
    mostBytes: isServerless ? INVOKE_BODY_BYTES.serverless : INVOKE_BODY_BYTES.inGuide,
    roleArn: RoleArn,
    account: place.account,
    tried: { each, some: isChosen ? supportedTypes(input.ContainerConfig?.SupportedInstanceTypes, factsOf(target)?.supportedInstanceTypes) : [], isServerlessToo: kind !== 'RealTime' },
    permissions: permissions(RoleArn, input, archives, place),
  };
}

/** What a job costs at most. `undefined` without prices of the Region. */
export function estimate(request: JobRequest, target: Target | undefined, region: string): JobEstimate | undefined {
  const prices = pricesOf(region);
  return prices && estimateJob(request, { prices, packageTypes: factsOf(target)?.supportedInstanceTypes as EstimateOptions['packageTypes'] });
}

function factsOf(target: Target | undefined): TargetFacts | undefined {
  return target?.facts;
}

/**
 * Actions without which no benchmark runs. The service names what it makes after the job.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceRecommendationsJob.html (JobName)
 */
const ON_OWN: Readonly<Record<string, readonly string[]>> = {
  'model': ['CreateModel'],
  'endpoint-config': ['CreateEndpointConfig'],
  'endpoint': ['CreateEndpoint', 'DescribeEndpoint', 'InvokeEndpoint'],
};

function permissions(
  roleArn: string, { ModelPackageVersionArn, ModelName }: any, archives: JobNeeds['archives'], { region, account, jobName }: JobPlace,
): Needed[] {
  const partition = `${roleArn}`.split(':')[1];
  const arn = (kind: string, name: string) => `arn:${partition}:sagemaker:${region}:${account}:${kind}/${name}`;
  const sagemaker = (actions: readonly string[], resource: string): Needed => ({ actions: actions.map((action) => `sagemaker:${action}`), resources: [resource] });
  return [
    ...Object.entries(ON_OWN).map(([kind, actions]) => sagemaker(actions, arn(kind, jobName))),
    { actions: ['iam:PassRole'], resources: [roleArn] },
    ...ModelPackageVersionArn ? [sagemaker(['DescribeModelPackage'], ModelPackageVersionArn)] : [],
    ...ModelName ? [sagemaker(['DescribeModel'], arn('model', ModelName))] : [],
    {
      actions: ['s3:GetObject'],
      resources: archives.map(({ address }) => address.replace('s3://', `arn:${partition}:s3:::`)),
      mayBeAllowedElsewhere: true,
    },
  ];
}
