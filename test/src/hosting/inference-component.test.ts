import { App, Duration, Size, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, IAlarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  BenchmarkTarget, CapacitySize, ContainerImage, CopyBatchSize, DeploymentConfig, Endpoint, EndpointConfig,
  AIRecommendationJob, IAIRecommendationJob, InferenceComponent,
  InferenceComponentProps, InstanceType, Model, ModelContainer, ModelData, PlacementStrategy, Variant,
} from '../../../src';
import { ACCOUNT, arn, deployed, idOf, idsOf, jobIn, late, newStack, ofType, only, packageIn, permissionsOf, REGION, STACK_ID } from '../../harness/constructs';
import { bucket, judged, onInstances, served } from '../../harness/endpoints';
import { recommendationJobIn } from '../../harness/generative';

const TYPE = 'AWS::SageMaker::InferenceComponent';
const NEEDS = { accelerators: 1, minMemory: Size.gibibytes(16) };
const PREFIX = STACK_ID.split('/')[2].split('-')[0];

function sharedEndpoint(stack: Stack, variants = [Variant.forInferenceComponents({ instanceType: InstanceType.ML_G5_12XLARGE })]): Endpoint {
  return new Endpoint(stack, 'Endpoint', { endpointName: 'live', endpointConfig: new EndpointConfig(stack, 'Config', { variants }) });
}

type Some = Partial<InferenceComponentProps>;

/** A component of an imported endpoint, so that the stack has nothing else. */
function componentIn(stack: Stack, props: Some = {}, id = 'Component'): InferenceComponent {
  const endpoint = props.endpoint ?? Endpoint.fromEndpointName(stack, `${id}Endpoint`, 'live');
  const hasSource = [props.model, props.image, props.perInstanceType, props.baseComponent].some((one) => one !== undefined);
  return new InferenceComponent(stack, id, { ...hasSource ? {} : { model: served(stack), ...NEEDS }, ...props, endpoint });
}

/** The properties, which CloudFormation and the API take as they are. */
function propertiesOf(make: (stack: Stack) => Some): any {
  const stack = newStack();
  componentIn(stack, make(stack));
  const { DeploymentConfig: _, ...properties } = only(deployed(stack), TYPE).Properties;
  judged(stack, TYPE, 'CreateInferenceComponentInput', { DeploymentConfig: undefined });
  return properties;
}

const refusal = (make: (stack: Stack) => Some) => () => {
  const stack = newStack();
  componentIn(stack, make(stack));
};

const image = () => ContainerImage.fromRegistry('image');
const archive = (stack: Stack) => ModelData.fromBucket(bucket(stack, 'models'), 'llm.tar.gz');

