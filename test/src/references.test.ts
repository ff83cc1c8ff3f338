import { Stack } from 'aws-cdk-lib';
import { CfnAlarm, IAlarmRef } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnSecurityGroup, ISecurityGroupRef, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnRepository, IRepositoryRef } from 'aws-cdk-lib/aws-ecr';
import { CfnRole, IRoleRef } from 'aws-cdk-lib/aws-iam';
import { CfnKey, IKeyRef } from 'aws-cdk-lib/aws-kms';
import { Bucket, CfnBucket, IBucketRef } from 'aws-cdk-lib/aws-s3';
import {
  CfnEndpoint, CfnEndpointConfig, CfnModel, CfnModelPackage, CfnModelPackageGroup, IEndpointConfigRef, IEndpointRef, IModelPackageGroupRef,
  IModelPackageRef, IModelRef,
} from 'aws-cdk-lib/aws-sagemaker';
import { CfnTopic, ITopicRef } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import * as library from '../../src';
import {
  AsyncInference, BenchmarkTarget, ContainerImage, DataCapture, Endpoint, EndpointAutoScaling, EndpointConfig, InferenceRecommendationsJob,
  InferenceRecommenderRuntime, InstanceType, Model, ModelContainer, ModelData, ModelPackage, ModelRegistryBenchmark, RecommendationReplica,
  RecommendedEndpoint, SamplePayload, ScalingTarget, ValidationInput, Variant,
} from '../../src';
import { atDeploy, CONTAINER_CONFIG, deployed, idOf, newStack, ofType, only, permissionsOf, Resource, Resources } from '../harness/constructs';
import { xgboost } from '../harness/model-package';
import { ACCOUNT, REGION } from '../harness/place';

/** What props take, by references alone. */
interface Given {
  readonly role: IRoleRef;
  readonly key: IKeyRef;
  readonly bucket: IBucketRef;
  readonly repository: IRepositoryRef;
  readonly group: IModelPackageGroupRef;
  readonly modelPackage: IModelPackageRef;
  readonly model: IModelRef;
  readonly config: IEndpointConfigRef;
  readonly endpoint: IEndpointRef;
  readonly topic: ITopicRef;
  readonly alarm: IAlarmRef;
  readonly securityGroup: ISecurityGroupRef;
}

const POLICY = { Version: '2012-10-17', Statement: [] };

