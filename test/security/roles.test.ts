import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { decide } from '../../local-aws/iam/policy';
import { BenchmarkTarget, Model } from '../../src';
import { attemptName, digest, jobId, modelName } from '../../src/contract/job-name';
import {
  allPoliciesOf, arn, deployed, idOf, importedPackage, jobIn, newStack, ofType, packageIn, permissionsOf, policiesOf, Resources, sorted, STACK_ID,
  statementsOf,
} from '../harness/constructs';
import { CLAIMED, SCOPE } from '../harness/place';

const PREFIX = '0a1b2c3d-*';
const JOBS = `${SCOPE.Namespace}-*`;
const TAG = 'cdk-sagemaker-inference-recommender:';
const CLAIMS = ` if ${JSON.stringify({
  'ForAllValues:StringLike': { 'aws:TagKeys': [`${TAG}stack:${SCOPE.StackKey}`, `${TAG}claim:${SCOPE.StackKey}-*`] }, 'Null': { 'aws:TagKeys': 'false' },
})}`;
const OURS = ` if ${JSON.stringify({ StringEquals: CLAIMED })}`;
const OWN_JOBS = arn('sagemaker', `inference-recommendations-job/${JOBS}`);
/** The jobs of the stack's name, and its own: what was claimed there is given up after the last job is gone, too. */
const READ_JOBS = [JOBS, PREFIX].map((name) => arn('sagemaker', `inference-recommendations-job/${name}`));
/** What the stack claims, however its jobs were found when it did. */
const CLAIMED_JOBS = [JOBS, `${digest('account', 8)}-*`, PREFIX].map((name) => arn('sagemaker', `inference-recommendations-job/${name}`) + OURS);
const PASSED = ' if {"StringEquals":{"iam:PassedToService":"sagemaker.amazonaws.com"}}';
const METRICS = '* if {"StringLike":{"cloudwatch:namespace":"/aws/sagemaker/*"}}';
const SAGEMAKER_LOGS = arn('logs', 'log-group:/aws/sagemaker/*');
const BUCKET = 'arn:aws:s3:::cdk-hnb659fds-assets-111111111111-us-east-1';
const IMAGE = 'arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost';

/** What the service makes for a job, by the names that it gives. */
const MADE_FOR_JOBS = ['model', 'endpoint-config', 'endpoint', 'compilation-job']
  .flatMap((kind) => [JOBS, 'sm-epc-*', 'neo-*'].map((name) => arn('sagemaker', `${kind}/${name}`)));

/** A stack with all that gets a role: a job, and a model of its recommendation. */
function everything(): { stack: Stack; resources: Resources } {
  const stack = newStack();
  const job = jobIn(stack, { target: BenchmarkTarget.fromModelPackage(packageIn(stack)) });
  new Model(stack, 'Model', { recommendation: job.addRecommendation('Best') });
  return { stack, resources: deployed(stack) };
}

