import { writeFileSync } from 'fs';
import { delimiter, join } from 'path';
import { AWS_DOMAINS, AWS_NAMES } from './kernel';
import { LEADS } from './lambda';

const KEEP_FILES = join(__dirname, 'keep-files.js');

/** Options of the CDK CLI that lead to another account, or past the local AWS. */
const ELSEWHERE = /^(AWS_|BOTO_CONFIG$|CDK_(PROFILE|ROLE_ARN|PROXY|CA_BUNDLE_PATH|EC2CREDS|OUTPUT|OUTDIR)$)/i;

/** Names the processes of a run, which inherit it. */
export const RUN_VARIABLE = 'LOCAL_AWS_RUN';

/**
 * What a rehearsed command gets: the environment of the user without anything that leads to a real account, and with the variables of the local AWS.
 * HOME stays, because tools need it: the files of AWS that are there are not read, because empty ones of the run stand in for them.
 * What the CDK CLI writes goes into the run's folder.
 */
export function rehearsalEnvironment(
  own: NodeJS.ProcessEnv, local: Readonly<Record<string, string>>, folder: string, run: string,
): Record<string, string> {
  const inherited = Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== undefined && !ELSEWHERE.test(entry[0]));
  const env = Object.fromEntries(inherited);
  const [config, credentials] = ['config', 'credentials'].map((name) => join(folder, name));
  for (const file of [config, credentials]) { writeFileSync(file, ''); }
  const direct = [env.no_proxy ?? env.NO_PROXY, 'localhost', '.localhost', '127.0.0.1', ...AWS_DOMAINS.map((domain) => `.${domain}`)].filter(Boolean).join(',');
  return {
    ...env,
    ...local,
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: credentials,
    BOTO_CONFIG: credentials,
    // For a CLI that loads no script of ours: one folder, whatever app it is for.
    CDK_OUTPUT: join(folder, 'cdk.out', 'app'),
    // An empty variable wins over what cdk.json says.
    CDK_PROFILE: '',
    // An option of the CDK CLI, which its command line overrides. Nothing is at stake, so nothing is asked.
    CDK_REQUIRE_APPROVAL: 'never',
    NODE_OPTIONS: [env.NODE_OPTIONS, ...[KEEP_FILES, LEADS.node].map((file) => `--require ${quoted(file)}`)].filter(Boolean).join(' '),
    PYTHONPATH: [LEADS.python, env.PYTHONPATH].filter(Boolean).join(delimiter),
    LOCAL_AWS_FILES: folder,
    // For clients that do not read the address from a variable, such as older SDKs.
    LOCAL_AWS_ENDPOINT: local.AWS_ENDPOINT_URL,
    LOCAL_AWS_NAMES: AWS_NAMES,
    LOCAL_AWS_OTHERS: 'open',
    [RUN_VARIABLE]: run,
    // A proxy of the user's does not know this machine's loopback interface, and would look for AWS's names outside.
    NO_PROXY: direct,
    no_proxy: direct,
  };
}

/** A word of NODE_OPTIONS. */
function quoted(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&')}"`;
}
