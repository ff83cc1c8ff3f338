import { createHash } from 'crypto';
import { pricedRegions, pricesOf } from '../../src/service/prices';
import { instanceModel } from '../sagemaker/instance-types';

export const SERVICE = 'AmazonSageMaker';

/**
 * How the Price List names the Regions that the library's table has prices of, and how its usage types begin there. A test says if one is missing.
 * Source: https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonSageMaker/current/region_index.json, the file of each Region (location, usagetype)
 */
const REGIONS: Readonly<Record<string, { readonly location: string; readonly prefix: string }>> = {
  'us-east-1': { location: 'US East (N. Virginia)', prefix: 'USE1' },
  'us-east-2': { location: 'US East (Ohio)', prefix: 'USE2' },
  'us-west-2': { location: 'US West (Oregon)', prefix: 'USW2' },
  'eu-west-1': { location: 'EU (Ireland)', prefix: 'EU' },
};

/** On demand, for an hour: codes of AWS's published price lists. */
const TERM = 'JRTCKXETXF';
const RATE = '6YS6EN2CT7';

/** What an hour of one instance of real-time hosting costs. */
export interface HostingPrice {
  readonly region: string;
  readonly type: string;
  readonly usd: number;
  /** The ISO day of the table. */
  readonly date: string;
}

/** A product, and what its filters compare. */
export interface Product {
  readonly fields: Readonly<Record<string, string>>;
  /** As the Price List writes it: JSON as a text. */
  readonly text: () => string;
}

/** The products of real-time hosting: what the library's table has prices of. */
export function products(): Product[] {
  return pricedRegions().flatMap((region) => {
    const { types, hourly, date } = pricesOf(region)!;
    return types.map((type) => product({ region, type, usd: hourly(type)!, date }));
  });
}

/**
 * A price in the Price List's form.
 * Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api-fetching-price-list-files-manually.html (service price list files)
 */
function product({ region, type, usd, date }: HostingPrice): Product {
  const { vCpus, memoryGb, accelerators, acceleratorMemoryGb } = instanceModel(type);
  const { location, prefix } = REGIONS[region];
  const attributes = {
    servicecode: SERVICE,
    servicename: 'Amazon SageMaker',
    regionCode: region,
    location,
    locationType: 'AWS Region',
    instanceType: type,
    instanceName: type,
    component: 'Hosting',
    platoinstancename: type.replace(/^ml\./, ''),
    platoinstancetype: 'Hosting',
    vCpu: String(vCpus),
    memory: `${memoryGb} GiB`,
    gpu: accelerators > 0 ? String(accelerators) : 'N/A',
    gpuMemory: accelerators > 0 ? String(acceleratorMemoryGb) : 'N/A',
    operation: 'RunInstance',
    usagetype: `${prefix}-Host:${type}`,
  };
  const sku = createHash('sha256').update(attributes.usagetype).digest('hex').slice(0, 16).toUpperCase();
  const published = `${date}T00:00:00Z`;
  const rateCode = `${sku}.${TERM}.${RATE}`;
  const dimension = {
    unit: 'Hrs',
    beginRange: '0',
    endRange: 'Inf',
    description: `$${usd} per Hosting ${type} hour in ${location}`,
    appliesTo: [],
    rateCode,
    pricePerUnit: { USD: usd.toFixed(10) },
  };
  const term = { sku, offerTermCode: TERM, effectiveDate: published, termAttributes: {}, priceDimensions: { [rateCode]: dimension } };
  return {
    fields: { ...attributes, productFamily: 'ML Instance', sku, serviceCode: SERVICE },
    text: () => JSON.stringify({
      product: { productFamily: 'ML Instance', attributes, sku },
      serviceCode: SERVICE,
      terms: { OnDemand: { [`${sku}.${TERM}`]: term } },
      version: date.replace(/\D/g, '').padEnd(14, '0'),
      publicationDate: published,
    }),
  };
}
