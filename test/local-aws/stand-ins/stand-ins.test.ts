import { LocalAws, startLocalAws } from '../../../local-aws';
import { raw } from '../wire/raw';

let aws: LocalAws;
beforeAll(async () => { aws = await startLocalAws({ quiet: true }); });
afterAll(() => aws.close());

describe('CloudFront, as a deployment of files to a bucket uses it', () => {
  const invalidations = '/2020-05-31/distribution/E1/invalidation';
  const batch = (reference: string) => ({ body: `<?xml version="1.0"?><InvalidationBatch><CallerReference>${reference}</CallerReference></InvalidationBatch>` });
  const idIn = (text: string) => /<Id>(\w+)<\/Id>/.exec(text)?.[1];

  test('an invalidation is complete at once, and found by its id; the same reference is the same one', async () => {
    const [one, again, other] = await Promise.all(['a', 'a', 'b'].map((name) => raw(aws, { service: 'cloudfront', path: invalidations, ...batch(name) })));
    expect(one).toMatchObject({ status: 201, body: expect.stringMatching(/<Invalidation xmlns="[^"]+">.*<Status>Completed<\/Status>/) });
    expect([idIn(again.body), idIn(one.body)]).toEqual([idIn(one.body), expect.any(String)]);
    expect(idIn(other.body)).not.toBe(idIn(one.body));
    expect(await raw(aws, { service: 'cloudfront', method: 'GET', path: `${invalidations}/${idIn(one.body)}` })).toMatchObject({
      status: 200, body: expect.stringMatching(new RegExp(`<Id>${idIn(one.body)}</Id>.*<Status>Completed</Status>`)),
    });
  });

  test('text that is no XML is refused as such', async () => {
    expect(await raw(aws, { service: 'cloudfront', path: invalidations, body: '<a' })).toMatchObject({ status: 400, body: expect.stringContaining('<Code>MalformedXML<') });
  });
});

test('a hosted zone is found by any name', async () => {
  const { body } = await raw(aws, { service: 'route53', method: 'GET', path: '/2013-04-01/hostedzonesbyname?dnsname=example.com' });
  expect(body).toMatch(/<ListHostedZonesByNameResponse .*<HostedZones><HostedZone><Id>\/hostedzone\/Z\w+<\/Id><Name>example.com.<\/Name>/s);
});
