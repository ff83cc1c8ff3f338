import { subscribe, unsubscribe } from 'diagnostics_channel';
import { createServer, IncomingMessage, Server, ServerResponse } from 'http';
import { AddressInfo, connect } from 'net';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { raw } from './raw';
import { CallRecord, LocalAws, startLocalAws } from '../../../local-aws';
import { sign4 } from '../../../local-aws/wire/signature';
import { inChromium, startChromium } from '../../harness/chromium';

let aws: LocalAws;
let calls: CallRecord[];
const port = () => Number(new URL(aws.endpoint).port);
beforeEach(async () => {
  aws = await startLocalAws();
  calls = [];
  aws.world.watch((call) => calls.push(call));
});
afterEach(() => aws.close());

const template = JSON.stringify({ Resources: { H: { Type: 'AWS::CloudFormation::WaitConditionHandle' } } });
const create = new URLSearchParams({ Action: 'CreateStack', Version: '2010-05-15', StackName: 'theirs', TemplateBody: template });
/** What anybody can write who knows how a pre-signed URL looks, but not the secret. */
const forged = (service: string) => new URLSearchParams({
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': `111111111111/20260101/us-east-1/${service}/aws4_request`,
  'X-Amz-Date': '20260101T000000Z',
  'X-Amz-Expires': '604800',
  'X-Amz-SignedHeaders': 'host',
  'X-Amz-Signature': '0'.repeat(64),
});
const STACK = `/?${create}&${forged('cloudformation')}`;
const OBJECT = `/cdk-hnb659fds-assets-111111111111-us-east-1/key?${forged('s3')}`;
const OBJECT_V2 = '/cdk-hnb659fds-assets-111111111111-us-east-1/key?AWSAccessKeyId=111111111111&Expires=1900000000&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D';

/** A URL that the run's own secret has signed, as a client pre-signs it. */
function presigned(service: string, path: string, fields: Record<string, string> = {}, method = 'GET'): string {
  const query = new URLSearchParams([...Object.entries(fields), ...forged(service)]);
  const request = { method, path, query, headers: { host: `localhost:${port()}` }, body: Buffer.alloc(0) };
  query.set('X-Amz-Signature', sign4(aws.world.secret, request, {
    accessKeyId: '111111111111', region: 'us-east-1', service, time: '20260101T000000Z', signedHeaders: ['host'],
  }));
  return `${path}?${query}`;
}