describe('a component', () => {
  test('of a model has one copy, what it needs, and a name that is known before it is made', () => {
    expect(propertiesOf(() => ({}))).toEqual({
      EndpointName: 'live',
      VariantName: 'AllTraffic',
      InferenceComponentName: expect.stringMatching(new RegExp(`^${PREFIX}-shopcomponent[0-9a-f]{8}$`)),
      Specification: { ModelName: 'served', ComputeResourceRequirements: { MinMemoryRequiredInMb: 16384, NumberOfAcceleratorDevicesRequired: 1 } },
      RuntimeConfig: { CopyCount: 1 },
    });
  });

  test('of an image has all that a container may have', () => {
    const scheduling = { placementStrategy: PlacementStrategy.BINPACK };
    expect(propertiesOf((stack) => ({
      inferenceComponentName: 'chat',
      image: image(),
      modelData: archive(stack),
      environment: { MODE: 'fast' },
      metricsEndpoint: { path: '/metrics' },
      minMemory: Size.mebibytes(128),
      maxMemory: Size.mebibytes(256),
      cpuCores: 0.25,
      modelDataDownloadTimeout: Duration.minutes(1),
      containerStartupHealthCheckTimeout: Duration.hours(1),
      dataCaching: false,
      scheduling,
    }))).toMatchObject({
      InferenceComponentName: 'chat',
      Specification: {
        Container: {
          Image: 'image',
          ArtifactUrl: 's3://models/llm.tar.gz',
          Environment: { MODE: 'fast' },
          ContainerMetricsConfig: { MetricsEndpoints: [{ MetricsEndpointPath: '/metrics' }] },
        },
        ComputeResourceRequirements: { MinMemoryRequiredInMb: 128, MaxMemoryRequiredInMb: 256, NumberOfCpuCoresRequired: 0.25 },
        StartupParameters: { ModelDataDownloadTimeoutInSeconds: 60, ContainerStartupHealthCheckTimeoutInSeconds: 3600 },
        DataCacheConfig: { EnableCaching: false },
        SchedulingConfig: { PlacementStrategy: 'BINPACK', AvailabilityZoneBalance: { EnforcementMode: 'PERMISSIVE', MaxImbalance: 0 } },
      },
    });
  });

  test('of each instance type has no specification for all', () => {
    const properties = propertiesOf((stack) => ({
      perInstanceType: [
        { instanceType: InstanceType.ML_G5_XLARGE, model: served(stack), ...NEEDS, dataCaching: true },
        { instanceType: InstanceType.ML_G6_XLARGE, image: image(), environment: { lower: 'x' }, metricsEndpoint: { path: '/m' }, ...NEEDS },
      ],
    }));
    expect(properties).not.toHaveProperty('Specification');
    const ComputeResourceRequirements = { MinMemoryRequiredInMb: 16384, NumberOfAcceleratorDevicesRequired: 1 };
    expect(properties.Specifications).toEqual([
      { InstanceType: 'ml.g5.xlarge', ModelName: 'served', ComputeResourceRequirements, DataCacheConfig: { EnableCaching: true } },
      {
        InstanceType: 'ml.g6.xlarge',
        Container: { Image: 'image', Environment: { lower: 'x' }, ContainerMetricsConfig: { MetricsEndpoints: [{ MetricsEndpointPath: '/m' }] } },
        ComputeResourceRequirements,
      },
    ]);
  });

  test('that adapts another has its artifact and nothing that the base has', () => {
    const properties = propertiesOf((stack) => ({
      baseComponent: InferenceComponent.fromInferenceComponentName(stack, 'Base', 'base'), modelData: archive(stack),
    }));
    expect(properties).toEqual({
      EndpointName: 'live',
      InferenceComponentName: expect.any(String),
      Specification: { BaseInferenceComponentName: 'base', Container: { ArtifactUrl: 's3://models/llm.tar.gz' } },
    });
  });

  test('takes tokens for its figures', () => {
    expect(propertiesOf(() => ({
      image: image(), copies: late.number(3), accelerators: late.number(2), cpuCores: late.number(4), minMemory: Size.mebibytes(late.number(2048)),
    }))).toMatchObject({
      RuntimeConfig: { CopyCount: 3 },
      Specification: {
        ComputeResourceRequirements: { MinMemoryRequiredInMb: 2048, NumberOfAcceleratorDevicesRequired: 2, NumberOfCpuCoresRequired: 4 },
      },
    });
  });

  test('takes tags', () => {
    const stack = newStack();
    Tags.of(componentIn(stack)).add('team', 'chat');
    expect(only(deployed(stack), TYPE).Properties.Tags).toEqual([{ Key: 'team', Value: 'chat' }]);
  });

  test('two of them in one stack have different names', () => {
    const stack = newStack();
    componentIn(stack, {}, 'One');
    componentIn(stack, {}, 'Two');
    const names = ofType(deployed(stack), TYPE).map(({ Properties }) => Properties.InferenceComponentName);
    expect(new Set(names).size).toBe(2);
  });
});

