import { CfnElement, Stack, Tags } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  BenchmarkTarget, ContainerConfigOptions, ContainerImage, IModel, InferenceExecutionMode, InferenceRecommendationsJob, MlDomain, MlFramework, MlTask,
  Model, ModelContainer, ModelData, ModelProps, PackageContainerOptions, SamplePayload,
} from '../../../src';
import { ACCOUNT, arn, deployed, idOf, importedPackage, jobIn, late, newStack, only, packageIn, permissionsOf } from '../../harness/constructs';
import { judged, network } from '../../harness/endpoints';

const NATIVE = 'AWS::SageMaker::Model';
const MADE = 'Custom::InferenceRecommendationModel';
const PACKAGE_ARN = arn('sagemaker', 'model-package/models/1');

/** What a job must know that benchmarks a model of no package. */
function containerConfig(stack: Stack): ContainerConfigOptions {
  return {
    domain: MlDomain.MACHINE_LEARNING,
    task: MlTask.CLASSIFICATION,
    framework: MlFramework.XGBOOST,
    samplePayload: SamplePayload.fromBucket(Bucket.fromBucketName(stack, 'Payload', 'payload'), 'payload.tar.gz'),
    supportedContentTypes: ['text/csv'],
  };
}

function fromPackage(stack: Stack, props: Partial<ModelProps> = {}): Model {
  return new Model(stack, 'Model', { modelPackage: importedPackage(stack), ...props });
}

/** The logical id of the resource that the model is. */
function defaultIdOf(stack: Stack, model: Model): string {
  return stack.getLogicalId(model.node.defaultChild as CfnElement);
}

function fromRecommendation(stack: Stack, props: Partial<ModelProps> = {}): Model {
  return new Model(stack, 'Model', { recommendation: jobIn(stack).addRecommendation('Best'), ...props });
}

describe('of a package', () => {
  test('is a model of CloudFormation\'s own', () => {
    const stack = newStack();
    const model = fromPackage(stack, { enableNetworkIsolation: true });
    const resources = deployed(stack);
    expect(only(resources, NATIVE)).toMatchObject({
      Properties: {
        ExecutionRoleArn: `arn:aws:iam::${ACCOUNT}:role/${idOf(resources, 'ModelRole')}`,
        EnableNetworkIsolation: true,
        PrimaryContainer: { ModelPackageName: PACKAGE_ARN },
      },
      DependsOn: expect.arrayContaining([idOf(resources, 'ModelRoleArtifacts[0-9a-f]{8}')]),
    });
    expect(stack.resolve(model.modelName)).toEqual({ 'Fn::GetAtt': [idOf(resources, 'Model'), 'ModelName'] });
  });

  test('takes tags', () => {
    const stack = newStack();
    const model = fromPackage(stack);
    Tags.of(stack).add('team', 'stack');
    Tags.of(model).add('team', 'model');
    expect(only(deployed(stack), NATIVE).Properties.Tags).toEqual([{ Key: 'team', Value: 'model' }]);
  });

  // What the construct's own tags are is written over the resource's, though the resource takes them by itself.
  test('keeps the tags of its resource', () => {
    const stack = newStack();
    Tags.of(fromPackage(stack).node.defaultChild!).add('team', 'ml');
    expect(only(deployed(stack), NATIVE).Properties.Tags).toEqual([{ Key: 'team', Value: 'ml' }]);
  });

  test('has no empty tags', () => {
    const stack = newStack();
    fromPackage(stack);
    expect(only(deployed(stack), NATIVE).Properties).not.toHaveProperty('Tags');
  });
});

