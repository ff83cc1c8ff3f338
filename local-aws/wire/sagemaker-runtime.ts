import { jsonProtocol } from './json';
import { decodePath, Protocol } from './protocol';

const json = jsonProtocol('1.1', 'SageMaker');

/** The operations by their paths. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations_Amazon_SageMaker_Runtime.html */
const OPERATIONS: Readonly<Record<string, string>> = {
  'invocations': 'InvokeEndpoint', 'async-invocations': 'InvokeEndpointAsync', 'invocations-response-stream': 'InvokeEndpointWithResponseStream',
};

/** The header of an invocation that names an inference component. */
const COMPONENT_HEADER = 'x-amzn-sagemaker-inference-component';

/** SageMaker's runtime signs as SageMaker does, and names its operation in the path. */
export const sagemakerRuntime: Protocol = {
  ...json,
  read: (request) => {
    const [, name = '', path = ''] = /^\/endpoints\/([^/]+)\/([a-z-]+)$/.exec(request.path) ?? [];
    if (!Object.hasOwn(OPERATIONS, path)) { return json.read(request); }
    return { operation: OPERATIONS[path], input: { EndpointName: decodePath(name), InferenceComponentName: request.headers[COMPONENT_HEADER] } };
  },
};
