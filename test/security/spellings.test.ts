import { App, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CfnEndpoint, CfnModel, CfnModelPackageGroup, IEndpointRef, IModelPackageGroupRef, IModelPackageRef, IModelRef,
} from 'aws-cdk-lib/aws-sagemaker';
import * as fc from 'fast-check';
import { decide } from '../../local-aws/iam/policy';
import * as library from '../../src';
import {
  BenchmarkTarget, ContainerImage, Endpoint, EndpointAutoScaling, EndpointConfig, EndpointGrants, InferenceRecommendationsJob, InstanceType,
  Model, ModelContainer, ModelPackage, ModelPackageGroup, ModelPackageGroupGrants, ModelRegistryBenchmark, Recommendation, ScalingTarget, Variant,
} from '../../src';
import { positionOf } from '../../src/contract/parameters';
import { arn, Attributes, CONTAINER_CONFIG, deployed, idOf, jobIn, late, newStack, permissionsOf, policiesOf, Resources } from '../harness/constructs';
import { xgboost } from '../harness/model-package';

/** Whoever gets a permission on something that was given by a name: the start of its role's id, and the action on it. */
type Permission = readonly [role: string, action: string];

/** One way to give something and to use it: whoever needs it, and what the deploy calls it if the app gives no name. */
interface Use {
  readonly resource: string;
  readonly make: (stack: Stack, name: string) => void;
  readonly needs: readonly Permission[];
  readonly generated?: RegExp;
  /** What is behind the name in an ARN. */
  readonly end?: string;
}

const RUNTIME = 'InferenceRecommenderRuntime';
const sm = (role: string, ...actions: string[]): Permission[] => actions.map((action) => [role, `sagemaker:${action}`]);
const caller = (stack: Stack) => new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
const IMAGE = ContainerImage.fromRegistry('111111111111.dkr.ecr.us-east-1.amazonaws.com/served:1');
const served = (stack: Stack) => new Model(stack, 'Served', { containers: [ModelContainer.fromImage(IMAGE)] });
const configIn = (stack: Stack) => new EndpointConfig(stack, 'Config', {
  variants: [Variant.onInstances(served(stack), { instanceType: InstanceType.ML_M5_LARGE, initialInstanceCount: 1, variantName: 'Only' })],
});

const ENDPOINTS: Record<string, (stack: Stack, name: string) => IEndpointRef> = {
  'an imported endpoint': (stack, name) => Endpoint.fromEndpointName(stack, 'Given', name),
  'an endpoint imported by its ARN': (stack, name) => Endpoint.fromEndpointArn(stack, 'Given', arn('sagemaker', `endpoint/${name}`)),
  'an endpoint with a name': (stack, name) => new Endpoint(stack, 'Given', { endpointName: name, endpointConfig: configIn(stack) }),
  'an endpoint with a name that is known late': (stack, name) => new Endpoint(stack, 'Given', { endpointName: late.text(name), endpointConfig: configIn(stack) }),
  'an endpoint without a name': (stack) => new Endpoint(stack, 'Given', { endpointConfig: configIn(stack) }),
  'an L1 of an endpoint': (stack, endpointName) => new CfnEndpoint(stack, 'Given', { endpointName, endpointConfigName: 'c' }),
  'an L1 of an endpoint without a name': (stack) => new CfnEndpoint(stack, 'Given', { endpointConfigName: 'c' }),
};

const MODELS: Record<string, (stack: Stack, name: string) => IModelRef> = {
  'an imported model': (stack, name) => Model.fromModelName(stack, 'Given', name),
  'a model imported by its ARN': (stack, name) => Model.fromModelArn(stack, 'Given', arn('sagemaker', `model/${name}`)),
  'a model without a name': (stack) => new Model(stack, 'Given', { containers: [ModelContainer.fromImage(IMAGE)] }),
  'an L1 of a model': (stack, modelName) => new CfnModel(stack, 'Given', { modelName, executionRoleArn: 'arn:aws:iam::111111111111:role/r' }),
  'an L1 of a model without a name': (stack) => new CfnModel(stack, 'Given', { executionRoleArn: 'arn:aws:iam::111111111111:role/r' }),
};

