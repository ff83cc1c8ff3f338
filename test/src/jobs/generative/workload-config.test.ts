import { join } from 'path';
import { App, Aspects, CfnResource, Duration, Stack, Tag, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import fc from 'fast-check';
import { AIWorkloadConfig, RequestTemplate, SyntheticWorkloadProps, Workload, WorkloadDataset } from '../../../../src';
import { grantWorkload, workloadFacts } from '../../../../src/jobs/generative/workload-facts';
import { AI_JOB_SHAPES } from '../../../../src/service/ai-shapes';
import { violations } from '../../../../src/service/constraints';
import { arn, atDeploy, deployed, idOf, late, newStack, only, ofType, policiesOf, STACK_ID } from '../../../harness/constructs';
import { bucket, judged, warningsOf } from '../../../harness/endpoints';
import { allOptions, tokenSecret, TOKENS } from '../../../harness/workload';

const TYPE = 'AWS::SageMaker::AIWorkloadConfig';

/** What the stack's config is after a deploy. */
function propertiesOf(stack: Stack): any {
  const { Properties } = only(deployed(stack), TYPE);
  expect(violations(AI_JOB_SHAPES, 'CreateAIWorkloadConfigRequest', Properties)).toEqual([]);
  return Properties;
}

function nameOf(workload: Workload, id = 'Chat', stack = newStack()): string {
  new AIWorkloadConfig(stack, id, { workload });
  return propertiesOf(stack).AIWorkloadConfigName;
}

const synthetic = (props: Partial<SyntheticWorkloadProps> = {}) => Workload.synthetic({ ...TOKENS, ...props });

/** One of each kind, with references to what the stack has. */
const KINDS: Readonly<Record<string, (stack: Stack) => Workload>> = {
  'synthetic': (stack) => Workload.synthetic({ ...TOKENS, ...allOptions(stack) }),
  'a search': () => synthetic({ concurrencySearch: { timeToFirstToken: Duration.millis(200) } }),
  'a dataset': (stack) => Workload.dataset({
    dataset: WorkloadDataset.fromBucketPrefix(new Bucket(stack, 'Bucket'), 'traffic/'),
    fileName: 'chat.jsonl',
    datasetType: 'single_turn',
    huggingFaceToken: tokenSecret(stack),
    concurrencyLevels: [1, 10],
  }),
  'a public dataset': () => Workload.publicDataset({ datasetName: 'sharegpt', concurrency: 1 }),
  'a template': (stack) => Workload.template({
    ...TOKENS, template: RequestTemplate.fromBucket(bucket(stack), 'templates/generate.jinja'), responseField: 'generated_text',
  }),
};

describe.each(Object.keys(KINDS))('%s', (kind) => {
  test('has one form on every version of aws-cdk-lib', () => {
    const stack = newStack();
    new AIWorkloadConfig(stack, 'Chat', { workload: KINDS[kind](stack) });
    const [resource] = Object.values(Template.fromStack(stack).findResources(TYPE));
    expect(resource).toMatchSnapshot();
  });

  test('is what CloudFormation knows and the API takes', () => {
    const stack = newStack();
    new AIWorkloadConfig(stack, 'Chat', { workload: KINDS[kind](stack) });
    const { AIWorkloadConfigName: name } = judged(stack, TYPE, 'CreateAIWorkloadConfigRequest', {});
    expect(name).toMatch(/^[a-z0-9]{1,63}$/);
  });

  test('warns of nothing', () => {
    const stack = newStack();
    new AIWorkloadConfig(stack, 'Chat', { workload: KINDS[kind](stack) });
    expect(warningsOf(stack)).toEqual([]);
  });
});

describe('the generated name', () => {
  test('begins with the stack, then the construct', () => {
    expect(nameOf(synthetic())).toMatch(new RegExp(`^${STACK_ID.split('/')[2].slice(0, 8)}shopchat[a-z0-9]{32}$`));
  });

  test('is always one that can be created and deleted, whatever the id', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 200 }), fc.integer({ min: 1 }), (id, mean) => {
      // The CDK takes these for construct ids that are already there.
      fc.pre(/[^/\s]/.test(id) && !(id in {}));
      const name = nameOf(synthetic({ inputTokens: { mean } }), id);
      return /^[a-z0-9]{33,63}$/.test(name);
    }), { numRuns: 60 });
  });

  test('is the same for the same content and changes with any other', () => {
    const contents = fc.record({
      inputTokens: fc.record({ mean: fc.integer({ min: 1, max: 5 }) }),
      concurrency: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      tokenizer: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
      streaming: fc.option(fc.boolean(), { nil: undefined }),
    });
    fc.assert(fc.property(contents, contents, (one, other) => (
      (nameOf(synthetic(one)) === nameOf(synthetic(other))) === (JSON.stringify(one) === JSON.stringify(other)))), { numRuns: 60 });
  });

  test('does not change with the order of parameters, and neither does the specification', () => {
    const [one, other] = [{ verbose: true, video_fps: 3 }, { video_fps: 3, verbose: true }].map((parameters) => {
      const stack = newStack();
      new AIWorkloadConfig(stack, 'Chat', { workload: synthetic({ parameters }) });
      return propertiesOf(stack);
    });
    expect(other).toEqual(one);
  });

  test('does not change with tags, which are changed in place', () => {
    const stack = newStack();
    Tags.of(stack).add('team', 'search');
    expect(nameOf(synthetic(), 'Chat', stack)).toBe(nameOf(synthetic()));
  });

  test('changes with the data of a channel', () => {
    const [one, other] = ['a/', 'b/'].map((prefix) => nameOf(Workload.dataset({ dataset: WorkloadDataset.fromS3Uri(`s3://data/${prefix}`) })));
    expect(one).not.toBe(other);
  });

  test('changes with another bucket of the stack, by its logical id', () => {
    const [one, other] = ['One', 'Other'].map((id) => {
      const stack = newStack();
      return nameOf(Workload.dataset({ dataset: WorkloadDataset.fromBucketPrefix(new Bucket(stack, id), 'a/') }), 'Chat', stack);
    });
    expect(one).not.toBe(other);
  });

  test('differs for two constructs whose ids differ only in case', () => {
    const stack = newStack();
    for (const id of ['Chat', 'chat']) { new AIWorkloadConfig(stack, id, { workload: synthetic() }); }
    const [one, other] = ofType(deployed(stack), TYPE).map(({ Properties }) => Properties.AIWorkloadConfigName);
    expect(one).not.toBe(other);
  });
});