/** Sends the lines of a request as they are, and returns the status of the answer. */
function send(lines: readonly string[], body = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: port() }, () => socket.write([...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')));
    socket.once('data', (data) => {
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(String(data))?.[1]));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

const fetched = (site: string, mode: string, dest: string) => [`Sec-Fetch-Site: ${site}`, `Sec-Fetch-Mode: ${mode}`, `Sec-Fetch-Dest: ${dest}`];
const PAGE = 'http://localhost:5173';

/** The lines that Chromium sends for a page on another port, besides its name and what it accepts. */
const FROM_A_PAGE: ReadonlyArray<readonly [what: string, line: string, headers: readonly string[], body?: string]> = [
  ['an image: no Origin, same site', `GET ${STACK}`, fetched('same-site', 'no-cors', 'image')],
  ['a script of another site', `GET ${STACK}`, fetched('cross-site', 'no-cors', 'script')],
  ['a frame', `GET ${STACK}`, fetched('same-site', 'navigate', 'iframe')],
  ['a link that is clicked or typed', `GET ${STACK}`, fetched('none', 'navigate', 'document')],
  ['an image of an old browser, without marks', `GET ${STACK}`, []],
  ['an image at an object', `GET ${OBJECT}`, fetched('same-site', 'no-cors', 'image')],
  ['an image at an object, version 2', `GET ${OBJECT_V2}`, fetched('same-site', 'no-cors', 'image')],
  ['an object, without marks', `GET ${OBJECT}`, []],
  ['an object, version 2, without marks', `GET ${OBJECT_V2}`, []],
  ['a form', 'POST /', [`Origin: ${PAGE}`, 'Content-Type: application/x-www-form-urlencoded', ...fetched('same-site', 'navigate', 'document')], `${create}`],
  ['a form of a frame without origin', 'POST /', ['Origin: null', 'Content-Type: text/plain', ...fetched('cross-site', 'navigate', 'iframe')], `${create}`],
  ['a form with credentials in its address', `POST /?${forged('cloudformation')}`, [`Origin: ${PAGE}`, 'Content-Type: text/plain', ...fetched('same-site', 'navigate', 'document')], `${create}`],
  ['the same without Origin', `POST /?${forged('cloudformation')}`, ['Content-Type: application/x-www-form-urlencoded'], `${create}`],
  ['fetch, no-cors', 'POST /', [`Origin: ${PAGE}`, 'Content-Type: text/plain;charset=UTF-8', ...fetched('same-site', 'no-cors', 'empty')], `${create}`],
  ['fetch, asking before', 'OPTIONS /', [`Origin: ${PAGE}`, 'Access-Control-Request-Method: PUT', ...fetched('same-site', 'cors', 'empty')]],
  ['a beacon', 'POST /', [`Origin: ${PAGE}`, 'Content-Type: text/plain;charset=UTF-8', ...fetched('same-site', 'no-cors', 'empty')], `${create}`],
  ['a WebSocket', `GET ${STACK}`, [`Origin: ${PAGE}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']],
  ['a WebSocket without Origin', `GET ${STACK}`, ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']],
  ['an answer to a custom resource', 'PUT /cloudformation-response/0123456789abcdef0123456789abcdef', [`Origin: ${PAGE}`], '{"Status":"SUCCESS"}'],
];

test.each(FROM_A_PAGE.map(([what, ...request]) => ({ what, request })))('of a page: $what is answered 403 and recorded nowhere', async ({ request: [line, headers, body] }) => {
  for (const host of ['localhost', '127.0.0.1', '[::1]', 'bucket.localhost']) {
    expect(await send([`${line} HTTP/1.1`, `Host: ${host}:${port()}`, ...headers], body)).toBe(403);
  }
  expect(calls).toEqual([]);
  expect(aws.world.allRegions()).toEqual([]);
});

const HEADERS = { 'content-type': 'application/x-www-form-urlencoded' };
const who = { service: 'sts', headers: HEADERS, body: 'Action=GetCallerIdentity&Version=2011-06-15' };

test.each<[string, Record<string, string>, number]>([
  ['an Origin', { origin: 'http://localhost:5173' }, 403],
  ['the Origin null', { origin: 'null' }, 403],
  ['its own Origin', { origin: 'http://localhost' }, 403],
  ['no mark of a browser', {}, 200],
  ['the mark of fetch in Node', { 'sec-fetch-mode': 'cors' }, 200],
])('a request that is signed, with %s', async (_what, headers, status) => {
  expect((await raw(aws, { ...who, headers: { ...HEADERS, ...headers } })).status).toBe(status);
  expect(calls).toHaveLength(status === 200 ? 1 : 0);
});

test('a request that is signed for another Host, as after DNS rebinding, is refused', async () => {
  const status = async (host: string) => (await raw(aws, { ...who, headers: { ...HEADERS, host } })).status;
  const refused = ['evil.example', `evil.example:${port()}`, 'localhost', 'localhost:1', `localhost.evil.example:${port()}`, `127.0.0.2:${port()}`, `0.0.0.0:${port()}`, `[::]:${port()}`, `evillocalhost:${port()}`, `localhost:${port()}.evil`, ''];
  for (const host of refused) { expect([host, await status(host)]).toEqual([host, host === '' ? expect.any(Number) : 403]); }
  expect(calls).toEqual([]);
  for (const host of ['localhost', 'LOCALHOST', 'a.b.localhost', '127.0.0.1', '[::1]']) { expect([host, await status(`${host}:${port()}`)]).toEqual([host, 200]); }
});

test('a pre-signed URL is for a client and for whoever types it, and not for a page', async () => {
  const key = '/cdk-hnb659fds-assets-111111111111-us-east-1/key';
  aws.world.s3.putObject('cdk-hnb659fds-assets-111111111111-us-east-1', 'key', Buffer.from('x'));
  const get = (url: string, ...headers: string[]) => send([`GET ${url} HTTP/1.1`, `Host: localhost:${port()}`, ...headers]);
  const url = presigned('s3', key);
  expect([await get(url), await get(url, ...fetched('none', 'navigate', 'document'))]).toEqual([200, 200]);
  for (const site of ['same-origin', 'same-site', 'cross-site']) { expect([site, await get(url, ...fetched(site, 'no-cors', 'image'))]).toEqual([site, 403]); }
  expect(await get(presigned('sts', '/', { Action: 'GetCallerIdentity', Version: '2011-06-15' }))).toBe(200);
  expect(calls).toHaveLength(3);
});

/** What a page tries. Each address has its name, so that the table says what came of it. */
function page(target: string): string {
  const at = (name: string, query = `${create}&${forged('cloudformation')}`) => JSON.stringify(`${target}/?attack=${name}&${query}`);
  return `<!doctype html><body><iframe name="text/plain"></iframe><iframe name="application/x-www-form-urlencoded"></iframe><script>
    const element = (tag, set) => document.body.append(Object.assign(document.createElement(tag), set));
    const form = (action, enctype) => {
      const made = Object.assign(document.createElement('form'), { method: 'POST', action, enctype, target: enctype });
      for (const [name, value] of new URLSearchParams(${JSON.stringify(`${create}`)})) { made.append(Object.assign(document.createElement('input'), { name, value })); }
      document.body.append(made);
      made.submit();
    };
    const body = ${JSON.stringify(`${create}`)};
    element('img', { src: ${at('image')} });
    element('img', { src: ${JSON.stringify(`${target}${OBJECT}&attack=object`)} });
    element('img', { src: ${JSON.stringify(`${target}${OBJECT_V2}&attack=object-v2`)} });
    element('script', { src: ${at('script')} });
    element('iframe', { src: ${at('frame')} });
    element('link', { rel: 'stylesheet', href: ${at('style')} });
    element('video', { src: ${at('video')} });
    fetch(${at('fetch-get')}, { mode: 'no-cors' }).catch(() => {});
    fetch(${at('fetch-post')}, { mode: 'no-cors', method: 'POST', body }).catch(() => {});
    fetch(${at('fetch-put')}, { method: 'PUT', body }).catch(() => {});
    navigator.sendBeacon(${at('beacon')}, body);
    new WebSocket(${at('websocket').replace('"http', '"ws')});
    form(${at('form-text')}, 'text/plain');
    form(${at('form', `${forged('cloudformation')}`)}, 'application/x-www-form-urlencoded');
  </script>`;
}
const TRIED = ['beacon', 'fetch-get', 'fetch-post', 'fetch-put', 'form', 'form-text', 'frame', 'image', 'object', 'object-v2', 'script', 'style', 'video', 'websocket'];

async function browse(address: string, until: () => boolean): Promise<void> {
  const browser = await startChromium();
  try {
    const opened = await browser.newPage();
    await opened.goto(address, { waitUntil: 'commit' });
    while (!until() && browser.isConnected()) { await new Promise((resolve) => setTimeout(resolve, 50)); }
  } finally {
    await browser.close();
  }
}

inChromium('a page on another port', () => {
  test.each(['localhost', '127.0.0.1'])('of %s: 0 calls recorded; the same calls signed: 200', async (from) => {
    const seen = new Map<string, string[]>();
    const watch = (message: unknown) => {
      const { request: { method, url, headers, socket }, response } = message as { request: IncomingMessage; response: ServerResponse };
      const [, name] = /[?&]attack=([\w-]+)/.exec(url ?? '') ?? [];
      if (socket.localPort !== port() || !name) { return; }
      seen.set(name, [method!, headers.origin ?? '-', String(headers['sec-fetch-site'] ?? '-'), String(headers['content-type'] ?? '-').split(';')[0], String(response.statusCode)]);
    };
    subscribe('http.server.response.finish', watch);
    const site: Server = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end(page(`http://localhost:${port()}`)));
    try {
      await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
      await browse(`http://${from}:${(site.address() as AddressInfo).port}/`, () => TRIED.every((name) => seen.has(name)));
    } finally {
      unsubscribe('http.server.response.finish', watch);
      site.closeAllConnections();
      site.close();
    }
    const rows = [...seen].sort().map(([name, row]) => [name, ...row, String(calls.length)]);
    const table = [['attack', 'method', 'Origin', 'Sec-Fetch-Site', 'Content-Type', 'answer', 'calls'], ...rows];
    if (process.env.SHOW_ATTACKS) { process.stdout.write(table.map((row) => `${row.map((cell, column) => cell.padEnd([12, 9, 24, 16, 35, 8, 5][column])).join('')}\n`).join('')); }
    expect([...seen.keys()].sort()).toEqual(TRIED);
    expect([...seen.values()].map((row) => row.at(-1))).toEqual(TRIED.map(() => '403'));
    expect(calls).toEqual([]);

    await new CloudFormationClient(aws.client()).send(new CreateStackCommand({ StackName: 'mine', TemplateBody: template }));
    await new STSClient(aws.client()).send(new GetCallerIdentityCommand({}));
    aws.world.s3.putObject('cdk-hnb659fds-assets-111111111111-us-east-1', 'key', Buffer.from('x'));
    expect((await fetch(aws.endpoint + presigned('s3', '/cdk-hnb659fds-assets-111111111111-us-east-1/key'))).status).toBe(200);
    expect(calls.map(({ operation, status }) => `${operation} ${status}`)).toEqual(['CreateStack 200', 'GetCallerIdentity 200', 'GetObject 200']);
  });
});
