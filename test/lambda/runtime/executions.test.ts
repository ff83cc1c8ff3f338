import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { DescribeExecution, ListExecutions, StartExecution, stepFunctionsExecutions, StopExecution } from '../../../lambda/runtime/executions';
import { LocalAws, startLocalAws, VirtualClock } from '../../../local-aws';
import { callIn } from '../../harness/clients';
import { ACCOUNT, REGION } from '../../harness/place';

let aws: LocalAws;
let stateMachineArn: string;
let executions: ReturnType<typeof stepFunctionsExecutions>;

beforeAll(async () => {
  // An execution that waits goes on waiting.
  aws = await startLocalAws({ clock: new VirtualClock({ jumps: false }) });
  const region = aws.world.region(ACCOUNT, REGION);
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'states.amazonaws.com' } }] };
  await region.clock.run(async () => {
    const { arn: roleArn } = region.iam.createRole('machine', trust);
    const definition = JSON.stringify({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 90_000, End: true } } });
    ({ stateMachineArn } = await region.stepFunctions.operations.CreateStateMachine({ name: 'waits', roleArn, definition }, callIn(region)) as any);
  });
  executions = stepFunctionsExecutions(new SageMakerClient(aws.client()).config, aws.endpoint);
});
afterAll(() => aws.close());

test('an execution is started, listed with its time, described and stopped', async () => {
  await executions.send(new StartExecution({ stateMachineArn, name: 'one', input: '{"a":"ü"}' }));
  const { executions: [found] = [] } = await executions.send(new ListExecutions({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 10 }));
  expect(found).toMatchObject({ name: 'one', startDate: expect.any(Date) });
  expect(Math.abs(found.startDate.getTime() - aws.world.clock.now())).toBeLessThan(3_600_000);
  const { executionArn } = found;
  expect(await executions.send(new DescribeExecution({ executionArn }))).toMatchObject({ input: '{"a":"ü"}' });
  await executions.send(new StopExecution({ executionArn, cause: 'It is over.' }));
  expect(await executions.send(new ListExecutions({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 10 }))).toMatchObject({ executions: [] });
});

test('an error has the service\'s name', async () => {
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:none`;
  await expect(executions.send(new StopExecution({ executionArn, cause: '' }))).rejects.toMatchObject({ name: 'ExecutionDoesNotExist', $metadata: { httpStatusCode: 400 } });
  await executions.send(new StartExecution({ stateMachineArn, name: 'twice', input: '{}' }));
  await expect(executions.send(new StartExecution({ stateMachineArn, name: 'twice', input: '{"b":1}' }))).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
});

test('an answer that ends midway is asked for again', async () => {
  let asked = 0;
  const half = async function* () {
    yield Buffer.from('{"executions":[');
    throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
  };
  const whole = async function* () { yield Buffer.from('{"executions":[]}'); };
  const handle = async () => ({ response: { statusCode: 200, headers: {}, body: ++asked < 3 ? half() : whole() } });
  const { config } = new SageMakerClient({ ...aws.client(), requestHandler: { handle } as any });
  const list = new ListExecutions({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 10 });
  expect([await stepFunctionsExecutions(config, aws.endpoint).send(list), asked]).toEqual([{ executions: [] }, 3]);
});
