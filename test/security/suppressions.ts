/** A finding of AwsSolutions that stands, with the reason that an auditor is given. */
export interface Suppression {
  readonly rule: string;
  /** For IAM5, which action or resource: an ARN of the stack's own account and Region from its service on, `<stack>` for the stack's prefix, `<jobs>` for that of the jobs' scope. */
  readonly finding?: RegExp;
  /** Paths of constructs, from below the stack. */
  readonly where: RegExp;
  readonly reason: string;
}

const RUNTIME = 'InferenceRecommenderRuntime';
const JOB_ROLE = /(^|\/)(Job|Benchmark)\/Role\/DefaultPolicy\/Resource$/;
const ALL_JOB_ROLES = new RegExp(`^${RUNTIME}/BenchmarkPolicy/Resource$`);
const MODEL_ROLE = /(^|\/)((Today)?Model|Chat\/Config)\/Role\/(DefaultPolicy|Telemetry|Artifacts[0-9a-f]{8})\/Resource$/;
const READERS = new RegExp(`${JOB_ROLE.source}|${MODEL_ROLE.source}`);
const MACHINES = new RegExp(`^${RUNTIME}/(Following/|AIRecommendation)?Wait$`);
const OF_JOBS = new RegExp(`^${RUNTIME}/((Start|WaitEnd|Recommend|Approve)/Role|(Following/|AIRecommendation)?WaitRole|CompilationsPolicy)/Resource$`);
const OF_COMPILATIONS = new RegExp(`^${RUNTIME}/CompilationsPolicy/Resource$`);
const OF_FOLLOWERS = new RegExp(`^${RUNTIME}/(Start/Role|StoppingPolicy)/Resource$`);
const OF_PARAMETERS = new RegExp(`^(${RUNTIME}/Recommend/Parameters|Replica/Policy)[0-9a-f]{8}/Resource$`);
const OF_APPROVALS = new RegExp(`^${RUNTIME}/Approve/Role/Resource$`);
const OF_PACKAGES = new RegExp(`^(${RUNTIME}/(Start|Recommend|Model|Approve)/Role|Benchmark/Role/DefaultPolicy)/Resource$`);
const OF_MODELS = new RegExp(`^${RUNTIME}/Model/Role/Resource$`);
const OF_SCALING = new RegExp(`^${RUNTIME}/Scaling/Role/Resource$`);