describe('a name of your choice', () => {
  test('is taken as it is', () => {
    const stack = newStack();
    new AIWorkloadConfig(stack, 'Chat', { workload: synthetic(), workloadConfigName: 'chat1' });
    expect(propertiesOf(stack).AIWorkloadConfigName).toBe('chat1');
  });

  test('may be known only at deploy', () => {
    expect(() => new AIWorkloadConfig(newStack(), 'Chat', { workload: synthetic(), workloadConfigName: late.text('Chat') })).not.toThrow();
  });

  test.each(['Chat', 'chat-1', 'chat_1', '', 'a'.repeat(64), 'chät'])('%j is refused', (workloadConfigName) => {
    expect(() => new AIWorkloadConfig(newStack(), 'Chat', { workload: synthetic(), workloadConfigName }))
      .toThrow(`\`workloadConfigName\` must have 1 to 63 lower-case letters and digits, got: '${workloadConfigName}'.`);
  });
});

test('tags are those of the stack, also those of a late aspect', () => {
  const stack = newStack();
  const config = new AIWorkloadConfig(stack, 'Chat', { workload: synthetic() });
  Tags.of(stack).add('team', 'search');
  Aspects.of(config).add(new Tag('late', 'yes'));
  expect(propertiesOf(stack).Tags).toEqual([{ Key: 'late', Value: 'yes' }, { Key: 'team', Value: 'search' }]);
});

test('who uses the name waits for the configuration, and gets its name', () => {
  const stack = newStack();
  const config = new AIWorkloadConfig(stack, 'Chat', { workload: synthetic() });
  const id = stack.getLogicalId(config.node.defaultChild as CfnResource);
  expect(JSON.stringify(stack.resolve(config.workloadConfigName))).toContain(`"Fn::GetAtt":["${id}","AIWorkloadConfigArn"]`);
  const attributes = { [`${TYPE}.AIWorkloadConfigArn`]: (_id: string, { AIWorkloadConfigName: name }: any) => arn('sagemaker', `ai-workload-config/${name}`) };
  new CfnResource(stack, 'User', { type: 'Test::User', properties: { Name: config.workloadConfigName } });
  const resources = deployed(stack, attributes);
  expect(only(resources, 'Test::User').Properties.Name).toBe(only(resources, TYPE).Properties.AIWorkloadConfigName);
});

