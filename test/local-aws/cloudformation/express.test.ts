import { Bench, custom, template, topic } from './bench';

// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-express-mode.html
const EXPRESS = { DeploymentConfig: { Mode: 'EXPRESS' } };
const WITH_ROLLBACK = { DeploymentConfig: { Mode: 'EXPRESS', DisableRollback: 'false' } };
const BACKGROUND = 'Resource operation completed using Express Mode. It may continue becoming available in the background.';

let bench: Bench;
let ok: string;
let broken: string;

beforeEach(() => {
  bench = new Bench();
  ok = bench.fn('ok');
  broken = bench.fn('broken', ({ RequestType }) => RequestType === 'Delete' ? {} : { Status: 'FAILED', Reason: 'broken' });
});

/** An endpoint `live` and what it needs. */
function endpoint(type = 'ml.c5.xlarge'): Record<string, any> {
  return {
    Model: {
      Type: 'AWS::SageMaker::Model',
      Properties: { ModelName: 'model', ExecutionRoleArn: 'arn:aws:iam::111111111111:role/model', PrimaryContainer: { Image: 'image' } },
    },
    Config: {
      Type: 'AWS::SageMaker::EndpointConfig',
      Properties: { EndpointConfigName: type.replace(/\./g, '-'), ProductionVariants: [{ VariantName: 'main', ModelName: 'model', InstanceType: type, InitialInstanceCount: 1 }] },
      DependsOn: 'Model',
    },
    Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointName: 'live', EndpointConfigName: { 'Fn::GetAtt': ['Config', 'EndpointConfigName'] } } },
  };
}

const live = () => bench.region.sagemaker.state.endpoints.get('live');
const pass = (minutes: number) => bench.region.clock.run(() => bench.region.clock.sleep(minutes * 60_000));
const requests = () => bench.asked.map(({ RequestType, LogicalResourceId }) => `${RequestType} ${LogicalResourceId}`);

/** A function that tells in which state it finds the endpoint. */
const seen: string[] = [];
function watcher(): string {
  seen.length = 0;
  return bench.fn('watcher', ({ RequestType }) => {
    seen.push(`${RequestType} ${live()?.status}`);
    return {};
  });
}

test('what depends on an endpoint is made while the endpoint is being created; it is in service minutes after the stack', async () => {
  const resources = { ...endpoint(), Watcher: custom(watcher(), {}, { DependsOn: 'Endpoint' }) };
  // The clock would go on to the end of the creation if nothing held it.
  await bench.region.clock.run(async () => {
    await bench.stacks.operations.CreateStack({ StackName: 's', TemplateBody: JSON.stringify(template(resources)), ...EXPRESS }, bench as any);
    expect([bench.stacks.find('s')!.status, live()!.status, live()!.variants]).toEqual(['CREATE_COMPLETE', 'Creating', undefined]);
  });
  expect(seen).toEqual(['Create Creating']);
  const stack = bench.stacks.find('s')!;
  const reasons = Object.fromEntries([...stack.resources.values()].map(({ logicalId, reason }) => [logicalId, reason]));
  expect(reasons).toEqual({ Model: BACKGROUND, Config: BACKGROUND, Endpoint: BACKGROUND, Watcher: undefined });
  await pass(5);
  expect(live()!.status).toBe('InService');
});

test('in standard mode the endpoint is in service first, and nothing goes on in the background', async () => {
  const stack = await bench.deploy('s', template({ ...endpoint(), Watcher: custom(watcher(), {}, { DependsOn: 'Endpoint' }) }), { DeploymentConfig: { Mode: 'STANDARD' } });
  expect(seen).toEqual(['Create InService']);
  expect(stack.events.some(({ reason }) => reason === BACKGROUND)).toBe(false);
});

test('a custom resource is waited for', async () => {
  const later = bench.fn('later', (event) => bench.later(40 * 60_000, event));
  const stack = await bench.deploy('s', template({ A: custom(later), B: topic({}, { DependsOn: 'A' }) }), EXPRESS);
  const at = (id: string, status: string) => stack.events.find((event) => event.logicalId === id && event.status === status)!.virtualTime;
  expect(stack.status).toBe('CREATE_COMPLETE');
  expect(at('B', 'CREATE_IN_PROGRESS') - at('A', 'CREATE_IN_PROGRESS')).toBe(40 * 60_000);
});

test('a component is tried again while its endpoint is being created', async () => {
  const { Model, Config, Endpoint } = endpoint('ml.g5.12xlarge');
  const variant = { VariantName: 'main', InstanceType: 'ml.g5.12xlarge', InitialInstanceCount: 1 };
  const Component = {
    Type: 'AWS::SageMaker::InferenceComponent',
    Properties: {
      InferenceComponentName: 'copies',
      EndpointName: { 'Fn::GetAtt': ['Endpoint', 'EndpointName'] },
      VariantName: 'main',
      Specification: { ModelName: 'model', ComputeResourceRequirements: { NumberOfAcceleratorDevicesRequired: 1, MinMemoryRequiredInMb: 1024 } },
      RuntimeConfig: { CopyCount: 2 },
    },
  };
  const Served = { ...Config, Properties: { ...Config.Properties, ExecutionRoleArn: 'arn:aws:iam::111111111111:role/model', ProductionVariants: [variant] } };
  const stack = await bench.deploy('s', template({ Model, Config: Served, Endpoint, Component }), EXPRESS);
  expect([stack.status, live()!.status]).toEqual(['CREATE_COMPLETE', 'InService']);
  await pass(10);
  expect(bench.region.sagemaker.state.components.get('copies')!.status).toBe('InService');
});