describe('what is refused', () => {
  test.each<[string, (stack: Stack) => Some, string]>([
    ['both sources', (stack) => ({ ...NEEDS, model: served(stack), image: image() }), '`model` or `image` is required, and not both, got: both.'],
    ['no source for a type', () => ({ perInstanceType: [{ instanceType: InstanceType.ML_G5_XLARGE, ...NEEDS }] }),
      '`perInstanceType[0].model` or `perInstanceType[0].image` is required, and not both, got: neither.'],
    ['no memory', (stack) => ({ model: served(stack) }), '`minMemory` is required, unless the component is an adapter: the service places copies by it.'],
    ['too little memory', () => ({ image: image(), minMemory: Size.mebibytes(127) }), '`minMemory` must be at least 128, got: 127.'],
    ['less memory at most', () => ({ image: image(), minMemory: Size.mebibytes(256), maxMemory: Size.mebibytes(255) }),
      '`maxMemory` must not be less than `minMemory` (256 MiB), got: 255 MiB.'],
    ['half an accelerator', () => ({ image: image(), ...NEEDS, accelerators: 0.5 }), '`accelerators` must be at least 1, got: 0.5.'],
    ['hardly a core', () => ({ image: image(), ...NEEDS, cpuCores: 0.1 }), '`cpuCores` must be at least 0.25, got: 0.1.'],
    ['no copies', () => ({ copies: 0 }), '`copies` must be at least 1, got: 0.'],
    ['an environment of a model', (stack) => ({ ...NEEDS, model: served(stack), environment: {} }), '`environment` must not be set with `model`: set it on the model.'],
    ['data that is no archive', (stack) => ({ ...NEEDS, image: image(), modelData: ModelData.fromBucketPrefix(bucket(stack, 'models'), 'llm/') }),
      '`modelData` must be one `.tar.gz`, got: a prefix or an object of another kind. Use `ModelData.fromBucket()`, or a `model`.'],
    ['a short time', () => ({ ...NEEDS, image: image(), modelDataDownloadTimeout: Duration.seconds(59) }), '`modelDataDownloadTimeout` must be at least 60, got: 59.'],
    ['a long time', () => ({ ...NEEDS, image: image(), containerStartupHealthCheckTimeout: Duration.hours(2) }),
      '`containerStartupHealthCheckTimeout` must be at most 3600, got: 7200.'],
    ['a relative path', () => ({ ...NEEDS, image: image(), metricsEndpoint: { path: 'metrics' } }), '`metricsEndpoint.path`'],
    ['another frequency', () => ({ ...NEEDS, image: image(), metricsEndpoint: { path: '/m', publishFrequency: Duration.seconds(20) } }),
      '`metricsEndpoint.publishFrequency` must be one of 10, 30, 60, 120, 180, 240, 300 seconds, got: 20.'],
    ['a great imbalance', () => ({ ...NEEDS, image: image(), scheduling: { placementStrategy: PlacementStrategy.SPREAD, maxZoneImbalance: 101 } }),
      '`scheduling.maxZoneImbalance` must be at most 100, got: 101.'],
    ['a wrong name', () => ({ inferenceComponentName: 'my chat' }), '`inferenceComponentName`'],
    ['no types', () => ({ perInstanceType: [] }), '`perInstanceType` must have'],
    ['a type twice', (stack) => ({ perInstanceType: [1, 2].map(() => ({ instanceType: InstanceType.ML_G5_XLARGE, model: served(stack), ...NEEDS })) }),
      '`perInstanceType` must have different instance types, got \'ml.g5.xlarge\' twice: leave one entry out.'],
    ['props for all types beside those of each', (stack) => ({ minMemory: Size.gibibytes(1), perInstanceType: [{ instanceType: InstanceType.ML_G5_XLARGE, model: served(stack), ...NEEDS }] }),
      '`minMemory` must not be set with `perInstanceType`: set it on each of its entries.'],
    ['an adapter without data', (stack) => ({ baseComponent: componentIn(stack, {}, 'Base') }), '`modelData` is required for an adapter'],
    ['an adapter with copies', (stack) => ({ baseComponent: componentIn(stack, {}, 'Base'), modelData: archive(stack), copies: 2 }),
      '`copies` must not be set of an adapter, which runs in the copies of its `baseComponent`: remove it.'],
    ['a large batch', () => ({ copies: 4, rollingUpdate: { maximumBatchSize: CopyBatchSize.copies(3) } }),
      '`rollingUpdate.maximumBatchSize` must be 5 to 50% of the copies, got: 75% of 4.'],
    ['a large percentage', () => ({ copies: late.number(4), rollingUpdate: { maximumBatchSize: CopyBatchSize.percent(51) } }),
      '`rollingUpdate.maximumBatchSize` must be 5 to 50% of the copies, got: 51%.'],
    ['a long wait', () => ({ rollingUpdate: { waitInterval: Duration.hours(2) } }), '`rollingUpdate.waitInterval` must be at most 3600, got: 7200.'],
    ['eleven alarms', (stack) => ({ rollbackAlarms: Array.from({ length: 11 }, (_, index) => alarmIn(stack, `alarm${index}`)) }),
      '`rollbackAlarms` must have at most 10 entries, got: 11.'],
    ['a variant that is not there', (stack) => ({ endpoint: sharedEndpoint(stack), variantName: 'other' }),
      '`variantName` must name a variant for inference components, got: \'other\', and the endpoint has the variants AllTraffic for them.'],
    ['a variant with a model', (stack) => ({ endpoint: sharedEndpoint(stack, [onInstances(stack)]) }),
      '`variantName` must name a variant for inference components, got: none, and all variants of the endpoint have a model: use `Variant.forInferenceComponents()`.'],
    ['none of two variants', (stack) => ({
      endpoint: sharedEndpoint(stack, ['a', 'b'].map((variantName) => Variant.forInferenceComponents({ variantName, instanceType: InstanceType.ML_G5_XLARGE }))),
    }), 'got: none, and the endpoint has the variants a, b for them.'],
  ])('%s', (_what, make, words) => {
    expect(refusal(make)).toThrow(words);
  });
});

