import { createHash } from 'crypto';
import { pricedRegions, pricesOf } from '../../src/service/prices';
import { instanceModel } from '../sagemaker/instance-types';

export const SERVICE = 'AmazonSageMaker';

/** The Price List's names for Regions: https://docs.aws.amazon.com/general/latest/gr/rande.html */
const LOCATIONS: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
  'ca-central-1': 'Canada (Central)',
  'sa-east-1': 'South America (Sao Paulo)',
  'eu-west-1': 'EU (Ireland)',
  'eu-west-2': 'EU (London)',
  'eu-west-3': 'EU (Paris)',
  'eu-central-1': 'EU (Frankfurt)',
  'eu-central-2': 'Europe (Zurich)',
  'eu-north-1': 'EU (Stockholm)',
  'eu-south-1': 'EU (Milan)',
  'ap-south-1': 'Asia Pacific (Mumbai)',
  'ap-northeast-1': 'Asia Pacific (Tokyo)',
  'ap-northeast-2': 'Asia Pacific (Seoul)',
  'ap-northeast-3': 'Asia Pacific (Osaka)',
  'ap-southeast-1': 'Asia Pacific (Singapore)',
  'ap-southeast-2': 'Asia Pacific (Sydney)',
  'ap-east-1': 'Asia Pacific (Hong Kong)',
  'me-south-1': 'Middle East (Bahrain)',
  'af-south-1': 'Africa (Cape Town)',
  'us-gov-west-1': 'AWS GovCloud (US-West)',
  'us-gov-east-1': 'AWS GovCloud (US-East)',
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
  const location = LOCATIONS[region] ?? region;
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
    usagetype: `${usagePrefix(region)}-Host:${type}`,
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

/** `USE1` of us-east-1. Some Regions have older prefixes on AWS. */
function usagePrefix(region: string): string {
  const [area, side, number] = region.replace('-gov', '').split('-');
  return `${area}${side[0]}${number}`.toUpperCase();
}
