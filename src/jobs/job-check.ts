import { Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ContainerConfigOptions } from './container-config';
import type { ServerlessCandidateProps } from './endpoint-candidate';
import type { InferenceRecommendationsJobProps } from './inference-recommendations-job-props';
import type { InstanceRecommendationOptions, ModelLatencyThreshold } from './job-type';
import type { TrafficPhase } from './traffic-pattern';
import { warn } from '../common/warn';
import { JobFacts, jobFindings, jobViolations } from '../service/job-rules';
import { requirement } from '../service/words';

/** A prop of a job, or of one of the structs that it is made of. A name that is none does not compile. */
type PropName = keyof (InferenceRecommendationsJobProps & InstanceRecommendationOptions & ContainerConfigOptions & ServerlessCandidateProps & TrafficPhase
  & ModelLatencyThreshold);

/** The props whose names are not the API's in lower case. A member named '' is no prop of its own. A test asks that each member is one of the API's. */
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
 * Judges a whole request. What the service is known to refuse throws, what a page only advises against becomes a warning. Tokens pass: the
 * handler judges them once they are resolved.
 *
 * @throws one sentence that names the prop, what was got and what was expected
 */
export function checkJobRequest(scope: Construct, request: Readonly<Record<string, unknown>>, facts: Omit<JobFacts, 'isKnown'>): void {
  const [broken] = jobViolations({ JobName: 'made-at-deploy', ...request })
    .filter(({ got }) => !Token.isUnresolved(got));
  if (broken) { throw new Error(`\`${propOf(broken.path)}\` ${requirement(broken)}.`); }

  for (const { severity, rule, path, sentence } of jobFindings(request, { ...facts, isKnown: (value) => !Token.isUnresolved(value) })) {
    const message = `\`${propOf(path)}\` ${sentence}.`;
    if (severity === 'error') { throw new Error(message); }
    warn(scope, rule, message);
  }
}

/** A member of the request by the name of the prop that sets it. */
function propOf(path: readonly string[]): string {
  return path
    .map((member) => (/^\d+$/.test(member) ? `[${member}]` : PROPS_BY_MEMBER[member] ?? member[0].toLowerCase() + member.slice(1)))
    .filter((name) => name !== '')
    .join('.')
    .replace(/\.\[/g, '[')
    // A list of one in the API is a prop that is no list.
    .replace('modelLatencyThreshold[0]', 'modelLatencyThreshold');
}
