import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { ISecret, ISecretRef } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack, Token } from 'aws-cdk-lib/core';
import { WorkloadOptions } from './workload-props';
import { parameterNamed } from '../../service/workload-spec';

const HF_TOKEN = 'hf_token';

/** The secrets of a workload by the names of the parameters that they are the values of. */
export function secretsOf({ huggingFaceToken, secrets = {} }: WorkloadOptions): Readonly<Record<string, ISecretRef>> {
  return huggingFaceToken ? { [HF_TOKEN]: huggingFaceToken, ...secrets } : secrets;
}

/**
 * @param merged all parameters of the workload
 * @throws if a secret is none, or is given twice; or if a parameter is a secret in plain text, which everybody could read in the template
 */
export function checkSecrets(props: WorkloadOptions, merged: Readonly<Record<string, unknown>>): void {
  const { huggingFaceToken, secrets = {}, parameters = {} } = props;
  const twice = huggingFaceToken && Object.keys(secrets).find((name) => parameterNamed(name) === HF_TOKEN);
  if (twice) { throw new Error(`\`secrets\` must not have '${twice}', because \`huggingFaceToken\` gives it. Remove one.`); }
  const all = Object.entries(secretsOf(props));
  all.forEach(([name, secret]) => checkSecret(name === HF_TOKEN && huggingFaceToken ? 'huggingFaceToken' : `secrets.${name}`, secret));
  for (const name of Object.keys(parameters)) {
    if (parameterNamed(name) === HF_TOKEN) {
      throw new Error(`\`parameters\` must not have '${name}': it is a secret, and everybody could read it in the template. Give \`huggingFaceToken\`.`);
    }
  }
  const taken = all.map(([name]) => name).find((name) => Object.keys(merged).some((other) => parameterNamed(other) === parameterNamed(name)));
  if (taken !== undefined) { throw new Error(`\`secrets\` must not have '${taken}', because a parameter of this name has a value. Remove one.`); }
  checkPlain(merged);
}

/**
 * @param resolved the parameters as the template has them
 * @throws if CloudFormation would put a secret's value into the specification, where everybody could read it
 */
export function checkNoSecretValue(resolved: Readonly<Record<string, unknown>>): void {
  checkPlain(resolved);
  const [reference] = /\{\{resolve:(secretsmanager|ssm-secure):/.exec(JSON.stringify(resolved)) ?? [];
  if (reference !== undefined) {
    throw new Error(`\`parameters\` must have no value of a secret, got a reference that begins with '${reference}'. CloudFormation would write the value into`
      + ' the workload, where everybody can read it. Give `huggingFaceToken` or `secrets`.');
  }
}

/** A token of Hugging Face, or the id of an access key of AWS. Source: https://huggingface.co/docs/hub/security-tokens */
const PLAIN = /\bhf_[A-Za-z0-9]{30,}|\b(AKIA|ASIA)[A-Z2-7]{16}\b/;

function checkPlain(parameters: Readonly<Record<string, unknown>>): void {
  const found = Object.entries(parameters).find(([, value]) => PLAIN.test(JSON.stringify(value) ?? ''));
  if (found) {
    throw new Error(`The parameter '${found[0]}' has a text that looks like an access token, and everybody could read it in the template.`
      + ' Put it into a secret of Secrets Manager, and give `huggingFaceToken` or `secrets`.');
  }
}

/** The ARN of a secret: the whole one, as far as it is known. */
export function arnOfSecret(secret: ISecretRef): string {
  return isSecret(secret) ? secret.secretFullArn ?? secret.secretArn : secret.secretRef.secretId;
}

/** Lets a principal read this one secret, and decrypt it if its key is known. */
export function grantSecret(secret: ISecretRef, grantee: IGrantable): void {
  const arn = arnOfSecret(secret);
  // A partial ARN lacks the six characters that Secrets Manager adds to the name.
  const isPartial = isSecret(secret) && secret.secretFullArn === undefined;
  // Reason: the job reads the secret that the workload names, such as a token for a tokenizer. Only this one.
  Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns: [isPartial ? `${arn}-??????` : arn] });
  if (isSecret(secret) && secret.encryptionKey) {
    // The secret's own grant changes the policy of the key, which an imported key does not have.
    // Reason: the job decrypts the secret with its key. Only through Secrets Manager.
    Grant.addToPrincipal({
      grantee,
      actions: ['kms:Decrypt'],
      resourceArns: [secret.encryptionKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(secret).region}.amazonaws.com` } },
    });
  }
}

function checkSecret(prop: string, secret: ISecretRef): void {
  const arn = typeof secret === 'object' && secret !== null && ('secretRef' satisfies keyof ISecretRef) in secret ? arnOfSecret(secret) : undefined;
  if (arn === undefined) {
    throw new Error(`\`${prop}\` must be a secret of Secrets Manager, e.g. \`Secret.fromSecretNameV2(this, 'Token', 'hugging-face')\`, got another value.`);
  }
  if (!Token.isUnresolved(arn) && !arn.startsWith('arn:')) { throw new Error(`\`${prop}\` must be a secret with an ARN, got: '${arn}'.`); }
}

function isSecret(secret: ISecretRef): secret is ISecret {
  return ('secretFullArn' satisfies keyof ISecret) in secret;
}
