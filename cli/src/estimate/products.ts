import { GetProductsCommand, GetProductsCommandOutput, PricingClient } from '@aws-sdk/client-pricing';
import { Prices, prices, pricesOf, SERVERLESS } from '../../../src/service/prices';

/** Actions of `--get-products`. */
export const PRODUCTS_ACTIONS = ['pricing:GetProducts'];

/**
 * The Region whose endpoint of the Price List answers for a Region's prices. GovCloud has none, and its credentials are not those of other Regions.
 * Source: https://docs.aws.amazon.com/general/latest/gr/billing.html (AWS Price List)
 *
 * @throws Error if there is none
 */
export function productsRegion(region: string): string {
  if (region.startsWith('us-gov-')) { throw new Error(`The Price List has no endpoint for ${region}: give the prices with --prices FILE.`); }
  if (region.startsWith('cn-')) { return 'cn-northwest-1'; }
  if (region.startsWith('eu-')) { return 'eu-central-1'; }
  return region.startsWith('ap-') ? 'ap-south-1' : 'us-east-1';
}

/** The prices of real-time hosting in a Region, from the Price List. */
export async function getProducts(client: PricingClient, region: string): Promise<Prices> {
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const page: GetProductsCommandOutput = await client.send(new GetProductsCommand({
      ServiceCode: 'AmazonSageMaker',
      Filters: [{ Type: 'TERM_MATCH', Field: 'regionCode', Value: region }, { Type: 'TERM_MATCH', Field: 'component', Value: 'Hosting' }],
      MaxResults: 100,
      NextToken,
    }));
    found.push(...(page.PriceList ?? []).map(String));
    NextToken = page.NextToken;
  } while (NextToken);
  return hostingPrices(found, region);
}

/**
 * Prices from products as the Price List describes them. The price of a serverless GB-second is no part of hosting: it is the table's own, if that has one.
 * Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
 *
 * @throws Error if none is a type with a price in US dollars
 */
export function hostingPrices(products: readonly string[], region: string): Prices {
  const rows: Array<[string, number]> = [];
  let date = '';
  for (const product of products.map((text) => JSON.parse(text))) {
    const { instanceName, instanceType } = product.product?.attributes ?? {};
    const [type] = /^ml\.[a-z0-9-]+?\.[a-z0-9]+/.exec(instanceName ?? instanceType ?? '') ?? [];
    const dimensions = Object.values<any>(product.terms?.OnDemand ?? {}).flatMap(({ priceDimensions }) => Object.values<any>(priceDimensions ?? {}));
    const usd = dimensions.filter(({ unit }) => /^hrs?$/i.test(unit)).map(({ pricePerUnit }) => Number(pricePerUnit?.USD)).find((price) => price > 0);
    if (type === undefined || usd === undefined) { continue; }
    rows.push([type, usd]);
    const [day = ''] = /^\d{4}-\d\d-\d\d/.exec(product.publicationDate ?? '') ?? [];
    if (day > date) { date = day; }
  }
  if (rows.length === 0) {
    throw new Error(`The Price List has no prices in US dollars for SageMaker hosting in ${region}: give the prices with --prices FILE.`);
  }
  const serverless = pricesOf(region)?.serverlessGbSecond;
  return prices(region, date, 'GetProducts', [...rows, ...serverless === undefined ? [] : [[SERVERLESS, serverless] as [string, number]]]);
}
