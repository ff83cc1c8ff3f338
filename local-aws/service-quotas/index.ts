import { OPERATIONS, SHAPES } from './shapes';
import { codeOf, Quota, QuotaService, QuotaState } from './state';
import { AwsError, guarded, numberedListing, Operations } from '../kernel';

export type { Quota } from './state';
export { QuotaState } from './state';

/**
 * Service Quotas of an account in a Region. It tells what a service allows, and not what is in use.
 * Sources: https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_Operations.html, the page of each operation.
 */
export class ServiceQuotas extends QuotaState {
  public readonly operations: Operations = guarded('servicequotas', {
    ListServices: (input) => listed('Services', [...this.services], input, ([ServiceCode, { name }]) => ({ ServiceCode, ServiceName: name })),
    ListServiceQuotas: ({ ServiceCode, QuotaCode, QuotaAppliedAtLevel = 'ACCOUNT', ...paging }) => {
      const { quotas } = this.service(ServiceCode);
      // No quota here is one of a single resource.
      const found = QuotaAppliedAtLevel === 'RESOURCE' ? [] : QuotaCode === undefined ? quotas : quotas.filter((quota) => codeOf(ServiceCode, quota) === QuotaCode);
      return listed('Quotas', found, paging, (quota) => this.described(ServiceCode, quota, this.valueFor(quota)));
    },
    GetServiceQuota: ({ ServiceCode, QuotaCode }) => {
      const quota = this.coded(ServiceCode, QuotaCode);
      return { Quota: this.described(ServiceCode, quota, this.valueFor(quota)) };
    },
    ListAWSDefaultServiceQuotas: ({ ServiceCode, ...paging }) => (
      listed('Quotas', this.service(ServiceCode).quotas, paging, (quota) => this.described(ServiceCode, quota, quota.value))
    ),
    GetAWSDefaultServiceQuota: ({ ServiceCode, QuotaCode }) => {
      const quota = this.coded(ServiceCode, QuotaCode);
      return { Quota: this.described(ServiceCode, quota, quota.value) };
    },
  }, OPERATIONS, SHAPES);

  private described(code: string, quota: Quota, value: number): object {
    const { account, name, partition } = this.region;
    return {
      ServiceCode: code,
      ServiceName: this.services.get(code)!.name,
      QuotaArn: `arn:${partition}:servicequotas:${name}:${account}:${code}/${codeOf(code, quota)}`,
      QuotaCode: codeOf(code, quota),
      QuotaName: quota.name,
      Value: value,
      Unit: 'None',
      Adjustable: true,
      GlobalQuota: false,
      QuotaAppliedAtLevel: 'ACCOUNT',
    };
  }

  private service(code: string): QuotaService {
    const service = this.services.get(code);
    if (!service) { throw new AwsError('NoSuchResourceException', `The service ${code} is not part of the local AWS: it has quotas of ${[...this.services.keys()].join(', ')} only.`); }
    return service;
  }

  private coded(code: string, quotaCode: string): Quota {
    const quota = this.service(code).quotas.find((one) => codeOf(code, one) === quotaCode);
    if (!quota) { throw new AwsError('NoSuchResourceException', `The request failed because the specified service quota ${quotaCode} does not exist.`); }
    return quota;
  }
}

function listed<T>(member: string, all: readonly T[], paging: any, shown: (one: T) => object): object {
  const page = numberedListing(member, all, paging, () => new AwsError('InvalidPaginationTokenException', 'The provided pagination token is invalid.'));
  return { ...page, [member]: page[member].map(shown) };
}
