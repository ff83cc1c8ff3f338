/** What awslint finds and is right as it is: the rule and its scope, which may have `*`, and the reason. */
export const AWSLINT_EXCLUSIONS: ReadonlyArray<readonly [exclusion: string, reason: string]> = [
  ['construct-ctor-props-optional:*Model', 'A model needs one of three sources, which a struct cannot say: without any, its constructor throws.'],
  ['construct-ctor-props-optional:*ModelPackage', 'A package needs a group or a name, which a struct cannot say: without any, its constructor throws.'],
  ['construct-ctor-props-optional:*RecommendedEndpoint', 'An endpoint needs something to host, which a struct cannot say: without any, its constructor throws.'],
  ['construct-ctor*:*CopyScaling*', 'Only `scaleCopies()` of a component makes it, and passes the name of the component.'],
  ['events-*', 'The events are those of this library, not all of an AWS service. An imported job has none.'],
  ['from-signature:*InferenceComponent.fromInferenceComponent*', 'The optional fourth argument is the endpoint, to which an invocation of the component goes.'],
  ['from-signature:*ModelPackage.fromModelPackageVersion', 'A version is known by its group and its number.'],
  ['interface-extends-ref:*', 'CloudFormation, or the oldest supported aws-cdk-lib, has no such resource, so there is no reference interface.'],
  ['mixin-namespace:*RecommendedHosting', 'The library has no submodules, so that one import line brings everything.'],
  ['no-grants:*Endpoint.grantInvoke', 'CDK\'s own IEndpoint requires it.'],
  ['no-grants:*ModelPackage.grantReadArtifacts', 'It gives access to the buckets, keys and images that a package names, not to the package.'],
  ['prefer-ref-interface:*Props.vpc', 'A network needs the subnets of a VPC, which a reference does not have.'],
  ['prefer-ref-interface:*.recommendation', 'CloudFormation has no recommendation, so there is no reference interface.'],
  ['prefer-ref-interface:*.startFrom', 'CloudFormation has no recommendation, so there is no reference interface.'],
  ['prefer-ref-interface:*.job', 'CloudFormation has no such job, so there is no reference interface.'],
  ['prefer-ref-interface:*.workload', 'The oldest supported aws-cdk-lib has no such resource.'],
  ['prefer-ref-interface:aws-cdk-lib.*', 'It is a member of aws-cdk-lib, which this library only names.'],
  ['props-physical-name:*EndpointConfigProps', 'A configuration is replaced at each change, which a name of one\'s own would prevent.'],
  ['props-physical-name:*ModelProps', 'A model is replaced at each change, which a name of one\'s own would prevent.'],
];

/** Classes that awslint cannot look at as resources, because aws-cdk-lib has no L1 for them. */
export const WITHOUT_L1: readonly string[] = [
  'AIBenchmarkJob', 'AIBenchmarkResults', 'AIRecommendationJob', 'AIWorkloadConfig', 'BenchmarkResults', 'EndpointAutoScaling', 'GenerativeRecommendation',
  'InferenceRecommendationsJob', 'InstantRecommendation', 'ModelRegistryBenchmark', 'Recommendation', 'RecommendationReplica', 'ReplicaRole',
];
