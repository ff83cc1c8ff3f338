import { takesComponents } from './component-variants';
import { servedVariants } from './endpoint-variants';
import { isSameName, SageMakerState } from './state';
import { Operation, Operations, AwsError, Call } from '../kernel';

const OPERATIONS = ['InvokeEndpoint', 'InvokeEndpointAsync', 'InvokeEndpointWithResponseStream'];

/** SageMaker's runtime. No container runs here, so an invocation that the service would accept is refused by name. */
export const invocationOperations: Operations = Object.fromEntries(OPERATIONS.map((operation): [string, Operation] => [operation, (input, call) => {
  checkInvocation(input, call);
  throw new AwsError('UnknownOperationException', `${operation} is not part of the local AWS: no container runs here, so an endpoint has no answer.`);
}]));

/**
 * Words: https://github.com/aws/amazon-sagemaker-examples/issues/293 (no endpoint), https://github.com/langchain-ai/langchain/issues/16150 (no component named).
 * The others are ours.
 */
function checkInvocation({ EndpointName, InferenceComponentName: name }: any, { region }: Call): void {
  const { endpoints, components } = region.room(SageMakerState);
  const endpoint = endpoints.get(EndpointName);
  if (!endpoint?.inService) { throw refused(`Endpoint ${EndpointName} of account ${region.account} not found.`); }
  const hosts = servedVariants(endpoint, region).some(takesComponents);
  if (hosts && name === undefined) {
    throw refused('Inference Component Name header is required for endpoints to which you plan to deploy inference components. '
      + 'Please include Inference Component Name header or consider using SageMaker models.');
  }
  if (!hosts && name !== undefined) { throw refused(`Endpoint ${EndpointName} has no inference components, so an invocation must name none, got: ${name}.`); }
  const component = name === undefined ? undefined : components.get(name);
  if (name !== undefined && !(component && isSameName(component.endpointName, endpoint.name))) {
    throw refused(`Inference component ${name} of endpoint ${EndpointName} not found.`);
  }
  if (component && !['InService', 'Updating'].includes(component.status)) { throw refused(`Inference component ${name} is ${component.status}, not InService.`); }
}

function refused(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
