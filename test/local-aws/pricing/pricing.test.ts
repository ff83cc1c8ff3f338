import { DescribeServicesCommand, Filter, GetAttributeValuesCommand, GetProductsCommand, paginateGetProducts, PricingClient } from '@aws-sdk/client-pricing';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { pricedRegions, pricesOf } from '../../../src/service/prices';

let aws: LocalAws;
let client: PricingClient;
const SERVICE = { ServiceCode: 'AmazonSageMaker' };

beforeAll(async () => {
  aws = await startLocalAws();
  client = new PricingClient(aws.client());
});
afterAll(() => aws.close());

const term = (Field: string, Value: string): Filter => ({ Type: 'TERM_MATCH', Field, Value });

async function found(...Filters: Filter[]): Promise<any[]> {
  const { PriceList = [] } = await client.send(new GetProductsCommand({ ...SERVICE, Filters }));
  return PriceList.map((text: unknown) => JSON.parse(String(text)));
}

test('one product for a type in a Region, as the Price List writes it', async () => {
  const [product, ...others] = await found(term('regionCode', 'us-east-1'), term('instanceName', 'ml.m5.xlarge'), term('component', 'Hosting'), term('productFamily', 'ML Instance'));
  expect(others).toEqual([]);
  expect(product).toMatchObject({
    serviceCode: 'AmazonSageMaker',
    publicationDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00Z$/),
    product: {
      productFamily: 'ML Instance',
      attributes: { location: 'US East (N. Virginia)', usagetype: 'USE1-Host:ml.m5.xlarge', vCpu: '4', memory: '16 GiB', gpu: 'N/A', platoinstancetype: 'Hosting' },
    },
  });
  const [[key, { priceDimensions, offerTermCode }]] = Object.entries<any>(product.terms.OnDemand);
  const [[rateCode, dimension]] = Object.entries<any>(priceDimensions);
  expect([key, rateCode]).toEqual([`${product.product.sku}.${offerTermCode}`, dimension.rateCode]);
  expect(dimension).toMatchObject({ unit: 'Hrs', pricePerUnit: { USD: pricesOf('us-east-1')!.hourly('ml.m5.xlarge')!.toFixed(10) } });
});

test.each(pricedRegions())('%s, of which the table has prices, has a name and a prefix of its own', async (regionCode) => {
  const [{ product }] = await found(term('regionCode', regionCode));
  expect(product.attributes).toMatchObject({ location: expect.stringMatching(/^[A-Z].* \(.+\)$/), usagetype: expect.stringMatching(/^[A-Z]{2}[A-Z]?\d?-Host:ml\./) });
});

test('page by page, each product once', async () => {
  const skus: string[] = [];
  let pages = 0;
  for await (const { PriceList = [] } of paginateGetProducts({ client, pageSize: 30 }, { ...SERVICE })) {
    pages++;
    skus.push(...PriceList.map((text: unknown) => JSON.parse(String(text)).product.sku));
  }
  expect(pages).toBe(Math.ceil(skus.length / 30));
  expect([new Set(skus).size, skus.length]).toEqual([skus.length, pricedRegions().reduce((sum, region) => sum + pricesOf(region)!.types.length, 0)]);
  expect(pages).toBeGreaterThan(2);
});

test('filters hold together, and one that nothing matches finds nothing', async () => {
  const names = async (...filters: Filter[]) => (await found(term('regionCode', 'us-east-1'), ...filters)).map(({ product }) => product.attributes.instanceName);
  expect(await names({ Type: 'ANY_OF', Field: 'instanceName', Value: 'ml.m5.xlarge,ml.c5.xlarge' })).toEqual(expect.arrayContaining(['ml.m5.xlarge', 'ml.c5.xlarge']));
  expect(new Set(await names({ Type: 'CONTAINS', Field: 'usagetype', Value: 'Host:ml.c5.' }))).toEqual(new Set(
    ['ml.c5.large', 'ml.c5.xlarge', 'ml.c5.2xlarge', 'ml.c5.4xlarge', 'ml.c5.9xlarge', 'ml.c5.18xlarge']));
  expect(await names({ Type: 'NONE_OF', Field: 'component', Value: 'Hosting,Training' })).toEqual([]);
  expect(await names(term('component', 'Training'))).toEqual([]);
  expect(await names(term('toString', 'x'))).toEqual([]);
});

test('services and the values of attributes', async () => {
  const { Services } = await client.send(new DescribeServicesCommand(SERVICE));
  expect(Services).toEqual([{ ServiceCode: 'AmazonSageMaker', AttributeNames: expect.arrayContaining(['instanceName', 'regionCode', 'component', 'productFamily']) }]);
  const { AttributeValues } = await client.send(new GetAttributeValuesCommand({ ...SERVICE, AttributeName: 'component' }));
  expect(AttributeValues).toEqual([{ Value: 'Hosting' }]);
  await expect(client.send(new GetAttributeValuesCommand({ ...SERVICE, AttributeName: 'colour' }))).rejects.toMatchObject({ name: 'NotFoundException' });
});

test('other services, and Regions without an endpoint, are refused by name', async () => {
  await expect(client.send(new DescribeServicesCommand({ ServiceCode: 'AmazonEC2' }))).rejects.toMatchObject({ name: 'NotFoundException', message: expect.stringContaining('AmazonSageMaker only') });
  await expect(client.send(new GetProductsCommand({ ...SERVICE, NextToken: 'x' }))).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
  const elsewhere = new PricingClient(aws.client({ region: 'eu-west-1' }));
  await expect(elsewhere.send(new GetProductsCommand(SERVICE))).rejects.toMatchObject({
    message: 'The Price List has no endpoint in eu-west-1: ask it in us-east-1, eu-central-1, ap-south-1, cn-northwest-1, and give the Region as the filter regionCode',
  });
});
