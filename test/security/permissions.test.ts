import { everything, PATH, REGISTERED } from './everything';
import { decide } from '../../local-aws/iam/policy';
import { WITHOUT_RESOURCE } from '../../src/common/iam';
import { ACCOUNT, arn, deployed, idOf, idsOf, only, policiesOf, REGION, statementsOf } from '../harness/constructs';
import { judge } from '../harness/judge';
import { CLAIMED, SCOPE, STACK_ID } from '../harness/place';

const JOB = 'inference-recommendations-job';
const OWN = '0a1b2c3d-11111111-2222222222222222';
const OWN_JOB = `${SCOPE.Namespace}-222222222222222222222222`;
const TAG = 'cdk-sagemaker-inference-recommender:';
/** A job that another stack has started. */
const STARTED = { [`aws:ResourceTag/${TAG}stack-id`]: 'another stack' };
const UNCLAIMED = [{}, Object.fromEntries(Object.keys(CLAIMED).map((key) => [key, 'another stack']))];
const OTHER = 'ffffffff-11111111-2222222222222222';

const resources = deployed(everything());
const roles = idsOf(resources, 'AWS::IAM::Role').filter((id) => id.startsWith('InferenceRecommenderRuntime'));
const roleArn = (start: string) => `arn:aws:iam::${ACCOUNT}:role/${idOf(resources, start)}`;
const may = (who: string, action: string, resource: string, context = {}) =>
  decide(policiesOf(resources, idOf(resources, `InferenceRecommenderRuntime${who}Role`)), action, resource, context) === 'Allow';

const functionArn = (name: string) => arn('lambda', `function:${idOf(resources, `InferenceRecommenderRuntime${name}Function`)}`);
const job = (name: string) => arn('sagemaker', `${JOB}/${name}`);
const model = (name: string) => arn('sagemaker', `model/${name}`);
const compilation = (name: string) => arn('sagemaker', `compilation-job/${name}`);
const parameter = (name: string, region = REGION) => `arn:aws:ssm:${region}:${ACCOUNT}:parameter${name}`;
/** Any version of the stack's own group. */
const ownPackage = arn('sagemaker', `model-package/${only(resources, 'AWS::SageMaker::ModelPackageGroup').Properties.ModelPackageGroupName}/1`);
const otherPackages = [arn('sagemaker', 'model-package/theirs/1'), ownPackage.replace('/1', '2/1')];
const { SamplePayloadUrl, InferenceSpecification } = only(resources, 'AWS::SageMaker::ModelPackage').Properties;
const assets = [SamplePayloadUrl, InferenceSpecification.Containers[0].ModelDataUrl].map((url: string) => url.replace('s3://', 'arn:aws:s3:::'));
const ownEndpoint = arn('sagemaker', `endpoint/${idOf(resources, 'Endpoint')}`);
const otherEndpoint = arn('sagemaker', 'endpoint/theirs');
const waiting = idOf(resources, 'InferenceRecommenderRuntimeWait');
const following = idOf(resources, 'InferenceRecommenderRuntimeFollowingWait');
const record = only(resources, 'Custom::InferenceEndpointScaling').Properties.RecordName;
const slots = only(resources, 'Custom::InferenceRecommendationsJobApprovals').Properties.SlotsPath;
const registered = arn('sagemaker', `model-package/${REGISTERED}/1`);
const target = arn('application-autoscaling', 'scalable-target/0123');
const scaled = (namespace: string, dimension: string) => (
  { 'application-autoscaling:service-namespace': namespace, 'application-autoscaling:scalable-dimension': dimension });
const INSTANCES = scaled('sagemaker', 'sagemaker:variant:DesiredInstanceCount');
const passedTo = (service: string) => ({ 'iam:PassedToService': `${service}.amazonaws.com` });

