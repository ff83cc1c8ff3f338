import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { retrying } from '../../../lambda/runtime/retry';
import { cloudFormationStacks, isRollingBack, stackFacts } from '../../../lambda/runtime/stacks';
import { LocalAws, startLocalAws, VirtualClock } from '../../../local-aws';
import { callIn } from '../../harness/clients';
import { ACCOUNT, REGION } from '../../harness/place';

const stackTags = async (...given: Parameters<typeof stackFacts>) => (await stackFacts(...given)).tags;
const STACK = 'arn:aws:cloudformation:us-east-1:111111111111:stack/shop/1';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

/** A client's configuration whose network answers with these statuses and bodies, a byte a chunk, and what was asked. */
function network(answers: ReadonlyArray<readonly [number, string]>, more: object = {}) {
  const asked: any[] = [];
  const handle = async (request: any) => {
    asked.push(request);
    const [statusCode, body] = answers[Math.min(asked.length, answers.length) - 1];
    return { response: { statusCode, headers: {}, body: [...Buffer.from(body)].map((byte) => Buffer.from([byte])) } };
  };
  return { asked, config: new SageMakerClient({ region: REGION, credentials, requestHandler: { handle } as any, ...more }).config };
}
const logs: any[] = [];
const log = (entry: object) => { logs.push(entry); };
const refusal = (code: string, message = 'No.') => `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
const answer = (tags: string) => `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>shop</StackName>${tags}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

test.each([
  ['eu-west-1', 'cloudformation.eu-west-1.amazonaws.com', {}],
  ['cn-north-1', 'cloudformation.cn-north-1.amazonaws.com.cn', {}],
  ['us-gov-west-1', 'cloudformation-fips.us-gov-west-1.amazonaws.com', { useFipsEndpoint: true }],
])('asks %s at %s, signed, for the one stack', async (region, hostname, more) => {
  const { asked, config } = network([[200, answer('')]], { region, ...more });
  expect(await stackTags(cloudFormationStacks(config), STACK, { log })).toEqual([]);
  expect(asked).toMatchObject([{ method: 'POST', protocol: 'https:', hostname, path: '/', body: expect.stringContaining('Action=DescribeStacks') }]);
  expect(new URLSearchParams(asked[0].body).get('StackName')).toBe(STACK);
  expect(asked[0].headers).toMatchObject({ 'x-amz-security-token': 'token', 'authorization': expect.stringContaining(`/${region}/cloudformation/aws4_request`) });
});

test('reads what XML makes of a tag, and leaves out what AWS itself has set', async () => {
  const { config } = network([[200, answer('<Tags><member><Value>a &amp; &lt;b&gt; &#x41;&#66;\nZürich 東京</Value><Key>team</Key></member><member><Key>empty</Key><Value/></member>'
    + '<member><Key>aws:servicecatalog:portfolio</Key><Value>x</Value></member></Tags>')]]);
  expect(await stackTags(cloudFormationStacks(config), STACK, { log })).toEqual([{ Key: 'team', Value: 'a & <b> AB\nZürich 東京' }, { Key: 'empty', Value: '' }]);
});

describe('an answer that says nothing', () => {
  const read = (...answers: Array<[number, string]>) => {
    const clock = new VirtualClock();
    const now = { now: () => clock.now(), sleep: (ms: number) => clock.sleep(ms), left: () => Infinity };
    const stacks = retrying(cloudFormationStacks(network(answers).config), now);
    return clock.run(() => stackTags(stacks, STACK, { log }));
  };

  test('a denial is asked about until a new permission may count, and then there are no tags, and a line in the log', async () => {
    expect(await read([403, refusal('AccessDenied')], [200, answer('<Tags><member><Key>a</Key><Value>b</Value></member></Tags>')])).toEqual([{ Key: 'a', Value: 'b' }]);
    expect(await read([403, refusal('AccessDenied')])).toEqual([]);
    expect(logs).toEqual([{ message: 'no facts of the stack', reason: 'No.' }]);
  });

  test('a service that is busy or broken is asked again', async () => {
    expect(await read([400, refusal('Throttling')], [503, ''], [200, answer('')])).toEqual([]);
  });

  test('a refusal is told', async () => {
    await expect(read([400, refusal('ValidationError', 'Stack with id x does not exist')])).rejects.toThrow('Stack with id x does not exist');
  });
});

describe('whether a stack goes back', () => {
  const inStatus = (status: string) => answer(`<StackStatus>${status}</StackStatus>`);

  test.each([
    ['ROLLBACK_IN_PROGRESS', true], ['UPDATE_ROLLBACK_IN_PROGRESS', true], ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', true],
    ['DELETE_IN_PROGRESS', false], ['UPDATE_IN_PROGRESS', false], ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', false],
  ])('%s: %s', async (status, expected) => {
    expect(await isRollingBack(cloudFormationStacks(network([[200, inStatus(status)]]).config), STACK, { log })).toBe(expected);
  });

  test('a function that may not know says no, with a line in the log; a refusal is told', async () => {
    logs.length = 0;
    expect(await isRollingBack(cloudFormationStacks(network([[403, refusal('AccessDenied')]]).config), STACK, { log })).toBe(false);
    expect(logs).toEqual([{ message: 'no facts of the stack', reason: 'No.' }]);
    await expect(isRollingBack(cloudFormationStacks(network([[400, refusal('ValidationError', 'gone')]]).config), STACK, { log })).rejects.toThrow('gone');
  });
});

describe('of the local AWS', () => {
  let aws: LocalAws;
  beforeAll(async () => { aws = await startLocalAws(); });
  afterAll(() => aws.close());

  test('the tags of a stack, and the reason if there is no such stack', async () => {
    const region = aws.world.region(ACCOUNT, REGION);
    const Tags = [{ Key: 'team', Value: 'shop & <co>' }, { Key: 'cost-center', Value: '1' }];
    const template = { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
    const { StackId } = await region.clock.run(async () => region.cloudformation.operations.CreateStack(
      { StackName: 'shop', TemplateBody: JSON.stringify(template), Tags }, callIn(region))) as any;
    const stacks = cloudFormationStacks(new SageMakerClient(aws.client()).config, aws.endpoint);
    expect(await stackTags(stacks, StackId, { log })).toEqual(Tags);
    expect(await isRollingBack(stacks, StackId, { log })).toBe(false);
    await expect(stackTags(stacks, `${StackId}x`, { log })).rejects.toThrow('does not exist');
  });
});
