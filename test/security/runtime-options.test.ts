import { App, NestedStack, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
import { Construct } from 'constructs';
import { decide } from '../../local-aws/iam/policy';
import { InferenceRecommenderRuntime, InferenceRecommenderRuntimeOptions } from '../../src';
import { INFERENCE_RECOMMENDER } from '../../src/jobs/family';
import { Runtime } from '../../src/runtime/runtime';
import { arn, deployed, idOf, idsOf, jobIn, newStack, ofType, only, permissionsOf, policiesOf, Resources, statementsOf, wholeRuntime } from '../harness/constructs';

const ACCOUNT_ROOT = 'arn:aws:iam::111111111111:root';

const whole = (options?: (stack: Stack) => InferenceRecommenderRuntimeOptions): { stack: Stack; resources: Resources } => {
  const stack = wholeRuntime(options);
  return { stack, resources: deployed(stack) };
};
const withKey = (more: InferenceRecommenderRuntimeOptions = {}) => whole((stack) => ({ encryptionKey: new Key(stack, 'Key'), ...more }));
const logGroupsOf = (resources: Resources) => ofType(resources, 'AWS::Logs::LogGroup');
const machinesOf = (resources: Resources) => ofType(resources, 'AWS::StepFunctions::StateMachine');
const wait = (resources: Resources) => resources[idOf(resources, 'InferenceRecommenderRuntimeWait')].Properties;

test('where nothing is configured, nothing is said', () => {
  const { resources } = whole();
  for (const { Properties } of Object.values(resources)) {
    expect(Object.keys(Properties).filter((name) => /^Kms|^(EncryptionConfiguration|LoggingConfiguration|TracingConfiguration)$/.test(name))).toEqual([]);
  }
});

describe('a key', () => {
  const { resources } = withKey();
  const keyArn = arn('kms', `key/${idOf(resources, 'Key')}`);
  const ofKey = statementsOf(only(resources, 'AWS::KMS::Key').Properties.KeyPolicy).filter(({ Principal }: any) => Principal.AWS === undefined);

  test('encrypts every log group', () => {
    expect(logGroupsOf(resources)).toHaveLength(1);
    for (const { Properties } of logGroupsOf(resources)) { expect(Properties.KmsKeyId).toBe(keyArn); }
  });

  test('encrypts the definitions and executions of the state machines', () => {
    expect(machinesOf(resources)).toHaveLength(2);
    for (const { Properties } of machinesOf(resources)) {
      expect(Properties.EncryptionConfiguration).toEqual({ Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: keyArn });
    }
  });

  test('encrypts the environment of each function that has one, which may decrypt it', () => {
    const functions = idsOf(resources, 'AWS::Lambda::Function');
    expect(functions).toHaveLength(7);
    const encrypted = functions.filter((id) => resources[id].Properties.KmsKeyArn !== undefined);
    expect(encrypted).toEqual(functions.filter((id) => resources[id].Properties.Environment !== undefined));
    expect(encrypted.length).toBeGreaterThan(0);
    for (const id of encrypted) {
      const roleId = /:role\/(\w+)$/.exec(resources[id].Properties.Role)![1];
      expect(resources[id].Properties.KmsKeyArn).toBe(keyArn);
      expect(permissionsOf(resources, roleId)['kms:Decrypt']).toContain(keyArn);
    }
  });

  test('may be used by CloudWatch Logs for the runtime\'s log groups only', () => {
    expect(ofKey.map(({ Principal }) => Principal)).toEqual([{ Service: 'logs.us-east-1.amazonaws.com' }]);
    const uses = (group: string) => decide([{ Statement: ofKey }], 'kms:GenerateDataKey', keyArn, { 'kms:EncryptionContext:aws:logs:arn': arn('logs', `log-group:${group}`) });
    for (const id of idsOf(resources, 'AWS::Logs::LogGroup')) { expect(uses(`Shop-${id}-AbCdEfGh1234`)).toBe('Allow'); }
    expect(uses('/aws/lambda/another')).toBeUndefined();
    expect(decide([{ Statement: ofKey }], 'kms:GenerateDataKey', keyArn, {})).toBeUndefined();
    expect(decide([{ Statement: ofKey }], 'kms:CreateGrant', keyArn, {})).toBeUndefined();
  });

  test.each(['Wait', 'FollowingWait', 'Start', 'Approve', 'Rules'])('may be used by %s for the runtime\'s machines only', (who) => {
    const policies = policiesOf(resources, idOf(resources, `InferenceRecommenderRuntime${who}Role`));
    const generates = (machine: string, key = keyArn) =>
      decide(policies, 'kms:GenerateDataKey', key, { 'kms:EncryptionContext:aws:states:stateMachineArn': arn('states', `stateMachine:${machine}`) });
    for (const id of idsOf(resources, 'AWS::StepFunctions::StateMachine')) { expect(generates(`${id}-AbCdEfGh1234`)).toBe('Allow'); }
    expect(generates('Another-AbCdEfGh1234')).toBeUndefined();
    expect(generates(`${idOf(resources, 'InferenceRecommenderRuntimeWait')}-A`, arn('kms', 'key/another'))).toBeUndefined();
  });

  test.each(['WaitEnd', 'Recommend', 'Model', 'Scaling', 'Replica'])('is of no use to %s', (who) => {
    const permissions = permissionsOf(resources, idOf(resources, `InferenceRecommenderRuntime${who}Role`));
    expect(Object.keys(permissions).filter((action) => action.startsWith('kms:'))).toEqual([]);
  });

  test('that is not given leaves its place to AWS\'s own key, said in full: a machine would keep the one that it had', () => {
    for (const { Properties } of machinesOf(whole(() => ({})).resources)) { expect(Properties.EncryptionConfiguration).toEqual({ Type: 'AWS_OWNED_KEY' }); }
  });

  test('that several stacks share names them once', () => {
    const app = new App();
    const keys = new Stack(app, 'Keys');
    const key = new Key(keys, 'Key');
    InferenceRecommenderRuntime.configure(app, { encryptionKey: key });
    for (const id of ['One', 'Two']) { jobIn(new Stack(app, id)); }
    const principals = statementsOf(only(deployed(keys), 'AWS::KMS::Key').Properties.KeyPolicy).map(({ Principal }: any) => Principal.AWS ?? Principal.Service);
    expect(principals).toEqual([ACCOUNT_ROOT, 'logs.us-east-1.amazonaws.com']);
  });
});

describe('the state machines\' logs', () => {
  test('have every event and never the data of one', () => {
    const { resources } = whole(() => ({ stateMachineLogLevel: LogLevel.ALL }));
    expect(logGroupsOf(resources)).toHaveLength(3);
    expect(machinesOf(resources).map(({ Properties }) => Properties.LoggingConfiguration)).toEqual(['Wait', 'FollowingWait'].map((name) => ({
      Level: 'ALL',
      IncludeExecutionData: false,
      Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: arn('logs', `log-group:${idOf(resources, `InferenceRecommenderRuntime${name}Logs`)}:*`) } }],
    })));
  });

  test('are one resource more, and off by `OFF`', () => {
    const count = (stateMachineLogLevel?: LogLevel) => {
      const stack = newStack();
      InferenceRecommenderRuntime.configure(stack, { stateMachineLogLevel });
      Runtime.of(stack).start(INFERENCE_RECOMMENDER);
      return Object.keys(deployed(stack)).length;
    };
    expect([count(), count(LogLevel.OFF), count(LogLevel.ERROR)]).toEqual([10, 10, 11]);
  });

  test('have names of their own, which the key\'s policy knows', () => {
    const { resources } = withKey({ stateMachineLogLevel: LogLevel.ALL });
    const named = logGroupsOf(resources).map(({ Properties }) => Properties.LogGroupName).filter((name) => name !== undefined);
    expect(new Set(named).size).toBe(2);
    const keyPolicy = only(resources, 'AWS::KMS::Key').Properties.KeyPolicy;
    for (const name of named) {
      expect(name).toMatch(/^\/aws\/vendedlogs\/states\/\w+-0a1b2c3d$/);
      expect(decide([keyPolicy], 'kms:Encrypt', '*', { 'kms:EncryptionContext:aws:logs:arn': arn('logs', `log-group:${name}`) })).toBe('Allow');
    }
  });

  test('are delivered under the key', () => {
    const { resources } = withKey({ stateMachineLogLevel: LogLevel.ALL });
    const Condition = { StringEquals: { 'kms:EncryptionContext:SourceArn': 'arn:aws:logs:us-east-1:111111111111:*' } };
    expect(statementsOf(only(resources, 'AWS::KMS::Key').Properties.KeyPolicy)).toContainEqual(
      { Effect: 'Allow', Principal: { Service: 'delivery.logs.amazonaws.com' }, Action: 'kms:Decrypt', Resource: '*', Condition });
    const keyArn = arn('kms', `key/${idOf(resources, 'Key')}`);
    for (const who of ['Wait', 'FollowingWait']) {
      expect(policiesOf(resources, idOf(resources, `InferenceRecommenderRuntime${who}Role`)).flatMap(statementsOf)).toContainEqual(
        { Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: keyArn, Condition });
    }
  });
});