interface Call {
  readonly who: string;
  readonly action: string;
  /** What it is for, or nothing at all. */
  readonly own?: string;
  readonly others: string[];
  readonly context?: object;
  /** Where the resource is its own, and still it may not. */
  readonly contexts?: object[];
}

const TABLE: Call[] = [
  ...['Create', 'Describe'].map((verb): Call => (
    { who: 'Start', action: `sagemaker:${verb}InferenceRecommendationsJob`, own: job(OWN_JOB), others: [job(OTHER), job('nightly'), '*'] })),
  ...['StopInferenceRecommendationsJob', 'DeleteTags'].map((action): Call => (
    { who: 'Start', action: `sagemaker:${action}`, own: job(OWN_JOB), others: [job(OTHER), model(OWN), ownEndpoint], context: CLAIMED, contexts: UNCLAIMED })),
  // Whoever claims may write the tags of its own stack's constructs, also on a job that another stack has started, and no other.
  ...['Start', 'Approve'].map((who): Call => ({
    who,
    action: 'sagemaker:AddTags',
    own: job(OWN_JOB),
    others: [job(OTHER), model(OWN)],
    context: { ...STARTED, 'aws:TagKeys': ['stack:', 'claim:'].map((kind) => `${TAG}${kind}${SCOPE.StackKey}${kind === 'stack:' ? '' : '-00000000'}`) },
    contexts: [STARTED, ...[`${TAG}stack:ffffffff`, `${TAG}claim:ffffffff-00000000`, `${TAG}stopping`, `${TAG}left`, 'team'].map((key) => (
      { ...STARTED, 'aws:TagKeys': [key] }))],
  })),
  { who: 'Start', action: 'sagemaker:DescribeModelPackage', own: ownPackage, others: otherPackages },
  // Of assets, the name is known to be the hash of the content.
  ...['GetObject', 'PutObject', 'ListBucket'].map((action): Call => ({ who: 'Start', action: `s3:${action}`, others: [...assets, ...assets.map((asset) => asset.split('/')[0]), '*'] })),
  // A role that the library makes is not looked at, and no simulation was asked for.
  ...['Start', 'Approve', 'Recommend'].flatMap((who) => ['GetRole', 'SimulatePrincipalPolicy', 'GetRolePolicy'].map((action): Call => (
    { who, action: `iam:${action}`, others: [roleArn('JobRole'), roleArn('BenchmarkRole'), `arn:aws:iam::${ACCOUNT}:role/admin`, '*'] }))),
  ...['Recommend', 'WaitEnd', 'Model', 'Scaling', 'Replica'].map((who): Call => ({ who, action: 'servicequotas:ListServiceQuotas', others: ['*'] })),
  ...['Start', 'Approve'].map((who): Call => ({ who, action: 'servicequotas:RequestServiceQuotaIncrease', others: ['*'] })),
  {
    who: 'Start',
    action: 'sagemaker:StopInferenceRecommendationsJob',
    own: job(OWN),
    others: [job(OTHER)],
    context: CLAIMED,
    contexts: UNCLAIMED,
  },
  { who: 'Start', action: 'sagemaker:CreateInferenceRecommendationsJob', others: [job(OWN)] },
  {
    who: 'Start',
    action: 'iam:PassRole',
    own: roleArn('JobRole'),
    others: [roleArn('ModelRole'), roleArn('InferenceRecommenderRuntimeStartRole'), `arn:aws:iam::${ACCOUNT}:role/admin`, '*'],
    context: passedTo('sagemaker'),
    contexts: [passedTo('lambda'), passedTo('ec2'), {}],
  },
  {
    who: 'Start',
    action: 'states:StartExecution',
    own: arn('states', `stateMachine:${waiting}`),
    others: [arn('states', 'stateMachine:theirs'), arn('states', `stateMachine:${waiting}2`)],
  },
  {
    who: 'Start',
    action: 'states:StopExecution',
    own: arn('states', `execution:${waiting}.Name:request-1`),
    // What follows a registry's jobs ends with them: only followers of the stack's own jobs are stopped.
    others: [arn('states', `execution:${following}.Name:request-1`), arn('states', 'execution:theirs:request-1')],
  },
  { who: 'Start', action: 'ssm:PutParameter', others: [parameter(`${PATH}/instance-type`), parameter(`${slots}/2026-01-1`)] },
  // What an approval needs, the function of deploys has not.
  { who: 'Start', action: 'sagemaker:DescribeModelPackage', others: [registered] },
  { who: 'Start', action: 'iam:PassRole', others: [roleArn('BenchmarkRole')], context: passedTo('sagemaker') },
  ...['Create', 'Describe'].map((verb): Call => (
    { who: 'Approve', action: `sagemaker:${verb}InferenceRecommendationsJob`, own: job(OWN_JOB), others: [job(OTHER), job('nightly'), '*'] })),
  {
    who: 'Approve',
    action: 'sagemaker:StopInferenceRecommendationsJob',
    own: job(OWN_JOB),
    others: [job(OTHER), model(OWN), ownEndpoint],
    context: CLAIMED,
    contexts: UNCLAIMED,
  },
  { who: 'Approve', action: 'sagemaker:DescribeModelPackage', own: registered, others: [ownPackage, ...otherPackages] },
  { who: 'Approve', action: 'sagemaker:UpdateModelPackage', others: [registered] },
  {
    who: 'Approve',
    action: 'iam:PassRole',
    own: roleArn('BenchmarkRole'),
    others: [roleArn('JobRole'), roleArn('ModelRole'), roleArn('InferenceRecommenderRuntimeApproveRole'), '*'],
    context: passedTo('sagemaker'),
    contexts: [passedTo('lambda'), {}],
  },
  ...['PutParameter', 'DeleteParameters', 'GetParametersByPath'].map((action): Call => ({
    who: 'Approve',
    action: `ssm:${action}`,
    own: parameter(`${slots}/2026-01-1`),
    others: [
      parameter(`${slots.replace('0a1b2c3d', 'ffffffff')}/2026-01-1`), parameter(`${PATH}/instance-type`), parameter(record),
      parameter(`${slots}/2026-01-1`, 'eu-west-1'), '*',
    ],
  })),
  ...['Recommend', 'WaitEnd', 'Scaling', 'Replica'].map((who): Call => ({ who, action: 'ssm:PutParameter', others: [parameter(`${slots}/2026-01-1`)] })),
  ...['Approve', 'Rules'].map((who): Call => ({
    who,
    action: 'states:StartExecution',
    own: arn('states', `stateMachine:${following}`),
    others: [arn('states', `stateMachine:${waiting}`), arn('states', 'stateMachine:theirs'), arn('states', `stateMachine:${following}2`)],
  })),
  ...['Approve', 'Rules'].map((who): Call => ({ who, action: 'states:StopExecution', others: [arn('states', `execution:${following}.Name:request-1`)] })),
  { who: 'Rules', action: 'lambda:InvokeFunction', others: ['Start', 'Approve', 'Recommend'].map(functionArn) },
  ...[OWN_JOB, 'neo-0123', 'sm-epc-0123'].map((name): Call => (
    { who: 'Start', action: 'sagemaker:DeleteCompilationJob', own: compilation(name), others: [compilation(OTHER), compilation('nightly'), compilation('my-neo-1')] })),
  // It stops what runs for nobody, and nothing that its stack does not claim.
  ...['AddTags', 'DeleteTags', 'StopInferenceRecommendationsJob'].map((action): Call => ({
    who: 'WaitEnd',
    action: `sagemaker:${action}`,
    own: job(OWN_JOB),
    others: [job(OTHER), model(OWN), ownPackage],
    context: CLAIMED,
    contexts: UNCLAIMED,
  })),
  ...['PutParameter', 'DeleteParameters', 'GetParametersByPath', 'GetParameter'].map((action): Call => (
    { who: 'WaitEnd', action: `ssm:${action}`, others: [parameter(PATH), parameter(`${PATH}/instance-type`), parameter(record), '*'] })),
  { who: 'Recommend', action: 'sagemaker:AddTags', others: [job(OWN_JOB), job(OTHER), model(OWN), ownPackage, '*'], context: CLAIMED },
  ...['StopInferenceRecommendationsJob', 'DeleteTags'].map((action): Call => ({ who: 'Recommend', action: `sagemaker:${action}`, others: [job(OWN_JOB)], context: CLAIMED })),
  ...['PutParameter', 'DeleteParameters', 'GetParametersByPath'].map((action): Call => ({
    who: 'Recommend',
    action: `ssm:${action}`,
    own: parameter(`${PATH}/instance-type`),
    others: [parameter('/shop/bestial/instance-type'), parameter('/shop/other'), parameter(record), parameter(`${PATH}/instance-type`, 'eu-west-1'), '*'],
  })),
  {
    who: 'Recommend',
    action: 'cloudwatch:PutMetricData',
    own: '*',
    others: [],
    context: { 'cloudwatch:namespace': 'InferenceRecommender' },
    contexts: [{}, { 'cloudwatch:namespace': 'AWS/SageMaker' }, { 'cloudwatch:namespace': 'InferenceRecommender2' }],
  },
  ...['Start', 'WaitEnd', 'Scaling', 'Model', 'Replica', 'Approve'].map((who): Call => (
    { who, action: 'cloudwatch:PutMetricData', others: ['*'], context: { 'cloudwatch:namespace': 'InferenceRecommender' } })),
  { who: 'Recommend', action: 'ssm:PutParameter', others: [parameter(PATH)] },
  { who: 'Recommend', action: 'ssm:GetParameter', others: [parameter(PATH), parameter('/secret')] },
  ...['WaitEnd', 'Recommend'].flatMap((who): Call[] => [
    { who, action: 'sagemaker:DescribeInferenceRecommendationsJob', own: job(OWN_JOB), others: [job(OTHER), '*'] },
    { who, action: 'sagemaker:CreateInferenceRecommendationsJob', others: [job(OWN_JOB)], context: CLAIMED },
    { who, action: 'sagemaker:DeleteCompilationJob', others: [compilation(OWN), compilation('neo-0123'), compilation('sm-epc-0123')] },
    { who, action: 'sagemaker:DeleteModel', others: [model(OWN)] },
    { who, action: 'iam:PassRole', others: [roleArn('JobRole')], context: passedTo('sagemaker') },
  ]),
  ...['Create', 'Describe', 'Delete'].map((verb): Call => (
    { who: 'Model', action: `sagemaker:${verb}Model`, own: model(OWN), others: [model(OTHER), model('nightly'), '*'] })),
  { who: 'Model', action: 'sagemaker:CreateModel', own: ownPackage, others: otherPackages },
  { who: 'Model', action: 'sagemaker:DescribeModelPackage', own: ownPackage, others: otherPackages },
  { who: 'Model', action: 'sagemaker:DescribeCompilationJob', own: compilation(OWN_JOB), others: [compilation(OTHER), compilation('nightly')] },
  { who: 'Model', action: 'sagemaker:DeleteCompilationJob', others: [compilation(OWN)] },
  { who: 'Model', action: 'sagemaker:DeleteEndpoint', others: [ownEndpoint] },
  {
    who: 'Model',
    action: 'iam:PassRole',
    own: roleArn('ModelRole'),
    others: [roleArn('JobRole'), roleArn('InferenceRecommenderRuntimeModelRole'), '*'],
    context: passedTo('sagemaker'),
    contexts: [passedTo('lambda'), {}],
  },
  ...['DescribeEndpoint', 'UpdateEndpointWeightsAndCapacities'].map((action): Call => (
    { who: 'Scaling', action: `sagemaker:${action}`, own: ownEndpoint, others: [otherEndpoint, '*'] })),
  ...['UpdateEndpoint', 'DeleteEndpoint', 'InvokeEndpoint'].map((action): Call => ({ who: 'Scaling', action: `sagemaker:${action}`, others: [ownEndpoint] })),
  { who: 'Scaling', action: 'sagemaker:GetScalingConfigurationRecommendation', others: [job(OTHER), job('nightly')] },
  ...['RegisterScalableTarget', 'DeregisterScalableTarget', 'PutScalingPolicy'].map((action): Call => ({
    who: 'Scaling',
    action: `application-autoscaling:${action}`,
    own: target,
    others: [target.replace(ACCOUNT, '222222222222'), target.replace(REGION, 'eu-west-1')],
    context: INSTANCES,
    contexts: [{}, scaled('ecs', 'ecs:service:DesiredCount'), scaled('sagemaker', 'sagemaker:inference-component:DesiredCopyCount')],
  })),
  ...['GetParameter', 'PutParameter', 'DeleteParameter'].map((action): Call => (
    { who: 'Scaling', action: `ssm:${action}`, own: parameter(record), others: [parameter(record.replace('0a1b2c3d', 'ffffffff')), parameter(`${PATH}/instance-type`), '*'] })),
  {
    who: 'Scaling',
    action: 'iam:CreateServiceLinkedRole',
    own: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
    others: [`arn:aws:iam::${ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`, '*'],
    context: { 'iam:AWSServiceName': 'sagemaker.application-autoscaling.amazonaws.com' },
    contexts: [{ 'iam:AWSServiceName': 'ecs.amazonaws.com' }, {}],
  },
  {
    who: 'Scaling',
    action: 'cloudwatch:DeleteAlarms',
    own: arn('cloudwatch', 'alarm:TargetTracking-endpoint/live/variant/AllTraffic-AlarmHigh-0'),
    others: [arn('cloudwatch', 'alarm:Pager'), arn('cloudwatch', 'alarm:TargetTracking-table/orders')],
  },
  { who: 'Replica', action: 'ssm:GetParametersByPath', own: parameter(PATH), others: [parameter('/shop'), parameter('/shop/bestial')] },
  {
    who: 'Replica',
    action: 'ssm:PutParameter',
    own: parameter(`${PATH}/instance-type`, 'eu-west-1'),
    others: [parameter(`${PATH}/instance-type`), parameter(`${PATH}/instance-type`, 'eu-west-2'), parameter('/shop/bestial/x', 'eu-west-1')],
  },
  { who: 'Replica', action: 'sts:AssumeRole', others: [roleArn('JobRole'), 'arn:aws:iam::222222222222:role/replica'] },
  ...([['Wait', 'WaitEnd'], ['FollowingWait', 'Recommend']] as const).flatMap(([who, invoked]): Call[] => [
    { who, action: 'sagemaker:DescribeInferenceRecommendationsJob', own: job(OWN_JOB), others: [job(OTHER)] },
    { who, action: 'sagemaker:StopInferenceRecommendationsJob', others: [job(OWN_JOB)], context: CLAIMED },
    {
      who,
      action: 'lambda:InvokeFunction',
      own: functionArn(invoked),
      others: [
        ...['Start', 'WaitEnd', 'Recommend'].filter((name) => name !== invoked).map(functionArn), ...who === 'Wait' ? [functionArn('Approve')] : [],
        arn('lambda', 'function:theirs'),
      ],
    },
  ]),
  { who: 'FollowingWait', action: 'lambda:InvokeFunction', own: functionArn('Approve'), others: [functionArn('Start')] },
  { who: 'FollowingWait', action: 'events:PutEvents', own: arn('events', 'event-bus/default'), others: [arn('events', 'event-bus/theirs')] },
  { who: 'Wait', action: 'events:PutEvents', own: arn('events', 'event-bus/default'), others: [arn('events', 'event-bus/theirs')] },
  ...['DescribeStacks', 'DescribeStackResource'].map((action): Call => (
    { who: 'Wait', action: `cloudformation:${action}`, own: STACK_ID, others: [STACK_ID.replace('shop', 'theirs'), '*'] })),
  ...['DeleteStack', 'UpdateStack'].map((action): Call => ({ who: 'Wait', action: `cloudformation:${action}`, others: [STACK_ID] })),
];

