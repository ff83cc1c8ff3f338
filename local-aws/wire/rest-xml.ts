import { XMLParser } from 'fast-xml-parser';
import { decodePath, Protocol } from './protocol';
import { toXml } from './xml';
import { AwsError } from '../kernel';

/** A part of `path` in parentheses, and a parameter of `query`, is the member of its name. */
interface Route {
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly query?: Readonly<Record<string, string>>;
  /** The answer's root element. */
  readonly root: string;
  readonly status?: number;
}

const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, ignoreDeclaration: true });
const unknown = (operation: string) => new AwsError('InvalidAction', `${operation} is not part of the local AWS`, 501);

/** Route 53, as far as lookups of hosted zones need it. */
export const route53Protocol = restXml('https://route53.amazonaws.com/doc/2013-04-01/', [
  { operation: 'ListHostedZonesByName', method: 'GET', path: /^\/2013-04-01\/hostedzonesbyname$/, query: { dnsname: 'DNSName' }, root: 'ListHostedZonesByNameResponse' },
  { operation: 'GetHostedZone', method: 'GET', path: /^\/2013-04-01\/hostedzone\/(?<Id>[^/]+)$/, root: 'GetHostedZoneResponse' },
]);

/** CloudFront, as far as a deployment of files to a bucket needs it. */
export const cloudFrontProtocol = restXml('http://cloudfront.amazonaws.com/doc/2020-05-31/', [
  {
    operation: 'CreateInvalidation', method: 'POST', path: /^\/2020-05-31\/distribution\/(?<DistributionId>[^/]+)\/invalidation$/, root: 'Invalidation', status: 201,
  },
  { operation: 'GetInvalidation', method: 'GET', path: /^\/2020-05-31\/distribution\/(?<DistributionId>[^/]+)\/invalidation\/(?<Id>[^/]+)$/, root: 'Invalidation' },
]);

function restXml(namespace: string, routes: readonly Route[]): Protocol {
  return {
    unknown,
    read: ({ method, path, query, body }) => {
      const route = routes.find((one) => one.method === method && one.path.test(path));
      if (!route) { throw unknown(`${method} ${path.slice(0, 200)}`); }
      const parts = Object.entries(route.path.exec(path)!.groups ?? {}).map(([name, part]) => [name, decodePath(part)]);
      const parameters = Object.entries(route.query ?? {}).map(([parameter, name]) => [name, query.get(parameter) ?? '']);
      return { operation: route.operation, input: { ...documentOf(body), ...Object.fromEntries([...parts, ...parameters]) } };
    },
    answer: (output, { operation }, requestId) => {
      const { root, status = 200 } = routes.find((route) => route.operation === operation)!;
      return { status, headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId }, body: toXml(root, namespace, output, false) };
    },
    refuse: (error, requestId) => ({
      status: error.status,
      headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId },
      body: toXml('ErrorResponse', namespace, { Error: { Type: 'Sender', Code: error.code, Message: error.message }, RequestId: requestId }),
    }),
  };
}

function documentOf(body: Buffer): object {
  if (body.length === 0) { return {}; }
  try {
    return parser.parse(body.toString('utf8'), true);
  } catch {
    throw new AwsError('MalformedXML', 'The XML document is malformed.');
  }
}
