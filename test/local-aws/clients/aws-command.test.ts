import { execFile, spawnSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { LocalAws, startLocalAws } from '../../../local-aws';
import { UNTIL_DONE_FOR_TOOLS } from '../../harness/waiting';

const version = spawnSync('aws', ['--version'], { encoding: 'utf8' });
const isThere = version.status === 0;
if (!isThere) { process.stdout.write('SKIPPED: the tests of the aws command, for there is no `aws` on the PATH. Debian has it: apt-get install awscli\n'); }

const ROLE = 'arn:aws:iam::111111111111:role/Job';
const ASSETS = 's3://cdk-hnb659fds-assets-111111111111-us-east-1';
const folder = mkdtempSync(join(tmpdir(), 'aws-command-'));
let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws(UNTIL_DONE_FOR_TOOLS);
  const Principal = { Service: ['sagemaker.amazonaws.com', 'states.amazonaws.com'] };
  const iam = region().iam;
  iam.createRole('Job', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] }, { Description: 'benchmarks' });
  iam.putRolePolicy('Job', 'read', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] });
  aws.world.s3.createBucket('payloads', '111111111111', 'us-east-1');
  aws.world.s3.putObject('payloads', 'p.tar.gz', Buffer.from('x'));
});
afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

function run(...args: string[]): Promise<Run> {
  return runWith({}, ...args);
}

function runWith(environment: Record<string, string>, ...args: string[]): Promise<Run> {
  const { PATH = '', HOME = '' } = process.env;
  const options = { env: { PATH, HOME, ...aws.environment(), ...environment }, cwd: folder };
  return new Promise((resolve) => {
    // Version 2 listens to AWS_ENDPOINT_URL from 2.13 on only.
    execFile('aws', ['--endpoint-url', aws.endpoint, '--output', 'json', ...args], options, (error, out, told) => {
      resolve({ exitCode: error ? Number(error.code) : 0, out, error: told });
    });
  });
}

/** What a command answers, which must have worked. */
async function ask(...args: string[]): Promise<any> {
  const { exitCode, out, error } = await run(...args);
  expect({ args, exitCode, error }).toMatchObject({ exitCode: 0 });
  return out.trim() === '' ? undefined : JSON.parse(out);
}

const region = () => aws.world.region('111111111111', 'us-east-1');

const file = (name: string, content: unknown): string => {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return join(folder, name);
};

