import {
  CloudFormationClient, CreateStackCommand, paginateDescribeStackEvents, paginateDescribeStacks, paginateListExports, paginateListStackResources,
  paginateListStacks, StackStatus,
} from '@aws-sdk/client-cloudformation';
import {
  CreateEndpointCommand, CreateEndpointConfigCommand, CreateInferenceRecommendationsJobCommand, CreateModelCommand, CreateModelPackageCommand,
  paginateListEndpointConfigs, paginateListEndpoints, paginateListInferenceRecommendationsJobs, paginateListInferenceRecommendationsJobSteps,
  paginateListModels, SageMakerClient, waitUntilEndpointInService,
} from '@aws-sdk/client-sagemaker';
import {
  CreateStateMachineCommand, paginateGetExecutionHistory, paginateListExecutions, SFNClient, StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { paginateGetParametersByPath, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ClientConfig, LocalAws, startLocalAws } from '../../../local-aws';
import { publishedBenchmarks } from '../../../local-aws/sagemaker';
import { packageRequest } from '../../harness/model-package';
import { UNTIL_DONE } from '../../harness/waiting';

const ROLE = 'arn:aws:iam::111111111111:role/Job';
let aws: LocalAws;
let options: ClientConfig;

beforeAll(async () => {
  aws = await startLocalAws({ ...UNTIL_DONE, rates: [], benchmarks: publishedBenchmarks, imported: 'assumed' });
  options = aws.client();
});
afterAll(() => aws.close());

/** The items of every page of a paginator, and how many pages there were. */
async function all<Page, Item>(pages: AsyncIterable<Page>, items: (page: Page) => readonly Item[] | undefined) {
  const found: Item[] = [];
  let count = 0;
  for await (const page of pages) {
    found.push(...items(page) ?? []);
    count++;
  }
  return { items: found, pages: count };
}

const names = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}-${`${index}`.padStart(3, '0')}`);

describe('SageMaker', () => {
  let client: SageMakerClient;
  const models = names(23, 'model');

  beforeAll(async () => {
    client = new SageMakerClient(options);
    for (const ModelName of models) { await client.send(new CreateModelCommand({ ModelName, PrimaryContainer: { Image: 'image' } })); }
  });

  test('models, page by page, each once and in order', async () => {
    const pages = paginateListModels({ client, pageSize: 5 }, { SortBy: 'Name', SortOrder: 'Ascending', NameContains: 'model' });
    expect(await all(pages, ({ Models }) => Models?.map(({ ModelName }) => ModelName))).toEqual({ items: models, pages: 5 });
  });

  test('endpoints and their configurations, once a waiter has seen them in service', async () => {
    const wanted = names(7, 'endpoint');
    for (const EndpointName of wanted) {
      const variant = { VariantName: 'main', ModelName: models[0], InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 } as const;
      await client.send(new CreateEndpointConfigCommand({ EndpointConfigName: EndpointName, ProductionVariants: [variant] }));
      await client.send(new CreateEndpointCommand({ EndpointName, EndpointConfigName: EndpointName }));
    }
    for (const EndpointName of wanted) { await waitUntilEndpointInService({ client, maxWaitTime: 600, minDelay: 1, maxDelay: 1 }, { EndpointName }); }
    const configs = paginateListEndpointConfigs({ client, pageSize: 3 }, { SortBy: 'Name', SortOrder: 'Ascending' });
    const found = await all(configs, ({ EndpointConfigs }) => EndpointConfigs?.map(({ EndpointConfigName }) => EndpointConfigName));
    expect(found).toEqual({ items: wanted, pages: 3 });
    const endpoints = paginateListEndpoints({ client, pageSize: 3 }, { SortBy: 'Name', SortOrder: 'Ascending', StatusEquals: 'InService' });
    expect(await all(endpoints, ({ Endpoints }) => Endpoints?.map(({ EndpointName }) => EndpointName))).toEqual({ items: wanted, pages: 3 });
  });

  test('recommendation jobs and the steps of one', async () => {
    const { ModelPackageArn: ModelPackageVersionArn } = await client.send(new CreateModelPackageCommand({
      ModelPackageName: 'package',
      ...packageRequest({
        specification: { SupportedRealtimeInferenceInstanceTypes: ['ml.c5.xlarge'], SupportedTransformInstanceTypes: ['ml.c5.xlarge'] },
      }),
    }));
    const jobs = names(12, 'job');
    for (const JobName of jobs) {
      await client.send(new CreateInferenceRecommendationsJobCommand({ JobName, JobType: 'Default', RoleArn: ROLE, InputConfig: { ModelPackageVersionArn } }));
    }
    await aws.world.clock.run(() => aws.world.clock.sleep(60 * 60_000));
    const pages = paginateListInferenceRecommendationsJobs({ client, pageSize: 5 }, { SortBy: 'Name', SortOrder: 'Ascending', StatusEquals: 'COMPLETED' });
    expect(await all(pages, ({ InferenceRecommendationsJobs: page }) => page?.map(({ JobName }) => JobName))).toEqual({ items: jobs, pages: 3 });
    const steps = paginateListInferenceRecommendationsJobSteps({ client, pageSize: 1 }, { JobName: jobs[0], StepType: 'BENCHMARK', Status: 'COMPLETED' });
    const found = await all(steps, ({ Steps }) => Steps?.map(({ InferenceBenchmark }) => InferenceBenchmark?.EndpointConfiguration?.EndpointName));
    expect(found.pages).toBe(found.items.length);
    expect(new Set(found.items).size).toBeGreaterThan(2);
  });
});

describe('CloudFormation', () => {
  let client: CloudFormationClient;
  const parameters = names(120, 'p');
  const stacks = names(105, 'stack');

  async function create(StackName: string, Resources: object, Outputs: object = {}): Promise<void> {
    await client.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify({ Resources, Outputs }) }));
  }

  beforeAll(async () => {
    client = new CloudFormationClient(options);
    const ids = parameters.map((name) => name.replace('-', ''));
    await create('large',
      Object.fromEntries(ids.map((id) => [id, { Type: 'AWS::SSM::Parameter', Properties: { Name: `/large/${id}`, Type: 'String', Value: id } }])),
      Object.fromEntries(ids.map((id) => [id, { Value: { Ref: id }, Export: { Name: id } }])));
    for (const name of stacks) { await create(name, { H: { Type: 'AWS::CloudFormation::WaitConditionHandle' } }); }
  });

  test('events, newest first', async () => {
    const { items, pages } = await all(paginateDescribeStackEvents({ client }, { StackName: 'large' }), ({ StackEvents }) => StackEvents);
    expect(pages).toBe(4);
    // A resource begins, is being made under its id, and is made.
    expect(items).toHaveLength(2 + 3 * parameters.length);
    expect(new Set(items.map(({ EventId }) => EventId)).size).toBe(items.length);
    expect(items[0]).toMatchObject({ LogicalResourceId: 'large', ResourceStatus: 'CREATE_COMPLETE' });
    expect(items.at(-1)).toMatchObject({ LogicalResourceId: 'large', ResourceStatus: 'CREATE_IN_PROGRESS' });
  });

  test('stacks, described and listed', async () => {
    const wanted = ['large', ...stacks];
    const described = await all(paginateDescribeStacks({ client }, {}), ({ Stacks }) => Stacks?.map(({ StackName }) => StackName));
    expect({ ...described, items: described.items.sort() }).toEqual({ items: wanted, pages: 2 });
    const list = (status: StackStatus) => all(
      paginateListStacks({ client }, { StackStatusFilter: [status] }), ({ StackSummaries }) => StackSummaries?.map(({ StackName }) => StackName));
    const listed = await list('CREATE_COMPLETE');
    expect({ ...listed, items: listed.items.sort() }).toEqual({ items: wanted, pages: 2 });
    expect(await list('DELETE_COMPLETE')).toEqual({ items: [], pages: 1 });
  });

  test('resources and exports', async () => {
    const resources = await all(paginateListStackResources({ client }, { StackName: 'large' }), ({ StackResourceSummaries }) => StackResourceSummaries);
    expect([resources.items.length, resources.pages]).toEqual([120, 2]);
    const found = await all(paginateListExports({ client }, {}), ({ Exports }) => Exports?.map(({ Value }) => Value));
    expect({ ...found, items: found.items.sort() }).toEqual({ items: parameters.map((name) => `/large/${name.replace('-', '')}`), pages: 2 });
  });
});

test('Systems Manager: parameters below a path', async () => {
  const client = new SSMClient(options);
  const wanted = names(23, '/shop/a');
  for (const Name of [...wanted, '/shop/deeper/b', '/shopping']) {
    await client.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String' }));
  }
  const below = (Recursive: boolean) => all(
    paginateGetParametersByPath({ client, pageSize: 10 }, { Path: '/shop', Recursive }), ({ Parameters }) => Parameters?.map(({ Name }) => Name));
  expect(await below(false)).toEqual({ items: wanted, pages: 3 });
  expect(await below(true)).toEqual({ items: [...wanted, '/shop/deeper/b'], pages: 3 });
});

test('Step Functions: executions and the history of one', async () => {
  const client = new SFNClient(options);
  const definition = JSON.stringify({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 1, Next: 'P' }, P: { Type: 'Pass', End: true } } });
  const { stateMachineArn } = await client.send(new CreateStateMachineCommand({ name: 'm', definition, roleArn: ROLE }));
  const started = [];
  for (const name of names(7, 'e')) { started.push((await client.send(new StartExecutionCommand({ stateMachineArn, name }))).executionArn!); }
  await aws.world.clock.settled();
  const listed = await all(
    paginateListExecutions({ client, pageSize: 3 }, { stateMachineArn }), ({ executions }) => executions?.map(({ executionArn }) => executionArn));
  expect({ ...listed, items: listed.items.sort() }).toEqual({ items: started, pages: 3 });
  const history = paginateGetExecutionHistory({ client, pageSize: 2 }, { executionArn: started[0] });
  expect(await all(history, ({ events }) => events?.map(({ id }) => id))).toEqual({ items: [1, 2, 3, 4, 5, 6], pages: 3 });
});
