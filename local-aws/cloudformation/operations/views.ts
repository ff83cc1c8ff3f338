import { numberedPage } from '../../kernel';
import { Definition, Resource, Stack, StackEvent } from '../stack';
import { invalid } from '../template/template';

const PAGE = 100;

/** A page of a list of CloudFormation's. */
export function page<T>(items: readonly T[], token: unknown): { readonly items: T[]; readonly next?: string } {
  return numberedPage(items, token, PAGE, () => invalid('The provided NextToken is not valid.'));
}

export function parameterViews({ parameters }: Definition) {
  return Object.entries(parameters).map(([ParameterKey, { given, resolved, hidden }]) => ({
    ParameterKey, ParameterValue: hidden ? '****' : given, ResolvedValue: hidden ? undefined : resolved,
  }));
}

export function tagViews({ tags }: Definition) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function headOf(stack: Stack) {
  return {
    StackId: stack.id,
    StackName: stack.name,
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    CreationTime: stack.creationTime,
    LastUpdatedTime: stack.lastUpdatedTime,
    DeletionTime: stack.deletionTime,
    ParentId: stack.parent?.id,
    RootId: stack.parent && rootOf(stack.parent).id,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

function rootOf(stack: Stack): Stack {
  return stack.parent ? rootOf(stack.parent) : stack;
}

export function stackSummary(stack: Stack) {
  return { ...headOf(stack), TemplateDescription: stack.definition.template.Description };
}

export function stackView(stack: Stack) {
  const { definition } = stack;
  return {
    ...headOf(stack),
    Description: definition.template.Description,
    Parameters: parameterViews(definition),
    Tags: tagViews(definition),
    Capabilities: stack.capabilities,
    NotificationARNs: stack.notificationArns,
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key, OutputValue: value, Description: description, ExportName: exportName,
    })),
    RoleARN: stack.roleArn,
    DisableRollback: stack.disableRollback,
    DeploymentConfig: { Mode: stack.mode, DisableRollback: stack.disableRollback },
    EnableTerminationProtection: stack.terminationProtection,
    RollbackConfiguration: {},
  };
}

export function eventView(stack: Stack, { id, logicalId, physicalId, type, status, reason, properties, timestamp, token, operation }: StackEvent) {
  return {
    EventId: type === 'AWS::CloudFormation::Stack' ? id : `${logicalId}-${id}`,
    StackId: stack.id,
    StackName: stack.name,
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId ?? '',
    ResourceType: type,
    Timestamp: timestamp,
    ResourceStatus: status,
    ResourceStatusReason: reason,
    ResourceProperties: properties && JSON.stringify(properties),
    ClientRequestToken: token,
    OperationId: operation,
  };
}

export function resourceView(stack: Stack, { logicalId, physicalId, type, status, reason, timestamp }: Resource) {
  return {
    StackId: stack.id,
    StackName: stack.name,
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    Timestamp: timestamp,
    LastUpdatedTimestamp: timestamp,
    ResourceStatus: status,
    ResourceStatusReason: reason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}