(isThere ? describe : describe.skip)(`the aws command (${version.stdout?.split(' ')[0]})`, () => {
  test.concurrent('deploys a stack, calls its function, reads its log, and deletes it', async () => {
    const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] };
    const logging = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    const template = file('stack.json', {
      Parameters: { Word: { Type: 'String' } },
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust, ManagedPolicyArns: [logging] } },
        Fn: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            FunctionName: 'echo',
            Runtime: 'nodejs22.x',
            Handler: 'index.handler',
            Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
            Environment: { Variables: { WORD: { Ref: 'Word' } } },
            Code: { ZipFile: 'exports.handler = async ({ name }) => { console.log("called by", name); return { said: `${process.env.WORD} ${name}` }; };' },
          },
        },
      },
      Outputs: { Name: { Value: { Ref: 'Fn' } } },
    });
    const deployed = await run(
      'cloudformation', 'deploy', '--stack-name', 'shop', '--template-file', template, '--parameter-overrides', 'Word=hello', '--capabilities', 'CAPABILITY_IAM');
    expect(deployed).toMatchObject({ exitCode: 0, out: expect.stringContaining('Successfully created/updated stack - shop') });
    expect((await ask('cloudformation', 'describe-stacks', '--stack-name', 'shop')).Stacks[0]).toMatchObject({
      StackStatus: 'CREATE_COMPLETE', Outputs: [{ OutputKey: 'Name', OutputValue: 'echo' }], Parameters: [{ ParameterKey: 'Word', ParameterValue: 'hello' }],
    });

    const payload = file('event.json', { name: 'world' });
    expect(await ask('lambda', 'invoke', '--function-name', 'echo', '--payload', `fileb://${payload}`, 'answer.json')).toMatchObject({ StatusCode: 200 });
    expect(JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8'))).toEqual({ said: 'hello world' });
    const { events } = await ask('logs', 'filter-log-events', '--log-group-name', '/aws/lambda/echo');
    expect(events.map(({ message }: any) => message).join('\n')).toContain('called by world');

    await ask('cloudformation', 'delete-stack', '--stack-name', 'shop');
    await ask('cloudformation', 'wait', 'stack-delete-complete', '--stack-name', 'shop');
  });

  test.concurrent('benchmarks a model, and lists page by page', async () => {
    for (const ModelName of ['m1', 'm2', 'm3']) {
      await region().sagemaker.call('CreateModel', { ModelName, ExecutionRoleArn: ROLE, PrimaryContainer: { Image: 'image' } });
    }
    const { Models } = await ask('sagemaker', 'list-models', '--page-size', '1', '--sort-by', 'Name', '--sort-order', 'Ascending');
    expect(Models.map(({ ModelName }: any) => ModelName)).toEqual(['m1', 'm2', 'm3']);
    const PayloadConfig = { SamplePayloadUrl: 's3://payloads/p.tar.gz', SupportedContentTypes: ['text/csv'] };
    const job = file('job.json', {
      ModelName: 'm1', ContainerConfig: { Domain: 'MACHINE_LEARNING', Task: 'CLASSIFICATION', Framework: 'XGBOOST', PayloadConfig },
    });
    await ask('sagemaker', 'create-inference-recommendations-job', '--job-name', 'j', '--job-type', 'Default', '--role-arn', ROLE, '--input-config', `file://${job}`);
    await aws.world.clock.run(() => aws.world.clock.sleep(45 * 60_000));
    const described = await ask('sagemaker', 'describe-inference-recommendations-job', '--job-name', 'j');
    expect(described).toMatchObject({ Status: 'COMPLETED', InferenceRecommendations: expect.arrayContaining([expect.anything()]) });
    const spaced = await run('sagemaker', 'describe-model', '--model-name', 'm 4');
    expect(spaced.exitCode).not.toBe(0);
    expect(spaced.error).toContain("(ValidationException) when calling the DescribeModel operation: 1 validation error detected: Value 'm 4' at 'modelName'");
  });

  test.concurrent('asks for quotas and prices, and simulates a role', async () => {
    const { Quotas } = await ask('service-quotas', 'list-service-quotas', '--service-code', 'sagemaker');
    const { QuotaCode } = Quotas.find(({ QuotaName }: any) => QuotaName === 'ml.c5.xlarge for endpoint usage');
    expect((await ask('service-quotas', 'get-service-quota', '--service-code', 'sagemaker', '--quota-code', QuotaCode)).Quota.Value).toBe(100);
    const filters = ['regionCode=us-west-2', 'instanceName=ml.m5.xlarge', 'component=Hosting'].map((one) => `Type=TERM_MATCH,Field=${one.replace('=', ',Value=')}`);
    const { PriceList } = await ask('pricing', 'get-products', '--service-code', 'AmazonSageMaker', '--filters', ...filters);
    expect(PriceList.map((text: string) => JSON.parse(text).product.attributes.location)).toEqual(['US West (Oregon)']);
    const simulated = await ask('iam', 'simulate-principal-policy', '--policy-source-arn', ROLE, '--action-names', 's3:GetObject', 's3:PutObject');
    expect(simulated.EvaluationResults.map(({ EvalDecision }: any) => EvalDecision)).toEqual(['allowed', 'implicitDeny']);
  });

  test.concurrent('keeps metrics and dashboards', async () => {
    await ask('cloudwatch', 'put-metric-data', '--namespace', 'Shop', '--metric-name', 'orders', '--value', '4', '--timestamp', '2026-01-01T00:00:30Z');
    const metric = { MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'orders' }, Period: 60, Stat: 'Sum' } };
    const queries = file('queries.json', [{ Id: 'm1', ...metric }, { Id: 'e1', Expression: 'm1*1000' }]);
    const times = ['--start-time', '2026-01-01T00:00:00Z', '--end-time', '2026-01-01T01:00:00Z'];
    const { MetricDataResults } = await ask('cloudwatch', 'get-metric-data', '--metric-data-queries', `file://${queries}`, ...times);
    expect(MetricDataResults).toMatchObject([{ Id: 'm1', Values: [4] }, { Id: 'e1', Values: [4000] }]);
    expect((await ask('cloudwatch', 'list-metrics', '--namespace', 'Shop')).Metrics).toMatchObject([{ MetricName: 'orders' }]);
    await ask('cloudwatch', 'put-dashboard', '--dashboard-name', 'shop', '--dashboard-body', '{"widgets":[]}');
    expect((await ask('cloudwatch', 'get-dashboard', '--dashboard-name', 'shop')).DashboardBody).toBe('{"widgets":[]}');
  });

  test.concurrent('copies files, keeps parameters, runs a state machine', async () => {
    const from = file('from.txt', 'bytes');
    await run('s3', 'cp', from, `${ASSETS}/a/b.txt`);
    await run('s3', 'cp', `${ASSETS}/a/b.txt`, join(folder, 'to.txt'));
    expect(readFileSync(join(folder, 'to.txt'), 'utf8')).toBe('bytes');
    region().ssm.put({ Name: '/a/b', Type: 'String', Value: 'v' });
    expect((await ask('ssm', 'get-parameters-by-path', '--path', '/a')).Parameters).toMatchObject([{ Name: '/a/b', Value: 'v' }]);
    const States = { W: { Type: 'Wait', Seconds: 3600, Next: 'P' }, P: { Type: 'Pass', Result: { a: 1 }, End: true } };
    const definition = file('machine.json', { StartAt: 'W', States });
    const { stateMachineArn } = await ask('stepfunctions', 'create-state-machine', '--name', 'm', '--role-arn', ROLE, '--definition', `file://${definition}`);
    const { executionArn } = await ask('stepfunctions', 'start-execution', '--state-machine-arn', stateMachineArn);
    expect(await ask('stepfunctions', 'describe-execution', '--execution-arn', executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}' });
  });

  test.concurrent('shows what somebody looks at every day', async () => {
    const { logs } = region();
    ['a/one', 'b/two', 'a/three'].forEach((stream) => logs.append('/daily', `line of ${stream}`, stream));
    aws.world.s3.putObject('payloads', 'folder/deep/k', Buffer.from('x'));
    await region().sagemaker.call('CreateModelPackageGroup', { ModelPackageGroupName: 'daily' });
    const [who, roles, role, ordered, filtered, groups, packages, listed, folders, stacks, rules] = await Promise.all([
      ask('sts', 'get-caller-identity'),
      ask('iam', 'list-roles'),
      ask('iam', 'get-role', '--role-name', 'Job'),
      ask('logs', 'describe-log-streams', '--log-group-name', '/daily', '--order-by', 'LastEventTime', '--descending', '--limit', '1'),
      ask('logs', 'filter-log-events', '--log-group-name', '/daily', '--log-stream-name-prefix', 'a/'),
      ask('logs', 'describe-log-groups', '--log-group-name-prefix', '/dai', '--limit', '5'),
      ask('sagemaker', 'list-model-package-groups'),
      run('s3', 'ls'),
      run('s3', 'ls', 's3://payloads/'),
      ask('cloudformation', 'list-stacks', '--stack-status-filter', 'CREATE_COMPLETE'),
      ask('events', 'list-rules'),
    ]);
    expect([who.Account, roles.Roles.map(({ RoleName }: any) => RoleName).includes('Job'), role.Role.Description, role.Role.AssumeRolePolicyDocument.Version])
      .toEqual(['111111111111', true, 'benchmarks', '2012-10-17']);
    expect(ordered.logStreams).toHaveLength(1);
    expect(filtered.events.map(({ message }: any) => message).sort()).toEqual(['line of a/one', 'line of a/three']);
    expect([groups.logGroups[0].logGroupName, packages.ModelPackageGroupSummaryList[0].ModelPackageGroupName, stacks.StackSummaries, rules.Rules]).toMatchObject(['/daily', 'daily', expect.any(Array), []]);
    expect(listed.out).toMatch(/ payloads\n/);
    expect(folders.out).toMatch(/PRE folder\/\n.* p\.tar\.gz\n/s);
  });

  test.concurrent('pre-signs an address that anybody may use who has it, and nobody may change', async () => {
    const from = file('signed.txt', 'bytes');
    await run('s3', 'cp', from, `${ASSETS}/a b/ü+%.txt`);
    const { out } = await run('s3', 'presign', `${ASSETS}/a b/ü+%.txt`);
    const answer = await fetch(out.trim());
    expect([answer.status, await answer.text()]).toEqual([200, 'bytes']);
    expect((await fetch(out.trim().replace('.txt', '.exe'))).status).toBe(403);
    expect((await fetch(out.trim(), { method: 'DELETE' })).status).toBe(403);
  });

  test.concurrent('is refused with the keys of another run, and told what to do', async () => {
    const { error } = await runWith({ AWS_SECRET_ACCESS_KEY: 'of-another-run' }, 'sts', 'get-caller-identity');
    expect(error).toContain('Use the credentials that the local AWS printed: each run has its own.');
  });

  test.concurrent('is told by name what is not there', async () => {
    const refused = await Promise.all([
      run('sagemaker', 'list-apps'),
      run('dynamodb', 'list-tables'),
      run('s3api', 'get-bucket-acl', '--bucket', ASSETS.slice(5)),
    ]);
    expect(refused.map(({ exitCode }) => exitCode !== 0)).toEqual([true, true, true]);
    expect(refused.map(({ error }) => error)).toEqual([
      expect.stringContaining('(UnknownOperationException) when calling the ListApps operation: ListApps is not part of the local AWS'),
      expect.stringContaining('(UnknownOperationException) when calling the ListTables operation: The service dynamodb is not part of the local AWS'),
      expect.stringContaining('(NotImplemented) when calling the GetBucketAcl operation'),
    ]);
  });

  test.concurrent('invokes an endpoint by the name in the path and the component in the header', async () => {
    await ask('sagemaker', 'create-endpoint-config', '--endpoint-config-name', 'shared', '--execution-role-arn', ROLE,
      '--production-variants', 'VariantName=main,InstanceType=ml.g5.xlarge,InitialInstanceCount=1');
    await ask('sagemaker', 'create-endpoint', '--endpoint-name', 'shared', '--endpoint-config-name', 'shared');
    await ask('sagemaker', 'wait', 'endpoint-in-service', '--endpoint-name', 'shared');
    const invoke = async (...more: string[]) => (await run('sagemaker-runtime', 'invoke-endpoint', '--endpoint-name', 'shared', '--body', 'x', ...more, join(folder, 'answer'))).error;
    expect(await invoke()).toContain('(ValidationError) when calling the InvokeEndpoint operation: Inference Component Name header is required');
    const named = await invoke('--inference-component-name', 'other');
    // A command that is older than inference components does not know the flag.
    expect(named).toMatch(/Inference component other of endpoint shared not found\.|Unknown options/);
  });
});
