import { Duration, Size, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  BenchmarkTarget, ContainerConfigOptions, Endpoint, EndpointCandidate, EndpointType, FlatInvocations, InferenceRecommendationsJobProps, InstanceType,
  JobType, LatencyPercentile, MlDomain, MlFramework, MlTask, Model, ModelPackage, SamplePayload, TrafficPattern,
} from '../../src';

/** Reads members one by one. What nobody has read was forgotten here, and is an error. */
class Reader {
  private readonly left: Set<string>;

  constructor(private readonly at: string, private readonly given: any) {
    this.left = new Set(Object.keys(given ?? {}));
  }

  public take(member: string): any {
    this.left.delete(member);
    return this.given?.[member];
  }

  public inner(member: string): Reader {
    return new Reader(`${this.at}.${member}`, this.take(member));
  }

  public end<T>(result: T): T {
    if (this.left.size > 0) { throw new Error(`${this.at} has ${[...this.left].join(', ')}, which no prop is made of.`); }
    return result;
  }
}

const enumValue = (values: Record<string, string>, given: string | undefined): any => Object.values(values).find((value) => value === given);
const seconds = (given: number | undefined) => (given === undefined ? undefined : Duration.seconds(given));

/** The props by which a user of this library would ask for what a request of the API asks for. */
export function propsOf(stack: Stack, request: any): InferenceRecommendationsJobProps {
  const whole = new Reader('request', request);
  const kind = whole.take('JobType');
  const input = whole.inner('InputConfig');
  const stops = whole.inner('StoppingConditions');
  const limit = input.inner('ResourceLimit');
  const [threshold] = stops.take('ModelLatencyThresholds') ?? [];
  const options = {
    maxDuration: seconds(input.take('JobDurationInSeconds')),
    maxNumberOfTests: limit.take('MaxNumberOfTests'),
    maxParallelOfTests: limit.take('MaxParallelOfTests'),
    maxInvocations: stops.take('MaxInvocations'),
    modelLatencyThreshold: threshold && {
      percentile: enumValue(LatencyPercentile, threshold.Percentile), value: Duration.millis(threshold.ValueInMilliseconds),
    },
    flatInvocations: enumValue(FlatInvocations, stops.take('FlatInvocations')),
    trafficPattern: trafficOf(input.take('TrafficPattern')),
    endpointCandidates: candidatesOf(input.take('EndpointConfigurations')),
  };
  limit.end(undefined);
  const compiled = whole.inner('OutputConfig').inner('CompiledOutputConfig').take('S3OutputUri');
  const [, compiledBucket, compiledPrefix] = /^s3:\/\/([^/]+)\/(.*)$/.exec(compiled ?? '') ?? [];
  return whole.end(stops.end({
    target: targetOf(stack, input),
    jobType: kind === 'Advanced' ? JobType.loadTest({ ...options, trafficPattern: options.trafficPattern! }) : JobType.instanceRecommendation(options),
    containerConfig: containerOf(input.take('ContainerConfig')),
    existingEndpoints: input.take('Endpoints')?.map(({ EndpointName }: any, index: number) => Endpoint.fromEndpointName(stack, `Endpoint${index}`, EndpointName)),
    ...networkOf(stack, input.take('VpcConfig')),
    ...compiled && { compiledOutputBucket: Bucket.fromBucketName(stack, 'Compiled', compiledBucket), compiledOutputPrefix: compiledPrefix },
    ...input.end({}),
  }));
}

function targetOf(stack: Stack, input: Reader): BenchmarkTarget {
  const [arn, name] = [input.take('ModelPackageVersionArn'), input.take('ModelName')];
  return arn === undefined ? BenchmarkTarget.fromModel(Model.fromModelName(stack, 'Model', name))
    : BenchmarkTarget.fromModelPackage(ModelPackage.fromModelPackageArn(stack, 'Package', arn));
}

function trafficOf(pattern: any): TrafficPattern | undefined {
  if (pattern?.TrafficType === 'STAIRS') {
    const { DurationInSeconds, NumberOfSteps, UsersPerStep } = pattern.Stairs;
    return TrafficPattern.stairs({ duration: Duration.seconds(DurationInSeconds), numberOfSteps: NumberOfSteps, usersPerStep: UsersPerStep });
  }
  return pattern && TrafficPattern.phases(pattern.Phases.map(({ InitialNumberOfUsers, SpawnRate, DurationInSeconds }: any) => (
    { initialNumberOfUsers: InitialNumberOfUsers, spawnRate: SpawnRate, duration: Duration.seconds(DurationInSeconds) })));
}

/** With one environment for all, they are what `EndpointCandidate.instances` makes of their types. */
function candidatesOf(configurations: any[] | undefined): EndpointCandidate[] | undefined {
  if (configurations === undefined) { return undefined; }
  const made = configurations.map((configuration) => {
    const reader = new Reader('EndpointConfigurations', configuration);
    const ranges = reader.inner('EnvironmentParameterRanges').take('CategoricalParameterRanges') ?? [];
    const environment = Object.fromEntries(ranges.map(({ Name, Value }: any) => [Name, Value]));
    const { MemorySizeInMB, MaxConcurrency } = reader.take('ServerlessConfig') ?? {};
    const serverless = MemorySizeInMB && { memorySize: Size.mebibytes(MemorySizeInMB), maxConcurrency: MaxConcurrency, environment };
    const type = reader.take('InstanceType');
    return reader.end({ type, environment, serverless });
  });
  const isUniform = made.every(({ environment, serverless }) => !serverless && JSON.stringify(environment) === JSON.stringify(made[0].environment));
  return isUniform ? EndpointCandidate.instances(made.map(({ type }) => InstanceType.of(type)), { environment: made[0].environment })
    : made.map(({ type, environment, serverless }) => (
      serverless ? EndpointCandidate.serverless(serverless) : EndpointCandidate.instance(InstanceType.of(type), { environment })));
}

function containerOf(config: any): ContainerConfigOptions | undefined {
  if (config === undefined) { return undefined; }
  const reader = new Reader('ContainerConfig', config);
  const payload = reader.inner('PayloadConfig');
  const of = <T>(make: (name: string) => T, given: string | undefined) => (given === undefined ? undefined : make(given));
  return reader.end({
    domain: of(MlDomain.of, reader.take('Domain')),
    task: of(MlTask.of, reader.take('Task')),
    framework: of(MlFramework.of, reader.take('Framework')),
    frameworkVersion: reader.take('FrameworkVersion'),
    samplePayload: of(SamplePayload.fromS3Uri, payload.take('SamplePayloadUrl')),
    supportedContentTypes: payload.take('SupportedContentTypes'),
    nearestModelName: reader.take('NearestModelName'),
    supportedInstanceTypes: reader.take('SupportedInstanceTypes')?.map((type: string) => InstanceType.of(type)),
    supportedEndpointType: enumValue(EndpointType, reader.take('SupportedEndpointType')),
    dataInputConfig: reader.take('DataInputConfig'),
    supportedResponseMimeTypes: reader.take('SupportedResponseMIMETypes'),
  });
}

function networkOf(stack: Stack, config: { Subnets: string[]; SecurityGroupIds: string[] } | undefined) {
  return config && {
    vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'] }),
    vpcSubnets: { subnets: config.Subnets.map((subnetId) => Subnet.fromSubnetAttributes(stack, subnetId, { subnetId, availabilityZone: 'us-east-1a' })) },
    securityGroups: config.SecurityGroupIds.map((id) => SecurityGroup.fromSecurityGroupId(stack, id, id)),
  };
}
