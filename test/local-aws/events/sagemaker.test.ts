import { World } from '../../../local-aws/world';
import { Bench as Stacks, template } from '../cloudformation/bench';
import { Bench } from '../sagemaker/fixtures';

const PATTERN = JSON.stringify({ 'source': ['aws.sagemaker'], 'detail-type': ['SageMaker Model Package State Change'] });

/** Keeps the events of model packages that match, in a log group. */
async function listen({ region }: { readonly region: ReturnType<World['region']> }, EventPattern = PATTERN): Promise<() => any[]> {
  const call = { region, principal: { account: region.account, arn: `arn:aws:iam::${region.account}:root` }, requestId: 'r' };
  region.logs.createGroup('heard');
  await region.events.operations.PutRule({ Name: 'r', EventPattern }, call);
  await region.events.operations.PutTargets({ Rule: 'r', Targets: [{ Id: '1', Arn: region.arn('logs', 'log-group:heard') }] }, call);
  return () => region.logs.tail('heard').map((line) => JSON.parse(line));
}

let bench: Bench;
let events: () => any[];
beforeEach(async () => {
  bench = new Bench();
  events = await listen(bench);
});

test('a version that is made is told, as SageMaker\'s guide has it', async () => {
  const arn = await bench.modelPackage({ ModelApprovalStatus: undefined, CustomerMetadataProperties: { auc: '0.9' } });
  expect(events()).toEqual([{
    'version': '0',
    'id': expect.any(String),
    'detail-type': 'SageMaker Model Package State Change',
    'source': 'aws.sagemaker',
    'account': '111122223333',
    'time': '2026-01-01T00:00:00Z',
    'region': 'eu-west-1',
    'resources': [arn],
    'detail': {
      ModelPackageGroupName: 'models',
      ModelPackageName: 'models',
      ModelPackageVersion: 1,
      ModelPackageArn: arn,
      CreationTime: '2026-01-01T00:00:00Z',
      InferenceSpecification: expect.objectContaining({ SupportedContentTypes: ['text/csv'] }),
      ModelPackageStatus: 'Completed',
      ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
      CertifyForMarketplace: false,
      ModelApprovalStatus: 'PendingManualApproval',
      CustomerMetadataProperties: { auc: '0.9' },
      LastModifiedTime: '2026-01-01T00:00:00Z',
    },
  }]);
});

test('a package without versions is told', async () => {
  await bench.call('CreateModelPackage', { ModelPackageName: 'alone' });
  expect(events()).toMatchObject([{ detail: { ModelPackageName: 'alone', ModelPackageStatus: 'Completed' } }]);
});

test('an approval is told once, with what has changed', async () => {
  const ModelPackageArn = await bench.modelPackage({ ModelApprovalStatus: undefined });
  await bench.minutes(5);
  const approve = () => bench.call('UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus: 'Approved', ApprovalDescription: 'fine' });
  await approve();
  await approve();
  expect(events().slice(1)).toMatchObject([{
    time: '2026-01-01T00:05:00Z',
    detail: {
      ModelApprovalStatus: 'Approved',
      ApprovalDescription: 'fine',
      UpdatedModelPackageFields: ['ModelApprovalStatus', 'ApprovalDescription'],
      CreationTime: '2026-01-01T00:00:00Z',
      LastModifiedTime: '2026-01-01T00:05:00Z',
    },
  }]);
});

test('what is deleted is not told', async () => {
  const ModelPackageName = await bench.modelPackage();
  await bench.call('DeleteModelPackage', { ModelPackageName });
  expect(events()).toHaveLength(1);
});

test('a rule may wait for an approval in a group', async () => {
  bench = new Bench();
  events = await listen(bench, JSON.stringify({ ...JSON.parse(PATTERN), detail: { ModelPackageGroupName: ['models'], ModelApprovalStatus: ['Approved'] } }));
  const ModelPackageArn = await bench.modelPackage({ ModelApprovalStatus: 'Rejected' });
  await bench.call('UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus: 'Approved' });
  expect(events()).toMatchObject([{ resources: [ModelPackageArn] }]);
});

test('a recommendation job tells nothing', async () => {
  bench = new Bench();
  const ModelPackageVersionArn = await bench.modelPackage();
  events = await listen(bench, '{"source":["aws.sagemaker"]}');
  await bench.call('CreateInferenceRecommendationsJob', {
    JobName: 'j', JobType: 'Default', RoleArn: 'arn:aws:iam::111122223333:role/Job', InputConfig: { ModelPackageVersionArn },
  });
  await bench.minutes(120);
  expect((await bench.call('DescribeInferenceRecommendationsJob', { JobName: 'j' })).Status).toBe('COMPLETED');
  expect(events()).toEqual([]);
});

test('a package of a stack tells the same', async () => {
  const stacks = new Stacks();
  events = await listen(stacks);
  const written = (ModelApprovalStatus: string) => template({
    Group: { Type: 'AWS::SageMaker::ModelPackageGroup', Properties: { ModelPackageGroupName: 'g' } },
    Package: { Type: 'AWS::SageMaker::ModelPackage', Properties: { ModelPackageGroupName: 'g', ModelApprovalStatus }, DependsOn: 'Group' },
  });
  await stacks.deploy('s', written('PendingManualApproval'));
  await stacks.deploy('s', written('Approved'));
  expect(events().map(({ detail }) => [detail.ModelApprovalStatus, detail.UpdatedModelPackageFields]))
    .toEqual([['PendingManualApproval', undefined], ['Approved', ['ModelApprovalStatus']]]);
});
