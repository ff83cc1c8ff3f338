import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand, ListServicesCommand, paginateListServiceQuotas, ServiceQuota, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { ServiceQuotas } from '../../../local-aws/service-quotas';
import { Region, World } from '../../../local-aws/world';

const C5 = 'ml.c5.xlarge for endpoint usage';
let aws: LocalAws;
let client: ServiceQuotasClient;

beforeAll(async () => {
  aws = await startLocalAws({ quotas: { [C5]: 0 } });
  client = new ServiceQuotasClient(aws.client());
});
afterAll(() => aws.close());

async function all(ServiceCode: string): Promise<ServiceQuota[]> {
  const found: ServiceQuota[] = [];
  for await (const page of paginateListServiceQuotas({ client, pageSize: 50 }, { ServiceCode })) { found.push(...page.Quotas ?? []); }
  return found;
}

test('lists SageMaker\'s quotas page by page, each once, with the value that holds', async () => {
  const found = await all('sagemaker');
  expect(new Set(found.map(({ QuotaCode }) => QuotaCode)).size).toBe(found.length);
  expect(found.length).toBeGreaterThan(100);
  expect(found.find(({ QuotaName }) => QuotaName === C5)).toMatchObject({ ServiceCode: 'sagemaker', ServiceName: 'Amazon SageMaker', Value: 0, Unit: 'None', Adjustable: true });
  expect(found.find(({ QuotaName }) => QuotaName === 'ml.c5.2xlarge for endpoint usage')!.Value).toBeGreaterThan(0);
  expect((await client.send(new ListServicesCommand({}))).Services).toEqual([{ ServiceCode: 'sagemaker', ServiceName: 'Amazon SageMaker' }]);
});

test('gets one by its code: the value that holds, and the default one', async () => {
  const { QuotaCode, QuotaArn } = (await all('sagemaker')).find(({ QuotaName }) => QuotaName === C5)!;
  const key = { ServiceCode: 'sagemaker', QuotaCode };
  expect(QuotaArn).toBe(`arn:aws:servicequotas:us-east-1:111111111111:sagemaker/${QuotaCode}`);
  expect((await client.send(new GetServiceQuotaCommand(key))).Quota).toMatchObject({ QuotaName: C5, Value: 0 });
  expect((await client.send(new GetAWSDefaultServiceQuotaCommand(key))).Quota).toMatchObject({ QuotaName: C5, Value: 100 });
});

test('what is not there is refused as the service does', async () => {
  await expect(all('ec2')).rejects.toMatchObject({ name: 'NoSuchResourceException', message: expect.stringContaining('The service ec2 is not part of the local AWS') });
  await expect(client.send(new GetServiceQuotaCommand({ ServiceCode: 'sagemaker', QuotaCode: 'L-00000000' }))).rejects.toMatchObject({ name: 'NoSuchResourceException' });
  await expect(client.send(new GetServiceQuotaCommand({ ServiceCode: '1', QuotaCode: 'L-1' }))).rejects.toMatchObject({ name: 'IllegalArgumentException' });
});

test('a role needs the action', async () => {
  const region: Region = new World().region('111122223333', 'eu-west-1');
  region.iam.createRole('reader', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] });
  region.iam.putRolePolicy('reader', 'read', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'servicequotas:ListServiceQuotas', Resource: '*' }] });
  const principal = { account: '111122223333', arn: 'arn:aws:sts::111122223333:assumed-role/reader/s' };
  expect(() => region.iam.check({ principal }, 'servicequotas', 'ListServiceQuotas', { ServiceCode: 'sagemaker' })).not.toThrow();
  expect(() => region.iam.check({ principal }, 'servicequotas', 'GetServiceQuota', {})).toThrow('not authorized to perform: servicequotas:GetServiceQuota on resource: *');
});

test('a service that has no quota of a name is a mistake of a room', () => {
  const quotas = new ServiceQuotas(new World().region('111122223333', 'eu-west-1'));
  quotas.define('sagemaker', { name: 'Amazon SageMaker', quotas: [{ name: 'jobs', value: 2 }, { name: 'nodes', value: 3, counts: 'Instances' }] });
  expect(() => quotas.lack('sagemaker', 'job', 0, 1)).toThrow('sagemaker has no quota job');
  expect([quotas.lack('sagemaker', 'jobs', 1, 1), quotas.lack('sagemaker', 'nodes', 2, 2)]).toEqual([
    undefined,
    "The account-level service limit 'nodes' is 3 Instances, with current utilization of 2 Instances and a request delta of 2 Instances. "
    + 'Please use AWS Service Quotas to request an increase for this quota.',
  ]);
});
