import { ManagedPolicy, Policy, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, Aws, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { JOB, sagemakerArn } from '../common/arns';
import { TELEMETRY } from '../hosting/execution-role';
import { followMachineDefinition } from './follow-machine';
import { RuntimeFunction } from './runtime-function';
import { allowLogGroups, KEY_ACTIONS, machineContext, machineProps, RUNTIME_ID } from './runtime-options';
import { serviceRole } from '../common/service-role';
import { namesMadeByService, stackPrefixToken } from '../common/stack-prefix';
import { stateMachineDefinition } from './state-machine';
import { onAnyResource } from '../common/without-resource';
import { STATE_MACHINE_ARN_VARIABLE } from '../contract/contract';
import { SCALABLE_VARIANT } from '../service/scaling-rules';
import { InferenceRecommenderRuntime, InferenceRecommenderRuntimeOptions } from './inference-recommender-runtime';

/** Never change these: a custom resource whose ServiceToken changes is refused by CloudFormation. */
const START_ID = 'Start';
const CONCLUDE_ID = 'Conclude';
const MODEL_ID = 'Model';
const SCALING_ID = 'Scaling';
const REPLICA_ID = 'Replica';
const MACHINE_ID = 'Wait';
const FOLLOWING_ID = 'Following';

/** What all constructs of a stack share: the functions, the state machines, their roles and logs. Each is made when first asked for. */
export class Runtime extends Construct {
  /** The one of a stack, made when first asked for. */
  public static of(scope: Construct): Runtime {
    const stack = Stack.of(scope);
    return stack.node.tryFindChild(RUNTIME_ID) as Runtime | undefined ?? new Runtime(stack, RUNTIME_ID);
  }

  /** Of all models that the model function makes. */
  public readonly modelNamesArn = sagemakerArn('model', `${stackPrefixToken()}-*`);
  private readonly options?: InferenceRecommenderRuntimeOptions;
  /** What the machine that waits may do. */
  private readonly polling = new PolicyDocument();
  private startFunction?: RuntimeFunction;
  private concludeFunction?: RuntimeFunction;
  private modelFunction?: RuntimeFunction;
  private scalingFunction?: RuntimeFunction;
  private replicaFunction?: RuntimeFunction;
  private waitMachine?: CfnStateMachine;
  private followMachine?: CfnStateMachine;
  private compilations?: Policy;
  private stopping?: Policy;
  private benchmark?: ManagedPolicy;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    this.options = InferenceRecommenderRuntime._optionsOf(Stack.of(this));
    if (this.options?.encryptionKey) { allowLogGroups(this.options.encryptionKey, Stack.of(this)); }
  }

  /** Starts, finds and stops jobs, and starts waiting. */
  public get start(): RuntimeFunction {
    if (!this.startFunction) {
      const machine = this.wait;
      const start = new RuntimeFunction(this, START_ID, 'start', {
        timeout: Duration.minutes(10),
        environment: { [STATE_MACHINE_ARN_VARIABLE]: machine.ref },
        // An event that comes after CloudFormation has given up on it would start a job that nobody waits for.
        maxEventAge: Duration.minutes(15),
      });
      start.allow([
        'CreateInferenceRecommendationsJob', 'DescribeInferenceRecommendationsJob', 'StopInferenceRecommendationsJob',
        'AddTags', 'DeleteTags', 'ListTags',
      ].map(sagemaker), ownJobs());
      start.allowOnAny('sagemaker:ListInferenceRecommendationsJobs');
      start.allow(['states:StartExecution', 'states:ListExecutions'], machine.ref);
      start.allow(['states:StopExecution'], executionsOf(machine));
      const key = this.options?.encryptionKey;
      if (key) { start.allowIf(KEY_ACTIONS, key.keyArn, machineContext(Stack.of(this))); }
      this.startFunction = start;
    }
    return this.startFunction;
  }

  /** Ends the waiting and answers for recommendations. */
  public get conclude(): RuntimeFunction {
    if (!this.concludeFunction) {
      this.concludeFunction = new RuntimeFunction(this, CONCLUDE_ID, 'conclude', { timeout: Duration.minutes(5) });
      this.concludeFunction.allow(['DescribeInferenceRecommendationsJob', 'AddTags'].map(sagemaker), ownJobs());
      this.concludeFunction.allowOnAny('sagemaker:ListInferenceRecommendationsJobSteps');
    }
    return this.concludeFunction;
  }

  /** Makes models through the API. There only where a stack has such a model. */
  public get model(): RuntimeFunction {
    if (!this.modelFunction) {
      this.modelFunction = new RuntimeFunction(this, MODEL_ID, 'model', { timeout: Duration.minutes(5) });
      this.modelFunction.allow(['CreateModel', 'DescribeModel', 'DeleteModel', 'AddTags', 'DeleteTags'].map(sagemaker), this.modelNamesArn);
      this.modelFunction.allow([sagemaker('DescribeCompilationJob')], ...namesMadeByService().map((name) => sagemakerArn('compilation-job', name)));
    }
    return this.modelFunction;
  }

  /** Scales endpoints. There only where a stack has one that scales. */
  public get scaling(): RuntimeFunction {
    if (!this.scalingFunction) {
      this.scalingFunction = new RuntimeFunction(this, SCALING_ID, 'scaling', { timeout: Duration.minutes(15) });
      allowScaling(this.scalingFunction);
    }
    return this.scalingFunction;
  }

  /** Copies parameters to other Regions and accounts. There only where a recommendation has a replica. */
  public get replica(): RuntimeFunction {
    this.replicaFunction ??= new RuntimeFunction(this, REPLICA_ID, 'replica', { timeout: Duration.minutes(5) });
    return this.replicaFunction;
  }

  /** Follows jobs in the background. There only where a job runs in the background or somebody listens. */
  public get followMachineArn(): string {
    if (!this.followMachine) {
      const scope = new Construct(this, FOLLOWING_ID);
      const definition = followMachineDefinition(Aws.PARTITION, this.conclude.functionArn);
      const bus = `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/default`;
      this.followMachine = this.machine(scope, MACHINE_ID, 'Follows Inference Recommender jobs and says how they go', definition, new PolicyDocument({
        statements: [new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus] })],
      }));
      this.start.allow(['states:StartExecution'], this.followMachine.ref);
    }
    return this.followMachine.ref;
  }

  /**
   * Lets what follows jobs be found and stopped. All followers of a stack share it, and it is there as long as any of them: what follows a job is
   * stopped in the very update that takes the runtime's leave to follow away.
   */
  public get stoppingPolicy(): Policy {
    const { followMachineArn } = this;
    this.stopping ??= this.start.allowIn(this, [
      new PolicyStatement({ actions: ['states:ListExecutions'], resources: [followMachineArn] }),
      new PolicyStatement({ actions: ['states:StopExecution'], resources: [executionsOf(this.followMachine!)] }),
    ], 'StoppingPolicy');
    return this.stopping;
  }

  /** Lets a job be read and waited for that something else started. */
  public allowReadJob(jobName: string): void {
    const actions = [sagemaker('DescribeInferenceRecommendationsJob')];
    this.start.allow(actions, sagemakerArn(JOB, jobName));
    this.conclude.allow(actions, sagemakerArn(JOB, jobName));
    this.polling.addStatements(new PolicyStatement({ actions, resources: [sagemakerArn(JOB, jobName)] }));
  }

  /** Lets compilation jobs of this stack's jobs be found and deleted: a policy that goes after the last that needs it. */
  public get compilationsPolicy(): Policy {
    this.compilations ??= this.conclude.allowIn(this, [
      new PolicyStatement(onAnyResource('sagemaker:ListInferenceRecommendationsJobs')),
      new PolicyStatement({ actions: [sagemaker('ListTags')], resources: [ownJobs()] }),
      new PolicyStatement({
        actions: [sagemaker('DeleteCompilationJob')], resources: namesMadeByService().map((name) => sagemakerArn('compilation-job', name)),
      }),
    ], 'CompilationsPolicy');
    return this.compilations;
  }

  /** What any job does in the account, for the roles of all jobs of a stack. */
  public get benchmarkPolicy(): ManagedPolicy {
    this.benchmark ??= new ManagedPolicy(this, 'BenchmarkPolicy', {
      description: 'What Inference Recommender does in this account for a job',
      statements: [
        new PolicyStatement({
          actions: ON_OWN_RESOURCES.map(sagemaker),
          resources: ['model', 'endpoint-config', 'endpoint', 'compilation-job']
            .flatMap((kind) => namesMadeByService().map((name) => sagemakerArn(kind, name))),
        }),
        ...TELEMETRY,
      ],
    });
    return this.benchmark;
  }

  private get wait(): CfnStateMachine {
    this.waitMachine ??= this.machine(this, MACHINE_ID, 'Polls Inference Recommender jobs and invokes the function that concludes them',
      stateMachineDefinition(Aws.PARTITION, this.conclude.functionArn), this.polling);
    return this.waitMachine;
  }

  private machine(
    scope: Construct, id: string, description: string, definition: object, permissions: PolicyDocument,
  ): CfnStateMachine {
    permissions.addStatements(
      new PolicyStatement({ actions: [sagemaker('DescribeInferenceRecommendationsJob')], resources: [ownJobs()] }),
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.conclude.functionArn] }),
    );
    const options = machineProps(scope, permissions, this.options);
    const { roleArn } = serviceRole(scope, `${id}Role`, { description, service: 'states', inlinePolicies: { [id]: permissions } });
    return new CfnStateMachine(scope, id, { roleArn, definitionString: Stack.of(this).toJsonString(definition), ...options });
  }
}