const GROUPS: Record<string, (stack: Stack, name: string) => IModelPackageGroupRef> = {
  'an imported group': (stack, name) => ModelPackageGroup.fromModelPackageGroupName(stack, 'Given', name),
  'a group imported by its ARN': (stack, name) => ModelPackageGroup.fromModelPackageGroupArn(stack, 'Given', arn('sagemaker', `model-package-group/${name}`)),
  'a group with a name': (stack, modelPackageGroupName) => new ModelPackageGroup(stack, 'Given', { modelPackageGroupName }),
  'a group with a name that is known late': (stack, name) => new ModelPackageGroup(stack, 'Given', { modelPackageGroupName: late.text(name) }),
  'an L1 of a group': (stack, modelPackageGroupName) => new CfnModelPackageGroup(stack, 'Given', { modelPackageGroupName }),
};

const PACKAGES: Record<string, (stack: Stack, name: string) => IModelPackageRef> = {
  'an imported package': (stack, name) => ModelPackage.fromModelPackageName(stack, 'Package', name),
  'a package imported by its ARN': (stack, name) => ModelPackage.fromModelPackageArn(stack, 'Package', arn('sagemaker', `model-package/${name}`)),
  'an unversioned package': (stack, modelPackageName) => new ModelPackage(stack, 'Package', {
    ...xgboost(library),
    modelPackageName,
    supportedRealtimeInferenceInstanceTypes: [InstanceType.ML_M5_LARGE],
    supportedTransformInstanceTypes: [InstanceType.ML_M5_LARGE],
  }),
};

const VERSIONS: Record<string, (stack: Stack, name: string) => IModelPackageRef> = {
  'a version of an imported group': (stack, name) => ModelPackage.fromModelPackageVersion(stack, 'Package', GROUPS['an imported group'](stack, name), 1),
  ...Object.fromEntries(Object.entries(GROUPS).map(([what, group]) => (
    [`a version of ${what}`, (stack: Stack, name: string) => new ModelPackage(stack, 'Package', { ...xgboost(library), modelPackageGroup: group(stack, name) })]))),
};

const describing = (role: string) => sm(role, 'DescribeInferenceRecommendationsJob');

const USES: Record<string, Use> = {};
const add = (what: string, use: Use) => { USES[what] = use; };

