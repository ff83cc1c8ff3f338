import { createHash } from 'crypto';

/** AWS's own parameters, such as the newest machine images: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html */
export function publicValue(name: string): string | undefined {
  if (!name.startsWith('/aws/service/')) { return undefined; }
  const ami = `ami-${createHash('sha256').update(name).digest('hex').slice(0, 17)}`;
  if (/\/image_id$|\/ami-|\/image-id$|^\/aws\/service\/(ami|debian|canonical|freebsd|suse)/.test(name)) { return ami; }
  // What describes a machine image for ECS is a document.
  if (/^\/aws\/service\/ecs\/.*\/recommended$/.test(name)) { return JSON.stringify({ image_id: ami, image_name: 'stand-in' }); }
  return `stand-in-for-${name.slice(1).replace(/\//g, '-')}`;
}
