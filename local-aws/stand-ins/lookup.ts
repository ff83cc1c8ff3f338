import { createHash } from 'crypto';
import { Region } from '../kernel';

/** The same for the same question. */
export function idOf(prefix: string, region: Region, ...asked: unknown[]): string {
  return prefix + createHash('sha256').update(JSON.stringify([region.account, region.name, ...asked])).digest('hex').slice(0, 17);
}

/** The id of what stands for a looked-up resource: the same for the same question. It is said once that it is none of the user's. */
export function lookup(region: Region, prefix: string, what: string, ...asked: unknown[]): string {
  const id = idOf(prefix, region, ...asked);
  region.world.notice(`${what} is answered with a stand-in, ${id}: nothing of your account is looked up`);
  return id;
}
