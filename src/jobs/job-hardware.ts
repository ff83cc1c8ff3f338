import { Construct } from 'constructs';
import type { InferenceRecommendationsJobProps } from './inference-recommendations-job-props';
import type { RenderedJob } from './job-request';
import { EndpointType } from '../common/endpoint-type';
import { warn, warnOfLocalStorage, warnOfPossibleStorage } from '../common/warn';
import { knownImages, warnOfMisfits, warnOfServerlessImages } from '../model-package/image-hardware';

/** Warns of instance types and serverless candidates on which a benchmark is known to fail, before it is paid for. */
export function adviseOnJobHardware(
  scope: Construct, props: InferenceRecommendationsJobProps, { request }: RenderedJob, tried: readonly string[] | undefined,
): void {
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
  if (props.volumeEncryptionKey) {
    const remedy = 'List types without it as `endpointCandidates` or `supportedInstanceTypes`';
    if (tried) {
      warnOfLocalStorage(scope, 'volumeEncryptionKey', tried, remedy);
    } else {
      warnOfPossibleStorage(scope, 'volumeEncryptionKey', remedy);
    }
  }
}

interface Candidate {
  readonly InstanceType?: string;
  readonly InferenceSpecificationName?: string;
  readonly ServerlessConfig?: object;
}