for (const [what, endpoint] of Object.entries(ENDPOINTS)) {
  const generated = what.endsWith('without a name') ? /^Given/ : undefined;
  add(`${what} beside which a job benchmarks`, {
    resource: 'endpoint',
    make: (stack, name) => jobIn(stack, { existingEndpoints: [endpoint(stack, name)] }),
    needs: sm('JobRole', 'DescribeEndpoint', 'InvokeEndpoint'),
    generated,
  });
  if (!what.includes('import') ) {
    add(`${what} that scales`, {
      resource: 'endpoint',
      make: (stack, name) => new EndpointAutoScaling(stack, 'Scaling', {
        endpoint: endpoint(stack, name), variantNames: ['Only'], minCapacity: 1, maxCapacity: 2, target: ScalingTarget.invocationsPerInstance(70),
      }),
      needs: sm(`${RUNTIME}ScalingRole`, 'DescribeEndpoint', 'UpdateEndpointWeightsAndCapacities'),
      generated,
    });
  }
  add(`${what} that a principal may invoke`, {
    resource: 'endpoint',
    make: (stack, name) => EndpointGrants.fromEndpoint(endpoint(stack, name)).invoke(caller(stack)),
    needs: sm('Caller', 'InvokeEndpoint'),
    generated,
  });
}
for (const [what, model] of Object.entries(MODELS)) {
  add(`${what} that is benchmarked and copied`, {
    resource: 'model',
    make: (stack, name) => {
      const job = jobIn(stack, { target: BenchmarkTarget.fromModel(model(stack, name)), containerConfig: CONTAINER_CONFIG });
      new Model(stack, 'Copy', { recommendation: job.addRecommendation('Best'), role: caller(stack) });
    },
    needs: [...sm(`${RUNTIME}StartRole`, 'DescribeModel'), ...sm('JobRole', 'DescribeModel'), ...sm(`${RUNTIME}ModelRole`, 'DescribeModel')],
    generated: what.endsWith('without a name') ? /^Given/ : undefined,
  });
}
for (const [what, modelPackage] of [...Object.entries(PACKAGES), ...Object.entries(VERSIONS)]) {
  add(`${what} that is benchmarked and deployed`, {
    resource: 'model-package',
    make: (stack, name) => {
      const job = jobIn(stack, { target: BenchmarkTarget.fromModelPackage(modelPackage(stack, name)), containerConfig: CONTAINER_CONFIG });
      new Model(stack, 'Copy', { recommendation: job.addRecommendation('Best') });
    },
    needs: [...sm(`${RUNTIME}StartRole`, 'DescribeModelPackage'), ...sm(`${RUNTIME}ModelRole`, 'DescribeModelPackage', 'CreateModel')],
    end: what in VERSIONS ? '/1' : '',
  });
}
for (const [what, group] of Object.entries(GROUPS)) {
  add(`${what} whose versions are benchmarked`, {
    resource: 'model-package',
    make: (stack, name) => new ModelRegistryBenchmark(stack, 'Registry', {
      modelPackageGroup: group(stack, name), fallback: { instanceType: InstanceType.ML_M5_LARGE }, parameterPath: '/shop/best',
    }),
    needs: [...sm(`${RUNTIME}ApproveRole`, 'DescribeModelPackage'), ...sm('RegistryRole', 'DescribeModelPackage')],
    end: '/7',
  });
  for (const [resource, end, action] of [['model-package', '/7', 'CreateModel'], ['model-package-group', '', 'DescribeModelPackageGroup']]) {
    add(`${what} that a principal may deploy: its ${resource}`, {
      resource, end, make: (stack, name) => ModelPackageGroupGrants.fromModelPackageGroup(group(stack, name)).deploy(caller(stack)), needs: sm('Caller', action),
    });
  }
}
add('an imported job', {
  resource: 'inference-recommendations-job',
  make: (stack, name) => InferenceRecommendationsJob.fromJobName(stack, 'Job', name).addRecommendation('Best'),
  needs: describing(`${RUNTIME}RecommendRole`),
});
add('an imported job by whose recommendation an endpoint scales', {
  resource: 'inference-recommendations-job',
  make: (stack, name) => {
    const recommendation = InferenceRecommendationsJob.fromJobName(stack, 'Job', name).addRecommendation('Best');
    new EndpointAutoScaling(stack, 'Scaling', { endpoint: ENDPOINTS['an endpoint without a name'](stack, ''), recommendation });
  },
  needs: describing(`${RUNTIME}RecommendRole`),
});
add('a compilation that a fixed recommendation names', {
  resource: 'compilation-job',
  make: (stack, compilationJobName) => {
    const modelPackage = ModelPackage.fromModelPackageName(stack, 'Package', 'given');
    const recommendation = Recommendation.fromAttributes(stack, 'Best', { instanceType: InstanceType.ML_M5_LARGE, modelPackage, compilationJobName } as any);
    new Model(stack, 'Copy', { recommendation });
  },
  needs: sm(`${RUNTIME}ModelRole`, 'DescribeCompilationJob'),
});

/** What CloudFormation and the service answer, with names as given or in lower case. */
function answers(spell: (name: string) => string): Attributes {
  const named = (type: string, property: string) => (id: string, properties: any) => arn('sagemaker', `${type}/${spell(properties[property] ?? generatedName(id))}`);
  return {
    'AWS::SageMaker::Endpoint.EndpointArn': named('endpoint', 'EndpointName'),
    'AWS::SageMaker::Endpoint.Ref': named('endpoint', 'EndpointName'),
    'AWS::SageMaker::Endpoint.EndpointName': (id, { EndpointName }) => EndpointName ?? generatedName(id),
    'AWS::SageMaker::Model.ModelArn': named('model', 'ModelName'),
    'AWS::SageMaker::Model.Ref': named('model', 'ModelName'),
    'AWS::SageMaker::Model.ModelName': (id, { ModelName }) => ModelName ?? generatedName(id),
    'AWS::SageMaker::ModelPackageGroup.ModelPackageGroupArn': named('model-package-group', 'ModelPackageGroupName'),
    'AWS::SageMaker::ModelPackageGroup.Ref': named('model-package-group', 'ModelPackageGroupName'),
    'AWS::SageMaker::ModelPackage.ModelPackageArn': named('model-package', 'ModelPackageName'),
  };
}

const generatedName = (id: string) => `${id}-AbCdEf`;
const rolesOf = (resources: Resources, start: string) => policiesOf(resources, idOf(resources, start));

