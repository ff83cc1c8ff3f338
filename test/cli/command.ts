import type { Io } from '../../cli/src/terminal/io';
import { LocalAws, Region } from '../../local-aws';
import { issueCredentials } from '../../local-aws/sts';

/** What a verb has written, and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly told: string;
}

type Verb = (args: readonly string[], io: Io) => Promise<number>;

/** Runs a verb in this process. What it throws is told, as by the command. */
export async function ran(verb: Verb, args: readonly string[], io: Partial<Io> = {}): Promise<Ran> {
  const [out, told]: [string[], string[]] = [[], []];
  const collecting: Io = { out: (text) => out.push(text), err: (text) => told.push(text), isTerminal: false, hasColors: false, columns: 120, ...io };
  let code = 1;
  try {
    code = await verb(args, collecting);
  } catch (error) {
    told.push((error as Error).message);
  }
  return { code, out: out.join('\n'), told: told.join('\n') };
}

/** Leads the SDK's clients of this process to a local AWS, as a rehearsal does it. */
export function lead(environment: Readonly<Record<string, string>>): void {
  Object.assign(process.env, environment, { AWS_PROFILE: '' });
  delete process.env.AWS_PROFILE;
}

/** The environment of a user who has nothing but a policy. */
export function withPolicy(aws: LocalAws, region: Region, name: string, policy: string): Record<string, string> {
  const { account } = region;
  region.iam.createRole(name, { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' }] });
  region.iam.putRolePolicy(name, 'only', JSON.parse(policy));
  const { AccessKeyId, SecretAccessKey, SessionToken } = issueCredentials(aws.world, { account, arn: `arn:aws:sts::${account}:assumed-role/${name}/tests` });
  return { ...aws.environment(), AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey, AWS_SESSION_TOKEN: SessionToken };
}

/** The actions that are called while something runs, such as `sagemaker:DescribeEndpoint`. */
export async function actionsOf(aws: LocalAws, work: () => Promise<unknown>): Promise<string[]> {
  const seen = new Set<string>();
  const names: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };
  const forget = aws.world.watch(({ service, operation }) => seen.add(`${names[service] ?? service}:${operation}`));
  try {
    await work();
  } finally {
    forget();
  }
  return [...seen].sort();
}

/** The verdict and the endpoint of each row of a table of text. */
export const verdicts = (out: string) => out.split('\n').map((line) => line.split(/ {2,}/))
  .filter(([verdict]) => /^(chosen|runner-up|allowed|rejected)$/.test(verdict)).map(([verdict, endpoint]) => `${verdict}: ${endpoint}`);