describe('each role has these permissions and no other', () => {
  const { resources } = everything();
  const id = (start: string) => idOf(resources, start);
  // Of all versions of its group: a policy that names each version has no room for many jobs.
  const versionsArn = arn('sagemaker', `model-package/${resources[id('PackageGroup')].Properties.ModelPackageGroupName}/*`);
  const logs = {
    'logs:CreateLogStream': [arn('logs', `log-group:${id('InferenceRecommenderRuntimeLogs')}:*`)],
    'logs:PutLogEvents': [arn('logs', `log-group:${id('InferenceRecommenderRuntimeLogs')}:*`)],
  };
  const roleArn = (start: string) => `arn:aws:iam::111111111111:role/${id(start)}`;
  const objects = ofType(resources, 'AWS::SageMaker::ModelPackage').flatMap(({ Properties }) => (
    [Properties.SamplePayloadUrl, Properties.InferenceSpecification.Containers[0].ModelDataUrl].map((url) => url.replace('s3://', 'arn:aws:s3:::'))
  ));
  const artifacts = {
    's3:GetObject': objects,
    's3:ListBucket': [BUCKET],
    'ecr:BatchCheckLayerAvailability': [IMAGE],
    'ecr:GetDownloadUrlForLayer': [IMAGE],
    'ecr:BatchGetImage': [IMAGE],
    'ecr:GetAuthorizationToken': ['*'],
  };
  const ownStack = { 'cloudformation:DescribeStacks': [STACK_ID] };
  const telemetry = {
    'logs:CreateLogGroup': [SAGEMAKER_LOGS],
    'logs:CreateLogStream': [SAGEMAKER_LOGS],
    'logs:DescribeLogStreams': [SAGEMAKER_LOGS],
    'logs:PutLogEvents': [SAGEMAKER_LOGS],
    'cloudwatch:PutMetricData': [METRICS],
  };

  test.each<[string, string, Record<string, string[]>]>([
    ['the start function', 'InferenceRecommenderRuntimeStartRole', {
      ...logs,
      ...ownStack,
      'sagemaker:CreateInferenceRecommendationsJob': [OWN_JOBS],
      'sagemaker:DescribeInferenceRecommendationsJob': [...READ_JOBS, ...CLAIMED_JOBS],
      'sagemaker:StopInferenceRecommendationsJob': CLAIMED_JOBS,
      'sagemaker:AddTags': [
        OWN_JOBS + CLAIMS,
        `${OWN_JOBS} if ${JSON.stringify({ Null: { [`aws:ResourceTag/${TAG}stack-id`]: 'true' } })}`,
        ...CLAIMED_JOBS,
      ],
      'sagemaker:DeleteTags': CLAIMED_JOBS,
      'sagemaker:ListTags': [...READ_JOBS, ...CLAIMED_JOBS],
      'sagemaker:ListInferenceRecommendationsJobs': ['*'],
      'states:StartExecution': [arn('states', `stateMachine:${id('InferenceRecommenderRuntimeWait')}`)],
      'states:ListExecutions': [arn('states', `stateMachine:${id('InferenceRecommenderRuntimeWait')}`)],
      'servicequotas:ListServiceQuotas': ['*'],
      'states:DescribeExecution': [arn('states', `execution:${id('InferenceRecommenderRuntimeWait')}.Name:*`)],
      'states:StopExecution': [arn('states', `execution:${id('InferenceRecommenderRuntimeWait')}.Name:*`)],
      'iam:PassRole': [roleArn('JobRole') + PASSED],
      'sagemaker:DescribeModelPackage': [versionsArn],
    }],
    ['the function that ends waits', 'InferenceRecommenderRuntimeWaitEndRole', {
      ...logs,
      'sagemaker:DescribeInferenceRecommendationsJob': [...READ_JOBS, ...CLAIMED_JOBS],
      'sagemaker:ListInferenceRecommendationsJobSteps': ['*'],
      ...Object.fromEntries(['AddTags', 'StopInferenceRecommendationsJob'].map((action) => [`sagemaker:${action}`, CLAIMED_JOBS])),
      'sagemaker:DeleteTags': CLAIMED_JOBS,
      'sagemaker:ListTags': [...READ_JOBS, ...CLAIMED_JOBS],
    }],
    ['the function that recommends', 'InferenceRecommenderRuntimeRecommendRole', {
      ...logs,
      'sagemaker:DescribeInferenceRecommendationsJob': [OWN_JOBS],
      'sagemaker:DescribeModelPackage': [versionsArn],
      'sagemaker:ListInferenceRecommendationsJobSteps': ['*'],
    }],
    ['the model function', 'InferenceRecommenderRuntimeModelRole', {
      ...ownStack,
      ...logs,
      ...Object.fromEntries(['CreateModel', 'DescribeModel', 'DeleteModel', 'AddTags', 'DeleteTags', 'ListTags']
        .map((action) => [`sagemaker:${action}`, [arn('sagemaker', `model/${PREFIX}`)]])),
      'sagemaker:CreateModel': [versionsArn, arn('sagemaker', `model/${PREFIX}`)],
      'sagemaker:DescribeCompilationJob': [JOBS, 'sm-epc-*', 'neo-*'].map((name) => arn('sagemaker', `compilation-job/${name}`)),
      'sagemaker:DescribeModelPackage': [versionsArn],
      'iam:PassRole': [roleArn('ModelRole') + PASSED],
    }],
    ['the state machine', 'InferenceRecommenderRuntimeWaitRole', {
      'sagemaker:ListInferenceRecommendationsJobs': ['*'],
      'sagemaker:DescribeInferenceRecommendationsJob': [OWN_JOBS],
      'lambda:InvokeFunction': [arn('lambda', `function:${id('InferenceRecommenderRuntimeWaitEndFunction')}`)],
      'cloudformation:DescribeStacks': [STACK_ID],
      'cloudformation:DescribeStackResource': [STACK_ID],
      'events:PutEvents': [arn('events', 'event-bus/default')],
    }],
    ['the job', 'JobRole', {
      ...Object.fromEntries([
        'CreateModel', 'DescribeModel', 'DeleteModel', 'CreateEndpointConfig', 'DescribeEndpointConfig', 'DeleteEndpointConfig',
        'CreateEndpoint', 'DescribeEndpoint', 'DeleteEndpoint', 'InvokeEndpoint', 'UpdateEndpoint', 'UpdateEndpointWeightsAndCapacities',
        'CreateCompilationJob', 'DescribeCompilationJob', 'StopCompilationJob', 'AddTags',
      ].map((action) => [`sagemaker:${action}`, MADE_FOR_JOBS])),
      ...telemetry,
      ...artifacts,
      'iam:PassRole': [roleArn('JobRole') + PASSED],
      'sagemaker:DescribeModelPackage': [arn('sagemaker', `model-package/${id('Package')}/1`)],
    }],
    ['the model', 'ModelRole', {
      ...telemetry,
      ...artifacts,
      // A recommendation may turn out to be compiled, and then runs in an image of AWS's own.
      ...Object.fromEntries(['BatchCheckLayerAvailability', 'BatchGetImage', 'GetDownloadUrlForLayer'].map((action) => [`ecr:${action}`, [
        'arn:aws:ecr:us-east-1:*:repository/sagemaker-inference-*', 'arn:aws:ecr:us-east-1:*:repository/sagemaker-neo-*', IMAGE,
      ]])),
    }],
  ])('%s', (_who, roleId, expected) => {
    expect(sorted(permissionsOf(resources, id(roleId)))).toEqual(sorted(expected));
  });

  test('and there is no further role', () => {
    expect(ofType(resources, 'AWS::IAM::Role')).toHaveLength(7);
  });

  test.each([
    ['lambda.amazonaws.com', /^InferenceRecommenderRuntime(Start|WaitEnd|Recommend|Model)Role/],
    ['states.amazonaws.com', /^InferenceRecommenderRuntimeWaitRole/],
    ['sagemaker.amazonaws.com', /^(Job|Model)Role/],
  ])('%s alone may assume its roles', (service, ids) => {
    const roles = Object.entries(resources).filter(([roleId, { Type }]) => Type === 'AWS::IAM::Role' && ids.test(roleId));
    expect(roles.length).toBeGreaterThan(0);
    for (const [, { Properties }] of roles) {
      expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: service } }]);
    }
  });
});

