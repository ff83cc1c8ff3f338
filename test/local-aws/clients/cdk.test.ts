import { CfnOutput, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { Apps, CdkAccount } from './cdk-account';

const opened = CdkAccount.open();
afterAll(async () => (await opened).close());

/** A stack of Systems Manager parameters, each after the one before. */
function parameters(values: Readonly<Record<string, readonly [name: string, value: string]>>): (stack: Stack) => void {
  return (stack) => {
    let before: CfnResource | undefined;
    for (const [id, [Name, Value]] of Object.entries(values)) {
      const parameter = new CfnResource(stack, id, { type: 'AWS::SSM::Parameter', properties: { Name, Type: 'String', Value } });
      if (before) { parameter.addDependency(before); }
      before = parameter;
    }
  };
}

const QUIETLY = ['--require-approval', 'never'];

test.concurrent('bootstrap makes the toolkit stack', async () => {
  const account = await opened;
  expect(await account.command('bootstrap', 'aws://111111111111/eu-west-1')).toMatchObject({
    exitCode: 0, output: expect.stringContaining('Environment aws://111111111111/eu-west-1 bootstrapped.'),
  });
  const { cloudformation, ssm } = account.region('eu-west-1');
  expect(cloudformation.get('CDKToolkit').status).toBe('CREATE_COMPLETE');
  expect(ssm.parameters.get('/cdk-bootstrap/hnb659fds/version')).toMatchObject({ Version: 2 });
});

test.concurrent('deploy by change set, diff, deploy --method=direct, destroy', async () => {
  const account = await opened;
  const app = (value: string) => ({ Life: parameters({ P: ['/life', value] }) });
  const create = () => account.run(app('one'), 'deploy', 'Life', ...QUIETLY);
  expect(await account.changes('Life', async () => expect(await create()).toMatchObject({ exitCode: 0 }))).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
  expect(account.parameter('/life')).toBe('one');

  const { exitCode, output } = await account.run(app('two'), 'diff', '--fail');
  expect(output).toMatch(/\[~\] AWS::SSM::Parameter P P\s.*\[~\] Value\s.*\[-\] one\s.*\[\+\] two\s[^]*Number of stacks with differences: 1/);
  expect([exitCode, account.parameter('/life')]).toEqual([1, 'one']);

  const deploy = () => account.run(app('two'), 'deploy', 'Life', '--method=direct', ...QUIETLY);
  expect(await account.changes('Life', async () => expect(await deploy()).toMatchObject({ exitCode: 0 }))).toEqual(['UpdateStack']);
  expect(account.parameter('/life')).toBe('two');
  expect(account.stack('Life').status).toBe('UPDATE_COMPLETE');
  expect(await account.run(app('two'), 'destroy', 'Life', '--force')).toMatchObject({ exitCode: 0 });
  expect(account.parameter('/life')).toBeUndefined();
  expect(account.stack('Life').status).toBe('DELETE_COMPLETE');
});

test.concurrent('deploy --no-rollback stops at a failure, the next one resumes there, and rollback brings back what was', async () => {
  const account = await opened;
  const deploy = (app: Apps) => account.run(app, 'deploy', 'Paused', '--no-rollback', ...QUIETLY);
  const app = (first: string, last: string) => ({ Paused: parameters({ First: ['/first', first], Last: ['/last', last] }) });
  const state = () => [account.stack('Paused').status, account.parameter('/first'), account.parameter('/last')];
  const tooLong = 'x'.repeat(9000);
  expect(await deploy(app('one', tooLong))).toMatchObject({ exitCode: 1, output: expect.stringContaining('❌  Paused failed') });
  expect(state()).toEqual(['CREATE_FAILED', 'one', undefined]);
  const before = account.stack('Paused').events.length;

  expect(await deploy(app('one', 'v'))).toMatchObject({ exitCode: 0 });
  expect(state().slice(1)).toEqual(['one', 'v']);
  expect(account.events('Paused', before).filter((event) => event.startsWith('First'))).toEqual([]);

  expect(await deploy(app('two', tooLong))).toMatchObject({ exitCode: 1 });
  expect(state()).toEqual(['UPDATE_FAILED', 'two', 'v']);
  expect(await account.run(app('two', tooLong), 'rollback', 'Paused')).toMatchObject({ exitCode: 0 });
  expect(state()).toEqual(['UPDATE_ROLLBACK_COMPLETE', 'one', 'v']);
});

test.concurrent('stacks that need nothing of each other deploy at once, and one that does comes after', async () => {
  const account = await opened;
  const stacks = {
    Left: (stack: Stack) => {
      parameters({ P: ['/left', 'v'] })(stack);
      new CfnOutput(stack, 'Out', { value: 'from the left', exportName: 'left' });
    },
    Right: parameters({ P: ['/right', 'v'] }),
    After: (stack: Stack) => {
      parameters({ P: ['/after', Fn.importValue('left')] })(stack);
      stack.addDependency(stack.node.root.node.findChild('Left') as Stack);
    },
  };
  expect(await account.run(stacks, 'deploy', '--all', '--concurrency', '3', ...QUIETLY)).toMatchObject({ exitCode: 0 });
  expect(['Left', 'Right', 'After'].map((name) => account.stack(name).status)).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE', 'CREATE_COMPLETE']);
  expect(account.parameter('/after')).toBe('from the left');
  expect(await account.run(stacks, 'destroy', '--all', '--force', '--concurrency', '3')).toMatchObject({ exitCode: 0 });
  expect(['/left', '/right', '/after'].map((name) => account.parameter(name))).toEqual([undefined, undefined, undefined]);
});

test.concurrent('what is not there is told by name', async () => {
  const account = await opened;
  const wait = (stack: Stack) => { new CfnResource(stack, 'Wait', { type: 'AWS::CloudFormation::WaitCondition' }); };
  expect(await account.run({ Waits: wait }, 'deploy', 'Waits', ...QUIETLY)).toMatchObject({
    exitCode: 1, output: expect.stringContaining('AWS::CloudFormation::WaitCondition is not part of the local AWS'),
  });
  expect(await account.run({ Waits: wait }, 'drift', 'Waits')).toMatchObject({ exitCode: 1, output: expect.stringContaining('DetectStackDrift') });
});
