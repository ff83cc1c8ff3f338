import { Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ContainerConfigOptions } from './container-config';
import type { ServerlessCandidateProps } from './endpoint-candidate';
import type { InferenceRecommendationsJobProps } from './inference-recommendations-job-props';
import type { InstanceRecommendationOptions, ModelLatencyThreshold } from './job-type';
import type { TrafficPhase } from './traffic-pattern';
import { warn } from '../common/warn';
import { jobAdvice } from '../service/job-advice';
import { jobErrors, JobFacts, jobViolations } from '../service/job-rules';
import { requirement } from '../service/words';

/** A prop of a job or of one of its structs. Any other name does not compile. */
type PropName = keyof (InferenceRecommendationsJobProps & InstanceRecommendationOptions & ContainerConfigOptions & ServerlessCandidateProps
  & TrafficPhase & ModelLatencyThreshold);

/**
 * The props whose names are not the API's in lower case. '' is for a member that is no prop of its own. A test checks that the API has each member.
 */
export const PROPS_BY_MEMBER: Readonly<Record<string, PropName | ''>> = {
  InputConfig: '',
  ModelPackageVersionArn: 'target',
  ModelName: 'target',
  RoleArn: 'role',
  JobDescription: 'description',
  JobDurationInSeconds: 'maxDuration',
  DurationInSeconds: 'duration',
  ResourceLimit: '',
  EndpointConfigurations: 'endpointCandidates',
  ServerlessConfig: '',
  MemorySizeInMB: 'memorySize',
  EnvironmentParameterRanges: 'environment',
  CategoricalParameterRanges: '',
  Endpoints: 'existingEndpoints',
  PayloadConfig: '',
  SamplePayloadUrl: 'samplePayload',
  SupportedResponseMIMETypes: 'supportedResponseMimeTypes',
  VpcConfig: '',
  SecurityGroupIds: 'securityGroups',
  Subnets: 'vpcSubnets',
  VolumeKmsKeyId: 'volumeEncryptionKey',
  StoppingConditions: '',
  ModelLatencyThresholds: 'modelLatencyThreshold',
  ValueInMilliseconds: 'value',
  OutputConfig: '',
  KmsKeyId: 'outputEncryptionKey',
  CompiledOutputConfig: '',
  S3OutputUri: 'compiledOutputPrefix',
};

/**
 * Checks a whole request. It throws if the service is known to refuse the request, and warns if a page only advises against a value. Tokens pass: the
 * handler checks their values at deploy.
 *
 * @throws one sentence that names the prop, the value and the bound
 */
export function checkJobRequest(scope: Construct, request: Readonly<Record<string, unknown>>, facts: Omit<JobFacts, 'isKnown'>): void {
  const [broken] = jobViolations({ JobName: 'made-at-deploy', ...request })
    .filter(({ got }) => !Token.isUnresolved(got));
  if (broken) { throw new Error(`\`${propOf(broken.path)}\` ${requirement(broken)}.`); }

  const all = { ...facts, isKnown: (value: unknown) => !Token.isUnresolved(value) };
  for (const { severity, rule, path, sentence } of [...jobErrors(request, all), ...jobAdvice(request, all)]) {
    const message = `\`${propOf(path)}\` ${sentence}.`;
    if (severity === 'error') { throw new Error(message); }
    warn(scope, rule, message);
  }
}

/** The name of the prop that sets a member of the request. */
function propOf(path: readonly string[]): string {
  return path
    .map((member) => (/^\d+$/.test(member) ? `[${member}]` : PROPS_BY_MEMBER[member] ?? member[0].toLowerCase() + member.slice(1)))
    .filter((name) => name !== '')
    .join('.')
    .replace(/\.\[/g, '[')
    // The API has a list of one; the prop is no list.
    .replace('modelLatencyThreshold[0]', 'modelLatencyThreshold');
}
