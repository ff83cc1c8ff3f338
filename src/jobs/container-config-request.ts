import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ContainerConfigOptions } from './container-config';
import { prune } from '../common/prune';

/** ContainerConfig as the API has it, and what the job's role must be able to read. */
export function renderContainerConfig(
  scope: Construct, options: ContainerConfigOptions | undefined,
): { config?: Record<string, unknown>; grantRead: (grantee: IGrantable) => void } {
  if (!options) { return { grantRead: () => {} }; }
  const payload = options.samplePayload?._bind(scope, 'SamplePayload');
  return {
    config: prune({
      Domain: options.domain?.value,
      Task: options.task?.value,
      Framework: options.framework?.value,
      FrameworkVersion: options.frameworkVersion,
      PayloadConfig: prune({ SamplePayloadUrl: payload?.url, SupportedContentTypes: options.supportedContentTypes }),
      NearestModelName: options.nearestModelName,
      SupportedInstanceTypes: options.supportedInstanceTypes?.map((type) => type.value),
      SupportedEndpointType: options.supportedEndpointType,
      DataInputConfig: options.dataInputConfig,
      SupportedResponseMIMETypes: options.supportedResponseMimeTypes,
    }),
    grantRead: (grantee) => payload?.grantRead(grantee),
  };
}
