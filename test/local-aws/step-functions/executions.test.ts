import { Bench, ROLE, START } from './fixtures';
import { resources } from '../../../local-aws/step-functions/resources';

let bench: Bench;
beforeEach(() => { bench = new Bench({ stands: true }); });

const waiting = { W: { Type: 'Wait', Seconds: 60, End: true } };
const forever = { A: { Type: 'Wait', Seconds: 60, Next: 'B' }, B: { Type: 'Wait', Seconds: 60, Next: 'A' } };

describe('machines', () => {
  const definition = JSON.stringify({ StartAt: 'W', States: waiting });

  test('are made, described, listed and updated', async () => {
    const stateMachineArn = await bench.machine(waiting);
    expect(stateMachineArn).toBe('arn:aws:states:eu-west-1:111122223333:stateMachine:m1');
    expect(await bench.call('DescribeStateMachine', { stateMachineArn })).toMatchObject({ status: 'ACTIVE', roleArn: ROLE, definition, creationDate: new Date(START) });
    expect(await bench.call('ListStateMachines')).toMatchObject({ stateMachines: [{ name: 'm1' }] });
    await bench.call('UpdateStateMachine', { stateMachineArn, roleArn: `${ROLE}2` });
    expect(await bench.call('DescribeStateMachine', { stateMachineArn })).toMatchObject({ roleArn: `${ROLE}2`, definition });
  });

  test('of a name are one: the same again is the same, another is refused', async () => {
    const machine = { name: 'm', definition, roleArn: ROLE };
    expect(await bench.call('CreateStateMachine', machine)).toEqual(await bench.call('CreateStateMachine', machine));
    expect(await bench.refused('CreateStateMachine', { ...machine, roleArn: `${ROLE}2` })).toMatchObject({ code: 'StateMachineAlreadyExists', status: 400 });
  });

  test.each<[string, object, string]>([
    ['CreateStateMachine', { name: 'a b', definition, roleArn: ROLE }, 'InvalidName'],
    ['CreateStateMachine', { name: 'm', definition, roleArn: 'role' }, 'InvalidArn'],
    ['CreateStateMachine', { name: 'm', definition: '{', roleArn: ROLE }, 'InvalidDefinition'],
    ['CreateStateMachine', { name: 'm', definition, roleArn: ROLE, type: 'EXPRESS' }, 'StateMachineTypeNotSupported'],
    ['CreateStateMachine', { name: 'm' }, 'ValidationException'],
    ['DescribeStateMachine', { stateMachineArn: 'm' }, 'InvalidArn'],
    ['DescribeStateMachine', { stateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:none' }, 'StateMachineDoesNotExist'],
    ['DescribeExecution', { executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:m:none' }, 'ExecutionDoesNotExist'],
    ['DescribeExecution', { executionArn: 5 }, 'SerializationException'],
  ])('%s %j is refused: %s', async (operation, input, code) => {
    expect(await bench.refused(operation, input)).toMatchObject({ code, status: 400 });
  });

  test('being deleted end their executions at the next transition, and are gone then', async () => {
    const machine = await bench.machine(forever);
    const execution = await bench.start(machine);
    await bench.call('DeleteStateMachine', { stateMachineArn: machine });
    expect(await bench.call('DescribeStateMachine', { stateMachineArn: machine })).toMatchObject({ status: 'DELETING' });
    expect(await bench.refused('StartExecution', { stateMachineArn: machine })).toMatchObject({ code: 'StateMachineDeleting' });
    await bench.world.clock.advance(60_000);
    expect(execution.status).toBe('ABORTED');
    expect(await bench.refused('DescribeStateMachine', { stateMachineArn: machine })).toMatchObject({ code: 'StateMachineDoesNotExist' });
    expect(await bench.call('DeleteStateMachine', { stateMachineArn: machine })).toEqual({});
  });
});

describe('definitions', () => {
  const S = { Type: 'Succeed' };
  const task = { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:sagemaker:describeModel', End: true };
  const compare = { Variable: '$.a', Next: 'S' };

  test.each<[object, RegExp]>([
    [{ Processor: {} }, /The field 'Processor' is not supported at \//],
    [{ QueryLanguage: 'JSONata' }, /The query language JSONata is not supported by the local AWS/],
  ])('with %j are refused by name', async (rest, message) => {
    await expect(bench.machine({ S }, rest)).rejects.toMatchObject({ code: 'InvalidDefinition', message: expect.stringMatching(message) });
  });

  test.each<[string, Record<string, object>, RegExp]>([
    ['a state type', { P: { Type: 'Parallel', Branches: [] } }, /The state type 'Parallel' is not supported by the local AWS at \/States\/P/],
    ['a field', { P: { Type: 'Pass', Assign: {}, End: true } }, /The field 'Assign' is not supported/],
    ['a service', { T: { ...task, Resource: 'arn:aws:states:::sns:publish' } }, /The resource arn:aws:states:::sns:publish is not supported/],
    ['an action', { T: { ...task, Resource: 'arn:aws:states:::aws-sdk:sagemaker:listApps' } }, /listApps is not supported/],
    ['an action in the wrong case', { T: { ...task, Resource: 'arn:aws:states:::aws-sdk:sagemaker:DescribeModel' } }, /is not supported/],
    ['a pattern', { T: { ...task, Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' } }, /is not supported/],
    ['an intrinsic function', { P: { Type: 'Pass', Parameters: { 'a.$': 'States.UUID()' }, End: true } }, /The expression States\.UUID\(\) is not supported/],
    ['a path', { P: { Type: 'Pass', InputPath: '$..a', End: true } }, /The path \$\.\.a is not supported/],
    ['a comparison', { C: { Type: 'Choice', Choices: [{ ...compare, NumericNear: 1 }] }, S }, /The operator NumericNear is not supported/],
    ['a retry\'s field', { T: { ...task, Retry: [{ ErrorEquals: ['a'], Forever: true }] } }, /The field 'Forever' is not supported/],
  ])('with %s that is not known are refused by name', async (_what, states, message) => {
    await expect(bench.machine(states)).rejects.toMatchObject({ code: 'InvalidDefinition', message: expect.stringMatching(message) });
  });

  test.each<[string, Record<string, object>, RegExp]>([
    ['a target that is missing', { P: { Type: 'Pass', Next: 'None' } }, /MISSING_TRANSITION_TARGET: Missing transition target "None"/],
    ['a state that is never reached', { S, T: { ...S } }, /MISSING_TRANSITION_TARGET: State "T" is not reachable/],
    ['neither Next nor End', { P: { Type: 'Pass' } }, /Exactly one of Next, End/],
    ['two ways to wait', { W: { Type: 'Wait', Seconds: 1, Timestamp: '2026-01-01T00:00:00Z', End: true } }, /Exactly one of Seconds/],
    ['two operators', { C: { Type: 'Choice', Choices: [{ ...compare, IsNull: true, IsPresent: true }] }, S }, /exactly one operator/],
    ['States.ALL among others', { T: { ...task, Retry: [{ ErrorEquals: ['States.ALL', 'a'] }] } }, /States\.ALL must stand alone/],
    ['States.ALL before others', { T: { ...task, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['a'] }] } }, /States\.ALL must stand alone/],
    ['a heartbeat longer than the task', { T: { ...task, TimeoutSeconds: 5, HeartbeatSeconds: 5 } }, /HeartbeatSeconds must be smaller/],
  ])('with %s are refused', async (_what, states, message) => {
    await expect(bench.machine(states)).rejects.toMatchObject({ code: 'InvalidDefinition', message: expect.stringMatching(message) });
  });
});

describe('executions', () => {
  test('run under the clock, and are described', async () => {
    const { arn: executionArn, name } = await bench.start(await bench.machine(waiting), { a: 1 });
    expect(await bench.call('DescribeExecution', { executionArn })).toMatchObject({ name, status: 'RUNNING', input: '{"a":1}', startDate: new Date(START) });
    await bench.world.clock.advance(60_000);
    expect(await bench.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}', stopDate: new Date(START + 60_000) });
  });

  test('of the same name and input are one while they run', async () => {
    const machine = await bench.machine(waiting);
    const first = await bench.start(machine, { a: 1 }, 'run');
    expect(await bench.start(machine, { a: 1 }, 'run')).toBe(first);
    expect(await bench.refused('StartExecution', { stateMachineArn: machine, name: 'run', input: '{"a":2}' })).toMatchObject({ code: 'ExecutionAlreadyExists' });
    await bench.world.clock.advance(60_000);
    expect(await bench.refused('StartExecution', { stateMachineArn: machine, name: 'run', input: '{"a":1}' })).toMatchObject({ code: 'ExecutionAlreadyExists' });
    expect(bench.region.stepFunctions.executions.size).toBe(1);
  });

  test('may have a name again after 90 days', async () => {
    const machine = await bench.machine(waiting);
    const first = await bench.start(machine, {}, 'run');
    await bench.world.clock.advance(91 * 86_400_000);
    expect(await bench.start(machine, {}, 'run')).not.toBe(first);
  });

  test.each<[object, string]>([
    [{ name: 'x'.repeat(81) }, 'ValidationException'],
    [{ name: 'a/b' }, 'InvalidName'],
    [{ input: 'text' }, 'InvalidExecutionInput'],
    [{ input: 'x'.repeat(262_145) }, 'ValidationException'],
  ])('are refused with %j', async (rest, code) => {
    expect(await bench.refused('StartExecution', { stateMachineArn: await bench.machine(waiting), ...rest })).toMatchObject({ code });
  });

  test('are stopped where they stand, and nothing catches that', async () => {
    const task = { Type: 'Task', Resource: bench.lambda('f', (_payload, { clock }) => clock.sleep(3_600_000)), End: true };
    const states = { T: { ...task, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }] }, S: { Type: 'Succeed' } };
    for (const machine of [await bench.machine(forever), await bench.machine(states)]) {
      const execution = await bench.start(machine);
      await bench.world.clock.advance(10_000);
      const { stopDate } = await bench.call('StopExecution', { executionArn: execution.arn, error: 'E', cause: 'C' });
      await bench.world.clock.advance(7_200_000);
      expect(execution).toMatchObject({ status: 'ABORTED', error: 'E', cause: 'C', stopDate, transitions: 1 });
      expect(execution.history.at(-1)).toMatchObject({ type: 'ExecutionAborted' });
    }
  });

  test('are listed newest first, by status and page by page', async () => {
    const machine = await bench.machine(waiting);
    for (const name of ['a', 'b', 'c']) {
      await bench.start(machine, {}, name);
      await bench.world.clock.advance(25_000);
    }
    const list = async (filter: object) => {
      const { executions, nextToken } = await bench.call('ListExecutions', { stateMachineArn: machine, ...filter });
      return [executions.map(({ name }: any) => name), nextToken];
    };
    expect(await list({})).toEqual([['c', 'b', 'a'], undefined]);
    expect(await list({ statusFilter: 'RUNNING' })).toEqual([['c', 'b'], undefined]);
    const [first, nextToken] = await list({ maxResults: 2 });
    expect([first, await list({ nextToken })]).toEqual([['c', 'b'], [['a'], undefined]]);
    expect(await bench.refused('ListExecutions', { stateMachineArn: machine, nextToken: 'x' })).toMatchObject({ code: 'InvalidToken' });
  });

  test('have a history', async () => {
    const { arn: executionArn } = await bench.start(await bench.machine(waiting));
    await bench.world.clock.advance(60_000);
    const { events } = await bench.call('GetExecutionHistory', { executionArn });
    expect(events.map(({ id, previousEventId, type }: any) => [id, previousEventId, type])).toEqual([
      [1, 0, 'ExecutionStarted'], [2, 1, 'WaitStateEntered'], [3, 2, 'WaitStateExited'], [4, 3, 'ExecutionSucceeded'],
    ]);
    expect((await bench.call('GetExecutionHistory', { executionArn, reverseOrder: true, maxResults: 1 })).events).toMatchObject([{ type: 'ExecutionSucceeded' }]);
  });
});

describe('the resource', () => {
  const provider = resources['AWS::StepFunctions::StateMachine'];
  const request = (properties: object, physicalId = '') => ({
    region: bench.region,
    stackId: 's',
    stackName: 'app',
    logicalId: 'Machine',
    type: 'AWS::StepFunctions::StateMachine',
    properties: { RoleArn: ROLE, ...properties },
    oldProperties: {},
    physicalId,
    tags: {},
    generatedName: () => 'Machine-1',
  });
  const definitionString = JSON.stringify({ StartAt: 'F', States: { F: { Type: 'Fail', Error: '${Name}', Cause: '${Other}' } } });

  test('is made, updated in place, and gone once its executions are', async () => {
    const { physicalId, attributes } = await provider.create(request({ DefinitionString: definitionString, DefinitionSubstitutions: { Name: 'E' } }));
    expect(physicalId).toBe('arn:aws:states:eu-west-1:111122223333:stateMachine:Machine-1');
    expect(attributes).toMatchObject({ Arn: physicalId, Name: 'Machine-1' });
    expect((await bench.call('DescribeStateMachine', { stateMachineArn: physicalId })).definition).toContain('"Error":"E","Cause":"${Other}"');

    const updated = await provider.update(request({ Definition: { StartAt: 'A', States: forever }, RoleArn: `${ROLE}2` }, physicalId));
    expect(updated).toMatchObject({ physicalId });
    expect(updated.attributes.StateMachineRevisionId).not.toBe(attributes.StateMachineRevisionId);

    await bench.start(physicalId);
    const deletion = bench.world.clock.run(() => provider.delete(request({}, physicalId)));
    await bench.world.clock.advance(70_000);
    await deletion;
    expect(await bench.call('ListStateMachines')).toEqual({ stateMachines: [] });
    await provider.delete(request({}, physicalId));
  });
});