test('an update answers while the endpoint is updating, and a delete tries again until it is at rest, and answers while it goes', async () => {
  await bench.deploy('s', template(endpoint()), EXPRESS);
  await pass(5);
  const Watcher = custom(watcher(), {}, { DependsOn: 'Endpoint' });
  await bench.region.clock.run(async () => {
    // A configuration is replaced, which needs rollback: see below.
    await bench.stacks.operations.UpdateStack({ StackName: 's', TemplateBody: JSON.stringify(template({ ...endpoint('ml.c5.2xlarge'), Watcher })), ...WITH_ROLLBACK }, bench as any);
    expect(seen).toEqual(['Create Updating']);
    await bench.stacks.operations.DeleteStack({ StackName: 's', ...EXPRESS }, bench as any);
    expect([[...bench.stacks.stacks.values()].pop()!.status, live()!.status]).toEqual(['DELETE_COMPLETE', 'Deleting']);
  });
  await pass(5);
  expect(live()).toBeUndefined();
});

describe('rollback', () => {
  test('is off: what else runs goes on, and the stack stays', async () => {
    const later = bench.fn('later', (event) => bench.later(60_000, event));
    const stack = await bench.deploy('s', template({ A: custom(broken), C: custom(later), D: topic({}, { DependsOn: 'C' }) }), EXPRESS);
    expect([...stack.resources.values()].map(({ logicalId, status }) => `${logicalId} ${status}`)).toEqual(['A CREATE_FAILED', 'C CREATE_COMPLETE', 'D CREATE_COMPLETE']);
    expect([stack.status, stack.disableRollback]).toEqual(['CREATE_FAILED', true]);
  });

  test('may be switched on, and then deletes what is still being created', async () => {
    const stack = await bench.deploy('s', template({ ...endpoint(), A: custom(broken, {}, { DependsOn: 'Endpoint' }) }), WITH_ROLLBACK);
    expect([stack.status, stack.disableRollback]).toEqual(['ROLLBACK_COMPLETE', false]);
    await pass(10);
    expect(live()).toBeUndefined();
  });

  test.each([[{ DisableRollback: 'true' }, 'CREATE_FAILED'], [{ DisableRollback: 'false' }, 'ROLLBACK_COMPLETE'], [{ OnFailure: 'ROLLBACK' }, 'ROLLBACK_COMPLETE']])(
    'follows %j of the request', async (more, status) => {
      expect((await bench.deploy('s', template({ A: custom(broken) }), { ...EXPRESS, ...more })).status).toBe(status);
    });

  test('that is off replaces nothing', async () => {
    const stack = await bench.deploy('s', template({ A: topic({ TopicName: '1' }) }), EXPRESS);
    await bench.deploy('s', template({ A: topic({ TopicName: '2' }) }), EXPRESS);
    expect(stack.resources.get('A')!.reason).toBe('Replacement type updates not supported on stack with disable-rollback.');
  });

  test('is given once', async () => {
    await expect(bench.deploy('s', template({ A: topic() }), { ...WITH_ROLLBACK, DisableRollback: 'true' })).rejects.toThrow('cannot be specified with');
  });
});

// github.com/aws/aws-cdk-cli/issues/1739
test('what failed in express mode goes on in express mode only', async () => {
  const resources = template({ A: custom(ok), B: custom(broken, {}, { DependsOn: 'A' }) });
  const stack = await bench.deploy('s', resources, EXPRESS);
  const sentence = 'Follow-up operations must use the same DeploymentConfig (mode=EXPRESS)';
  await expect(bench.deploy('s', resources, { DisableRollback: 'true' })).rejects.toThrow(sentence);
  const changeSet = { StackName: 's', ChangeSetName: 'next', TemplateBody: JSON.stringify(resources) };
  await expect(bench.op('CreateChangeSet', changeSet)).rejects.toThrow(sentence);
  await expect(bench.op('RollbackStack', { StackName: 's' })).rejects.toThrow('RollbackStack is not supported for stacks that were last updated using EXPRESS');
  bench.fn('broken');
  await bench.op('CreateChangeSet', { ...changeSet, ...EXPRESS });
  expect(await bench.op('DescribeChangeSet', { StackName: 's', ChangeSetName: 'next' })).toMatchObject(EXPRESS);
  await bench.op('ExecuteChangeSet', { StackName: 's', ChangeSetName: 'next' });
  expect([stack.status, ...requests()]).toEqual(['UPDATE_COMPLETE', 'Create A', 'Create B', 'Delete B', 'Create B']);
  expect(await bench.op('DescribeStacks', { StackName: 's' })).toMatchObject({ Stacks: [{ DeploymentConfig: { Mode: 'EXPRESS' } }] });
  await bench.deploy('s', template({ A: custom(ok) }));
  expect(await bench.op('DescribeStacks', { StackName: 's' })).toMatchObject({ Stacks: [{ DeploymentConfig: { Mode: 'STANDARD' } }] });
});

test('a mode that does not exist is refused by its values', async () => {
  await expect(bench.deploy('s', template({ A: topic() }), { DeploymentConfig: { Mode: 'FAST' } })).rejects.toThrow('Member must satisfy enum value set: [STANDARD, EXPRESS]');
});