describe('all statements of a stack', () => {
  const all = allPoliciesOf(everything().resources).flatMap(statementsOf);

  test('name every action in full', () => {
    expect(all.flatMap(({ Action }) => Action!).filter((action) => !/^[a-z0-9]+:[A-Z][A-Za-z]+$/.test(action))).toEqual([]);
  });

  test('have the resource * only for actions that know no other', () => {
    const anywhere = all.filter(({ Resource }) => [Resource].flat().includes('*'));
    expect(new Set(anywhere.flatMap(({ Action }) => Action))).toEqual(
      new Set([
        'sagemaker:ListInferenceRecommendationsJobs', 'sagemaker:ListInferenceRecommendationsJobSteps', 'ecr:GetAuthorizationToken', 'cloudwatch:PutMetricData',
        'servicequotas:ListServiceQuotas',
      ]));
  });

  test('let metrics be put only under SageMaker\'s own namespaces', () => {
    const metrics = all.filter(({ Action }) => [Action].flat().includes('cloudwatch:PutMetricData'));
    expect(metrics).toHaveLength(2);
    metrics.forEach(({ Condition }) => expect(Condition).toEqual({ StringLike: { 'cloudwatch:namespace': '/aws/sagemaker/*' } }));
  });

  test('let roles be passed to SageMaker only', () => {
    const passing = all.filter(({ Action }) => [Action].flat().includes('iam:PassRole'));
    expect(passing).toHaveLength(3);
    passing.forEach(({ Condition }) => expect(Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } }));
  });
});

