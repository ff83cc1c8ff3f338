import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, Aws, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { InferenceRecommenderRuntime } from './inference-recommender-runtime';
import type { JobFamily } from './job-family';
import type { RuntimeFunction } from './runtime-function';
import { KEY_ACTIONS, machineContext } from './runtime-options';
import type { WITHOUT_RESOURCE } from '../common/iam';
import { sagemakerArn } from '../common/names';
import { Conditions } from '../common/policies';
import { scopeProperties } from '../common/scope';
import { claimTagKeys, STACK_TAG, stackTag } from '../contract/claims';
import { REUSE } from '../contract/job-name';
import { METRICS_NAMESPACE } from '../contract/recommend';
import type { ClaimProperties } from '../contract/start';
import { OUT_OF_ZERO_ALARMS, SCALABLE_VARIANT } from '../service/scaling-rules';

/**
 * The service chooses a target's id, so the policy limits the targets by conditions.
 * Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html,
 * https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
 */
export function allowScaling(scaling: RuntimeFunction): void {
  // Reason: scales the variants of an endpoint. Only SageMaker's variants, and only their number of instances.
  scaling.allowIf(['RegisterScalableTarget', 'DeregisterScalableTarget', 'PutScalingPolicy', 'DeleteScalingPolicy', 'PutScheduledAction'].map((action) => `application-autoscaling:${action}`),
    `arn:${Aws.PARTITION}:application-autoscaling:${Aws.REGION}:${Aws.ACCOUNT_ID}:scalable-target/*`,
    {
      StringEquals: {
        'application-autoscaling:service-namespace': SCALABLE_VARIANT.ServiceNamespace,
        'application-autoscaling:scalable-dimension': SCALABLE_VARIANT.ScalableDimension,
      },
    });
  // Any configuration: only DescribeEndpoint tells which configuration an endpoint runs.
  // Reason: reads which variants an endpoint runs, and with which instances.
  scaling.allow(['sagemaker:DescribeEndpointConfig'], sagemakerArn('endpoint-config', '*'));
  const service = 'sagemaker.application-autoscaling.amazonaws.com';
  // Reason: the account's first scaling makes the role with which Application Auto Scaling works.
  scaling.allowIf(['iam:CreateServiceLinkedRole'],
    `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/aws-service-role/${service}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
    { StringEquals: { 'iam:AWSServiceName': service } });
  // Reason: Application Auto Scaling makes and deletes the alarms of a policy with its caller's permissions. Their names begin so.
  scaling.allow(['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
    `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:TargetTracking-endpoint/*`);
  // Reason: deletes the alarm that brings an endpoint back from no instance, when the scaling is removed.
  scaling.allow(['cloudwatch:DeleteAlarms'], `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:${OUT_OF_ZERO_ALARMS}*`);
  // Reason: reads what others have scheduled, suspended and alarmed on a variant, so that a change of instances keeps it.
  scaling.allowOnAny('cloudwatch:DescribeAlarms', ...['DescribeScalableTargets', 'DescribeScalingPolicies', 'DescribeScheduledActions']
    .map((action) => `application-autoscaling:${action}`));
}

/** Lets a function start a registry's jobs, and stop those that the stack claims. */
export function allowApproving(approve: RuntimeFunction, family: JobFamily, namespace: string, claims: Pick<ClaimProperties, 'StackKey'>): void {
  allowStarting(approve, family, namespace, claims);
  // Reason: finds the job of a version, and sees by its tags whether it is the stack's own.
  approve.allow(reading(family), sagemakerArn(family.arnResource, `${namespace}-*`));
  // Reason: stops a job that it has started, and whose start could not be finished. Only jobs that the stack claims.
  approve.allowIf([sagemaker(family.operations.stop)], sagemakerArn(family.arnResource, `${namespace}-*`), claimedBy(claims));
}

/** Lets a function put metrics in the library's own namespace. */
export function allowMetrics(putter: RuntimeFunction): void {
  // Reason: writes the figures of a recommendation as metrics, where `publishMetrics` asks for it. Only in the library's own namespace.
  putter.allowIf(['cloudwatch:PutMetricData' satisfies keyof typeof WITHOUT_RESOURCE], '*', { StringEquals: { 'cloudwatch:namespace': METRICS_NAMESPACE } });
}

/** Lets a function look at the approval of packages, and where it approves them, set it to `Approved` and to nothing else. */
export function allowApproval(reader: RuntimeFunction, packages: readonly string[], approves: boolean): void {
  // Reason: sees whether the recommended package is approved.
  reader.allow([sagemaker('DescribeModelPackage')], ...packages);
  if (!approves) { return; }
  // Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html (UpdateModelPackage)
  // Reason: approves the recommended package, where the app says that the stack approves it. To no other status.
  for (const arn of packages) { reader.allowIf([sagemaker('UpdateModelPackage')], arn, { StringEquals: { 'sagemaker:ModelApprovalStatus': 'Approved' } }); }
}

export function reading({ operations }: JobFamily): string[] {
  return [operations.describe, 'ListTags'].map(sagemaker);
}

/** Lets a function start and claim the jobs of a namespace. */
export function allowStarting(
  starter: RuntimeFunction, { operations: { create }, arnResource }: JobFamily, namespace: string, claims: Pick<ClaimProperties, 'StackKey'>,
): void {
  const jobs = sagemakerArn(arnResource, `${namespace}-*`);
  // Reason: starts jobs. Only with names of this stack, this account or this construct, as `reuse` says.
  starter.allow([sagemaker(create)], jobs);
  // A job without tags is one that is made right now.
  // Reason: tags a job while it is made.
  starter.allowIf([sagemaker('AddTags')], jobs, { Null: { [`aws:ResourceTag/${STACK_TAG}`]: 'true' } });
  // Reason: claims a job that is there already, for the stack's own constructs. Only these tags, so that it takes no claim from another stack.
  starter.allowIf([sagemaker('AddTags')], jobs, ownTags(claims));
}

/** Lets a function read the tags of its own stack, which what it makes gets too. */
export function allowStackTags(maker: RuntimeFunction): void {
  // Reason: reads the tags of its own stack, which what it makes gets too.
  maker.allow(['cloudformation:DescribeStacks'], Aws.STACK_ID);
}

/** Lets a principal start executions of a machine, whose input the stack's key encrypts if it has one. */
export function startingExecutions(scope: Construct, machineArn: string): PolicyStatement[] {
  const stack = Stack.of(scope);
  const key = InferenceRecommenderRuntime._optionsOf(stack)?.encryptionKey?.keyRef.keyArn;
  return [
    // Reason: hands a wait to the state machine, so no function runs while it waits.
    new PolicyStatement({ actions: ['states:StartExecution'], resources: [machineArn] }),
    // Reason: encrypts what it gives to the machine, if the stack has a key.
    ...key ? [new PolicyStatement({ actions: KEY_ACTIONS, resources: [key], conditions: machineContext(stack) })] : [],
  ];
}

/** Lets a principal find and stop executions of a machine. */
export function stoppingExecutions(machineArn: string, executions: string): PolicyStatement[] {
  return [
    // Reason: finds the executions of a job, to end them with it.
    new PolicyStatement({ actions: ['states:ListExecutions'], resources: [machineArn] }),
    // Reason: ends the executions of a job that is given up.
    new PolicyStatement({ actions: ['states:StopExecution'], resources: [executions] }),
  ];
}

/** The ARN pattern of a machine's executions. */
export function executionsOf(machine: CfnStateMachine): string {
  return Stack.of(machine).formatArn({
    service: 'states', resource: 'execution', resourceName: `${machine.attrName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

export function defaultBus(): string {
  return `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/default`;
}

/** A request that writes only the tags of the stack's own constructs. */
function ownTags(claims: Pick<ClaimProperties, 'StackKey'>): Conditions {
  // A request without any key would match the first condition as well.
  return { 'ForAllValues:StringLike': { 'aws:TagKeys': claimTagKeys(claims) }, 'Null': { 'aws:TagKeys': 'false' } };
}

export function claimedBy(claims: Pick<ClaimProperties, 'StackKey'>): Conditions {
  return { StringEquals: { [`aws:ResourceTag/${stackTag(claims)}`]: Aws.STACK_ID } };
}

export function sagemaker(action: string): string {
  return `sagemaker:${action}`;
}

/** Lets a function make models, and delete those that it has made. */
export function allowModels(model: RuntimeFunction, modelNamesArn: string): void {
  // Reason: makes models through the API, tags them, and deletes them when nothing uses them. Only names that begin with the stack's own id.
  model.allow(['CreateModel', 'DescribeModel', 'DeleteModel', 'AddTags', 'DeleteTags', 'ListTags'].map(sagemaker), modelNamesArn);
  allowStackTags(model);
}

/**
 * Lets a function give up, stop and tag what the stack claims, whatever its jobs are called: a job that was removed, or that others find now, is given up
 * with permissions that came after it. In the stack's own namespaces the function looks at each job.
 */
export function allowHeld(scope: Construct, holder: RuntimeFunction, family: JobFamily): void {
  const { operations, arnResource } = family;
  const held = [...reading(family), ...['AddTags', 'DeleteTags', operations.stop, ...operations.delete ? [operations.delete] : []].map(sagemaker)];
  for (const reuse of REUSE) {
    const { Namespace, StackKey } = scopeProperties(scope, reuse);
    const jobs = sagemakerArn(arnResource, `${Namespace}-*`);
    // Reason: looks at the stack's jobs, and sees by their tags which of them it may stop.
    if (reuse !== 'account') { holder.allow(reading(family), jobs); }
    // Reason: stops a job that the stack has given up, and takes its claim away. Only jobs that have the claim of this stack.
    holder.allowIf(held, jobs, claimedBy({ StackKey }));
  }
}

/** Lets the start function list jobs of a family, and leave their waits to a machine. */
export function allowWaiting(start: RuntimeFunction, { listAction }: JobFamily, waitMachine: CfnStateMachine): void {
  // Reason: finds a job whose answer was lost, by its name.
  start.allowOnAny(listAction);
  // Reason: hands the wait for a job to the state machine, and finds a wait that runs already.
  start.allow(['states:StartExecution', 'states:ListExecutions'], waitMachine.ref);
  allowStackTags(start);
  // Reason: ends the wait of a job that is given up.
  start.allow(['states:DescribeExecution', 'states:StopExecution'], executionsOf(waitMachine));
  const stack = Stack.of(waitMachine);
  const key = InferenceRecommenderRuntime._optionsOf(stack)?.encryptionKey;
  // Reason: encrypts the input of the machine's executions with the stack's key, if it has one.
  if (key) { start.allowIf(KEY_ACTIONS, key.keyRef.keyArn, machineContext(stack)); }
}

/** What a machine that waits for jobs may do besides: it also looks after jobs that nobody waits for. */
export function lookingAfterJobs(): PolicyStatement[] {
  return [
    // Reason: sees whether the stack is at rest, and which resources it has, before a job is stopped that none of them holds.
    new PolicyStatement({ actions: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackResource'], resources: [Aws.STACK_ID] }),
    // Reason: tells of a job that runs while nobody waits for it, or that was stopped.
    new PolicyStatement({ actions: ['events:PutEvents'], resources: [defaultBus()] }),
  ];
}

/** What each machine may do: poll jobs by their list, and invoke its function. */
export function pollingJobs({ listAction, poll }: JobFamily, invoked: RuntimeFunction): PolicyStatement[] {
  return [
    // Reason: invokes the function that answers CloudFormation, or that writes the recommendation, when a job is over.
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [invoked.functionArn] }),
    // Reason: polls jobs by their list, which has no environment variables, so that none is kept in execution history.
    ...poll.listMember ? [new PolicyStatement({ actions: [listAction], resources: ['*'] })] : [],
  ];
}
