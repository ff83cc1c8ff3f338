import { Annotations, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { JobFacts, jobFindings, jobViolations } from '../service/job-rules';
import { requirement } from '../service/words';

/** Where a prop's name is not the API's in lower case; members named '' stand for no step of their own. */
const PROPS: Readonly<Record<string, string>> = {
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
    Annotations.of(scope).addWarningV2(`cdk-sagemaker-inference-recommender:${rule}`, message);
  }
}

/** A member of the request by the name of the prop that sets it. */
function propOf(path: readonly string[]): string {
  return path
    .map((member) => (/^\d+$/.test(member) ? `[${member}]` : PROPS[member] ?? member[0].toLowerCase() + member.slice(1)))
    .filter((name) => name !== '')
    .join('.')
    .replace(/\.\[/g, '[')
    // A list of one in the API is a prop that is no list.
    .replace('modelLatencyThreshold[0]', 'modelLatencyThreshold');
}