const names = fc.tuple(fc.stringMatching(/^[A-Z][a-zA-Z0-9]{0,30}$/), fc.stringMatching(/^(-[a-zA-Z0-9]{1,10}){0,2}$/)).map((parts) => parts.join(''));

test.each(Object.entries(USES))('%s: every policy allows its name in both spellings, and no other name', (what, { resource, make, needs, generated, end = '' }) => {
  fc.assert(fc.property(names, fc.boolean(), (given, isLower) => {
    const spell = (name: string) => (isLower ? name.toLowerCase() : name);
    const stack = newStack();
    make(stack, given);
    const resources = deployed(stack, answers(spell));
    const name = generated ? generatedName(Object.keys(resources).find((id) => generated.test(id) && /Endpoint$|Model$/.test(resources[id].Type))!) : given;
    const may = ([role, action]: Permission, one: string) => decide(rolesOf(resources, role), action, arn('sagemaker', `${resource}/${one}${end}`), {}) === 'Allow';
    // Of a name that only the deploy knows, the service's own answer is the second spelling.
    const spellings = new Set((generated || what.includes('known late')) && spell(name) === name ? [name] : [name, name.toLowerCase()]);
    expect([...spellings].flatMap((one) => needs.filter((permission) => !may(permission, one)).map((permission) => [one, permission]))).toEqual([]);
    const others = [`${name}x`, `x${name}`, name.slice(0, -1), name.toUpperCase(), '*'].filter((other) => !spellings.has(other) && other !== name.toLowerCase());
    expect(others.flatMap((one) => needs.filter((permission) => may(permission, one)).map((permission) => [one, permission]))).toEqual([]);
  }), { seed: 1, numRuns: 6 });
});

describe('a target that only the deploy of another stack knows: the recommendation tells both spellings', () => {
  // As the harness renders what a template selects from a parameter.
  const fieldOf = (attribute: string) => `/shop/best/fields.${positionOf(attribute)}`;

  const targetOf = (target: (stack: Stack) => BenchmarkTarget, role?: true) => {
    const producer = newStack();
    const consumer = new Stack(producer.node.root as App, 'Consumer');
    const job = jobIn(producer, { target: target(producer), containerConfig: CONTAINER_CONFIG });
    new Model(consumer, 'Copy', { recommendation: job.addRecommendation('Best', { parameterPath: '/shop/best' }), role: role && caller(consumer) });
    const resources = deployed(consumer);
    return permissionsOf(resources, idOf(resources, `${RUNTIME}ModelRole`));
  };

  test('a model\'s', () => {
    const { 'sagemaker:DescribeModel': arns } = targetOf((stack) => BenchmarkTarget.fromModel(MODELS['a model without a name'](stack, '')), true);
    expect(arns.slice(-2)).toEqual(['ModelName', 'TargetInLowerCase'].map((field) => arn('sagemaker', `model/${fieldOf(field)}`)));
  });

  test('a package\'s', () => {
    const permissions = targetOf((stack) => BenchmarkTarget.fromModelPackage(PACKAGES['an imported package'](stack, 'Given')));
    for (const action of ['DescribeModelPackage', 'CreateModel']) {
      expect(permissions[`sagemaker:${action}`].slice(-2)).toEqual(['ModelPackageArn', 'TargetInLowerCase'].map(fieldOf));
    }
  });
});

test.each<[string, (stack: Stack) => void]>([
  ['endpointArn', (stack) => Endpoint.fromEndpointName(stack, 'E', 'Shop*')],
  ['endpointArn', (stack) => Endpoint.fromEndpointArn(stack, 'E', arn('sagemaker', 'endpoint/*'))],
  ['modelArn', (stack) => Model.fromModelName(stack, 'M', 'Shop?')],
  ['modelPackageArn', (stack) => ModelPackage.fromModelPackageArn(stack, 'P', arn('sagemaker', 'model-package/shop/*'))],
  ['modelPackageGroupArn', (stack) => ModelPackageGroup.fromModelPackageGroupArn(stack, 'G', arn('sagemaker', 'model-package-group/*'))],
])('a pattern is no %s', (prop, make) => {
  expect(() => make(newStack())).toThrow(new RegExp(`^\`${prop}\` must name one resource`));
});
