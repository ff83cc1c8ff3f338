import { PolicyDocument, PolicyStatement, ResourceWithPolicies, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { LogGroup, LogGroupProps, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachineProps, LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, Names, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { onAnyResource } from '../common/iam';
import { stackPrefixToken } from '../common/names';
import type { InferenceRecommenderRuntimeOptions } from './inference-recommender-runtime';

/** Stands in the logical id of all that a runtime has, and so in the names of its log groups and state machines. */
export const RUNTIME_ID = 'InferenceRecommenderRuntime';

type Options = InferenceRecommenderRuntimeOptions | undefined;

/** What all log groups of a stack's runtime have in common. */
export function logGroupProps(options: Options): LogGroupProps {
  return {
    retention: options?.logRetention ?? RetentionDays.THREE_MONTHS,
    removalPolicy: options?.logRemovalPolicy ?? RemovalPolicy.DESTROY,
    encryptionKey: options?.encryptionKey,
  };
}

/**
 * Lets CloudWatch Logs use a key for the log groups of runtimes in this account and Region, and for nothing else. Their whole names are known only once
 * they are made, and they are made with the key.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function allowLogGroups(key: IKeyRef, stack: Stack): void {
  ResourceWithPolicies.of(key)?.addToResourcePolicy(new PolicyStatement({
    principals: [new ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
    actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    // In a key's policy this is the key.
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn(stack, 'logs', `log-group:*${RUNTIME_ID}*`) } },
  }));
}

/** What the options add to a state machine, and to its role's policy. */
export function machineProps(
  scope: Construct, policy: PolicyDocument, options: Options,
): Pick<CfnStateMachineProps, 'encryptionConfiguration' | 'loggingConfiguration' | 'tracingConfiguration'> {
  if (!options) { return {}; }
  const { encryptionKey, stateMachineLogLevel: level = LogLevel.OFF, stateMachineTracing: isTracing = false } = options;
  const isLogging = level !== LogLevel.OFF;
  if (isTracing) { policy.addStatements(new PolicyStatement(onAnyResource(...TRACE_ACTIONS))); }
  if (isLogging) { policy.addStatements(new PolicyStatement(onAnyResource(...LOG_ACTIONS))); }
  if (encryptionKey) {
    const stack = Stack.of(scope);
    policy.addStatements(new PolicyStatement({ actions: KEY_ACTIONS, resources: [encryptionKey.keyRef.keyArn], conditions: machineContext(stack) }));
    if (isLogging) { allowLogDelivery(encryptionKey, stack, policy); }
  }
  return {
    // Without a key this is said too: a machine whose configuration is taken away keeps the key that it had.
    encryptionConfiguration: encryptionKey ? { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: encryptionKey.keyRef.keyArn } : { type: 'AWS_OWNED_KEY' },
    ...isLogging ? { loggingConfiguration: logging(scope, level, options) } : {},
    ...isTracing ? { tracingConfiguration: { enabled: true } } : {},
  };
}

/**
 * What a machine's role, and whoever starts it, must be allowed on its key.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export const KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** The machines of runtimes. Their whole names are known only once they are made, and they are made with their roles. */
export function machineContext(stack: Stack) {
  return { StringLike: { 'kms:EncryptionContext:aws:states:stateMachineArn': arn(stack, 'states', `stateMachine:*${RUNTIME_ID}*`) } };
}

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html */
const TRACE_ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'] as const;

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy */
const LOG_ACTIONS = [
  'logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery', 'logs:ListLogDeliveries',
  'logs:PutResourcePolicy', 'logs:DescribeResourcePolicies', 'logs:DescribeLogGroups',
] as const;

function logging(scope: Construct, level: LogLevel, options: Options): CfnStateMachineProps['loggingConfiguration'] {
  const { logGroupArn } = new LogGroup(scope, 'WaitLogs', {
    ...logGroupProps(options),
    // The prefix keeps the account's resource policy for log delivery, which is limited in size, from growing.
    logGroupName: `/aws/vendedlogs/states/${Names.uniqueId(scope)}-${stackPrefixToken()}`,
  });
  // The data of an execution holds CloudFormation's answer URL.
  return { level, includeExecutionData: false, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }] };
}

/** Between a machine with a key and its log group, lines are encrypted by the machine's role and decrypted by the delivery. Source: as of `KEY_ACTIONS`. */
function allowLogDelivery(key: IKeyRef, stack: Stack, policy: PolicyDocument): void {
  const conditions = { StringEquals: { 'kms:EncryptionContext:SourceArn': arn(stack, 'logs', '*') } };
  policy.addStatements(new PolicyStatement({ actions: ['kms:GenerateDataKey'], resources: [key.keyRef.keyArn], conditions }));
  ResourceWithPolicies.of(key)?.addToResourcePolicy(new PolicyStatement({
    principals: [new ServicePrincipal('delivery.logs.amazonaws.com')], actions: ['kms:Decrypt'], resources: ['*'], conditions,
  }));
}

function arn(stack: Stack, service: string, resource: string): string {
  return stack.formatArn({ service, resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
}
