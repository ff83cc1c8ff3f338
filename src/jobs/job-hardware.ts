import { Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { InferenceRecommendationsJobProps } from './inference-recommendations-job-props';
import type { RenderedJob } from './job-request';
import { EndpointType } from '../common/endpoint-type';
import { warn, warnOfLocalStorage, warnOfPossibleStorage } from '../common/warn';
import { knownImages, warnOfMisfits, warnOfServerlessImages } from '../model-package/image-hardware';

/**
 * Warns of instance types and serverless candidates on which a benchmark is known to fail, before it is paid for.
 *
 * @returns the instance types that the job tries, if they are listed
 */
export function adviseOnJobHardware(
  scope: Construct, props: InferenceRecommendationsJobProps, { request, facts: { target } }: RenderedJob,
): readonly string[] | undefined {
  const { EndpointConfigurations: candidates = [] } = request.InputConfig as { readonly EndpointConfigurations?: readonly Candidate[] };
  const { supportedInstanceTypes, supportedEndpointType, dataInputConfig } = props.containerConfig ?? {};
  const images = knownImages(props.target).filter(() => dataInputConfig === undefined);
  const of = (name?: string) => images.filter(({ specificationName }) => specificationName === name);
  candidates.forEach(({ InstanceType: type, InferenceSpecificationName: name }, index) => (
    warnOfMisfits(scope, of(name), [[`endpointCandidates[${index}].instanceType`, type]])));
  const supported = supportedInstanceTypes?.map(({ value }) => value);
  warnOfMisfits(scope, of(), (supported ?? []).map((type, index) => [`supportedInstanceTypes[${index}]`, type] as const));

  const serverless = candidates.filter(({ ServerlessConfig }) => ServerlessConfig !== undefined);
  const isServerless = serverless.length > 0 || supportedEndpointType === EndpointType.SERVERLESS;
  serverless.forEach(({ InferenceSpecificationName: name }) => warnOfServerlessImages(scope, of(name)));
  if (isServerless && props.vpc) {
    warn(scope, 'serverlessExclusions', '`vpc` should be left out of a job for serverless endpoints: they have no VPC, so their benchmarks may fail.');
  }
  const listed = candidates.length > 0 ? candidates.flatMap(({ InstanceType: type }) => type ?? [])
    : supportedEndpointType === EndpointType.SERVERLESS ? [] : supported ?? target?.supportedInstanceTypes;
  const tried = listed && (listed.length > 0 || isServerless) && !listed.some((type) => Token.isUnresolved(type)) ? listed : undefined;
  if (props.volumeEncryptionKey) {
    const remedy = 'List types without it as `endpointCandidates` or `supportedInstanceTypes`';
    if (tried) {
      warnOfLocalStorage(scope, 'volumeEncryptionKey', tried, remedy);
    } else {
      warnOfPossibleStorage(scope, 'volumeEncryptionKey', remedy);
    }
  }
  return tried;
}

interface Candidate {
  readonly InstanceType?: string;
  readonly InferenceSpecificationName?: string;
  readonly ServerlessConfig?: object;
}
