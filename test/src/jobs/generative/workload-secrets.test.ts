import { SecretValue, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnSecret, Secret, ISecretRef } from 'aws-cdk-lib/aws-secretsmanager';
import { AIWorkloadConfig, SyntheticWorkloadProps, Workload } from '../../../../src';
import { grantWorkload } from '../../../../src/jobs/generative/workload-facts';
import { ACCOUNT, deployed, idOf, late, newStack, only, permissionsOf, REGION } from '../../../harness/constructs';
import { TOKEN_ARN, tokenSecret, TOKENS } from '../../../harness/workload';

/** Made up, of the length that tokens have. */
const PLAIN = `hf_${'aB3'.repeat(12)}`.slice(0, 37);

const made = (props: Partial<SyntheticWorkloadProps>) => Workload.synthetic({ ...TOKENS, ...props });

function granted(stack: Stack, huggingFaceToken: ISecretRef) {
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
  grantWorkload(new AIWorkloadConfig(stack, 'Workload', { workload: made({ huggingFaceToken }) }), role);
  const resources = deployed(stack);
  const { Inline } = only(resources, 'AWS::SageMaker::AIWorkloadConfig').Properties.AIWorkloadConfigs.WorkloadSpec;
  return { arn: JSON.parse(Inline).secrets.hf_token, permissions: permissionsOf(resources, idOf(resources, 'Role')) };
}

describe('a job may read exactly the secret that the workload names', () => {
  test('of a complete ARN', () => {
    const stack = newStack();
    expect(granted(stack, tokenSecret(stack))).toEqual({ arn: TOKEN_ARN, permissions: { 'secretsmanager:GetSecretValue': [TOKEN_ARN] } });
  });

  test('of a name: the six characters behind it are not known', () => {
    const stack = newStack();
    const arn = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:hugging-face`;
    expect(granted(stack, Secret.fromSecretNameV2(stack, 'Named', 'hugging-face')))
      .toEqual({ arn, permissions: { 'secretsmanager:GetSecretValue': [`${arn}-??????`] } });
  });

  test('of an L1', () => {
    const stack = newStack();
    const secret = new CfnSecret(stack, 'Raw');
    expect(granted(stack, secret)).toEqual({ arn: 'Raw', permissions: { 'secretsmanager:GetSecretValue': ['Raw'] } });
  });

  test('of the stack, with a key: only by way of Secrets Manager', () => {
    const stack = newStack();
    const secret = new Secret(stack, 'Own', { encryptionKey: new Key(stack, 'Key') });
    const { permissions } = granted(stack, secret);
    const id = idOf(deployed(stack), 'Own');
    expect(permissions['secretsmanager:GetSecretValue']).toEqual([id]);
    expect(permissions['kms:Decrypt']).toEqual([expect.stringContaining(`if {"StringEquals":{"kms:ViaService":"secretsmanager.${REGION}.amazonaws.com"}}`)]);
    expect(Object.keys(permissions)).toHaveLength(2);
  });
});

test.each<[string, (stack: Stack) => Partial<SyntheticWorkloadProps>, RegExp]>([
  ['a token as a parameter', () => ({ parameters: { hf_token: PLAIN } }), /^`parameters` must not have 'hf_token': it is a secret, .* Give `huggingFaceToken`\.$/],
  ['its alias', () => ({ parameters: { HF_TOKEN: 'arn' } }), /^`parameters` must not have 'HF_TOKEN': it is a secret/],
  ['a token in a text', () => ({ parameters: { header: `Bearer ${PLAIN}` } }), /^The parameter 'header' has a text that looks like an access token/],
  ['a token deep in a parameter', () => ({ parameters: { headers: [{ a: { b: PLAIN } }] } }), /^The parameter 'headers' has a text that looks/],
  ['a token in an input', () => ({ extraInputs: { authorization: PLAIN } }), /^The parameter 'extra_inputs' has a text that looks/],
  ['an access key of AWS', () => ({ parameters: { key: `AKIA${'Q7'.repeat(8)}` } }), /^The parameter 'key' has a text that looks/],
  ['the token twice', (stack) => ({ huggingFaceToken: tokenSecret(stack), secrets: { HF_TOKEN: tokenSecret(stack) } }), /^`secrets` must not have 'HF_TOKEN', because `huggingFaceToken` gives it/],
  ['a secret of a parameter with a value', (stack) => ({ concurrency: 1, secrets: { concurrency: tokenSecret(stack) } }), /^`secrets` must not have 'concurrency', because a parameter of this name/],
  ['a secret by an alias of one', (stack) => ({ secrets: { isl: tokenSecret(stack) } }), /^`secrets` must not have 'isl', because a parameter/],
  ['an ARN in place of a secret', () => ({ huggingFaceToken: TOKEN_ARN as any }), /^`huggingFaceToken` must be a secret of Secrets Manager/],
  ['a value in place of a secret', () => ({ secrets: { other: SecretValue.unsafePlainText('x') as any } }), /^`secrets\.other` must be a secret of Secrets Manager/],
  ['a secret without an ARN', () => ({ secrets: { other: { secretRef: { secretId: 'hugging-face' } } as any } }), /^`secrets\.other` must be a secret with an ARN, got: 'hugging-face'\.$/],
])('%s is refused', (_what, props, sentence) => {
  const stack = newStack();
  expect(() => made(props(stack))).toThrow(sentence);
});

test.each<[string, string, RegExp]>([
  ['a reference to a secret\'s value', SecretValue.secretsManager('hugging-face').unsafeUnwrap(), /a reference that begins with '{{resolve:secretsmanager:'/],
  ['a reference to a secure parameter', SecretValue.ssmSecure('hugging-face').unsafeUnwrap(), /a reference that begins with '{{resolve:ssm-secure:'/],
  ['a reference as text', '{{resolve:secretsmanager:hugging-face}}', /a reference that begins with '{{resolve:secretsmanager:'/],
  ['a late token', late.text(PLAIN), /The parameter 'header' has a text that looks like an access token/],
])('%s is refused when the template is made', (_what, header, sentence) => {
  const stack = newStack();
  new AIWorkloadConfig(stack, 'Workload', { workload: made({ parameters: { header } }) });
  expect(() => deployed(stack)).toThrow(sentence);
});

test('no refusal repeats the token', () => {
  for (const parameters of [{ hf_token: PLAIN }, { other: PLAIN }]) {
    expect(() => made({ parameters })).toThrow(expect.objectContaining({ message: expect.not.stringContaining(PLAIN) }));
  }
});

test('a secret or a file that is named like a token is none', () => {
  const stack = newStack();
  expect(() => made({ huggingFaceToken: tokenSecret(stack, TOKEN_ARN.replace('hugging-face', PLAIN)), parameters: { model: 'org/hf_small_model' } })).not.toThrow();
});