const alarmIn = (stack: Stack, name: string): IAlarm => Alarm.fromAlarmArn(stack, name, arn('cloudwatch', `alarm:${name}`));

describe('an update', () => {
  const update = (props: (stack: Stack) => Some) => {
    const stack = newStack();
    componentIn(stack, props(stack));
    return only(deployed(stack), TYPE).Properties.DeploymentConfig;
  };

  test('is the service\'s own if nothing is said of it', () => {
    expect(update(() => ({}))).toBeUndefined();
  });

  test('rolls one copy at a time if there are alarms', () => {
    expect(update((stack) => ({ rollbackAlarms: [alarmIn(stack, 'slow')] }))).toEqual({
      RollingUpdatePolicy: { MaximumBatchSize: { Type: 'COPY_COUNT', Value: 1 }, WaitIntervalInSeconds: 300 },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'slow' }] },
    });
  });

  test('rolls as it is told', () => {
    expect(update(() => ({
      copies: 4,
      rollingUpdate: {
        maximumBatchSize: CopyBatchSize.copies(2),
        rollbackMaximumBatchSize: CopyBatchSize.percent(100),
        waitInterval: Duration.seconds(0),
        maximumExecutionTimeout: Duration.hours(8),
      },
    }))).toEqual({
      RollingUpdatePolicy: {
        MaximumBatchSize: { Type: 'COPY_COUNT', Value: 2 },
        RollbackMaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 100 },
        WaitIntervalInSeconds: 0,
        MaximumExecutionTimeoutInSeconds: 28800,
      },
    });
  });
});

