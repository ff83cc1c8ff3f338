import { isDenied, isOfCredentials, sentenceOf } from '../../cli/src/account/sentences';
import { UsageError } from '../../local-aws/arguments';

/** An error as the SDK throws it. */
function sdk(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}
const answered = (status: number) => ({ $metadata: { httpStatusCode: status } });

test.each<[string, Error, string]>([
  ['no Region', new Error('Region is missing'), 'No Region is given: set --region, AWS_REGION, or the region of your profile'],
  ['no credentials', sdk('CredentialsProviderError', 'Could not load credentials from any providers'),
    'AWS gets no credentials: Could not load credentials from any providers. Set AWS_PROFILE or --profile, or sign in, for example with aws sso login'],
  ['no token of SSO', sdk('TokenProviderError', 'Token is expired.'),
    'AWS gets no credentials: Token is expired. Set AWS_PROFILE or --profile, or sign in, for example with aws sso login'],
  ['credentials that have expired', sdk('ExpiredTokenException', 'The security token included in the request is expired', answered(400)),
    'AWS does not take the credentials: The security token included in the request is expired. Sign in again, or set AWS_PROFILE or --profile'],
  ['keys that are none', sdk('UnrecognizedClientException', 'The security token is invalid.', answered(403)),
    'AWS does not take the credentials: The security token is invalid. Sign in again, or set AWS_PROFILE or --profile'],
  ['a denied call', sdk('AccessDeniedException', 'User: x is not authorized to perform: sagemaker:ListTags\n  on resource: *', answered(400)),
    'AWS denies a call: User: x is not authorized to perform: sagemaker:ListTags on resource: *. inference-recommender show --policy prints the policy that show needs'],
  ['a denied call of S3, which has no body', sdk('Forbidden', 'UnknownError', answered(403)),
    'AWS denies a call: UnknownError. inference-recommender show --policy prints the policy that show needs'],
  ['no name of a host', sdk('Error', 'getaddrinfo ENOTFOUND api.sagemaker.eu-west-1.example', { code: 'ENOTFOUND' }),
    'AWS cannot be reached: getaddrinfo ENOTFOUND api.sagemaker.eu-west-1.example. Look at the network, and at AWS_ENDPOINT_URL if it is set'],
  ['nobody who listens, with a code alone', sdk('AggregateError', '', { code: 'ECONNREFUSED' }),
    'AWS cannot be reached: ECONNREFUSED. Look at the network, and at AWS_ENDPOINT_URL if it is set'],
  ['no answer in time', sdk('TimeoutError', 'Connection timed out'), 'AWS cannot be reached: Connection timed out. Look at the network, and at AWS_ENDPOINT_URL if it is set'],
])('%s is one sentence with a remedy', (_what, error, sentence) => {
  expect(sentenceOf(error, 'show').message).toBe(sentence);
});

test.each<[string, Error]>([
  ['a command line that cannot be understood', new UsageError('say it otherwise')],
  ['another error of a service', sdk('ValidationException', 'Region is fine, the name is not', answered(400))],
  ['a timeout that a service answers', sdk('RequestTimeout', 'Timeout', answered(400))],
  ['a bug', new TypeError('x is undefined')],
])('%s stays as it is', (_what, error) => {
  expect(sentenceOf(error, 'show')).toBe(error);
});

test('what is thrown and no error becomes one', () => {
  expect(sentenceOf('nothing works', 'show')).toEqual(new Error('nothing works'));
});

test.each([
  ['ExpiredToken', 400], ['ExpiredTokenException', 403], ['RequestExpired', 400], ['UnrecognizedClientException', 403], ['InvalidClientTokenId', 403], ['InvalidAccessKeyId', 403],
  ['SignatureDoesNotMatch', 403], ['InvalidSignatureException', 403], ['IncompleteSignature', 403], ['MissingAuthenticationToken', 403], ['AuthFailure', 403],
])('%s is about the credentials, and no denial', (name, status) => {
  const error = sdk(name, 'No.', answered(status));
  expect([isDenied(error), isOfCredentials(error), sentenceOf(error, 'show').message]).toEqual([
    false, true, 'AWS does not take the credentials: No. Sign in again, or set AWS_PROFILE or --profile',
  ]);
});

test('a denial is known by its name or its status', () => {
  expect([sdk('AccessDenied', ''), sdk('UnauthorizedOperation', ''), sdk('NotAuthorized', ''), sdk('Any', '', answered(403))].map(isDenied)).toEqual([true, true, true, true]);
  expect([sdk('ResourceNotFound', '', answered(400)), new Error('denied')].map(isDenied)).toEqual([false, false]);
});
