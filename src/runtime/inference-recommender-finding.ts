import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Aspects, Validations } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { isOurs, WITHOUT_RESOURCE } from '../common/iam';
import { readable, Wildcard, wildcardsOf } from '../common/wildcards';

/** Before an aspect of cdk-nag that writes what is acknowledged into the template, and after those that change policies. */
const PRIORITY = 400;

/** The wildcards of a policy that a finding is about. */
interface Matched {
  /** The wildcard, as `readable()` writes it. */
  readonly wildcard: RegExp;
  /** The actions that may be allowed there. With any other one, e.g. one that the app adds to the role, the wildcard is not acknowledged. */
  readonly actions?: RegExp;
}

/**
 * A finding of cdk-nag's AwsSolutions pack in what this library makes, with the reason that an auditor is given. The ids do not change between versions.
 *
 * `acknowledge()` acknowledges them for roles, policies and state machines that the library makes, and for nothing else: neither a role that you bring,
 * nor a statement that you add to one of the library's roles.
 *
 * @see https://github.com/cdklabs/cdk-nag
 * @example
 * InferenceRecommenderFinding.acknowledge(this);
 */
export class InferenceRecommenderFinding {
  /** AwsSolutions-SF1: the state machines write no logs. */
  public static readonly MACHINE_LOGS = new InferenceRecommenderFinding('MachineLogs', 'AwsSolutions-SF1',
    'Standard executions keep their history for 90 days. InferenceRecommenderRuntime.configure() turns logs on.');
  /** AwsSolutions-SF2: the state machines are not traced. */
  public static readonly MACHINE_TRACES = new InferenceRecommenderFinding('MachineTraces', 'AwsSolutions-SF2',
    'A machine polls one service, so traces show nothing that its history does not. InferenceRecommenderRuntime.configure() turns them on.');
  /** AwsSolutions-IAM5: actions on all resources. */
  public static readonly NO_RESOURCE_LEVEL = new InferenceRecommenderFinding('NoResourceLevel', 'AwsSolutions-IAM5',
    'These actions have no resource-level permissions.', { wildcard: /^Resource::\*$/, actions: new RegExp(`^(${Object.keys(WITHOUT_RESOURCE).join('|')})$`) });
  /** AwsSolutions-IAM5: jobs by the prefix of their names. */
  public static readonly JOB_NAMES = new InferenceRecommenderFinding('JobNames', 'AwsSolutions-IAM5',
    'A job\'s name ends with a hash of its content, which only the deploy knows. The prefix is that of the stack or of its scope.', {
      wildcard: /^Resource::sagemaker:(inference-recommendations|ai-recommendation|ai-benchmark)-job\/<(jobs|stack)>-\*$/,
    });
  /** AwsSolutions-IAM5: models by the prefix of their names. */
  public static readonly MODEL_NAMES = new InferenceRecommenderFinding('ModelNames', 'AwsSolutions-IAM5',
    'A model\'s name ends with a hash of its content, which only the deploy knows. The prefix is that of the stack.',
    { wildcard: /^Resource::sagemaker:model\/<stack>-\*$/ });
  /** AwsSolutions-IAM5: what the service makes for a benchmark. */
  public static readonly BENCHMARKED = new InferenceRecommenderFinding('Benchmarked', 'AwsSolutions-IAM5',
    'The service names what it makes for a benchmark after the job, or with a prefix of its own.', {
      wildcard: new RegExp('^Resource::sagemaker:(model|endpoint-config|endpoint|inference-component|compilation-job|optimization-job|training-job|ai-benchmark-job)'
        + '/(<jobs>|sm-epc|neo)-\\*$'),
    });
  /** AwsSolutions-IAM5: training jobs that send the requests of a generative benchmark. */
  public static readonly TRAINING_JOBS = new InferenceRecommenderFinding('TrainingJobs', 'AwsSolutions-IAM5',
    'The requests of a benchmark are sent by a training job, and AWS does not say how it is named.',
    { wildcard: /^Resource::sagemaker:training-job\/\*$/, actions: /^sagemaker:(Create|Describe)TrainingJob$/ });
  /** AwsSolutions-IAM5: versions of a model package group. */
  public static readonly PACKAGE_VERSIONS = new InferenceRecommenderFinding('PackageVersions', 'AwsSolutions-IAM5',
    'Each change of a registered model is another version of the group that you name.', { wildcard: /:model-package\/.+\/\*$/ });
  /** AwsSolutions-IAM5: groups of packages that the service names. */
  public static readonly PACKAGE_GROUPS = new InferenceRecommenderFinding('PackageGroups', 'AwsSolutions-IAM5',
    'Without a group of yours, the service chooses the name of the group in which a job registers its packages.',
    { wildcard: /^Resource::sagemaker:model-package(-group)?\/\*$/ });
  /** AwsSolutions-IAM5: executions of the stack's state machines. */
  public static readonly EXECUTIONS = new InferenceRecommenderFinding('Executions', 'AwsSolutions-IAM5',
    'Executions of the stack\'s own state machines are named after CloudFormation\'s requests.', { wildcard: /^Resource::states:execution:[^*]+:\*$/ });
  /** AwsSolutions-IAM5: parameters below a path. */
  public static readonly PARAMETERS = new InferenceRecommenderFinding('Parameters', 'AwsSolutions-IAM5',
    'There is a parameter for each field of a recommendation or each slot of a month, below a path of its own.',
    { wildcard: /^Resource::ssm:parameter\/[^*]+\/\*$/, actions: /^ssm:(GetParametersByPath|GetParameters?|PutParameter|DeleteParameters?)$/ });
  /** AwsSolutions-IAM5: scalable targets. */
  public static readonly SCALABLE_TARGETS = new InferenceRecommenderFinding('ScalableTargets', 'AwsSolutions-IAM5',
    'Application Auto Scaling gives a target its id. Conditions limit the actions to SageMaker\'s variants.',
    { wildcard: /^Resource::application-autoscaling:scalable-target\/\*$/ });
  /** AwsSolutions-IAM5: alarms of auto scaling. */
  public static readonly SCALING_ALARMS = new InferenceRecommenderFinding('ScalingAlarms', 'AwsSolutions-IAM5',
    'Application Auto Scaling names the alarms of its policies. Those that scale from zero are limited by a condition or by their prefix.',
    { wildcard: /^Resource::cloudwatch:alarm:((TargetTracking|InferenceScaling)-endpoint\/)?\*$/ });
  /** AwsSolutions-IAM5: the configuration that an endpoint runs. */
  public static readonly ENDPOINT_CONFIGS = new InferenceRecommenderFinding('EndpointConfigs', 'AwsSolutions-IAM5',
    'Which configuration an endpoint runs is known once the endpoint is described. It is only read.',
    { wildcard: /^Resource::sagemaker:endpoint-config\/\*$/, actions: /^sagemaker:DescribeEndpointConfig$/ });
  /** AwsSolutions-IAM5: log groups of endpoints and jobs. */
  public static readonly LOG_GROUPS = new InferenceRecommenderFinding('LogGroups', 'AwsSolutions-IAM5',
    'SageMaker names the log groups of endpoints and jobs.', { wildcard: /^Resource::logs:log-group:\/aws\/sagemaker\/\*$/ });
  /** AwsSolutions-IAM5: network interfaces. */
  public static readonly NETWORK_INTERFACES = new InferenceRecommenderFinding('NetworkInterfaces', 'AwsSolutions-IAM5',
    'The service makes the interfaces of its endpoints. Subnets and security groups are named.', { wildcard: /^Resource::ec2:network-interface\/\*$/ });
  /** AwsSolutions-IAM5: actions that the CDK grants on buckets and keys. */
  public static readonly GRANTED_ACTIONS = new InferenceRecommenderFinding('GrantedActions', 'AwsSolutions-IAM5',
    'The CDK\'s own grants on a bucket or key that you name have these actions.',
    { wildcard: /^Action::(kms:(GenerateDataKey|ReEncrypt)|s3:(Abort|DeleteObject|GetBucket|GetObject|List))\*$/ });
  /** AwsSolutions-IAM5: objects of a bucket. */
  public static readonly OBJECTS = new InferenceRecommenderFinding('Objects', 'AwsSolutions-IAM5',
    'The objects are in a bucket, or below a prefix, that you name.', {
      wildcard: /^Resource::(s3:::[^*]+|<\w+\.Arn>[^*]*)\/\*$/,
      actions: /^s3:(Abort|AbortMultipartUpload|DeleteObject|GetBucket|GetObject|List|ListBucket|PutObject)\w*\*?$/,
    });
  /** AwsSolutions-IAM5: images of AWS. */
  public static readonly AWS_IMAGES = new InferenceRecommenderFinding('AwsImages', 'AwsSolutions-IAM5',
    'The images are AWS\'s own, in accounts that differ by Region, and only the deploy knows which one runs. They are only pulled.', {
      wildcard: /^Resource::ecr:(<AWS::Region>|[\w-]+):\*:repository\/(sagemaker-(inference|neo)-)?\*$/,
      actions: /^ecr:(BatchCheckLayerAvailability|BatchGetImage|GetDownloadUrlForLayer)$/,
    });