test('another stack gets the name by way of an export', () => {
  const stack = newStack();
  const config = new AIWorkloadConfig(stack, 'Chat', { workload: synthetic() });
  const user = new Stack(stack.node.root as App, 'User');
  new CfnResource(user, 'User', { type: 'Test::User', properties: { Name: config.workloadConfigName } });
  expect(JSON.stringify(Template.fromStack(user).toJSON())).toContain('Fn::ImportValue');
});

test('a parameter that no page has gives a warning, and its name is passed on', () => {
  const stack = newStack();
  new AIWorkloadConfig(stack, 'Chat', { workload: synthetic({ parameters: { video_fpz: 3 } }) });
  expect(warningsOf(stack)).toEqual(['unknownName']);
  expect(JSON.parse(propertiesOf(stack).AIWorkloadConfigs.WorkloadSpec.Inline).parameters.video_fpz).toBe(3);
});

test('something else in place of a workload is refused', () => {
  expect(() => new AIWorkloadConfig(newStack(), 'Chat', { workload: { benchmark: {} } as any })).toThrow(/^`workload` must be what a method of `Workload` returns/);
});

describe('an import', () => {
  test('by name has the ARN of this place', () => {
    const stack = newStack();
    const config = AIWorkloadConfig.fromWorkloadConfigName(stack, 'Chat', 'chat');
    expect(atDeploy(stack, [config.workloadConfigArn, config.workloadConfigName])).toEqual([arn('sagemaker', 'ai-workload-config/chat'), 'chat']);
  });

  test('by ARN has its name, and the environment of the ARN', () => {
    const config = AIWorkloadConfig.fromWorkloadConfigArn(newStack(), 'Chat', 'arn:aws:sagemaker:eu-west-1:222222222222:ai-workload-config/chat');
    expect([config.workloadConfigName, config.env.region, config.env.account]).toEqual(['chat', 'eu-west-1', '222222222222']);
  });

  // Such a configuration exists, although it cannot be deleted.
  test('may have a name with capitals', () => {
    expect(AIWorkloadConfig.fromWorkloadConfigName(newStack(), 'Chat', 'My-Workload')).toBeDefined();
  });

  test('adds nothing, and grants nothing', () => {
    const stack = newStack();
    const config = AIWorkloadConfig.fromWorkloadConfigName(stack, 'Chat', 'chat');
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    grantWorkload(config, role);
    expect(workloadFacts.of(config)).toBeUndefined();
    const resources = deployed(stack);
    expect(policiesOf(resources, idOf(resources, 'Role'))).toEqual([]);
    expect(Object.keys(resources)).toHaveLength(1);
  });

  test.each<[string, RegExp]>([
    ['a/b', /^`workloadConfigName` must match/], ['', /^`workloadConfigName` must/], ['a*', /^`workloadConfigName` must match/],
  ])('by the name %j is refused', (name, sentence) => {
    expect(() => AIWorkloadConfig.fromWorkloadConfigName(newStack(), 'Chat', name)).toThrow(sentence);
  });

  test.each<[string, RegExp]>([
    ['arn:aws:sagemaker:eu-west-1:222222222222:ai-workload-config/*', /^`workloadConfigArn` must name one resource/],
    ['arn:aws:sagemaker:eu-west-1:222222222222:model/chat', /^`workloadConfigArn` must be the ARN of a workload/],
  ])('by the ARN %j is refused', (given, sentence) => {
    expect(() => AIWorkloadConfig.fromWorkloadConfigArn(newStack(), 'Chat', given)).toThrow(sentence);
  });
});

test('a job finds what it needs of a workload of this library', () => {
  const stack = newStack();
  const config = new AIWorkloadConfig(stack, 'Chat', { workload: KINDS['a dataset'](stack) });
  const { content, usesDataset } = workloadFacts.of(config)!;
  expect(usesDataset).toBe(true);
  expect(Object.keys(stack.resolve(content))).toEqual(['AIWorkloadConfigs', 'DatasetConfig']);
  expect(workloadFacts.of(new AIWorkloadConfig(stack, 'Other', { workload: KINDS.synthetic(stack) }))!.usesDataset).toBe(false);
});

test('one workload serves several configurations', () => {
  const stack = newStack();
  const workload = Workload.template({ ...TOKENS, template: RequestTemplate.fromAsset(join(__dirname, 'workload-config.test.ts')) });
  for (const id of ['One', 'Other']) { new AIWorkloadConfig(stack, id, { workload }); }
  expect(ofType(deployed(stack), TYPE)).toHaveLength(2);
});