test.each(TABLE)('$who: $action on its own, and on nothing of another\'s', ({ who, action, own, others, context = {}, contexts = [] }) => {
  if (own) { expect(may(who, action, own, context)).toBe(true); }
  expect(others.filter((other) => may(who, action, other, context))).toEqual([]);
  expect(contexts.filter((wrong) => may(who, action, own!, wrong))).toEqual([]);
});

test('a simulator of IAM says the same of the whole table', async () => {
  const wrong: string[] = [];
  for (const { who, action, own, others, context = {}, contexts = [] } of TABLE) {
    const role = idOf(resources, `InferenceRecommenderRuntime${who}Role`);
    const check = async (resource: string, given: object, expected: readonly string[]) => {
      const said = await judge({ principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/s`, action, resource, context: { ...given }, policies: policiesOf(resources, role) });
      if (!expected.includes(said)) { wrong.push(`${who}: ${action} on ${resource} with ${JSON.stringify(given)}: ${said}`); }
    };
    // The service was seen to ask for CreateModel on the package too, which its reference does not say.
    if (own) { await check(own, context, [action === 'sagemaker:CreateModel' && own === ownPackage ? 'NoSuchResource' : 'Allowed']); }
    // A request for `*` is one for all that there may be: to the simulator, what a policy has of it is enough.
    for (const other of others.filter((one) => one !== '*')) { await check(other, context, ['ImplicitlyDenied', 'NoSuchResource']); }
    for (const given of contexts) { await check(own!, given, ['ImplicitlyDenied']); }
  }
  expect(wrong).toEqual([]);
});

test('the table speaks of every role of the runtime', () => {
  expect(new Set(TABLE.map(({ who }) => idOf(resources, `InferenceRecommenderRuntime${who}Role`)))).toEqual(new Set(roles));
});

describe.each(roles)('%s', (role) => {
  const policies = policiesOf(resources, role);
  const statements = policies.flatMap(statementsOf).flatMap(({ Action, Resource, Condition }) => [Action!].flat().flatMap((action) =>
    [Resource!].flat().map((resource) => ({ action, resource, condition: JSON.stringify(Condition ?? {}) }))));
  /** Whatever the conditions: where they hold, the resource has to keep it out. */
  const unconditional = policies.map(({ Statement }) => ({ Statement: [Statement].flat().map(({ Condition: _, ...rest }) => rest) }));
  const allows = (action: string, resource: string) => decide(unconditional, action, resource.replace(/\*/g, 'x'), {}) === 'Allow';
  const limited = statements.filter(({ action }) => !(action in WITHOUT_RESOURCE));

  test('reaches no other account and, but for the replica, no other Region', () => {
    expect(limited.length).toBeGreaterThan(0);
    for (const { action, resource } of limited) {
      expect(resource).toContain(`:${ACCOUNT}:`);
      expect({ action, resource, allowed: allows(action, resource.replace(ACCOUNT, '222222222222')) }).toMatchObject({ allowed: false });
      expect({ action, resource, allowed: resource.includes(REGION) && allows(action, resource.replace(REGION, 'ap-south-1')) }).toMatchObject({ allowed: false });
    }
  });

  test('reaches nothing under another stack\'s prefix', () => {
    for (const { action, resource } of limited.filter(({ resource: one }) => one.includes('0a1b2c3d'))) {
      expect({ action, resource, allowed: allows(action, resource.replace('0a1b2c3d', 'ffffffff')) }).toMatchObject({ allowed: false });
    }
  });
});
