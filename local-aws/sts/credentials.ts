import { createHash } from 'crypto';
import { Principal, World } from '../world';

/** Temporary credentials; the secret and the token are never checked, only the key names its principal. */
export interface Credentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
}

const issued = new WeakMap<World, Map<string, Principal>>();

/** Hands out an access key for a principal, who is known by it from then on. */
export function issueCredentials(world: World, principal: Principal): Credentials {
  const keys = issued.get(world) ?? new Map<string, Principal>();
  issued.set(world, keys);
  const digest = createHash('sha256').update(`${keys.size} ${principal.arn}`).digest('hex').toUpperCase();
  const AccessKeyId = `ASIA${digest.slice(0, 16)}`;
  keys.set(AccessKeyId, principal);
  return { AccessKeyId, SecretAccessKey: digest.slice(16, 56), SessionToken: `local-${digest.slice(0, 32)}` };
}

/** Who calls: a role by its key, an account by its number as the key, anybody else the default account. */
export function principalOf(world: World, accessKeyId: string, defaultAccount: string): Principal {
  const account = /^\d{12}$/.test(accessKeyId) ? accessKeyId : defaultAccount;
  return issued.get(world)?.get(accessKeyId) ?? { account, arn: `arn:aws:iam::${account}:user/local` };
}
