import { withoutSecretValues } from '../../cli/src/subject/secret-values';

const shown = (name: string) => withoutSecretValues({
  id: '', instanceCount: 1, isCompiled: false, environment: { [name]: 'value' }, figures: {}, attributes: {},
}).environment[name];

test.each([
  'HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'hf_token', 'AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN', 'DB_PASSWORD', 'OPENAI_API_KEY', 'WANDB_API_KEY', 'NGC_APIKEY',
  'PRIVATE_KEY', 'BASIC_AUTH', 'GITHUB_PAT', 'TOKEN', 'SECRETS', 'hfToken', 'DATABASE_CREDENTIALS',
  'PGPASSWORD', 'DBPASSWORD', 'MYSQL_PWD', 'DBPWD', 'ENCRYPTION_KEY', 'OPENAI_KEY', 'INPUT_BUCKET_TOKEN', 'MAX_RETRY_TOKEN', 'KEY_PASSPHRASE', 'CLIENTSECRET',
])('the value of %s is not shown', (name) => { expect(shown(name)).toBe('…'); });

test.each([
  'OPTION_TENSOR_PARALLEL_DEGREE', 'OPTION_MAX_MODEL_LEN', 'MAX_TOTAL_TOKENS', 'MAX_INPUT_TOKENS', 'MAX_BATCH_PREFILL_TOKENS', 'OPTION_MAX_TOKENS', 'HF_MODEL_ID', 'TOKENIZER', 'OPTION_TOKENIZER',
  'SM_NUM_ACCELERATORS', 'MAX_NUM_BATCHED_TOKENS', 'MAX_PAGED_TOKENS', 'MAX_NEW_TOKEN', 'PWD', 'OLDPWD', 'PUBLIC_KEY', 'S3_OBJECT_KEY', 'KEYBOARD', 'PATTERN', 'OMP_NUM_THREADS', 'AUTHOR', 'PATH',
])('%s is a setting, which is shown', (name) => { expect(shown(name)).toBe('value'); });