test('traces are sent where they are asked for', () => {
  const { resources } = whole(() => ({ stateMachineTracing: true }));
  expect(wait(resources).TracingConfiguration).toEqual({ Enabled: true });
  expect(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeWaitRole'))).toMatchObject({ 'xray:PutTraceSegments': ['*'] });
});

test('log groups are kept as long as is said', () => {
  const { resources } = whole(() => ({
    logRetention: RetentionDays.TEN_YEARS, logRemovalPolicy: RemovalPolicy.RETAIN, stateMachineLogLevel: LogLevel.FATAL,
  }));
  expect(logGroupsOf(resources)).toHaveLength(3);
  for (const group of logGroupsOf(resources)) {
    expect(group).toMatchObject({ Properties: { RetentionInDays: 3653 }, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  }
});

test('cdk-nag is content with all of it', () => {
  const { stack } = withKey({ stateMachineLogLevel: LogLevel.ALL, stateMachineTracing: true });
  const violations = [new AwsSolutionsChecks(), new NIST80053R5Checks()].flatMap((pack) => pack.validateScope(stack.node.root).violations);
  const found = violations.map(({ ruleName }) => ruleName);
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter((rule) => /-(SF1|SF2|CloudWatchLogGroupEncrypted)$/.test(rule))).toEqual([]);
});

describe('the scope', () => {
  const retentionOf = (stack: Stack) => new Set(logGroupsOf(deployed(stack)).map(({ Properties }) => Properties.RetentionInDays));

  test('may be an app or a stage; a stack\'s own options stand in place of theirs, and nested stacks have their parent\'s', () => {
    const app = new App({ context: { 'aws:cdk:disable-asset-staging': true } });
    const stage = new Stage(app, 'Stage');
    const [inApp, own, inStage] = [new Stack(app, 'InApp'), new Stack(app, 'Own'), new Stack(stage, 'InStage')];
    const nested = new NestedStack(own, 'Nested');
    InferenceRecommenderRuntime.configure(app, { logRetention: RetentionDays.ONE_DAY });
    InferenceRecommenderRuntime.configure(stage, { logRetention: RetentionDays.THREE_DAYS });
    InferenceRecommenderRuntime.configure(own, { logRetention: RetentionDays.FIVE_DAYS });
    for (const stack of [inApp, own, inStage, nested]) { jobIn(stack); }
    expect([inApp, own, inStage, nested].map(retentionOf)).toEqual([new Set([1]), new Set([5]), new Set([3]), new Set([5])]);
  });

  test('has no runtime yet', () => {
    const stack = newStack();
    jobIn(stack);
    const late = 'The runtime of Shop is made already: call `InferenceRecommenderRuntime.configure()` before the stack\'s first construct of this library.';
    expect(() => InferenceRecommenderRuntime.configure(stack, {})).toThrow(late);
    expect(() => InferenceRecommenderRuntime.configure(stack.node.root, {})).toThrow(late);
  });

  test('is configured once', () => {
    const stack = newStack();
    InferenceRecommenderRuntime.configure(stack, {});
    expect(() => InferenceRecommenderRuntime.configure(stack, {})).toThrow('The runtime of Shop is configured already: pass all options in one call.');
  });

  test('is no part of a stack', () => {
    expect(() => InferenceRecommenderRuntime.configure(new Construct(newStack(), 'Part'), {}))
      .toThrow('`scope` must be a stack, a stage or an app, got: Shop/Part.');
  });
});