  /** All findings. */
  public static readonly ALL: InferenceRecommenderFinding[] = Object.values(InferenceRecommenderFinding)
    .filter((value): value is InferenceRecommenderFinding => value instanceof InferenceRecommenderFinding);

  /**
   * Acknowledges findings in all that this library makes below a construct, when the app is synthesized. It works without cdk-nag, too.
   *
   * @param scope an app, a stage, a stack or any other construct
   * @param findings the findings to acknowledge: all of them by default
   */
  public static acknowledge(scope: IConstruct, findings: InferenceRecommenderFinding[] = InferenceRecommenderFinding.ALL): void {
    Aspects.of(scope).add({ visit: (construct) => acknowledgeAt(construct, findings) }, { priority: PRIORITY });
    // Stages, and what the CDK adds when it prepares the app, are not visited by the aspect.
    scope.node.addValidation({
      validate: () => {
        scope.node.findAll().forEach((construct) => acknowledgeAt(construct, findings));
        return [];
      },
    });
  }

  private constructor(
    /** Id of the finding. */
    public readonly id: string,
    /** The rule of cdk-nag, e.g. `AwsSolutions-IAM5`. */
    public readonly ruleId: string,
    /** The reason why it stands. */
    public readonly reason: string,
    private readonly matched?: Matched,
  ) {}

