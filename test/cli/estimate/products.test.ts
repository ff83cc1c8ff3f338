import { PricingClient } from '@aws-sdk/client-pricing';
import { getProducts, hostingPrices, productsRegion } from '../../../cli/src/estimate/products';

/** A product as the Price List describes it. Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html */
function product(attributes: object, usd: string | undefined, { unit = 'Hrs', publicationDate = '2026-09-01T00:00:00Z' } = {}): string {
  const pricePerUnit = usd === undefined ? { CNY: '1.5' } : { USD: usd };
  const priceDimensions = { 'SKU.JRTCKXETXF.6YS6EN2CT7': { unit, pricePerUnit, description: 'per Hosting hour' } };
  return JSON.stringify({
    product: { productFamily: 'ML Instance', attributes: { component: 'Hosting', servicecode: 'AmazonSageMaker', ...attributes } },
    terms: { OnDemand: { 'SKU.JRTCKXETXF': { priceDimensions } } },
    publicationDate,
  });
}

/** The Price List's pages, and what is asked of it. */
function priceList(...pages: string[][]) {
  const asked: any[] = [];
  const client = new PricingClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: {
      handle: async ({ body }: any) => {
        asked.push(JSON.parse(new TextDecoder().decode(body)));
        const PriceList = pages[asked.length - 1];
        const text = JSON.stringify({ PriceList, ...asked.length < pages.length && { NextToken: `page ${asked.length + 1}` } });
        return { response: { statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: new TextEncoder().encode(text) } };
      },
    } as any,
  });
  return { client, asked };
}

test('all pages are read, of hosting in the Region alone', async () => {
  const { client, asked } = priceList(
    [product({ instanceName: 'ml.c5.xlarge' }, '0.2040000000')],
    [product({ instanceType: 'ml.m5.large-Hosting' }, '0.115', { publicationDate: '2026-10-02T03:04:05Z' })],
  );
  const { types, hourly, date, source, region, serverlessGbSecond } = await getProducts(client, 'us-east-1');
  expect(types.map((type) => [type, hourly(type)])).toEqual([['ml.c5.xlarge', 0.204], ['ml.m5.large', 0.115]]);
  expect([date, source, region, serverlessGbSecond]).toEqual(['2026-10-02', 'GetProducts', 'us-east-1', 0.00002]);
  expect(asked.map(({ ServiceCode, NextToken, Filters }) => [ServiceCode, NextToken, Filters.map(({ Field, Value }: any) => `${Field}=${Value}`)])).toEqual([
    ['AmazonSageMaker', undefined, ['regionCode=us-east-1', 'component=Hosting']], ['AmazonSageMaker', 'page 2', ['regionCode=us-east-1', 'component=Hosting']],
  ]);
});

test('products of no instance, of another unit or without a price are no prices', () => {
  const { types } = hostingPrices([
    product({ instanceName: 'ml.c5.xlarge' }, '0.2'), product({ instanceName: 'NA' }, '0.1'), product({ instanceName: 'ml.m5.large' }, '0.016', { unit: 'GB' }),
    product({ instanceName: 'ml.m5.xlarge' }, '0.0000000000'), JSON.stringify({ product: {} }),
  ], 'eu-north-1');
  expect(types).toEqual(['ml.c5.xlarge']);
});

test('where nothing has a price in US dollars, one sentence says so', () => {
  const sentence = 'The Price List has no prices in US dollars for SageMaker hosting in cn-north-1: give the prices with --prices FILE.';
  expect(() => hostingPrices([product({ instanceName: 'ml.c5.xlarge' }, undefined)], 'cn-north-1')).toThrow(new Error(sentence));
});

test('the Price List has few endpoints, and none for GovCloud', () => {
  expect(['us-west-2', 'eu-west-1', 'ap-northeast-1', 'cn-north-1', 'sa-east-1'].map(productsRegion)).toEqual(
    ['us-east-1', 'eu-central-1', 'ap-south-1', 'cn-northwest-1', 'us-east-1']);
  expect(() => productsRegion('us-gov-west-1')).toThrow('The Price List has no endpoint for us-gov-west-1: give the prices with --prices FILE.');
});
