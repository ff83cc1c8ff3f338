import { PolicyDocument, PolicyStatement, ResourceWithPolicies, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKeyRef } from 'aws-cdk-lib/aws-kms';
import { LogGroup, LogGroupProps, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachineProps, LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, Names, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { InferenceRecommenderRuntimeOptions } from './inference-recommender-runtime';
import { RUNTIME_ID } from '../common/copies';
import { onAnyResource } from '../common/iam';
import { stackPrefixToken } from '../common/names';

type Options = InferenceRecommenderRuntimeOptions | undefined;

/** The properties of all log groups of a stack's runtime. */
export function logGroupProps(options: Options): LogGroupProps {
  return {
    retention: options?.logRetention ?? RetentionDays.THREE_MONTHS,
    removalPolicy: options?.logRemovalPolicy ?? RemovalPolicy.DESTROY,
    encryptionKey: options?.encryptionKey,
  };
}

/**
 * Lets CloudWatch Logs use a key only for the log groups of runtimes in this account and Region. The condition has a name pattern, because the full
 * names are unknown until the log groups are made with the key.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function allowLogGroups(key: IKeyRef, stack: Stack): void {
  ResourceWithPolicies.of(key)?.addToResourcePolicy(new PolicyStatement({
    principals: [new ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
    actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    // In a key's policy, `*` is the key itself.
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn(stack, 'logs', `log-group:*${RUNTIME_ID}*`) } },
  }));
}

/** The properties that the options add to a state machine. It also adds statements to the policy of the machine's role. */
export function machineProps(
  scope: Construct, policy: PolicyDocument, options: Options,
): Pick<CfnStateMachineProps, 'encryptionConfiguration' | 'loggingConfiguration' | 'tracingConfiguration'> {
  if (!options) { return {}; }
  const { encryptionKey, stateMachineLogLevel: level = LogLevel.OFF, stateMachineTracing: isTracing = false } = options;
  const isLogging = level !== LogLevel.OFF;
  // Reason: traces the state machine, where `stateMachineTracing` is on.
  if (isTracing) { policy.addStatements(new PolicyStatement(onAnyResource(...TRACE_ACTIONS))); }
  // Reason: writes the state machine's log, where `stateMachineLogLevel` is set. Without the data of executions.
  if (isLogging) { policy.addStatements(new PolicyStatement(onAnyResource(...LOG_ACTIONS))); }
  if (encryptionKey) {
    const stack = Stack.of(scope);
    // Reason: encrypts the data of executions with the stack's key, where `encryptionKey` is set.
    policy.addStatements(new PolicyStatement({ actions: KEY_ACTIONS, resources: [encryptionKey.keyRef.keyArn], conditions: machineContext(stack) }));
    if (isLogging) { allowLogDelivery(encryptionKey, stack, policy); }
  }
  return {
    // Set without a key, too: a machine keeps its key if the configuration is removed.
    encryptionConfiguration: encryptionKey ? { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: encryptionKey.keyRef.keyArn } : { type: 'AWS_OWNED_KEY' },
    ...isLogging ? { loggingConfiguration: logging(scope, level, options) } : {},
    ...isTracing ? { tracingConfiguration: { enabled: true } } : {},
  };
}

/**
 * Actions on a machine's key that the machine's role and the function that starts it need.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export const KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'];

/**
 * A condition for the machines of runtimes. It has a name pattern, because the full names are unknown until the machines are made with their roles.
 */
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

/** If a machine has a key, its role encrypts log lines and the log delivery decrypts them. Source: that of `KEY_ACTIONS`. */
function allowLogDelivery(key: IKeyRef, stack: Stack, policy: PolicyDocument): void {
  const conditions = { StringEquals: { 'kms:EncryptionContext:SourceArn': arn(stack, 'logs', '*') } };
  // Reason: encrypts the lines of the machine's log with the stack's key.
  policy.addStatements(new PolicyStatement({ actions: ['kms:GenerateDataKey'], resources: [key.keyRef.keyArn], conditions }));
  ResourceWithPolicies.of(key)?.addToResourcePolicy(new PolicyStatement({
    principals: [new ServicePrincipal('delivery.logs.amazonaws.com')], actions: ['kms:Decrypt'], resources: ['*'], conditions,
  }));
}

function arn(stack: Stack, service: string, resource: string): string {
  return stack.formatArn({ service, resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
}
