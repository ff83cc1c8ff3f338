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
import { claimTagKeys, STACK_TAG, stackTag } from '../contract/claims';
import { METRICS_NAMESPACE } from '../contract/recommend';
import type { ClaimProperties } from '../contract/start';
import { OUT_OF_ZERO_ALARMS, SCALABLE_VARIANT } from '../service/scaling-rules';

/**
 * The service chooses a target's id, so the policy limits the targets by conditions.
 * Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html,
 * https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
 */
export function allowScaling(scaling: RuntimeFunction): void {
  scaling.allowIf(['RegisterScalableTarget', 'DeregisterScalableTarget', 'PutScalingPolicy', 'DeleteScalingPolicy', 'PutScheduledAction'].map((action) => `application-autoscaling:${action}`),
    `arn:${Aws.PARTITION}:application-autoscaling:${Aws.REGION}:${Aws.ACCOUNT_ID}:scalable-target/*`,
    {
      StringEquals: {
        'application-autoscaling:service-namespace': SCALABLE_VARIANT.ServiceNamespace,
        'application-autoscaling:scalable-dimension': SCALABLE_VARIANT.ScalableDimension,
      },
    });
  // Any configuration: only DescribeEndpoint tells which configuration an endpoint runs.
  scaling.allow(['sagemaker:DescribeEndpointConfig'], sagemakerArn('endpoint-config', '*'));
  const service = 'sagemaker.application-autoscaling.amazonaws.com';
  scaling.allowIf(['iam:CreateServiceLinkedRole'],
    `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/aws-service-role/${service}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
    { StringEquals: { 'iam:AWSServiceName': service } });
  scaling.allow(['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
    `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:TargetTracking-endpoint/*`);
  scaling.allow(['cloudwatch:DeleteAlarms'], `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:${OUT_OF_ZERO_ALARMS}*`);
  scaling.allowOnAny('cloudwatch:DescribeAlarms', ...['DescribeScalableTargets', 'DescribeScalingPolicies', 'DescribeScheduledActions']
    .map((action) => `application-autoscaling:${action}`));
}

/** Lets a function start a registry's jobs, and stop those that the stack claims. */
export function allowApproving(approve: RuntimeFunction, family: JobFamily, namespace: string, claims: Pick<ClaimProperties, 'StackKey'>): void {
  allowStarting(approve, family, namespace, claims);
  approve.allow(reading(family), sagemakerArn(family.arnResource, `${namespace}-*`));
  approve.allowIf([sagemaker(family.operations.stop)], sagemakerArn(family.arnResource, `${namespace}-*`), claimedBy(claims));
}

/** Lets a function put metrics in the library's own namespace. */
export function allowMetrics(putter: RuntimeFunction): void {
  putter.allowIf(['cloudwatch:PutMetricData' satisfies keyof typeof WITHOUT_RESOURCE], '*', { StringEquals: { 'cloudwatch:namespace': METRICS_NAMESPACE } });
}

/** Lets a function look at the approval of packages, and where it approves them, set it to `Approved` and to nothing else. */
export function allowApproval(reader: RuntimeFunction, packages: readonly string[], approves: boolean): void {
  reader.allow([sagemaker('DescribeModelPackage')], ...packages);
  if (!approves) { return; }
  // Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html (UpdateModelPackage)
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
  starter.allow([sagemaker(create)], jobs);
  // A job without tags is one that is made right now.
  starter.allowIf([sagemaker('AddTags')], jobs, { Null: { [`aws:ResourceTag/${STACK_TAG}`]: 'true' } });
  starter.allowIf([sagemaker('AddTags')], jobs, ownTags(claims));
}

/** Lets a function read the tags of its own stack, which what it makes gets too. */
export function allowStackTags(maker: RuntimeFunction): void {
  maker.allow(['cloudformation:DescribeStacks'], Aws.STACK_ID);
}

/** Lets a principal start executions of a machine, whose input the stack's key encrypts if it has one. */
export function startingExecutions(scope: Construct, machineArn: string): PolicyStatement[] {
  const stack = Stack.of(scope);
  const key = InferenceRecommenderRuntime._optionsOf(stack)?.encryptionKey?.keyRef.keyArn;
  return [
    new PolicyStatement({ actions: ['states:StartExecution'], resources: [machineArn] }),
    ...key ? [new PolicyStatement({ actions: KEY_ACTIONS, resources: [key], conditions: machineContext(stack) })] : [],
  ];
}

/** Lets a principal find and stop executions of a machine. */
export function stoppingExecutions(machineArn: string, executions: string): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['states:ListExecutions'], resources: [machineArn] }),
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
