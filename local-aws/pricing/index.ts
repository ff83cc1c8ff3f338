import { Product, products, SERVICE } from './products';
import { OPERATIONS, SHAPES } from './shapes';
import { AwsError, guarded, numberedListing, Operations, Region } from '../kernel';

/** The only Regions in which the Price List has an endpoint: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html */
const ENDPOINTS = ['us-east-1', 'eu-central-1', 'ap-south-1', 'cn-northwest-1'];

const MATCHES: Readonly<Record<string, (field: string | undefined, value: string) => boolean>> = {
  TERM_MATCH: (field, value) => field === value,
  EQUALS: (field, value) => field === value,
  CONTAINS: (field, value) => field?.includes(value) ?? false,
  ANY_OF: (field, value) => field !== undefined && value.split(',').includes(field),
  NONE_OF: (field, value) => field === undefined || !value.split(',').includes(field),
};

/**
 * AWS's public prices: those of real-time hosting of SageMaker, the same in each account.
 * Sources: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Price_List_Service.html, the page of each operation.
 */
export class Pricing {
  public readonly operations: Operations = guarded('pricing', {
    DescribeServices: ({ ServiceCode, FormatVersion, ...paging }) => {
      this.refuseElsewhere();
      if (ServiceCode !== undefined) { productsOf(ServiceCode); }
      return { ...listed('Services', [{ ServiceCode: SERVICE, AttributeNames: names() }], paging), FormatVersion: FormatVersion ?? 'aws_v1' };
    },
    GetAttributeValues: ({ ServiceCode, AttributeName, ...paging }) => {
      this.refuseElsewhere();
      const found = new Set(productsOf(ServiceCode).flatMap(({ fields }) => (Object.hasOwn(fields, AttributeName) ? fields[AttributeName] : [])));
      if (found.size === 0) { throw new AwsError('NotFoundException', `Attribute name ${AttributeName} is not found for service ${ServiceCode}.`); }
      return listed('AttributeValues', [...found].sort().map((Value) => ({ Value })), paging);
    },
    GetProducts: ({ ServiceCode, Filters = [], FormatVersion, ...paging }) => {
      this.refuseElsewhere();
      const found = productsOf(ServiceCode).filter(({ fields }) => Filters.every(({ Type, Field, Value }: any) => (
        MATCHES[Type](Object.hasOwn(fields, Field) ? fields[Field] : undefined, Value))));
      const { PriceList, NextToken } = listed('PriceList', found, paging);
      return { FormatVersion: FormatVersion ?? 'aws_v1', PriceList: PriceList.map((product: Product) => product.text()), NextToken };
    },
  }, OPERATIONS, SHAPES);

  constructor(private readonly region: Region) {}

  private refuseElsewhere(): void {
    const { name } = this.region;
    if (!ENDPOINTS.includes(name)) {
      throw new AwsError('UnknownOperationException', `The Price List has no endpoint in ${name}: ask it in ${ENDPOINTS.join(', ')}, and give the Region as the filter regionCode`);
    }
  }
}

/** Made once: all accounts see the same ones. */
let all: Product[] | undefined;

function productsOf(service: string): Product[] {
  if (service !== SERVICE) { throw new AwsError('NotFoundException', `The service code ${service} is not part of the local AWS: it has prices of ${SERVICE} only.`); }
  return all ??= products();
}

function names(): string[] {
  return [...new Set(productsOf(SERVICE).flatMap(({ fields }) => Object.keys(fields)))].sort();
}

function listed(member: string, items: readonly unknown[], paging: any): any {
  return numberedListing(member, items, paging, () => new AwsError('InvalidNextTokenException', 'The pagination token is invalid. Try again without a pagination token.'));
}
