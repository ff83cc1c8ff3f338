import { UsageError } from '../../../local-aws/arguments';

/** What the SDK says where a client has no Region. */
const NO_REGION = /Region is missing/i;

/** What the SDK throws where it finds no credentials. */
const NO_CREDENTIALS = /CredentialsProvider|TokenProvider|CredentialsError/;
/**
 * What services answer to credentials that have expired or are not valid.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/APIReference/CommonErrors.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 */
const BAD_CREDENTIALS = new RegExp([
  'ExpiredToken', 'RequestExpired', 'TokenRefreshRequired', 'UnrecognizedClient', 'InvalidClientTokenId', 'InvalidAccessKeyId', '^InvalidToken$',
  'SignatureDoesNotMatch', 'InvalidSignature', 'IncompleteSignature', 'MissingAuthenticationToken', '^AuthFailure$',
].join('|'));

/** An error of AWS, or on the way to it, in one sentence with a remedy. Another error stays as it is. */
export function sentenceOf(error: unknown, verb: string): Error {
  if (error instanceof UsageError || !(error instanceof Error)) { return error instanceof Error ? error : new Error(String(error)); }
  const { name, message, $metadata: answer } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
  const said = message.replace(/\s+/g, ' ').replace(/\.$/, '');
  if (NO_REGION.test(message)) { return new Error('No Region is given: set --region, AWS_REGION, or the region of your profile'); }
  if (NO_CREDENTIALS.test(name)) {
    return new Error(`AWS gets no credentials: ${said}. Set AWS_PROFILE or --profile, or sign in, for example with aws sso login`);
  }
  if (BAD_CREDENTIALS.test(name)) {
    return new Error(`AWS does not take the credentials: ${said}. Sign in again, or set AWS_PROFILE or --profile`);
  }
  if (isDenied(error)) {
    return new Error(`AWS denies a call: ${said}. inference-recommender ${verb} --policy prints the policy that ${verb} needs`);
  }
  // The SDK counts its attempts there as well.
  if (answer?.httpStatusCode === undefined && /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|Timeout/.test(`${name} ${message} ${(error as { code?: string }).code}`)) {
    return new Error(`AWS cannot be reached: ${said || (error as { code?: string }).code}. Look at the network, and at AWS_ENDPOINT_URL if it is set`);
  }
  return error;
}

/** Whether there are no valid credentials: then no call succeeds, and none is denied. */
export function isOfCredentials(error: unknown): boolean {
  const { name = '' } = error as Error;
  return NO_CREDENTIALS.test(name) || BAD_CREDENTIALS.test(name);
}

/** Whether AWS denies a call. */
export function isDenied(error: unknown): boolean {
  const { name = '', $metadata: answer } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
  return !isOfCredentials(error) && (/AccessDenied|UnauthorizedOperation|NotAuthorized|^Forbidden$/.test(name) || (name !== '' && answer?.httpStatusCode === 403));
}

/** The action in what AWS says of a denial. */
export function deniedAction(error: unknown): string | undefined {
  return /not authorized to perform: ([\w-]+:\w+)/.exec((error as Error).message)?.[1];
}
