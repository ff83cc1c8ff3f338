import { PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, CfnDeletionPolicy, CfnResource, Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { followMachineDefinition } from './follow-machine';
import { functionNetwork } from './function-network';
import { functionCode } from './handler';
import { InferenceRecommenderRuntime, InferenceRecommenderRuntimeOptions } from './inference-recommender-runtime';
import type { JobFamily } from './job-family';
import {
  allowApproving, allowHeld, allowModels, allowScaling, allowStackTags, allowStarting, allowWaiting, defaultBus, executionsOf,
  lookingAfterJobs, pollingJobs, reading, sagemaker, startingExecutions, stoppingExecutions,
} from './permissions';
import { RuntimeFunction, RuntimeFunctionProps } from './runtime-function';
import { allowLogGroups, logGroupProps, machineProps } from './runtime-options';
import { waitMachineDefinition } from './wait-machine';
import { claimStack, RUNTIME_ID } from '../common/copies';
import { ours, serviceRole } from '../common/iam';
import { KEEP_PARAMETERS, ownPaths, parameterArn, registryPaths, sagemakerArn, sagemakerArns, stackPrefixToken } from '../common/names';
import type { Network } from '../common/network';
import { RolePolicies } from '../common/policies';
import { SCHEMA_VERSION } from '../contract/custom-resource';
import { ClaimProperties, jobResourceType, waitMachineVariable, WatchesProperties } from '../contract/start';
import { FUNCTION_SECONDS } from '../contract/waiting';

/** CloudFormation refuses a changed ServiceToken of a custom resource, so the ids of functions must not change after the library is released. */
type FunctionId = keyof typeof FUNCTION_SECONDS;

/** The parts of a stack for one family of jobs. */
interface FamilyParts {
  readonly waitMachine: CfnStateMachine;
  /** Permissions of the machine that waits for its jobs. */
  readonly polling: RolePolicies;
  watches?: CfnResource;
  readonly starts: CfnResource[];
  followMachine?: CfnStateMachine;
  /** Permissions of the machine that follows its jobs. */
  following?: RolePolicies;
  /** The prefixes of its jobs' names that the functions and machines may use, with whose claims they may write there. */
  readonly namespaces: Map<string, Pick<ClaimProperties, 'StackKey'>>;
  followPolicy?: Construct;
  approvals?: Approvals;
}

/** What serves the approvals of registries. */
export interface Approvals {
  /** The function that starts their jobs. */
  readonly approve: RuntimeFunction;
  /** The machine that invokes the function for each. */
  readonly machineArn: string;
  /** The role of the rules that start the machine's executions. */
  readonly role: Role;
  /** Lets the function start executions that follow its jobs. */
  readonly policy: Construct;
}

/** The functions, state machines, roles and logs that all constructs of a stack share. Each part is made at the first call for it. */
export class Runtime extends Construct {
  /** The runtime of a stack, made at the first call. */
  public static of(scope: Construct): Runtime {
    const stack = Stack.of(scope);
    claimStack(stack);
    return stack.node.tryFindChild(RUNTIME_ID) as Runtime | undefined ?? new Runtime(stack, RUNTIME_ID);
  }

  /** ARN pattern of all models that the model function makes. */
  public readonly modelNamesArn = sagemakerArn('model', `${stackPrefixToken()}-*`);
  private readonly options?: InferenceRecommenderRuntimeOptions;
  private readonly logGroup: LogGroup;
  private readonly network?: Network;
  private code?: CfnFunction.CodeProperty;
  private readonly functions = new Map<FunctionId, RuntimeFunction>();
  private readonly families = new Map<string, FamilyParts>();

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    ours(this);
    this.options = InferenceRecommenderRuntime._optionsOf(Stack.of(this));
    if (this.options?.encryptionKey) { allowLogGroups(this.options.encryptionKey, Stack.of(this)); }
    this.logGroup = new LogGroup(this, 'Logs', logGroupProps(this.options));
    this.network = functionNetwork(this, this.options ?? {});
  }

  /** The function that starts, finds and stops jobs, and starts the executions that wait for them. */
  public start(family: JobFamily): RuntimeFunction {
    this.partsOf(family);
    return this.startFunction();
  }

  /** The function that answers for recommendations, results and promises. A promise is read from no job. */
  public recommend(family?: JobFamily): RuntimeFunction {
    if (family) { this.partsOf(family); }
    return this.recommendFunction();
  }

  /** The function that makes models through the API. */
  public model(): RuntimeFunction {
    // When: a `Model` is made through the API: one whose recommendation is known only at the deploy, or that copies a benchmarked model.
    return this.function('Model', 'model', (model) => allowModels(model, this.modelNamesArn));
  }

  /** The function that scales endpoints. */
  public scaling(): RuntimeFunction {
    // When: the stack has an `EndpointAutoScaling`.
    return this.function('Scaling', 'scaling', allowScaling);
  }

  /** The function that copies parameters to other Regions and accounts. */
  public replica(): RuntimeFunction {
    // When: the stack has a `RecommendationReplica`.
    return this.function('Replica', 'replica', () => {});
  }

  /** The state machine that follows a family's jobs in the background. */
  public followMachineArn(family: JobFamily): string {
    const parts = this.partsOf(family);
    if (!parts.followMachine) {
      const recommend = this.recommendFunction();
      const definition = () => followMachineDefinition(Aws.PARTITION, recommend.functionArn, family, parts.approvals?.approve.functionArn);
      // Reason: tells of a job's end, and of a recommendation that has changed.
      const permissions = new PolicyDocument({ statements: [new PolicyStatement({ actions: ['events:PutEvents'], resources: [defaultBus()] })] });
      // When: a job has `onStateChange()` or `Wait.inBackground()`, a recommendation of a generative model waits for an approval, or the stack has a `ModelRegistryBenchmark`.
      [parts.followMachine, parts.following] = this.machine(new Construct(this, `${family.idPrefix}Following`), 'Wait', family, 'Follows jobs and says how they go',
        definition, recommend, permissions);
      const resources = [...parts.namespaces.keys()].map((namespace) => sagemakerArn(family.arnResource, `${namespace}-*`));
      // Reason: polls a job that is no longer in the list, or whose place in the list is another job's.
      if (resources.length > 0) { parts.following.add(new PolicyStatement({ actions: [sagemaker(family.operations.describe)], resources })); }
    }
    return parts.followMachine.ref;
  }

  /** The ARN pattern of the executions of that machine. */
  public followExecutions(family: JobFamily): string {
    this.followMachineArn(family);
    return executionsOf(this.partsOf(family).followMachine!);
  }

  /**
   * Lets the start function find and stop the executions that follow jobs. All followers of a stack share this policy, and it exists as long as one
   * of them, because an execution is stopped in the same update that removes the runtime's permission to follow.
   */
  public followPolicy(family: JobFamily): Construct {
    const machineArn = this.followMachineArn(family);
    const parts = this.partsOf(family);
    // Reason: starts an execution that follows a job.
    this.startFunction().allow(['states:StartExecution'], machineArn);
    parts.followPolicy ??= this.startFunction().allowIn(this, stoppingExecutions(machineArn, this.followExecutions(family)), `${family.idPrefix}StoppingPolicy`);
    return parts.followPolicy;
  }

  /** Made with the first registry. The machine that follows a family's jobs takes the approvals, too. */
  public approvals(family: JobFamily): Approvals {
    const machineArn = this.followMachineArn(family);
    const parts = this.partsOf(family);
    if (!parts.approvals) {
      // Reason: counts the jobs of a month, so that no more than `maxJobsPerMonth` start. Only below the registries' own path.
      const allowCounting = (made: RuntimeFunction) => made.allow(KEEP_PARAMETERS, parameterArn(`${registryPaths()}/*`));
      // When: the stack has a `ModelRegistryBenchmark`.
      const approve = this.function('Approve', 'approve', allowCounting);
      allowStackTags(approve);
      // Not in the function's role, which the machine waits for.
      const policy = approve.allowIn(this, startingExecutions(this, machineArn), `${family.idPrefix}ApprovalsPolicy`);
      // Reason: invokes the function that starts the job of an approved version.
      parts.following!.add(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [approve.functionArn] }));
      const starting = new PolicyDocument({ statements: startingExecutions(this, machineArn) });
      // When: the stack has a `ModelRegistryBenchmark`: its rule hears of approvals.
      const role = serviceRole(this, `${family.idPrefix}RulesRole`, 'events', 'Starts an execution for each approval', { inline: { Start: starting } });
      parts.approvals = { approve, machineArn, role, policy };
      for (const [namespace, claims] of parts.namespaces) { allowApproving(approve, family, namespace, claims); }
    }
    return parts.approvals;
  }

  /** Lets the runtime read an imported job and wait for it. */
  public allowReadJob(family: JobFamily, jobName: string): void {
    const { polling } = this.partsOf(family);
    const [action, jobArns] = [sagemaker(family.operations.describe), sagemakerArns(family.arnResource, jobName)];
    // Reason: reads an imported job. It may not stop or tag it.
    [this.startFunction(), this.waitEndFunction()].forEach((reader) => reader.allow([action], ...jobArns));
    // Reason: waits for an imported job.
    polling.add(new PolicyStatement({ actions: [action], resources: jobArns }));
  }

  /**
   * Lets the functions and machines find, start and claim the jobs of a namespace, and stop and tag those that this stack claims. A job of another
   * stack has no tag of this stack.
   */
  public allowJobs(family: JobFamily, { Namespace, StackKey }: ClaimProperties): void {
    const parts = this.partsOf(family);
    if (parts.namespaces.has(Namespace)) { return; }
    parts.namespaces.set(Namespace, { StackKey });
    const jobs = sagemakerArn(family.arnResource, `${Namespace}-*`);
    const describe = sagemaker(family.operations.describe);
    const [start, waitEnd, recommend] = [this.startFunction(), this.waitEndFunction(), this.recommendFunction()];
    allowStarting(start, family, Namespace, { StackKey });
    if (parts.approvals) { allowApproving(parts.approvals.approve, family, Namespace, { StackKey }); }
    // Reason: looks at the stack's jobs, and sees by their tags which of them it may stop.
    [start, waitEnd].forEach((reader) => reader.allow(reading(family), jobs));
    // Reason: reads the results of a job, and ranks them.
    recommend.allow([describe], jobs);
    // Reason: polls a job that is no longer in the list, or whose place in the list is another job's.
    parts.polling.add(new PolicyStatement({ actions: [describe], resources: [jobs] }));
    // Reason: polls a job that is no longer in the list, or whose place in the list is another job's.
    parts.following?.add(new PolicyStatement({ actions: [describe], resources: [jobs] }));
  }

  /**
   * Lets the end of the stack stop what still runs for a resource that starts jobs, if CloudFormation has given up the resource's own end. What is retained runs on.
   */
  public watch(family: JobFamily, start: CfnResource): void {
    const parts = this.partsOf(family);
    parts.starts.push(start);
    const isRetained = ({ cfnOptions }: CfnResource) => cfnOptions.deletionPolicy?.startsWith(CfnDeletionPolicy.RETAIN);
    const retained = () => parts.starts.filter(isRetained).map(({ logicalId }) => logicalId);
    const properties: WatchesProperties = { SchemaVersion: SCHEMA_VERSION, Retained: Lazy.list({ produce: retained }, { omitEmpty: true }) };
    parts.watches ??= this.startFunction().provide(this, `${family.idPrefix}Watches`, jobResourceType(family.name, 'Watches'), properties);
    start.node.addDependency(parts.watches);
  }

  /** The functions that delete jobs of a family, at once or after they have stopped. */
  public deleters(family: JobFamily): RuntimeFunction[] {
    return [this.start(family), this.waitEndFunction()];
  }

  /** The prefixes of the names of a family's jobs in this stack. */
  public namespaces(family: JobFamily): Iterable<string> {
    return this.partsOf(family).namespaces.keys();
  }

  private startFunction(): RuntimeFunction {
    const environment = () => Object.fromEntries([...this.families].map(([name, { waitMachine }]) => [waitMachineVariable(name), waitMachine.ref]));
    // When: the stack has anything that benchmarks, chooses or reads a job.
    return this.function('Start', 'start', () => {}, {
      environment,
      environmentEncryption: this.options?.encryptionKey,
      // An event that comes after CloudFormation's timeout would start a job that no deploy waits for.
      maxEventAge: Duration.minutes(15),
    });
  }

  private waitEndFunction(): RuntimeFunction {
    // When: the stack has anything that benchmarks, chooses or reads a job.
    return this.function('WaitEnd', 'wait-end', () => {});
  }

  private recommendFunction(): RuntimeFunction {
    // When: the stack has anything that benchmarks, chooses or reads a job, or an `InstantRecommendation`.
    return this.function('Recommend', 'recommend', () => {});
  }

  private function(
    id: FunctionId, asset: string, allow: (made: RuntimeFunction) => void, props: Partial<RuntimeFunctionProps> = {},
  ): RuntimeFunction {
    const known = this.functions.get(id);
    if (known) { return known; }
    const timeout = Duration.seconds(FUNCTION_SECONDS[id]);
    const made = new RuntimeFunction(this, id, asset, {
      code: this.code ??= functionCode(this), timeout, logGroup: this.logGroup, network: this.network, ownPaths: ownPaths(this), ...props,
    });
    this.functions.set(id, made);
    allow(made);
    return made;
  }

  /** Makes the parts of a family at the first call: permissions of the functions, and a machine that waits for its jobs. */
  private partsOf(family: JobFamily): FamilyParts {
    const known = this.families.get(family.name);
    if (known) { return known; }
    const [start, waitEnd, recommend] = [this.startFunction(), this.waitEndFunction(), this.recommendFunction()];
    const looking = new PolicyDocument({ statements: lookingAfterJobs() });
    // When: the stack has anything that benchmarks, chooses or reads a job. One for each family of jobs.
    const [waitMachine, polling] = this.machine(this, `${family.idPrefix}Wait`, family, 'Polls jobs and invokes the function that ends their waits',
      () => waitMachineDefinition(Aws.PARTITION, waitEnd.functionArn, family), waitEnd, looking);
    allowWaiting(start, family, waitMachine);
    // Reason: names the benchmarks that have failed, with why.
    if (family.readActions.length > 0) { [waitEnd, recommend].forEach((reader) => reader.allowOnAny(...family.readActions)); }
    [start, waitEnd].forEach((holder) => allowHeld(this, holder, family));
    const parts: FamilyParts = { waitMachine, polling, namespaces: new Map(), starts: [] };
    this.families.set(family.name, parts);
    return parts;
  }

  private machine(
    scope: Construct, id: string, family: JobFamily, description: string, definition: () => object, invoked: RuntimeFunction,
    permissions: PolicyDocument,
  ): [CfnStateMachine, RolePolicies] {
    permissions.addStatements(...pollingJobs(family, invoked));
    const options = machineProps(scope, permissions, this.options);
    const role = serviceRole(scope, `${id}Role`, 'states', description, { inline: { [id]: permissions } });
    // Made with the template, because a registry adds to it.
    const definitionString = Lazy.uncachedString({ produce: () => Stack.of(this).toJsonString(definition()) });
    const machine = new CfnStateMachine(scope, id, { roleArn: role.roleArn, definitionString, ...options });
    return [machine, new RolePolicies(role, permissions)];
  }
}