describe('by IAM\'s rules', () => {
  const { resources } = everything();
  const may = (role: string, action: string, resource: string, context = {}) =>
    decide(policiesOf(resources, idOf(resources, role)), action, resource, context) === 'Allow';
  const id = jobId({ namespace: SCOPE.Namespace, scope: ['stack', 'shop'], content: {} });
  const job = (name: string) => arn('sagemaker', `inference-recommendations-job/${name}`);

  test.each(['Start', 'WaitEnd', 'Recommend', 'Wait'])('%s reaches the jobs of its stack, later attempts too, and none of another', (who) => {
    const describes = (name: string) => may(`InferenceRecommenderRuntime${who}Role`, 'sagemaker:DescribeInferenceRecommendationsJob', job(name));
    expect(describes(id)).toBe(true);
    expect(describes(attemptName(id, 2))).toBe(true);
    expect(describes(jobId({ namespace: 'ffffffff', scope: ['stack', 'shop'], content: {} }))).toBe(false);
  });

  test('Model reaches the models of its stack, and none of another', () => {
    const deletes = (stackId: string) => may('InferenceRecommenderRuntimeModelRole', 'sagemaker:DeleteModel',
      arn('sagemaker', `model/${modelName(stackId, 'Model', {})}`));
    expect(deletes(STACK_ID)).toBe(true);
    expect(deletes(STACK_ID.replace('0a1b2c3d', 'ffffffff'))).toBe(false);
  });

  test('Start passes the job\'s role to SageMaker, not to another service, and no other role', () => {
    const passes = (role: string, service: string) => may('InferenceRecommenderRuntimeStartRole', 'iam:PassRole',
      `arn:aws:iam::111111111111:role/${role}`, { 'iam:PassedToService': service });
    expect(passes(idOf(resources, 'JobRole'), 'sagemaker.amazonaws.com')).toBe(true);
    expect(passes(idOf(resources, 'JobRole'), 'lambda.amazonaws.com')).toBe(false);
    expect(passes(idOf(resources, 'ModelRole'), 'sagemaker.amazonaws.com')).toBe(false);
  });

  test.each([
    ['Wait', 'sagemaker:StopInferenceRecommendationsJob'],
    ['WaitEnd', 'sagemaker:CreateInferenceRecommendationsJob'],
    ['WaitEnd', 'sagemaker:StopInferenceRecommendationsJob'],
    ['Recommend', 'sagemaker:CreateInferenceRecommendationsJob'],
    ['Recommend', 'sagemaker:StopInferenceRecommendationsJob'],
    ['Recommend', 'sagemaker:AddTags'],
    ['Model', 'sagemaker:CreateInferenceRecommendationsJob'],
  ])('%s may not do %s, even to the stack\'s own jobs', (who, action) => {
    expect(may(`InferenceRecommenderRuntime${who}Role`, action, job(id))).toBe(false);
  });
});

describe('many jobs in one stack', () => {
  const startOf = (jobs: number) => {
    const stack = newStack();
    for (let n = 1; n <= jobs; n++) { jobIn(stack, { target: BenchmarkTarget.fromModelPackage(importedPackage(stack, `P${n}`, n)) }, `Job${n}`); }
    const resources = deployed(stack);
    return policiesOf(resources, idOf(resources, 'InferenceRecommenderRuntimeStartRole')).flatMap(statementsOf);
  };

  test('share their statements while they fit inline: five have as many as one', () => {
    const [one, five] = [startOf(1), startOf(5)];
    expect(five).toHaveLength(one.length);
    const passing = five.filter(({ Action }) => Action === 'iam:PassRole');
    expect(passing).toHaveLength(1);
    expect(passing[0].Resource).toHaveLength(5);
  });

  test('that share a role and a package name each once', () => {
    const stack = newStack();
    const role = new Role(stack, 'Shared', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    const target = BenchmarkTarget.fromModelPackage(importedPackage(stack));
    for (let n = 1; n <= 20; n++) { jobIn(stack, { target, role, trigger: `${n}` }, `Job${n}`); }
    const resources = deployed(stack);
    expect(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeStartRole'))).toMatchObject({
      'iam:PassRole': [`arn:aws:iam::111111111111:role/${idOf(resources, 'Shared')}${PASSED}`],
      'sagemaker:DescribeModelPackage': [arn('sagemaker', 'model-package/models/1')],
    });
  });
});