/** Every finding that is left over all examples. One that stands for nothing any more fails the test. */
export const SUPPRESSIONS: readonly Suppression[] = [
  {
    rule: 'AwsSolutions-SF1',
    where: MACHINES,
    reason: 'Standard executions keep their whole history for 90 days, and logs would be a log group more for each stack: '
      + '`InferenceRecommenderRuntime.configure()` turns them on, always without execution data, which holds CloudFormation\'s answer URL.',
  },
  {
    rule: 'AwsSolutions-SF2',
    where: MACHINES,
    reason: 'The machine polls one service for up to five hours, so traces show nothing that its history does not, and are billed: '
      + '`InferenceRecommenderRuntime.configure()` turns them on.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::sagemaker:(inference-recommendations|ai-recommendation)-job\/<(jobs|stack)>-\*$/,
    where: OF_JOBS,
    reason: 'A job\'s name has a hash of its content, so it is not known before it is resolved. The prefix is that of its scope, or of one that it had before. What is stopped or tagged must carry the stack\'s claim.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::\*$/,
    where: OF_JOBS,
    reason: 'ListInferenceRecommendationsJobs, ListInferenceRecommendationsJobSteps and ListAIRecommendationJobs know no resource. They read names and figures; what is stopped is '
      + 'limited to the scope\'s prefix and must carry the stack\'s claim.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::sagemaker:(model\/<stack>|compilation-job\/<jobs>)-\*$/,
    where: OF_MODELS,
    reason: 'Models have a hash of their content in the name, and compilation jobs get theirs from the service. The prefix is the stack\'s own id.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::sagemaker:compilation-job\/(sm-epc|neo)-\*$/,
    where: OF_MODELS,
    reason: 'DescribeCompilationJob only: the published results show that the service may name a benchmark\'s compilation jobs so.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::sagemaker:compilation-job\/(<jobs>|sm-epc|neo)-\*$/,
    where: OF_COMPILATIONS,
    reason: 'Only where `deleteCompilationJobs` asks for it: the service names a benchmark\'s compilation jobs. Those that the stack\'s own jobs name are deleted.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /:model-package\/.+\/\*$/,
    where: OF_PACKAGES,
    reason: 'Described, and made into models, are versions of the group that the user names: a registered model is another version at each change.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::states:execution:.*InferenceRecommenderRuntime(Following|AIRecommendation)?Wait[0-9A-F]{8}\b.*:\*$/,
    where: OF_FOLLOWERS,
    reason: 'Executions of the stack\'s own machines, which are named after CloudFormation\'s requests: they are stopped when what they wait for goes.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::ssm:parameter(\/shop\/best|\/ml\/shop\/registry|\/cdk-sagemaker-inference-recommender\/(Background|Instant)Benchmark)\/\*$/,
    where: OF_PARAMETERS,
    reason: 'A parameter for each field of a recommendation, below the path that is the recommendation\'s own; the tuned environment\'s names are known once the job is over.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::ssm:parameter\/cdk-sagemaker-inference-recommender\/registries\.<stack>\/\*$/,
    where: OF_APPROVALS,
    reason: 'A parameter for each benchmark of a month, below the stack\'s own id: how many there are is the cap\'s affair.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::ssm:parameter\/cdk-sagemaker-inference-recommender\/<stack>\/\*$/,
    where: OF_SCALING,
    reason: 'A record for each scaled endpoint, under the stack\'s own id: it is deleted once its construct, and what the construct allowed, has left the template.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::application-autoscaling:scalable-target\/\*$/,
    where: OF_SCALING,
    reason: 'A scalable target has an id of the service\'s own. Conditions limit the actions to SageMaker\'s variants and their instance count.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::cloudwatch:alarm:TargetTracking-endpoint\/\*$/,
    where: OF_SCALING,
    reason: 'Application Auto Scaling names the alarms of a target tracking policy itself, and makes them in its caller\'s name.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::cloudwatch:alarm:InferenceScaling-endpoint\/\*$/,
    where: OF_SCALING,
    reason: 'The alarms by which variants leave zero, all of the function\'s own making: the function\'s role cannot name an endpoint that depends on it.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::cloudwatch:alarm:\*$/,
    where: /\bPolicy\/Resource$/,
    reason: 'An alarm of any name may invoke a policy of the endpoint, whose ARN a roll-over changes. A condition limits it to alarms with such an action.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::\*$/,
    where: OF_SCALING,
    reason: 'DescribeAlarms, which only reads: Application Auto Scaling looks at a policy\'s alarms in its caller\'s name.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::sagemaker:endpoint-config\/\*$/,
    where: OF_SCALING,
    reason: 'DescribeEndpointConfig only: which configuration an endpoint runs is known once it is described.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::sagemaker:(model|endpoint-config|endpoint|compilation-job)\/(<jobs>|sm-epc|neo)-\*$/,
    where: ALL_JOB_ROLES,
    reason: 'The service makes models, endpoints and compilation jobs for each benchmark and names them itself: after the job, or as its published results '
      + 'show. AWS documents a full-access managed policy only; this is narrower.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::sagemaker:endpoint-config\/\*$/,
    where: JOB_ROLE,
    reason: 'DescribeEndpointConfig only, and only where an existing endpoint is measured: which configuration it runs is known once it is described.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::logs:log-group:\/aws\/sagemaker\/\*$/,
    where: ALL_JOB_ROLES,
    reason: 'SageMaker names the log groups of the endpoints that a job makes.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::\*$/,
    where: JOB_ROLE,
    reason: 'ecr:GetAuthorizationToken and, in a VPC, ec2:Describe* know no resource.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::\*$/,
    where: ALL_JOB_ROLES,
    reason: 'cloudwatch:PutMetricData, which knows no resource, limited to SageMaker\'s namespaces.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::ec2:network-interface\/\*$/,
    where: JOB_ROLE,
    reason: 'The service makes the interfaces of its endpoints; subnets and security groups are named.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Action::(kms:(GenerateDataKey|ReEncrypt)|s3:(Abort|GetBucket|GetObject|List))\*$/,
    where: READERS,
    reason: 'What `grantPut()` and `grantRead()` of a bucket of the user\'s own give: on that bucket, its prefix and its key only.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::<Compiled[0-9A-F]{8}\.Arn>\/models\/\*$/,
    where: JOB_ROLE,
    reason: 'Compiled models are written below the prefix that the user names, under keys of the service\'s own.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::logs:log-group:\/aws\/sagemaker\/\*$/,
    where: MODEL_ROLE,
    reason: 'SageMaker names the log group after the endpoint, which is made after the model and its role.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::\*$/,
    where: MODEL_ROLE,
    reason: 'ecr:GetAuthorizationToken knows no resource, and which image may be pulled is named; cloudwatch:PutMetricData is limited to SageMaker\'s namespaces.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::ecr:<AWS::Region>:\*:repository\/sagemaker-(inference|neo)-\*$/,
    where: MODEL_ROLE,
    reason: 'A recommendation may turn out to be a compiled model, which runs in an image of AWS\'s own, in an account of AWS\'s that differs by Region.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::s3:::shop-models-<AWS::AccountId>\/\*$/,
    where: JOB_ROLE,
    reason: 'The example\'s own grant, on the bucket of whoever registers models: which version comes next is not known.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::s3:::chat-models-<AWS::AccountId>\/(llama-8b|recommendations)\/\*$/,
    where: READERS,
    reason: 'The weights, and what the job writes, are many objects below a prefix that the user names: both are read there, and nowhere else.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::ecr:<AWS::Region>:\*:repository\/\*$/,
    where: READERS,
    reason: 'The images of AWS for generative models are in accounts that differ by Region, and the job chooses which one. They are pulled, and nothing else.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::sagemaker:(ai-benchmark-job|optimization-job|model|endpoint-config|endpoint|inference-component|training-job)\/<jobs>-\*$/,
    where: JOB_ROLE,
    reason: 'A job for a generative model makes benchmarks, models, endpoints and components in the user\'s account, and names them after itself.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::sagemaker:training-job\/\*$/,
    where: JOB_ROLE,
    reason: 'CreateTrainingJob and DescribeTrainingJob only: what sends the requests runs as a training job, and AWS does not say how it is named.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::sagemaker:model-package(-group)?\/\*$/,
    where: /(^|\/)(Job\/Role\/DefaultPolicy|InferenceRecommenderRuntime\/Recommend\/Role|Job\/Chosen\/[^/]*)\/Resource$/,
    reason: 'Without a group of the user\'s, the service chooses the name of the group in which the job registers its packages.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::logs:log-group:\/aws\/sagemaker\/\*$/,
    where: JOB_ROLE,
    reason: 'SageMaker names the log groups of the training jobs and endpoints that such a job makes.',
  },
  {
    rule: 'AwsSolutions-IAM4',
    finding: /^Policy::iam::aws:policy\/service-role\/AWSLambdaBasicExecutionRole$/,
    where: /^Listener\/ServiceRole\/Resource$/,
    reason: 'The examples\' own listener, as CDK makes a function: a user brings a target of theirs. No function of the library has a managed policy.',
  },
  {
    rule: 'AwsSolutions-S1',
    where: /^Compiled\/Resource$/,
    reason: 'The example\'s own bucket, which goes with its stack: access logs need a bucket that outlives it, which an account has once.',
  },
  {
    rule: 'AwsSolutions-VPC7',
    where: /^Vpc\/Resource$/,
    reason: 'The example\'s own VPC, made to show `vpc`: a user brings the account\'s, with its flow logs.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^(Action::s3:(GetBucket|GetObject|List)\*|Resource::s3:::shop-models-<AWS::AccountId>\/\*)$/,
    where: /^ModelRole\/DefaultPolicy\/Resource$/,
    reason: 'The role of an example\'s own model, which is there before this library: `grantRead()` of the CDK\'s bucket writes it.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /^Resource::ssm:parameter\/ml\/shop\/recommendation\/\*$/,
    where: /^(InferenceRecommenderRuntime\/Recommend\/Parameters[0-9a-f]{8}|Replica\/DefaultPolicy)\/Resource$/,
    reason: 'The parameters below the path that two accounts or two stages share: what writes it, or its copy, may write nothing outside of it.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    finding: /./,
    where: /^Pipeline\//,
    reason: 'CDK Pipelines writes the roles of its own projects and actions: nothing of them is this library\'s, and a user\'s pipeline has the same.',
  },
  {
    rule: 'AwsSolutions-CB4',
    where: /^Pipeline\//,
    reason: 'The projects of CDK Pipelines are the CDK\'s own: a key for them is a choice of the user\'s pipeline, and not of this library.',
  },
  {
    rule: 'AwsSolutions-S1',
    where: /^Pipeline\//,
    reason: 'The bucket of CDK Pipelines\' artifacts is the CDK\'s own: a user\'s pipeline brings a bucket with access logs if it needs them.',
  },
];
