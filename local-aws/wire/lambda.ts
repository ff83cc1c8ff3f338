import { toJson } from './json';
import { Asked, decodePath, Protocol, WireRequest } from './protocol';
import { AwsError, isTooDeep } from '../kernel';

const unknown = (operation: string) => new AwsError('UnknownOperationException', `${operation} is not part of the local AWS`);

/** Lambda's REST/JSON: the path names the function, and the payload is the bare body. */
export const lambdaProtocol: Protocol = {
  unknown,
  read: (request) => {
    const [, FunctionName, rest] = /^\/2015-03-31\/functions(?:\/([^/]+)(?:\/([a-z]+))?)?\/?$/.exec(request.path) ?? [];
    const operation = request.path.startsWith('/2015-03-31/functions') && OPERATIONS[`${request.method} ${FunctionName ? 'name' : ''}/${rest ?? ''}`];
    if (!operation) { throw unknown(`${request.method} ${request.path.slice(0, 200)}`); }
    const input = { ...(FunctionName && { FunctionName: decodePath(FunctionName) }), ...readQuery(operation, request), ...(operation === 'Invoke' && readInvocation(request)) };
    return { operation, input };
  },
  answer: (output, { operation }, requestId) => operation === 'Invoke' ? {
    status: output.StatusCode,
    headers: {
      'Content-Type': 'application/json',
      'x-amzn-RequestId': requestId,
      'X-Amz-Executed-Version': '$LATEST',
      ...(output.LogResult && { 'X-Amz-Log-Result': output.LogResult }),
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

/** The members that an operation has in its query. Others, such as FunctionVersion, are refused by name. */
const QUERIES: Readonly<Record<string, readonly string[]>> = { ListFunctions: ['Marker', 'MaxItems'], GetFunction: ['Qualifier'], GetFunctionConfiguration: ['Qualifier'], Invoke: ['Qualifier'] };

function readQuery(operation: string, { query }: WireRequest): object {
  const given = [...query].filter(([name]) => !/^(x-amz-.*|x-id)$/i.test(name));
  const strange = given.find(([name]) => !QUERIES[operation]?.includes(name));
  if (strange) { throw new AwsError('InvalidParameterValueException', `${strange[0]} of ${operation} is not part of the local AWS`); }
  return Object.fromEntries(given);
}

function readInvocation({ headers, body }: WireRequest): object {
  const text = body.toString('utf8');
  let Payload: unknown;
  try {
    Payload = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json');
  }
  if (isTooDeep(Payload)) { throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json: it is nested too deeply'); }
  if (headers['x-amz-client-context'] !== undefined) { throw new AwsError('InvalidParameterValueException', 'ClientContext of Invoke is not part of the local AWS'); }
  return { InvocationType: headers['x-amz-invocation-type'] ?? 'RequestResponse', LogType: headers['x-amz-log-type'], Payload };
}
