import { AwsError, isTooDeep } from '../kernel';
import { toJson } from './json';
import { Asked, decodePath, Protocol, WireRequest } from './protocol';

const unknown = (operation: string) => new AwsError('UnknownOperationException', `${operation} is not part of the local AWS`);

/** Lambda's REST/JSON: the path names the function, and the payload is the bare body. */
export const lambdaProtocol: Protocol = {
  unknown,
  read: (request) => {
    const [, FunctionName, rest] = /^\/2015-03-31\/functions(?:\/([^/]+)(?:\/([a-z]+))?)?\/?$/.exec(request.path) ?? [];
    const operation = request.path.startsWith('/2015-03-31/functions') && OPERATIONS[`${request.method} ${FunctionName ? 'name' : ''}/${rest ?? ''}`];
    if (!operation) { throw unknown(`${request.method} ${request.path.slice(0, 200)}`); }
    const input = { ...(FunctionName && { FunctionName: decodePath(FunctionName) }), ...(operation === 'Invoke' && readInvocation(request)) };
    return { operation, input };
  },
  answer: (output, { operation }, requestId) => operation === 'Invoke' ? {
    status: output.StatusCode,
    headers: {
      'Content-Type': 'application/json',
      'x-amzn-RequestId': requestId,
      'X-Amz-Executed-Version': '$LATEST',
      ...(output.FunctionError && { 'X-Amz-Function-Error': output.FunctionError }),
    },
    body: output.Payload ?? '',
  } : {
    status: 200, headers: { 'Content-Type': 'application/json', 'x-amzn-RequestId': requestId }, body: JSON.stringify(toJson(output)),
  },
  refuse: (error, requestId) => ({
    status: error.status,
    headers: { 'Content-Type': 'application/json', 'x-amzn-RequestId': requestId, 'x-amzn-ErrorType': error.code },
    body: JSON.stringify({ Type: 'User', Message: error.message, message: error.message }),
  }),
};

const OPERATIONS: Record<string, Asked['operation']> = {
  'GET /': 'ListFunctions',
  'GET name/': 'GetFunction',
  'GET name/configuration': 'GetFunctionConfiguration',
  'POST name/invocations': 'Invoke',
};

function readInvocation({ headers, body }: WireRequest): object {
  const text = body.toString('utf8');
  let Payload: unknown;
  try {
    Payload = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json');
  }
  if (isTooDeep(Payload)) { throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json: it is nested too deeply'); }
  return { InvocationType: headers['x-amz-invocation-type'] ?? 'RequestResponse', Payload };
}
