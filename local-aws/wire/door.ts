import { WireRequest } from './protocol';
import { AwsError, AWS_NAMES } from '../kernel';

/** The names of this machine that lead to the loopback interface. `*.localhost` is how a client names a bucket. */
const LOOPBACK = /^((.+\.)?localhost|127\.0\.0\.1|\[::1\])(?::(\d+))?$/i;

/**
 * Refuses what a browser sends for a web page. Some requests of a page carry none of these marks: an image of another port of localhost
 * has no Origin and is of the same site. What protects from them is the signature.
 */
export function refuseWebPages({ headers, query }: WireRequest, port: number): void {
  const [, name, , named = '80'] = LOOPBACK.exec(headers.host ?? '') ?? [];
  // The functions of the local AWS name AWS's own hosts. Nobody but AWS can bind such a name to this machine.
  const isAws = new RegExp(AWS_NAMES, 'i').test((headers.host ?? '').replace(/:\d+$/, ''));
  // A page whose name was bound anew to 127.0.0.1 sends the name.
  if (!isAws && (!name || Number(named) !== port)) { throw denied(`its Host is ${shown(headers.host)}, and must be localhost:${port}`); }
  if (headers.origin !== undefined) { throw denied(`it has the Origin ${shown(headers.origin)}, so a web page sent it`); }
  const site = headers['sec-fetch-site'];
  const presigned = query.has('X-Amz-Signature') || query.has('Signature');
  if (presigned && site !== undefined && site !== 'none') {
    throw denied(`its Sec-Fetch-Site is ${shown(site)}, so a web page uses a pre-signed URL: open the URL by hand, or use an AWS client`);
  }
}

function denied(why: string): AwsError {
  return new AwsError('AccessDenied', `The local AWS refuses the request: ${why}. It serves AWS clients of this machine only.`, 403);
}

function shown(value: unknown): string {
  return String(value ?? 'missing').slice(0, 100);
}
