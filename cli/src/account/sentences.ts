import { UsageError } from '../../../local-aws/arguments';

/** What the SDK says where a client has no Region. */
const NO_REGION = /Region is missing/i;

/** An error of AWS, or on the way to it, in one sentence with a remedy. Another error stays as it is. */
export function sentenceOf(error: unknown, verb: string): Error {
  if (error instanceof UsageError || !(error instanceof Error)) { return error instanceof Error ? error : new Error(String(error)); }
  const { name, message, $metadata: answer } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
  const said = message.replace(/\s+/g, ' ').replace(/\.$/, '');
  if (NO_REGION.test(message)) { return new Error('No Region is given: set --region, AWS_REGION, or the region of your profile'); }
  if (/CredentialsProvider|TokenProvider|CredentialsError/.test(name)) {
    return new Error(`AWS gets no credentials: ${said}. Set AWS_PROFILE or --profile, or sign in, for example with aws sso login`);
  }
  if (/Expired|UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignature/.test(name)) {
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

/** Whether AWS denies a call. */
export function isDenied(error: unknown): boolean {
  const { name = '', $metadata: answer } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
  return /AccessDenied|UnauthorizedOperation|NotAuthorized|^Forbidden$/.test(name) || (name !== '' && answer?.httpStatusCode === 403);
}
