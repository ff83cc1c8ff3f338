import { existsSync } from 'fs';
import { join } from 'path';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, FunctionOptions, Runtime as LambdaRuntime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct, IDependable } from 'constructs';
import { namesMadeByService, stackPrefixToken } from './stack-prefix';
import { stateMachineDefinition } from './state-machine';
import { onAnyResource } from './without-resource';
import { STATE_MACHINE_ARN_VARIABLE } from '../api/contract';

/** Never change these: a custom resource whose ServiceToken changes is refused by CloudFormation. */
const RUNTIME_ID = 'InferenceRecommenderRuntime';
const START_ID = 'Start';
const CONCLUDE_ID = 'Conclude';
const MODEL_ID = 'Model';
const MACHINE_ID = 'Wait';

export const JOB = 'inference-recommendations-job';

/** What all jobs of a stack share: the functions, the state machine, their roles and logs. */
export class Runtime extends Construct {
  /** The one of a stack, made when first asked for. */
  public static of(scope: Construct): Runtime {
    const stack = Stack.of(scope);
    return stack.node.tryFindChild(RUNTIME_ID) as Runtime | undefined ?? new Runtime(stack, RUNTIME_ID);
  }

  /** Starts, finds and stops jobs, and starts waiting. */
  public readonly start: RuntimeFunction;
  /** Ends the waiting and answers for recommendations. */
  public readonly conclude: RuntimeFunction;
  private modelFunction?: RuntimeFunction;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    const jobs = sagemakerArn(JOB, `${stackPrefixToken()}-*`);

    this.conclude = new RuntimeFunction(this, CONCLUDE_ID, 'conclude', { timeout: Duration.minutes(5) });
    this.conclude.allow(['DescribeInferenceRecommendationsJob', 'AddTags'].map(sagemaker), jobs);
    this.conclude.allowOnAny('sagemaker:ListInferenceRecommendationsJobSteps');

    const machine = this.stateMachine(jobs);

    this.start = new RuntimeFunction(this, START_ID, 'start', {
      timeout: Duration.minutes(10),
      environment: { [STATE_MACHINE_ARN_VARIABLE]: machine.ref },
      // An event that comes after CloudFormation has given up on it would start a job that nobody waits for.
      maxEventAge: Duration.minutes(15),
    });
    this.start.allow([
      'CreateInferenceRecommendationsJob', 'DescribeInferenceRecommendationsJob', 'StopInferenceRecommendationsJob',
      'AddTags', 'DeleteTags', 'ListTags',
    ].map(sagemaker), jobs);
    this.start.allowOnAny('sagemaker:ListInferenceRecommendationsJobs');
    this.start.allow(['states:StartExecution'], machine.ref);
  }

  /** Makes models through the API. There only where a stack has such a model. */
  public get model(): RuntimeFunction {
    if (!this.modelFunction) {
      this.modelFunction = new RuntimeFunction(this, MODEL_ID, 'model', { timeout: Duration.minutes(5) });
      this.modelFunction.allow(['CreateModel', 'DescribeModel', 'DeleteModel', 'AddTags', 'DeleteTags'].map(sagemaker),
        sagemakerArn('model', `${stackPrefixToken()}-*`));
      this.modelFunction.allow([sagemaker('DescribeCompilationJob')], ...namesMadeByService().map((name) => sagemakerArn('compilation-job', name)));
    }
    return this.modelFunction;
  }

  private stateMachine(jobs: string): CfnStateMachine {
    const role = new Role(this, 'WaitRole', {
      description: 'Polls Inference Recommender jobs and invokes the function that concludes them',
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
    });
    const policy = new Policy(this, 'WaitPolicy', {
      roles: [role],
      statements: [
        new PolicyStatement({ actions: [sagemaker('DescribeInferenceRecommendationsJob')], resources: [jobs] }),
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.conclude.functionArn] }),
      ],
    });
    const machine = new CfnStateMachine(this, MACHINE_ID, {
      roleArn: role.roleArn,
      definitionString: Stack.of(this).toJsonString(stateMachineDefinition(Aws.PARTITION, this.conclude.functionArn)),
    });
    machine.node.addDependency(policy);
    return machine;
  }
}

/** One function with a role, a policy and a log group of its own. */
export class RuntimeFunction extends Construct {
  public readonly functionArn: string;
  /** What must be in place before the function can do what was allowed. */
  public readonly permissions: IDependable;
  private readonly policy: Policy;
  private readonly shared = new Map<string, PolicyStatement>();

  constructor(
    scope: Construct, id: string, asset: string, options: Pick<FunctionOptions, 'environment' | 'maxEventAge'> & { readonly timeout: Duration },
  ) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY });
    const role = new Role(this, 'Role', {
      description: `The ${asset} function of Inference Recommender jobs`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    this.policy = new Policy(this, 'Policy', {
      roles: [role],
      // No CreateLogGroup: a line that comes after the stack is gone would bring its log group back.
      statements: [new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] })],
    });
    const handler = new LambdaFunction(this, 'Function', {
      description: `cdk-sagemaker-inference-recommender: ${asset}`,
      runtime: LambdaRuntime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromAsset(assetPath(asset)),
      role,
      logGroup,
      memorySize: 256,
      ...options,
    });
    handler.node.addDependency(this.policy);
    this.functionArn = handler.functionArn;
    this.permissions = this.policy;
  }

  public allow(actions: string[], ...resources: string[]): void {
    this.policy.addStatements(new PolicyStatement({ actions, resources }));
  }

  public allowOnAny(...actions: Parameters<typeof onAnyResource>): void {
    this.policy.addStatements(new PolicyStatement(onAnyResource(...actions)));
  }

  /** Adds a resource to the one statement of an action: many jobs in a stack share it. */
  public allowAlso(action: string, resource: string, conditions?: Record<string, Record<string, string>>): void {
    let statement = this.shared.get(action);
    if (!statement) {
      statement = new PolicyStatement({ actions: [action], conditions });
      this.shared.set(action, statement);
      this.policy.addStatements(statement);
    }
    statement.addResources(resource);
  }

  /** Lets the function hand a role to SageMaker, and to nothing else. */
  public allowPassRole(roleArn: string): void {
    this.allowAlso('iam:PassRole', roleArn, { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
  }
}

function sagemaker(action: string): string {
  return `sagemaker:${action}`;
}

/** Of this stack's own account and Region. */
export function sagemakerArn(resource: string, name: string): string {
  return `arn:${Aws.PARTITION}:sagemaker:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}/${name}`;
}

/** The bundles stand beside `lib` in the package. */
function assetPath(name: string): string {
  const path = join(__dirname, '..', '..', 'assets', 'lambda', name);
  if (!existsSync(path)) { throw new Error(`The function's bundle is missing: ${path}. In a checkout of the library, run \`npm run compile\` first.`); }
  return path;
}