describe('of a recommendation', () => {
  test('is made through the API, from what the row says', () => {
    const stack = newStack();
    const model = fromRecommendation(stack);
    const resources = deployed(stack);
    const row = idOf(resources, 'JobBest');
    expect(only(resources, MADE)).toMatchObject({
      Properties: {
        SchemaVersion: expect.any(String),
        ServiceTimeout: '1080',
        ModelPackageName: PACKAGE_ARN,
        InferenceSpecificationName: `${row}.InferenceSpecificationName`,
        CompilationJobName: `${row}.CompilationJobName`,
        Environment: `${row}.Environment`,
        ExecutionRoleArn: `arn:aws:iam::${ACCOUNT}:role/${idOf(resources, 'ModelRole')}`,
      },
    });
    expect(stack.resolve([model.modelName, model.modelArn])).toEqual(
      ['ModelName', 'ModelArn'].map((attribute) => ({ 'Fn::GetAtt': [defaultIdOf(stack, model), attribute] })));
  });

  test('comes after its role with its policies', () => {
    const stack = newStack();
    fromRecommendation(stack);
    const resources = deployed(stack);
    // The id of the artifacts' policy follows from what it grants: another artifact is another policy.
    const { DependsOn, Properties } = only(resources, MADE);
    expect(DependsOn).toEqual([expect.stringMatching(/^ModelRoleArtifacts[0-9a-f]{8}[0-9A-F]{8}$/)]);
    expect(Properties.ExecutionRoleArn).toContain(idOf(resources, 'ModelRole'));
  });

  test.each([[true, 'true'], [false, undefined], [undefined, undefined]])('network isolation %s', (enableNetworkIsolation, expected) => {
    const stack = newStack();
    fromRecommendation(stack, { enableNetworkIsolation });
    expect(only(deployed(stack), MADE).Properties.EnableNetworkIsolation).toBe(expected);
  });

  test('takes tags, and has no empty ones', () => {
    const tagged = newStack();
    Tags.of(fromRecommendation(tagged)).add('team', 'ml');
    expect(only(deployed(tagged), MADE).Properties.Tags).toEqual([{ Key: 'team', Value: 'ml' }]);
    const plain = newStack();
    fromRecommendation(plain);
    expect(only(deployed(plain), MADE).Properties).not.toHaveProperty('Tags');
  });

  test('is of the package that it is given rather than of the benchmarked one', () => {
    const stack = newStack();
    fromRecommendation(stack, { modelPackage: importedPackage(stack, 'Other', 2) });
    const resources = deployed(stack);
    const other = arn('sagemaker', 'model-package/models/2');
    expect(only(resources, MADE).Properties.ModelPackageName).toBe(other);
    expect(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeModelRole'))['sagemaker:DescribeModelPackage']).toEqual([other]);
  });
});

describe('its role', () => {
  test.each([['a package', fromPackage], ['a recommendation', fromRecommendation]])('that is given is used with %s, and none is made', (_of, make) => {
    const stack = newStack();
    const model = make(stack, { role: Role.fromRoleArn(stack, 'Given', `arn:aws:iam::${ACCOUNT}:role/given`) });
    const resources = deployed(stack);
    expect(resources[defaultIdOf(stack, model)].Properties.ExecutionRoleArn).toBe(`arn:aws:iam::${ACCOUNT}:role/given`);
    expect(Object.keys(resources).filter((id) => id.startsWith('ModelRole'))).toEqual([]);
  });

  test('may be handed over by the model function, and no other role may', () => {
    const stack = newStack();
    fromRecommendation(stack, { role: Role.fromRoleArn(stack, 'Given', `arn:aws:iam::${ACCOUNT}:role/given`) });
    const resources = deployed(stack);
    expect(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeModelRole'))['iam:PassRole'])
      .toEqual([`arn:aws:iam::${ACCOUNT}:role/given if {"StringEquals":{"iam:PassedToService":"sagemaker.amazonaws.com"}}`]);
  });

  test('may read what the package is made of', () => {
    const stack = newStack();
    new Model(stack, 'Model', { modelPackage: packageIn(stack) });
    const resources = deployed(stack);
    expect(permissionsOf(resources, idOf(resources, 'ModelRole'))['s3:GetObject']).toHaveLength(2);
  });

  test('is what a grant to the model is granted to', () => {
    const stack = newStack();
    new Bucket(stack, 'Data').grantRead(fromPackage(stack));
    const resources = deployed(stack);
    expect(permissionsOf(resources, idOf(resources, 'ModelRole'))['s3:GetObject*']).toBeDefined();
  });
});

describe('without a package', () => {
  test('and without a recommendation is refused', () => {
    expect(() => new Model(newStack(), 'Model', {})).toThrow(/^`modelPackage` is required: there is neither a recommendation nor `containers`\.$/);
  });

  test('a recommendation that does not say what was benchmarked is refused', () => {
    const stack = newStack();
    const recommendation = InferenceRecommendationsJob.fromJobName(stack, 'Job', 'notebook-job').addRecommendation('Best');
    expect(() => new Model(stack, 'Model', { recommendation })).toThrow(/^`modelPackage` is required: the recommendation does not say what was benchmarked\.$/);
  });
});

describe('imported', () => {
  const modelArn = arn('sagemaker', 'model/served');

  test.each<[string, (stack: Stack) => IModel]>([
    ['by its name', (stack) => Model.fromModelName(stack, 'Served', 'served')],
    ['by its ARN', (stack) => Model.fromModelArn(stack, 'Served', modelArn)],
    ['by an ARN that only the deploy knows', (stack) => Model.fromModelArn(stack, 'Served', late.text(modelArn))],
  ])('%s, can be benchmarked', (_how, imported) => {
    const stack = newStack();
    jobIn(stack, { target: BenchmarkTarget.fromModel(imported(stack)), containerConfig: containerConfig(stack) });
    const resources = deployed(stack);
    expect(only(resources, 'Custom::InferenceRecommendationsJob').Properties.Request.InputConfig.ModelName).toBe('served');
    expect(permissionsOf(resources, idOf(resources, 'InferenceRecommenderRuntimeStartRole'))['sagemaker:DescribeModel']).toEqual([modelArn]);
  });
});

describe('of containers', () => {
  const image = (name = 'image') => ContainerImage.fromRegistry(name);
  const named = (containerHostname?: string) => ModelContainer.fromImage(image(), { containerHostname });
  /** The model's properties, which CloudFormation and the API take as they are. */
  const properties = (make: (stack: Stack) => ModelProps) => {
    const stack = newStack();
    new Model(stack, 'Model', make(stack));
    return judged(stack, NATIVE, 'CreateModelInput', { ModelName: 'made-at-deploy' });
  };

  test('one is the primary container, with all its props', () => {
    const modelData = (stack: Stack) => ModelData.fromBucket(Bucket.fromBucketName(stack, 'Data', 'data'), 'model.tar.gz');
    expect(properties((stack) => ({
      containers: [ModelContainer.fromImage(image(), { modelData: modelData(stack), environment: { THREADS: '4' }, containerHostname: 'main' })],
    }))).toEqual({
      ExecutionRoleArn: expect.stringMatching(/role\/ModelRole/),
      PrimaryContainer: { Image: 'image', ModelDataUrl: 's3://data/model.tar.gz', Environment: { THREADS: '4' }, ContainerHostname: 'main' },
    });
  });

  test('several are called as it is said', () => {
    const options: Required<PackageContainerOptions> = { containerHostname: 'b', environment: { A: '1' }, inferenceSpecificationName: 'gpu' };
    expect(properties((stack) => ({
      containers: [named('a'), ModelContainer.fromModelPackage(importedPackage(stack), options)],
      inferenceExecutionMode: InferenceExecutionMode.DIRECT,
    }))).toMatchObject({
      Containers: [
        { Image: 'image', ContainerHostname: 'a' },
        { ModelPackageName: PACKAGE_ARN, ContainerHostname: 'b', Environment: { A: '1' }, InferenceSpecificationName: 'gpu' },
      ],
      InferenceExecutionConfig: { Mode: 'Direct' },
    });
  });

  test('its role may read the data and pull the images, and nothing else of either', () => {
    const stack = newStack();
    const repository = Repository.fromRepositoryName(stack, 'Images', 'images');
    const modelData = ModelData.fromBucket(Bucket.fromBucketName(stack, 'Data', 'data'), 'model.tar.gz');
    new Model(stack, 'Model', { containers: [ModelContainer.fromImage(ContainerImage.fromEcrRepository(repository), { modelData })] });
    const resources = deployed(stack);
    expect(permissionsOf(resources, idOf(resources, 'ModelRole'))).toMatchObject({
      's3:GetObject': ['arn:aws:s3:::data/model.tar.gz'], 'ecr:BatchGetImage': [arn('ecr', 'repository/images')],
    });
  });

  test.each<[string, (stack: Stack) => ModelProps, RegExp]>([
    ['none', () => ({ containers: [] }), /^`containers` must have at least 1 entry, got none\.$/],
    ['16', () => ({ containers: Array.from({ length: 16 }, () => named()) }), /^`containers` must have at most 15 entries/],
    ['one beside a package', (stack) => ({ containers: [named()], modelPackage: importedPackage(stack) }), /^`containers` must not be set together with `modelPackage`/],
    ['one beside a recommendation', (stack) => ({ containers: [named()], recommendation: jobIn(stack).addRecommendation('Best') }),
      /^`containers` must not be set together with `recommendation`/],
    ['one with a name and one without', () => ({ containers: [named('a'), named()] }), /^`containerHostname` must be set for each .*, got: 1 of 2\.$/],
    ['two of a name', () => ({ containers: [named('a'), named('a')] }), /^`containerHostname` must be different for each of .*, got 'a' twice\.$/],
    ['a name with a space', () => ({ containers: [named('a b')] }), /^`containerHostname` must match .*, got: 'a b'\.$/],
    ['an image with a space', () => ({ containers: [ModelContainer.fromImage(image('a b'))] }), /^`image` must match .*, got: 'a b'\.$/],
    ['a variable that has no name', () => ({ containers: [ModelContainer.fromImage(image(), { environment: { '1A': '' } })] }), /^`environment\.1A` must match /],
    ['a mode without containers', (stack) => ({ modelPackage: importedPackage(stack), inferenceExecutionMode: InferenceExecutionMode.SERIAL }),
      /^`inferenceExecutionMode` needs `containers`/],
  ])('%s is refused', (_what, wrong, sentence) => {
    expect(() => properties(wrong)).toThrow(sentence);
  });
});

describe('in a VPC', () => {
  test.each([['a package', fromPackage], ['a recommendation', fromRecommendation]])('has its subnets and groups, of %s', (_of, make) => {
    const stack = newStack();
    const model = make(stack, network(stack));
    expect(model.connections.securityGroups.map(({ securityGroupId }) => securityGroupId)).toEqual(['sg-1']);
    const resources = deployed(stack);
    expect(resources[defaultIdOf(stack, model)].Properties.VpcConfig).toEqual({ SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1', 'subnet-2'] });
    expect(permissionsOf(resources, idOf(resources, 'ModelRole'))['ec2:CreateNetworkInterface']).toContain(arn('ec2', 'subnet/subnet-2'));
  });

  test('CloudFormation and the API take it as it is', () => {
    const stack = newStack();
    fromPackage(stack, network(stack));
    expect(judged(stack, NATIVE, 'CreateModelInput', { ModelName: 'made-at-deploy' })).toHaveProperty('VpcConfig');
  });

  test('is missed by connections, and leaves the role without EC2', () => {
    const stack = newStack();
    const model = fromPackage(stack);
    expect(() => model.connections).toThrow('set `vpc`');
    const resources = deployed(stack);
    expect(Object.keys(permissionsOf(resources, idOf(resources, 'ModelRole'))).filter((action) => action.startsWith('ec2:'))).toEqual([]);
  });

  test('a new group lets traffic out or not, as it is said', () => {
    const groupOf = (allowAllOutbound?: boolean) => {
      const stack = newStack();
      fromPackage(stack, { vpc: network(stack).vpc, allowAllOutbound });
      return only(deployed(stack), 'AWS::EC2::SecurityGroup').Properties.SecurityGroupEgress[0].IpProtocol;
    };
    expect([groupOf(), groupOf(false)]).toEqual(['-1', 'icmp']);
  });
});
