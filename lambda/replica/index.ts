import { SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { replicaHandler } from './handler';
import { putOverHttp } from '../runtime/answer';
import { CLIENT, logJson, systemClock, timed } from '../runtime/deps';
import { retrying } from '../runtime/retry';

const sts = new STSClient(CLIENT);

export const handler = timed(replicaHandler({
  ssm: new SSMClient(CLIENT),
  ssmOf: async (region, RoleArn) => new SSMClient({
    ...CLIENT, region, credentials: RoleArn === undefined ? undefined : await credentialsOf(RoleArn),
  }),
  clock: systemClock,
  put: putOverHttp,
  log: logJson,
  random: Math.random,
}));

async function credentialsOf(RoleArn: string) {
  // The role may be as new as the stack.
  const { Credentials } = await retrying(sts, systemClock).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'inference-recommendation-replica' }));
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = Credentials!;
  return { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey!, sessionToken };
}