  /**
   * Whether the finding is about a wildcard of a policy.
   *
   * @internal
   */
  public _isAbout({ id, actions }: Wildcard): boolean {
    const { wildcard, actions: allowed } = this.matched ?? {};
    return wildcard !== undefined && wildcard.test(readable(id)) && (!allowed || actions.every((action) => allowed.test(action)));
  }
}

function acknowledgeAt(construct: IConstruct, findings: readonly InferenceRecommenderFinding[]): void {
  if (!isOurs(construct)) { return; }
  const wildcards = wildcardsOf(construct);
  for (const finding of findings) {
    if (finding.ruleId.startsWith('AwsSolutions-SF')) {
      if (CfnStateMachine.isCfnStateMachine(construct)) { enter(construct, finding.ruleId, finding); }
      continue;
    }
    wildcards.filter((wildcard) => finding._isAbout(wildcard)).forEach(({ id }) => enter(construct, `${finding.ruleId}[${id}]`, finding));
  }
}

/** Not by `acknowledge()` of `Validations`: the oldest supported aws-cdk-lib refuses ids that contain an ARN without an account. */
function enter(construct: IConstruct, id: string, { id: name, reason }: InferenceRecommenderFinding): void {
  const type = Validations.ACKNOWLEDGED_RULES_METADATA_KEY;
  if (construct.node.metadata.some((entry) => entry.type === type && id in entry.data)) { return; }
  construct.node.addMetadata(type, { [id]: `${name}: ${reason}` });
}
