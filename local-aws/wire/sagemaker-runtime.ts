import { AwsError } from '../kernel';
import { jsonProtocol } from './json';
import { Protocol } from './protocol';

const json = jsonProtocol('1.1', 'SageMaker');

/** The operations by their paths. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations_Amazon_SageMaker_Runtime.html */
const OPERATIONS: Readonly<Record<string, string>> = {
  'invocations': 'InvokeEndpoint', 'async-invocations': 'InvokeEndpointAsync', 'invocations-response-stream': 'InvokeEndpointWithResponseStream',
};

/** SageMaker's runtime signs as SageMaker does, and names its operation in the path. Nothing serves here, so it is refused by name. */
export const sagemakerRuntime: Protocol = {
  ...json,
  read: (request) => {
    const [, path = ''] = /^\/endpoints\/[^/]+\/([a-z-]+)$/.exec(request.path) ?? [];
    if (!Object.hasOwn(OPERATIONS, path)) { return json.read(request); }
    throw new AwsError('UnknownOperationException', `${OPERATIONS[path]} is not part of the local AWS: no container runs here, so an endpoint has no answer.`);
  },
};
