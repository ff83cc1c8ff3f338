import { CfnParameter, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { decide } from '../../../local-aws/iam/policy';
import { EndpointType, FixedRecommendation, InstanceType, Objective, RecommendationLimits, RecommendationOptions } from '../../../src';
import { arn, deployed, idOf, idsOf, jobIn, late, newStack, only, permissionsOf, Resources, statementsOf, policiesOf } from '../../harness/constructs';
import { SCOPE } from '../../harness/place';

const TYPE = 'Custom::InferenceRecommendation';
const RECOMMEND = 'InferenceRecommenderRuntimeRecommendRole';
const START = 'InferenceRecommenderRuntimeStartRole';
const C5 = InstanceType.ML_C5_XLARGE;

const stackOf = (options: RecommendationOptions): Stack => {
  const stack = newStack();
  jobIn(stack).addRecommendation('Best', options);
  return stack;
};
const propertiesOf = (options: RecommendationOptions) => only(deployed(stackOf(options)), TYPE).Properties;
const outputsOf = (stack: Stack) => Template.fromStack(stack).toJSON().Outputs ?? {};

describe('each option reaches its handler', () => {
  test('all of them', () => {
    const limits: Required<RecommendationLimits> = {
      maxModelLatency: 50,
      minInvocations: 100,
      maxCostPerHour: 1.5,
      maxCostPerInference: 1e-7,
      maxCpuUtilization: 300,
      maxMemoryUtilization: 0,
      allowedInstanceTypes: [C5, InstanceType.ML_C5_2XLARGE],
      allowedInstanceFamilies: ['ml.m5'],
      refusedInstanceTypes: [InstanceType.ML_C5_9XLARGE],
      refusedInstanceFamilies: ['ml.g5', 'ml.trn1'],
      allowCompiledModels: false,
      allowLocalStorage: false,
      maxServerlessConcurrency: 20,
    };
    expect(propertiesOf({
      objective: Objective.lowestCostPerHour(),
      limits,
      targetLoad: { invocationsPerMinute: 1000, headroomPercent: 20 },
      pinnedInstanceType: C5,
      fallback: { instanceType: C5, initialInstanceCount: 2, inferenceSpecificationName: 'gpu', environment: { WORKERS: '1' } },
      parameterPath: '/shop/recommendation',
    })).toEqual({
      ServiceToken: expect.any(String),
      ServiceTimeout: '2880',
      Namespace: SCOPE.Namespace,
      SchemaVersion: expect.any(String),
      JobName: expect.any(String),
      Objective: 'LowestCostPerHour',
      Family: 'InferenceRecommendations',
      EndpointType: 'RealTime',
      Limits: {
        MaxModelLatency: '50',
        MinInvocations: '100',
        MaxCostPerHour: '1.5',
        MaxCostPerInference: '1e-7',
        MaxCpuUtilization: '300',
        MaxMemoryUtilization: '0',
        AllowedInstanceTypes: ['ml.c5.xlarge', 'ml.c5.2xlarge', 'ml.m5'],
        RefusedInstanceTypes: ['ml.c5.9xlarge', 'ml.g5', 'ml.trn1'],
        AllowCompiledModels: 'false',
        AllowLocalStorage: 'false',
        MaxServerlessConcurrency: '20',
      },
      TargetLoad: { InvocationsPerMinute: '1000', HeadroomPercent: '20' },
      Pin: { InstanceType: 'ml.c5.xlarge' },
      Fallback: { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: '2', InferenceSpecificationName: 'gpu', Environment: { WORKERS: '1' } },
      ParameterPath: '/shop/recommendation',
      // What a model is made of where the fallback stands in.
      ModelPackageArn: arn('sagemaker', 'model-package/models/1'),
    });
  });

  test.each<[string, RecommendationOptions, Record<string, unknown>]>([
    ['a pin on an id', { pinnedRecommendationId: 'job/0123abcd' }, { Pin: { RecommendationId: 'job/0123abcd' } }],
    ['a load without headroom', { targetLoad: { invocationsPerMinute: 0 } }, { TargetLoad: { InvocationsPerMinute: '0', HeadroomPercent: '0' } }],
    ['one instance by default', { fallback: { instanceType: C5 } }, { Fallback: { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: '1' } }],
    ['a serverless fallback', {
      endpointType: EndpointType.SERVERLESS, fallback: { serverlessMemorySize: Size.gibibytes(2), serverlessMaxConcurrency: 5 },
    }, { EndpointType: 'Serverless', Fallback: { ServerlessMemorySizeInMB: '2048', ServerlessMaxConcurrency: '5' } }],
  ])('%s', (_what, options, expected) => {
    expect(propertiesOf(options)).toMatchObject(expected);
  });

  test.each<[string, RecommendationOptions]>([
    ['none', {}], ['no limit', { limits: {} }], ['compiled models allowed', { limits: { allowCompiledModels: true } }],
    ['what stands in without jobs', { withoutJobs: { instanceType: C5 } }], ['an explanation', { explain: true }],
  ])('%s changes nothing', (_what, options) => {
    expect(Object.keys(propertiesOf(options)).sort()).toEqual(['EndpointType', 'Family', 'JobName', 'ModelPackageArn', 'Namespace', 'Objective', 'SchemaVersion', 'ServiceTimeout', 'ServiceToken']);
  });

  test('a fallback is told to the start and to each stage, so that the job\'s failure fails none', () => {
    const resources = deployed(stackOf({ fallback: { instanceType: C5 } }));
    const told = (type: string) => idsOf(resources, type).map((id) => resources[id].Properties.ToleratesFailure);
    expect([told('Custom::InferenceRecommendationsJob'), told('Custom::InferenceRecommendationsJobWait')]).toEqual([['true'], ['true', 'true']]);
    expect(only(deployed(stackOf({})), 'Custom::InferenceRecommendationsJob').Properties).not.toHaveProperty('ToleratesFailure');
  });

  test('one recommendation with a fallback is enough among several', () => {
    const stack = newStack();
    const job = jobIn(stack);
    job.addRecommendation('Best');
    job.addRecommendation('Safe', { fallback: { instanceType: C5 } });
    expect(only(deployed(stack), 'Custom::InferenceRecommendationsJob').Properties.ToleratesFailure).toBe('true');
  });
});

describe('bad input is refused in a sentence that names it', () => {
  const SERVERLESS = { endpointType: EndpointType.SERVERLESS };
  test.each<[RecommendationOptions, RegExp]>([
    ...(['maxModelLatency', 'minInvocations', 'maxCostPerHour', 'maxCostPerInference', 'maxCpuUtilization', 'maxMemoryUtilization'] as const).flatMap(
      (name): Array<[RecommendationOptions, RegExp]> => [-1, NaN, Infinity].map((value) => (
        [{ limits: { [name]: value } }, new RegExp(`^\`limits\\.${name}\` must be a number of at least 0, got: ${value}\\. Leave it out for none\\.$`)]))),
    [{ limits: { allowedInstanceTypes: [] } }, /^`limits\.allowedInstanceTypes` must have at least 1 entry, got none: leave it out\.$/],
    [{ limits: { refusedInstanceFamilies: [] } }, /^`limits\.refusedInstanceFamilies` must have at least 1 entry, got none: leave it out\.$/],
    [{ limits: { allowedInstanceFamilies: ['c5'] } }, /^An instance family must look like 'ml\.c5', got: 'c5'\. Did you mean 'ml\.c5'\?$/],
    [{ limits: { refusedInstanceFamilies: ['ml.c5.xlarge'] } }, /^An instance family must look like 'ml\.c5', got: 'ml\.c5\.xlarge'\. Did you mean 'ml\.c5'\? One type belongs to the list of types\.$/],
    [{ targetLoad: { invocationsPerMinute: -5 } }, /^`targetLoad\.invocationsPerMinute` must be a number of at least 0, got: -5\. Leave it out for none\.$/],
    [{ targetLoad: { invocationsPerMinute: 1, headroomPercent: -1 } }, /^`targetLoad\.headroomPercent` must be a number of at least 0, got: -1\. Leave it out for none\.$/],
    [{ pinnedInstanceType: C5, endpointType: EndpointType.SERVERLESS }, /^`pinnedInstanceType` must be left out if `endpointType` is serverless, got: 'ml\.c5\.xlarge'\.$/],
    [{ pinnedInstanceType: C5, limits: { refusedInstanceFamilies: ['ml.c5'] } }, /^`pinnedInstanceType` must be an instance type that `limits` allow, got: 'ml\.c5\.xlarge'/],
    [{ pinnedInstanceType: C5, limits: { allowedInstanceTypes: [InstanceType.ML_M5_LARGE] } }, /^`pinnedInstanceType` must be an instance type that `limits` allow/],
    [{ pinnedInstanceType: C5, pinnedRecommendationId: 'job/1' }, /^`pinnedInstanceType` and `pinnedRecommendationId` exclude each other/],
    ...(['fallback', 'withoutJobs'] as const).flatMap((prop): Array<[RecommendationOptions, RegExp]> => [
      [{ [prop]: {} }, new RegExp(`^\`${prop}\\.instanceType\` is required for a real-time recommendation\\.$`)],
      [{ [prop]: { instanceType: C5, initialInstanceCount: 0 } }, new RegExp(`^\`${prop}\\.initialInstanceCount\` must be at least 1, got: 0\\.$`)],
      [{ [prop]: { instanceType: C5, environment: { '1A': 'x' } } }, new RegExp(`^\`${prop}\\.environment\\.1A\` must match `)],
      [{ [prop]: { instanceType: C5, inferenceSpecificationName: 'a b' } }, new RegExp(`^\`${prop}\\.inferenceSpecificationName\` must match `)],
      [{ ...SERVERLESS, [prop]: { serverlessMaxConcurrency: 5 } }, new RegExp(`^\`${prop}\\.serverlessMemorySize\` is required for a serverless`)],
      [{ ...SERVERLESS, [prop]: { serverlessMemorySize: Size.gibibytes(2) } }, new RegExp(`^\`${prop}\\.serverlessMaxConcurrency\` is required`)],
      [{ ...SERVERLESS, [prop]: { serverlessMemorySize: Size.gibibytes(7), serverlessMaxConcurrency: 5 } },
        new RegExp(`^\`${prop}\\.serverlessMemorySize\` must be at most 6144, got: 7168\\.$`)],
      [{ ...SERVERLESS, [prop]: { serverlessMemorySize: Size.mebibytes(1536), serverlessMaxConcurrency: 5 } },
        new RegExp(`^\`${prop}\\.serverlessMemorySize\` must be a multiple of 1024 MiB, got: 1536 MiB\\.$`)],
      [{ ...SERVERLESS, [prop]: { serverlessMemorySize: Size.gibibytes(2), serverlessMaxConcurrency: 201 } },
        new RegExp(`^\`${prop}\\.serverlessMaxConcurrency\` must be at most 200, got: 201\\.$`)],
    ]),
    ...['shop', '/shop/', '/', '', '/a b', '//a', '/aws/x', '/SSM/x', '/a'.repeat(14)].map((path): [RecommendationOptions, RegExp] => (
      [{ parameterPath: path }, new RegExp(`^\`parameterPath\` must be a path such as .*, got: '${path}'\\.$`)])),
    [{ parameterPath: late.text('/shop') }, /^`parameterPath` must be a path such as .*, got: a token\.$/],
  ])('%j', (options, sentence) => {
    expect(() => stackOf(options)).toThrow(sentence);
  });

  test.each(['/a', '/a.b-c_d/E9', '/a'.repeat(13)])('the path %s is none of it', (parameterPath) => {
    expect(propertiesOf({ parameterPath }).ParameterPath).toBe(parameterPath);
  });
});

describe('tokens', () => {
  test('pass in every figure, and reach the handler as what they are once they are resolved', () => {
    const stack = newStack();
    const { valueAsNumber: figure } = new CfnParameter(stack, 'Figure', { type: 'Number', default: 7 });
    jobIn(stack).addRecommendation('Best', {
      limits: { maxModelLatency: figure, allowedInstanceTypes: [InstanceType.of(late.text('ml.c5.large'))], allowedInstanceFamilies: [late.text('ml.c5')] },
      targetLoad: { invocationsPerMinute: figure, headroomPercent: figure },
      pinnedInstanceType: InstanceType.of(late.text('ml.c5.large')),
      fallback: { instanceType: InstanceType.of(late.text('ml.c5.large')), initialInstanceCount: figure, environment: { A: late.text('1') } },
    });
    expect(only(deployed(stack), TYPE).Properties).toMatchObject({
      Limits: { MaxModelLatency: 7, AllowedInstanceTypes: ['ml.c5.large', 'ml.c5'] },
      TargetLoad: { InvocationsPerMinute: 7, HeadroomPercent: 7 },
      Pin: { InstanceType: 'ml.c5.large' },
      Fallback: { InstanceType: 'ml.c5.large', InitialInstanceCount: 7, Environment: { A: '1' } },
    });
  });

  test('pass in a serverless fallback', () => {
    const stack = newStack();
    const { valueAsNumber: figure } = new CfnParameter(stack, 'Figure', { type: 'Number', default: 2048 });
    const fallback: FixedRecommendation = { serverlessMemorySize: Size.mebibytes(figure), serverlessMaxConcurrency: figure };
    jobIn(stack).addRecommendation('Best', { endpointType: EndpointType.SERVERLESS, fallback });
    expect(only(deployed(stack), TYPE).Properties.Fallback).toEqual({ ServerlessMemorySizeInMB: 2048, ServerlessMaxConcurrency: 2048 });
  });
});

describe('an output says what was chosen', () => {
  test.each<[string, RecommendationOptions, boolean]>([
    ['by default', {}, false], ['on request', { explain: true }, true], ['where there is a fallback', { fallback: { instanceType: C5 } }, true],
    ['where it is not wanted beside a fallback', { fallback: { instanceType: C5 }, explain: false }, false],
  ])('%s: %j %s', (_when, options, there) => {
    const stack = stackOf(options);
    const outputs = Object.entries<any>(outputsOf(stack));
    expect(outputs).toHaveLength(there ? 1 : 0);
    for (const [id, { Value }] of outputs) {
      expect(id).toMatch(/^JobBestSummary/);
      expect(Value).toEqual({ 'Fn::GetAtt': [idOf(deployed(stack), 'JobBest'), 'Summary'] });
    }
  });
});

describe('permissions', () => {
  const plain = deployed(stackOf({}));
  const permissions = (resources: Resources, role = RECOMMEND) => permissionsOf(resources, idOf(resources, role));
  const may = (resources: Resources, action: string, resource: string, role = RECOMMEND) => (
    decide(policiesOf(resources, idOf(resources, role)), action, resource, {}) === 'Allow');

  test('no option but a path and metrics widens what its function may do', () => {
    const all: RecommendationOptions = {
      limits: { maxCostPerHour: 1 }, targetLoad: { invocationsPerMinute: 1 }, fallback: { instanceType: C5 }, explain: true,
    };
    expect(permissions(deployed(stackOf(all)))).toEqual(permissions(plain));
    expect(Object.keys(permissions(plain)).filter((action) => /^ssm:|DeleteCompilationJob/.test(action))).toEqual([]);
  });

  test('metrics let it put some in the library\'s namespace, and in no other', () => {
    const resources = deployed(stackOf({ publishMetrics: true }));
    expect(only(resources, TYPE).Properties.PublishMetrics).toBe('true');
    const added = Object.fromEntries(Object.entries(permissions(resources)).filter(([action]) => !(action in permissions(plain))));
    expect(added).toEqual({ 'cloudwatch:PutMetricData': ['* if {"StringEquals":{"cloudwatch:namespace":"InferenceRecommender"}}'] });
    expect(only(deployed(stackOf({ publishMetrics: false })), TYPE).Properties).not.toHaveProperty('PublishMetrics');
  });

  test('a path lets it list, write and delete below this path, and do nothing else to parameters', () => {
    const resources = deployed(stackOf({ parameterPath: '/shop/best' }));
    const added = Object.fromEntries(Object.entries(permissions(resources)).filter(([action]) => !(action in permissions(plain))));
    const below = arn('ssm', 'parameter/shop/best/*');
    expect(added).toEqual({ 'ssm:GetParametersByPath': [arn('ssm', 'parameter/shop/best'), below], 'ssm:PutParameter': [below], 'ssm:DeleteParameters': [below] });
    for (const name of ['shop/best2/InstanceType', 'shop/InstanceType', 'shop/best', 'other']) {
      expect(may(resources, 'ssm:PutParameter', arn('ssm', `parameter/${name}`))).toBe(false);
      expect(may(resources, 'ssm:DeleteParameters', arn('ssm', `parameter/${name}`))).toBe(false);
    }
    expect(may(resources, 'ssm:PutParameter', arn('ssm', 'parameter/shop/best/InstanceType'))).toBe(true);
    expect(may(resources, 'ssm:GetParameter', arn('ssm', 'parameter/shop/best/InstanceType'))).toBe(false);
  });

  test('a path has a policy of its own, which the recommendation waits for: another path is another policy, so the old one outlasts what it wrote', () => {
    const policyOf = (parameterPath: string) => {
      const resources = deployed(stackOf({ parameterPath }));
      const policies = idsOf(resources, 'AWS::IAM::Policy').filter((id) => JSON.stringify(resources[id]).includes('ssm:PutParameter'));
      expect(policies).toHaveLength(1);
      expect(only(resources, TYPE).DependsOn).toContain(policies[0]);
      return policies[0];
    };
    expect(policyOf('/a')).not.toBe(policyOf('/b'));
    expect(policyOf('/a')).toBe(policyOf('/a'));
  });

  test('deleteCompilationJobs lets the start function list steps and delete compilations that the service names, and only then; no other function may', () => {
    const stack = newStack();
    jobIn(stack, { deleteCompilationJobs: true }).addRecommendation('Best');
    const resources = deployed(stack);
    const added = Object.fromEntries(Object.entries(permissions(resources, START)).filter(([action]) => !(action in permissions(plain, START))));
    expect(added).toEqual({
      'sagemaker:ListInferenceRecommendationsJobSteps': ['*'],
      'sagemaker:DeleteCompilationJob': ['d07afaab-*', 'sm-epc-*', 'neo-*'].map((name) => arn('sagemaker', `compilation-job/${name}`)),
    });
    expect(may(resources, 'sagemaker:DeleteCompilationJob', arn('sagemaker', 'compilation-job/mine'), START)).toBe(false);
    expect(permissions(resources)).toEqual(permissions(plain));
  });

  test('two jobs that delete their compilations share the statements', () => {
    const statements = (jobs: string[]) => {
      const stack = newStack();
      jobs.forEach((id) => jobIn(stack, { deleteCompilationJobs: true }, id));
      const resources = deployed(stack);
      return policiesOf(resources, idOf(resources, START)).flatMap(statementsOf).filter(({ Action }) => Action !== 'iam:PassRole');
    };
    expect(statements(['Job1', 'Job2'])).toEqual(statements(['Job1']));
  });
});
