import { AwsError } from '../kernel';
import { decodePath, Protocol } from './protocol';
import { toXml } from './xml';

const NAMESPACE = 'https://route53.amazonaws.com/doc/2013-04-01/';
const unknown = (operation: string) => new AwsError('InvalidAction', `${operation} is not part of the local AWS`, 501);

/** Route 53's REST/XML, as far as lookups of hosted zones need it. */
export const route53Protocol: Protocol = {
  unknown,
  read: ({ method, path, query }) => {
    if (method === 'GET' && path === '/2013-04-01/hostedzonesbyname') { return { operation: 'ListHostedZonesByName', input: { DNSName: query.get('dnsname') ?? '' } }; }
    const [, id] = /^\/2013-04-01\/hostedzone\/([^/]+)$/.exec(path) ?? [];
    if (method === 'GET' && id) { return { operation: 'GetHostedZone', input: { Id: decodePath(id) } }; }
    throw unknown(`${method} ${path.slice(0, 200)}`);
  },
  answer: (output, { operation }, requestId) => ({
    status: 200, headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId }, body: toXml(`${operation}Response`, NAMESPACE, output, false),
  }),
  refuse: (error, requestId) => ({
    status: error.status,
    headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId },
    body: toXml('ErrorResponse', NAMESPACE, { Error: { Type: 'Sender', Code: error.code, Message: error.message }, RequestId: requestId }),
  }),
};