function l1s(scope: Stack): Given {
  const model = new CfnModel(scope, 'GivenModel', { executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/model` });
  const config = new CfnEndpointConfig(scope, 'GivenConfig', { productionVariants: [{ variantName: 'Only', modelName: model.attrModelName }] });
  return {
    role: new CfnRole(scope, 'GivenRole', { assumeRolePolicyDocument: POLICY }),
    key: new CfnKey(scope, 'GivenKey', { keyPolicy: POLICY }),
    bucket: new CfnBucket(scope, 'GivenBucket'),
    repository: new CfnRepository(scope, 'GivenRepository'),
    group: new CfnModelPackageGroup(scope, 'GivenGroup', { modelPackageGroupName: 'mine' }),
    modelPackage: new CfnModelPackage(scope, 'GivenPackage'),
    model,
    config,
    endpoint: new CfnEndpoint(scope, 'GivenEndpoint', { endpointConfigName: config.attrEndpointConfigName }),
    topic: new CfnTopic(scope, 'GivenTopic'),
    alarm: new CfnAlarm(scope, 'GivenAlarm', { comparisonOperator: 'GreaterThanThreshold', evaluationPeriods: 1 }),
    securityGroup: new CfnSecurityGroup(scope, 'GivenSecurityGroup', { groupDescription: 'mine' }),
  };
}

/** Constructs that nobody here knows: they have a reference, and nothing else. */
function foreigners(scope: Stack): Given {
  const env = { account: ACCOUNT, region: REGION };
  const make = <R extends object>(id: string, reference: R) => Object.assign(new Construct(scope, id), { env, ...reference });
  const arnOf = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
  return {
    role: make('GivenRole', { roleRef: { roleName: 'mine', roleArn: `arn:aws:iam::${ACCOUNT}:role/mine` } }),
    key: make('GivenKey', { keyRef: { keyId: 'mine', keyArn: arnOf('kms', 'key/mine') } }),
    bucket: make('GivenBucket', { bucketRef: { bucketName: 'mine', bucketArn: 'arn:aws:s3:::mine' } }),
    repository: make('GivenRepository', { repositoryRef: { repositoryName: 'mine', repositoryArn: arnOf('ecr', 'repository/mine') } }),
    group: make('GivenGroup', { modelPackageGroupRef: { modelPackageGroupArn: arnOf('sagemaker', 'model-package-group/mine') } }),
    modelPackage: make('GivenPackage', { modelPackageRef: { modelPackageArn: arnOf('sagemaker', 'model-package/mine/3') } }),
    model: make('GivenModel', { modelRef: { modelArn: arnOf('sagemaker', 'model/mine') } }),
    config: make('GivenConfig', { endpointConfigRef: { endpointConfigId: arnOf('sagemaker', 'endpoint-config/mine'), endpointConfigName: 'mine' } }),
    endpoint: make('GivenEndpoint', { endpointRef: { endpointArn: arnOf('sagemaker', 'endpoint/mine') } }),
    topic: make('GivenTopic', { topicRef: { topicArn: arnOf('sns', 'mine') } }),
    alarm: make('GivenAlarm', { alarmRef: { alarmName: 'mine', alarmArn: arnOf('cloudwatch', 'alarm:mine') } }),
    securityGroup: make('GivenSecurityGroup', { securityGroupRef: { securityGroupId: 'sg-mine' } }),
  };
}

const ON_INSTANCES = { instanceType: InstanceType.of('ml.m5.large'), initialInstanceCount: 1 };

/** Evaluates the template of a test's constructs as a deploy would. */
function templateOf(given: (scope: Stack) => Given, make: (stack: Stack, things: Given) => void) {
  const stack = newStack({ env: { account: ACCOUNT, region: REGION } });
  const things = given(stack);
  make(stack, things);
  const resources = deployed(stack);
  const made = (type: string): Resource => {
    const [resource, ...others] = Object.entries(resources).filter(([id, { Type }]) => Type === type && !id.startsWith('Given')).map(([, found]) => found);
    expect(others).toEqual([]);
    return resource;
  };
  return { resources, things, made, at: (value: unknown) => atDeploy(stack, value, resources) };
}

/** The statements that are added to the role that was given, by its name. */
function statementsOf(resources: Resources, roleName: string): any[] {
  return ofType(resources, 'AWS::IAM::Policy').filter(({ Properties }) => Properties.Roles?.includes(roleName))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

describe.each([['L1s', l1s], ['constructs with nothing but their references', foreigners]])('%s fit', (_kind, given) => {
  test('into a model package', () => {
    const { made, things, at } = templateOf(given, (stack, { group, repository, bucket, key, role }) => {
      const base = xgboost(library);
      new ModelPackage(stack, 'Package', {
        ...base,
        modelPackageGroup: group,
        containers: [{
          ...base.containers[0], image: ContainerImage.fromEcrRepository(repository), modelData: ModelData.fromBucket(bucket, 'm.tar.gz'),
        }],
        samplePayload: SamplePayload.fromBucket(bucket, 'p.tar.gz'),
        encryptionKey: key,
        validation: {
          input: ValidationInput.fromBucketPrefix(bucket, 'in'),
          outputBucket: bucket,
          instanceType: InstanceType.of('ml.m5.large'),
          outputEncryptionKey: key,
          volumeEncryptionKey: key,
          role,
        },
      });
    });
    const { Properties } = made('AWS::SageMaker::ModelPackage');
    const bucket = at(things.bucket.bucketRef.bucketName);
    expect(Properties).toMatchObject({
      ModelPackageGroupName: 'mine',
      SamplePayloadUrl: `s3://${bucket}/p.tar.gz`,
      SecurityConfig: { KmsKeyId: at(things.key.keyRef.keyArn) },
      InferenceSpecification: {
        Containers: [{
          ModelDataUrl: `s3://${bucket}/m.tar.gz`, Image: expect.stringContaining(`/${at(things.repository.repositoryRef.repositoryName)}:latest`),
        }],
      },
      ValidationSpecification: {
        ValidationRole: at(things.role.roleRef.roleArn),
        ValidationProfiles: [{ TransformJobDefinition: { TransformOutput: { KmsKeyId: at(things.key.keyRef.keyArn) } } }],
      },
    });
  });

  test('into a job on a package', () => {
    const { made, resources, things, at } = templateOf(given, (stack, { modelPackage, endpoint, key, bucket, role, securityGroup }) => {
      const job = new InferenceRecommendationsJob(stack, 'Job', {
        target: BenchmarkTarget.fromModelPackage(modelPackage),
        existingEndpoints: [endpoint],
        volumeEncryptionKey: key,
        outputEncryptionKey: key,
        compiledOutputBucket: bucket,
        role,
        vpc: new Vpc(stack, 'Vpc', { maxAzs: 2 }),
        securityGroups: [securityGroup],
      });
      new Bucket(stack, 'GivenPayloads').grantRead(job);
    });
    const request = JSON.stringify(made('Custom::InferenceRecommendationsJob').Properties);
    for (const part of [
      things.modelPackage.modelPackageRef.modelPackageArn, things.role.roleRef.roleArn, things.key.keyRef.keyArn,
      things.securityGroup.securityGroupRef.securityGroupId,
    ]) { expect(request).toContain(at(part)); }
    expect(request).toContain(`"s3://${at(things.bucket.bucketRef.bucketName)}"`);
    expect(request).toMatch(/"EndpointName":"(mine|GivenEndpoint\.EndpointName)"/);
    const granted = statementsOf(resources, at(things.role.roleRef.roleName));
    // The role is the user's: it gets what the user grants to the job, and nothing else.
    expect(granted.flatMap(({ Action }) => Action)).toEqual(['s3:GetObject*', 's3:GetBucket*', 's3:List*']);
  });

  test('into a job that makes its own role', () => {
    const { resources, things, at } = templateOf(given, (stack, { modelPackage, endpoint, key, bucket }) => {
      new InferenceRecommendationsJob(stack, 'Job', {
        target: BenchmarkTarget.fromModelPackage(modelPackage),
        existingEndpoints: [endpoint],
        volumeEncryptionKey: key,
        outputEncryptionKey: key,
        compiledOutputBucket: bucket,
      });
    });
    const [modelPackage, key] = [at(things.modelPackage.modelPackageRef.modelPackageArn), at(things.key.keyRef.keyArn)];
    expect(permissionsOf(resources, idOf(resources, 'JobRole'))).toMatchObject({
      'sagemaker:DescribeModelPackage': [modelPackage],
      'sagemaker:InvokeEndpoint': expect.arrayContaining([at(things.endpoint.endpointRef.endpointArn)]),
      'kms:CreateGrant': [key],
      'kms:GenerateDataKey': [key],
      's3:PutObject': [`${at(things.bucket.bucketRef.bucketArn)}/*`],
    });
  });

  test('into a job on a model, whose name has its letters as they are', () => {
    const { made } = templateOf(given, (stack, { model, role }) => {
      new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModel(model), role, containerConfig: CONTAINER_CONFIG });
    });
    expect(JSON.stringify(made('Custom::InferenceRecommendationsJob').Properties)).toMatch(/"ModelName":"(mine|GivenModel\.ModelName)"/);
  });

  test('into a replica', () => {
    const { made, things, at } = templateOf(given, (stack, { role, modelPackage }) => {
      const recommendation = new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage), role })
        .addRecommendation('Best', { parameterPath: '/best' });
      new RecommendationReplica(stack, 'Replica', { recommendation, region: 'eu-west-1', role });
    });
    expect(JSON.stringify(made('Custom::InferenceRecommendationReplica').Properties)).toContain(at(things.role.roleRef.roleArn));
  });

  test('into a model, a configuration and an endpoint', () => {
    const { made, things, at } = templateOf(given, (stack, { modelPackage, role, key, bucket, config, alarm, securityGroup }) => {
      const model = new Model(stack, 'Model', {
        containers: [ModelContainer.fromModelPackage(modelPackage)], role, vpc: new Vpc(stack, 'Vpc', { maxAzs: 2 }), securityGroups: [securityGroup],
      });
      new EndpointConfig(stack, 'Config', {
        variants: [Variant.onInstances(model, ON_INSTANCES)],
        encryptionKey: key,
        role,
        dataCapture: DataCapture.toBucket(bucket, { encryptionKey: key }),
      });
      new Endpoint(stack, 'Endpoint', { endpointConfig: config, rollbackAlarms: [alarm] });
    });
    const [role, key] = [at(things.role.roleRef.roleArn), at(things.key.keyRef.keyArn)];
    expect(made('AWS::SageMaker::Model').Properties).toMatchObject({
      ExecutionRoleArn: role,
      PrimaryContainer: { ModelPackageName: at(things.modelPackage.modelPackageRef.modelPackageArn) },
      VpcConfig: { SecurityGroupIds: [at(things.securityGroup.securityGroupRef.securityGroupId)] },
    });
    expect(made('AWS::SageMaker::EndpointConfig').Properties).toMatchObject({
      ExecutionRoleArn: role, KmsKeyId: key, DataCaptureConfig: { KmsKeyId: key, DestinationS3Uri: `s3://${at(things.bucket.bucketRef.bucketName)}` },
    });
    expect(made('AWS::SageMaker::Endpoint').Properties).toMatchObject({
      EndpointConfigName: at(things.config.endpointConfigRef.endpointConfigName),
      DeploymentConfig: { AutoRollbackConfiguration: { Alarms: [{ AlarmName: at(things.alarm.alarmRef.alarmName) }] } },
    });
  });

  test('into a configuration of a model of somebody else, which answers asynchronously', () => {
    const { made, things, at } = templateOf(given, (stack, { model, bucket, topic, key }) => {
      new EndpointConfig(stack, 'Config', {
        variants: [Variant.onInstances(model, ON_INSTANCES)],
        asyncInference: AsyncInference.toBucket(bucket, { failureBucket: bucket, successTopic: topic, errorTopic: topic, encryptionKey: key }),
      });
    });
    const { ProductionVariants, AsyncInferenceConfig } = made('AWS::SageMaker::EndpointConfig').Properties;
    expect(ProductionVariants[0].ModelName).toMatch(/^(mine|GivenModel\.ModelName)$/);
    const [topic, uri] = [at(things.topic.topicRef.topicArn), `s3://${at(things.bucket.bucketRef.bucketName)}`];
    expect(AsyncInferenceConfig.OutputConfig).toMatchObject({
      S3OutputPath: uri, S3FailurePath: uri, KmsKeyId: at(things.key.keyRef.keyArn), NotificationConfig: { SuccessTopic: topic, ErrorTopic: topic },
    });
  });

  test('into the patterns', () => {
    const { resources, things, at } = templateOf(given, (stack, { group, modelPackage, model, config, role, key, alarm }) => {
      InferenceRecommenderRuntime.configure(stack, { encryptionKey: key });
      const job = new InferenceRecommendationsJob(stack, 'Job', { target: BenchmarkTarget.fromModelPackage(modelPackage), role });
      new RecommendedEndpoint(stack, 'OfModel', { job, model, encryptionKey: key, rollbackAlarms: [alarm] });
      new RecommendedEndpoint(stack, 'OfConfig', { endpointConfig: config });
      new ModelRegistryBenchmark(stack, 'Registry', {
        modelPackageGroup: group,
        initialModelPackage: modelPackage,
        role,
        parameterPath: '/registry',
        fallback: { instanceType: InstanceType.of('ml.m5.large') },
      });
    });
    const own = Object.entries(resources).filter(([id]) => !id.startsWith('Given'));
    for (const part of [things.role.roleRef.roleArn, things.key.keyRef.keyArn]) { expect(JSON.stringify(own)).toContain(at(part)); }
    expect(only(resources, 'AWS::Events::Rule').Properties.EventPattern.detail.ModelPackageGroupName).toEqual([{ 'equals-ignore-case': 'mine' }]);
    const [ofModel, ofConfig, ...more] = own.map(([, resource]) => resource).filter(({ Type }) => Type === 'AWS::SageMaker::Endpoint');
    expect(more).toEqual([]);
    expect(ofModel.Properties.DeploymentConfig.AutoRollbackConfiguration).toEqual({ Alarms: [{ AlarmName: at(things.alarm.alarmRef.alarmName) }] });
    expect(ofConfig.Properties.EndpointConfigName).toBe(at(things.config.endpointConfigRef.endpointConfigName));
  });
});

test('an L1 endpoint scales, if its variants are named', () => {
  const { resources, made } = templateOf(l1s, (stack, { endpoint }) => {
    new EndpointAutoScaling(stack, 'Scaling', {
      endpoint, variantNames: ['Only'], minCapacity: 1, maxCapacity: 4, target: ScalingTarget.invocationsPerInstance(100),
    });
  });
  expect(made('Custom::InferenceEndpointScaling').Properties).toMatchObject({
    EndpointName: 'GivenEndpoint.EndpointName', VariantNames: ['Only'], EndpointConfigName: 'GivenConfig.EndpointConfigName',
  });
  // The pause ends the scaling before the endpoint is updated.
  expect(resources.GivenEndpoint.DependsOn).toEqual([idOf(resources, 'ScalingPause')]);
});