/**
 * What the service itself does in an account for a job, as the role that it is given. AWS documents a full-access managed policy only;
 * this is what the guide's pages say that happens. Unverified against the live service.
 */
const ON_OWN_RESOURCES = [
  'CreateModel', 'DescribeModel', 'DeleteModel',
  'CreateEndpointConfig', 'DescribeEndpointConfig', 'DeleteEndpointConfig',
  'CreateEndpoint', 'DescribeEndpoint', 'DeleteEndpoint', 'InvokeEndpoint', 'UpdateEndpoint', 'UpdateEndpointWeightsAndCapacities',
  'CreateCompilationJob', 'DescribeCompilationJob', 'StopCompilationJob',
  'AddTags',
];

/**
 * A target has an id of the service's own, so conditions say what may be scaled.
 * Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html,
 * https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
 */
function allowScaling(scaling: RuntimeFunction): void {
  scaling.allowIf(['RegisterScalableTarget', 'DeregisterScalableTarget', 'PutScalingPolicy'].map((action) => `application-autoscaling:${action}`),
    `arn:${Aws.PARTITION}:application-autoscaling:${Aws.REGION}:${Aws.ACCOUNT_ID}:scalable-target/*`,
    {
      StringEquals: {
        'application-autoscaling:service-namespace': SCALABLE_VARIANT.ServiceNamespace,
        'application-autoscaling:scalable-dimension': SCALABLE_VARIANT.ScalableDimension,
      },
    });
  const service = 'sagemaker.application-autoscaling.amazonaws.com';
  scaling.allowIf(['iam:CreateServiceLinkedRole'],
    `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/aws-service-role/${service}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
    { StringEquals: { 'iam:AWSServiceName': service } });
  scaling.allow(['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
    `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:TargetTracking-endpoint/*`);
  scaling.allowOnAny('cloudwatch:DescribeAlarms');
}

function sagemaker(action: string): string {
  return `sagemaker:${action}`;
}

function executionsOf(machine: CfnStateMachine): string {
  return Stack.of(machine).formatArn({
    service: 'states', resource: 'execution', resourceName: `${machine.attrName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** Jobs under the stack's prefix. */
function ownJobs(): string {
  return sagemakerArn(JOB, `${stackPrefixToken()}-*`);
}