describe('on an endpoint of the app', () => {
  function whole(props: (stack: Stack) => Some) {
    const stack = newStack();
    const component = componentIn(stack, { endpoint: sharedEndpoint(stack), ...props(stack) });
    return { stack, component, resources: deployed(stack) };
  }

  test('it waits for the endpoint and for the permissions of its role', () => {
    const { stack, resources } = whole(() => ({ image: ContainerImage.fromRegistry('111122223333.dkr.ecr.us-east-1.amazonaws.com/llm:1'), ...NEEDS }));
    const raw = Template.fromStack(stack).toJSON().Resources[idsOf(resources, TYPE)[0]];
    expect(raw.Properties.EndpointName).toEqual({ 'Fn::GetAtt': [idOf(resources, 'Endpoint'), 'EndpointName'] });
    expect(raw.Properties.VariantName).toBe('AllTraffic');
    const policies = idsOf(resources, 'AWS::IAM::Policy');
    expect(policies.length).toBeGreaterThan(0);
    expect(raw.DependsOn).toEqual(expect.arrayContaining([...policies, idOf(resources, 'ConfigRole')]));
  });

  test('the role of the configuration may read what the component names, and nothing else', () => {
    const actions = (props: (stack: Stack) => Some) => {
      const { resources } = whole(props);
      return permissionsOf(resources, idOf(resources, 'ConfigRole'));
    };
    const none = Object.keys(actions((stack) => ({ ...NEEDS, model: served(stack) })));
    const given = actions((stack) => ({ ...NEEDS, image: ContainerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Repository', 'llm')), modelData: archive(stack) }));
    const more = Object.fromEntries(Object.entries(given).filter(([action]) => !none.includes(action)));
    expect(more['s3:GetObject']).toEqual(['arn:aws:s3:::models/llm.tar.gz']);
    expect(more['ecr:BatchGetImage']).toEqual([arn('ecr', 'repository/llm')]);
    expect(Object.keys(more).filter((action) => !/^(s3|ecr):/.test(action))).toEqual([]);
    const alarmed = actions((stack) => ({ ...NEEDS, model: served(stack), rollbackAlarms: [alarmIn(stack, 'slow')] }));
    expect(alarmed['cloudwatch:DescribeAlarms']).toEqual([arn('cloudwatch', 'alarm:slow')]);
  });

  test('the role may read what the component\'s model names', () => {
    const { resources } = whole((stack) => ({
      ...NEEDS,
      model: new Model(stack, 'Model', {
        containers: [ModelContainer.fromImage(ContainerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Repository', 'llm')), { modelData: archive(stack) })],
      }),
    }));
    const [own, shared] = ['ModelRole', 'ConfigRole'].map((start) => permissionsOf(resources, idOf(resources, start)));
    expect(shared).toMatchObject({ 's3:GetObject': ['arn:aws:s3:::models/llm.tar.gz'], 'ecr:BatchGetImage': [arn('ecr', 'repository/llm')] });
    expect(Object.keys(shared).sort()).toEqual(Object.keys(own).sort());
  });
});

describe('on an endpoint of another stack', () => {
  /** Two stacks of one app: the endpoint's, and the component's with all that the component names. */
  function apart(props: (stack: Stack) => Some) {
    const app = new App();
    const [owner, user] = ['Owner', 'User'].map((id) => new Stack(app, id, { env: { account: ACCOUNT, region: REGION } }));
    componentIn(user, { endpoint: sharedEndpoint(owner), ...props(user) });
    return { owner: Template.fromStack(owner), user: Template.fromStack(user) };
  }
  const policies = (template: Template) => Object.values(template.findResources('AWS::IAM::Policy'));

  test.each<[string, (stack: Stack) => Some, string]>([
    ['a recommendation', (stack) => {
      const recommendation = jobIn(stack, { target: BenchmarkTarget.fromModelPackage(packageIn(stack)) }).addRecommendation('Best');
      return { ...NEEDS, recommendation, model: new Model(stack, 'Model', { recommendation }) };
    }, 's3:GetObject'],
    ['data of a bucket', (stack) => ({ ...NEEDS, image: image(), modelData: ModelData.fromBucket(new Bucket(stack, 'Models'), 'llm.tar.gz') }), 's3:GetObject'],
    ['an alarm', (stack) => {
      const alarm = new Metric({ namespace: 'Shop', metricName: 'Slow' }).createAlarm(stack, 'Slow', { threshold: 1, evaluationPeriods: 1 });
      return { ...NEEDS, model: served(stack), rollbackAlarms: [alarm] };
    }, 'cloudwatch:DescribeAlarms'],
  ])('a component with %s has what it needs in its own stack, which depends on the other', (_what, props, action) => {
    const { owner, user } = apart(props);
    const added = policies(user).filter(({ Properties }) => JSON.stringify(Properties.Roles).includes('Fn::ImportValue'));
    expect(added).toHaveLength(1);
    expect(JSON.stringify(added)).toContain(action);
    expect(JSON.stringify(policies(owner))).not.toContain(action);
    const [{ DependsOn }] = Object.values(user.findResources(TYPE));
    expect(DependsOn).toEqual(expect.arrayContaining(Object.entries(user.findResources('AWS::IAM::Policy')).filter(([, one]) => added.includes(one)).map(([id]) => id)));
  });

  test('a component that names nothing to read adds no policy', () => {
    const added = (props: (stack: Stack) => Some) => policies(apart(props).user).filter(({ Properties }) => JSON.stringify(Properties.Roles).includes('Fn::ImportValue'));
    expect(added((stack) => ({ ...NEEDS, model: served(stack) }))).toEqual([]);
    const hosted = (job: (stack: Stack) => IAIRecommendationJob) => added((stack) => {
      const recommendation = job(stack).addRecommendation('Best');
      return { recommendation, model: new Model(stack, 'Model', { recommendation }) };
    });
    expect(hosted((stack) => AIRecommendationJob.fromJobName(stack, 'Imported', 'imported'))).toEqual([]);
    // What a job of the app registers is known to be read.
    expect(hosted(recommendationJobIn)).toHaveLength(1);
  });
});

describe('as others see it', () => {
  const caller = (stack: Stack) => new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const allowed = (grant: (stack: Stack) => unknown) => {
    const stack = newStack();
    grant(stack);
    const resources = deployed(stack);
    return permissionsOf(resources, idOf(resources, 'Caller'));
  };
  const ENDPOINT = arn('sagemaker', 'endpoint/live');

  test('a grant allows to invoke it through its endpoint, and nothing else', () => {
    expect(allowed((stack) => componentIn(stack, { inferenceComponentName: 'chat' }).grants.invoke(caller(stack)))).toEqual({
      'sagemaker:InvokeEndpoint': [ENDPOINT, expect.stringMatching(/^Component[0-9A-F]{8}\.InferenceComponentArn$/)],
    });
    expect(allowed((stack) => componentIn(stack, { inferenceComponentName: 'Chat' }).grants.invokeWithResponseStream(caller(stack)))).toEqual(
      Object.fromEntries(['InvokeEndpoint', 'InvokeEndpointWithResponseStream'].map((action) => [
        `sagemaker:${action}`, [ENDPOINT, arn('sagemaker', 'inference-component/Chat'), arn('sagemaker', 'inference-component/chat')],
      ])));
  });

  test('an imported one is granted with its endpoint only', () => {
    const imported = (stack: Stack, endpoint?: Endpoint) => InferenceComponent.fromInferenceComponentName(stack, 'Imported', 'chat', endpoint);
    expect(allowed((stack) => imported(stack, Endpoint.fromEndpointName(stack, 'Live', 'live') as Endpoint).grants.invoke(caller(stack)))).toEqual({
      'sagemaker:InvokeEndpoint': [ENDPOINT, arn('sagemaker', 'inference-component/chat')],
    });
    expect(() => imported(newStack()).grants.invoke(caller(newStack()))).toThrow('import the component with its `endpoint`');
    expect(() => InferenceComponent.fromInferenceComponentName(newStack(), 'All', 'chat*')).toThrow('must name one resource');
    const foreign = 'arn:aws:sagemaker:eu-west-1:222222222222:inference-component/chat';
    expect(InferenceComponent.fromInferenceComponentArn(newStack(), 'Foreign', foreign))
      .toMatchObject({ inferenceComponentName: 'chat', inferenceComponentArn: foreign, env: { account: '222222222222', region: 'eu-west-1' } });
  });

  test('its name and its ARN follow from what is deployed', () => {
    const stack = newStack();
    const component = componentIn(stack);
    const Arn = { 'Fn::GetAtt': [idsOf(deployed(stack), TYPE)[0], 'InferenceComponentArn'] };
    expect(stack.resolve([component.inferenceComponentArn, component.inferenceComponentRef.inferenceComponentArn])).toEqual([Arn, Arn]);
    expect(JSON.stringify(stack.resolve(component.inferenceComponentName))).toContain(JSON.stringify(Arn));
  });

  const INVOCATIONS = 'AWS/SageMaker';
  const UTILIZATION = '/aws/sagemaker/InferenceComponents';
  test.each<[string, string, string, (it: InferenceComponent) => Metric]>([
    [INVOCATIONS, 'Invocations', 'Sum', (it) => it.metricInvocations()],
    [INVOCATIONS, 'InvocationsPerCopy', 'Sum', (it) => it.metricInvocationsPerCopy()],
    [INVOCATIONS, 'ConcurrentRequestsPerCopy', 'Average', (it) => it.metricConcurrentRequestsPerCopy()],
    [INVOCATIONS, 'Invocation4XXErrors', 'Sum', (it) => it.metricInvocation4xxErrors()],
    [INVOCATIONS, 'Invocation5XXErrors', 'Sum', (it) => it.metricInvocation5xxErrors()],
    [INVOCATIONS, 'InvocationModelErrors', 'Sum', (it) => it.metricInvocationModelErrors()],
    [INVOCATIONS, 'ModelLatency', 'Average', (it) => it.metricModelLatency()],
    [INVOCATIONS, 'OverheadLatency', 'Average', (it) => it.metricOverheadLatency()],
    [INVOCATIONS, 'Tomorrows', 'p99', (it) => it.metric('Tomorrows', { statistic: 'p99' })],
    [UTILIZATION, 'CPUUtilizationNormalized', 'Average', (it) => it.metricCpuUtilization()],
    [UTILIZATION, 'MemoryUtilizationNormalized', 'Average', (it) => it.metricMemoryUtilization()],
    [UTILIZATION, 'GPUUtilizationNormalized', 'Average', (it) => it.metricGpuUtilization()],
    [UTILIZATION, 'GPUMemoryUtilizationNormalized', 'Average', (it) => it.metricGpuMemoryUtilization()],
  ])('%s has %s, as %s, under the name as given', (namespace, metricName, statistic, make) => {
    expect(make(componentIn(newStack(), { inferenceComponentName: 'Chat' }))).toMatchObject({ namespace, metricName, statistic, dimensions: { InferenceComponentName: 'Chat' } });
  });

  test('an alarm on its metrics may roll its updates back', () => {
    const stack = newStack();
    const alarm = new Metric({ namespace: INVOCATIONS, metricName: 'ModelLatency', dimensionsMap: { InferenceComponentName: 'chat' } })
      .createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
    componentIn(stack, { inferenceComponentName: 'chat', rollbackAlarms: [alarm] });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('an endpoint of components is updated as any other', () => {
    const stack = newStack();
    const endpoint = sharedEndpoint(stack);
    componentIn(stack, { endpoint });
    new Endpoint(stack, 'Rolling', { endpointConfig: EndpointConfig.fromEndpointConfigName(stack, 'Live', 'live'), deployment: DeploymentConfig.rolling({ maximumBatchSize: CapacitySize.percent(25) }) });
    expect(ofType(deployed(stack), TYPE)).toHaveLength(1);
  });
});
