import { noStack } from './stacks';
import { eventView, page, resourceView, stackSummary, stackView } from './views';
import { Operations } from '../../kernel';
import { typeFacts } from '../spec';
import { Stack } from '../stack';
import { Stacks } from '../stacks';
import { parseTemplate } from '../template/document';
import { capabilityOf } from '../template/quotas';
import { invalid, Template } from '../template/template';

/** The read-only operations. */
export function readingOperations(room: Stacks): Operations {
  const resource = (stack: Stack, logicalId: unknown) => {
    const found = stack.resources.get(String(logicalId));
    if (!found) { throw invalid(`Resource ${String(logicalId)} does not exist for stack ${stack.name}`); }
    return found;
  };
  const events = (stack: Stack) => [...stack.events].reverse().map((event) => eventView(stack, event));
  return {
    DescribeStacks: ({ StackName, NextToken }) => {
      const { items, next } = page(StackName ? [room.get(StackName)] : [...room.stacks.values()].filter(({ deleted }) => !deleted), NextToken);
      return { Stacks: items.map(stackView), NextToken: next };
    },
    ListStacks: ({ StackStatusFilter, NextToken }) => {
      const wanted = Array.isArray(StackStatusFilter) && StackStatusFilter.length > 0 ? StackStatusFilter : undefined;
      const { items, next } = page([...room.stacks.values()].filter(({ status }) => wanted?.includes(status) ?? true), NextToken);
      return { StackSummaries: items.map(stackSummary), NextToken: next };
    },
    DescribeStackEvents: ({ StackName, NextToken }) => {
      const { items, next } = page(events(room.get(StackName, noStack)), NextToken);
      return { StackEvents: items, NextToken: next };
    },
    // The CLI calls this after a failed change set. Our change sets have the whole reason already.
    DescribeEvents: ({ StackName, ChangeSetName, OperationId, Filters, NextToken }) => {
      if (ChangeSetName) { return { OperationEvents: [] }; }
      const wanted = events(room.get(StackName, noStack)).filter((event) => [undefined, event.OperationId].includes(OperationId))
        .filter(({ ResourceStatus }) => String(Filters?.FailedEvents) !== 'true' || ResourceStatus.endsWith('_FAILED'));
      const { items, next } = page(wanted.map((event) => ({ ...event, EventType: 'STACK_EVENT' })), NextToken);
      return { OperationEvents: items, NextToken: next };
    },
    DescribeStackResources: ({ StackName, LogicalResourceId, PhysicalResourceId }) => {
      const has = ({ resources, deleted }: Stack) => !deleted && [...resources.values()].some(({ physicalId }) => physicalId === PhysicalResourceId);
      const stack = PhysicalResourceId === undefined ? room.get(StackName) : [...room.stacks.values()].find(has);
      if (!stack) { throw invalid(`Stack for ${PhysicalResourceId} does not exist`); }
      const wanted = LogicalResourceId === undefined ? [...stack.resources.values()] : [resource(stack, LogicalResourceId)];
      return { StackResources: wanted.map((one) => resourceView(stack, one)) };
    },
    DescribeStackResource: ({ StackName, LogicalResourceId }) => {
      const stack = room.get(StackName, (name) => `Stack '${name}' does not exist`);
      const found = resource(stack, LogicalResourceId);
      return { StackResourceDetail: { ...resourceView(stack, found), Metadata: found.metadata && JSON.stringify(found.metadata) } };
    },
    ListStackResources: ({ StackName, NextToken }) => {
      const stack = room.get(StackName);
      const { items, next } = page([...stack.resources.values()].filter(({ status }) => status !== 'DELETE_COMPLETE'), NextToken);
      return { StackResourceSummaries: items.map((one) => resourceView(stack, one)), NextToken: next };
    },
    // Without macros, a template is the same at each stage.
    GetTemplate: ({ StackName, TemplateStage: _ }) => ({ TemplateBody: room.get(StackName).definition.body, StagesAvailable: ['Original', 'Processed'] }),
    GetTemplateSummary: (input) => {
      const template = input.StackName ? room.get(input.StackName).definition.template : parseTemplate(room.templateBody(input));
      return { ...summaryOf(template), ResourceIdentifierSummaries: identifiersOf(template) };
    },
    ValidateTemplate: (input) => {
      const { Parameters, Description, Capabilities, CapabilitiesReason } = summaryOf(parseTemplate(room.templateBody(input)));
      return { Parameters: Parameters.map(({ ParameterType, ...shown }) => shown), Description, Capabilities, CapabilitiesReason };
    },
    ListExports: ({ NextToken }) => {
      const { items, next } = page(room.exports(), NextToken);
      return { Exports: items.map(({ stack, name, value }) => ({ ExportingStackId: stack.id, Name: name, Value: value })), NextToken: next };
    },
    ListImports: ({ ExportName, NextToken }) => {
      const { items, next } = page(room.importers(ExportName), NextToken);
      if (items.length === 0) { throw invalid(`Export '${ExportName}' is not imported by any stack.`); }
      return { Imports: items, NextToken: next };
    },
  };
}

function summaryOf(template: Template) {
  const { Parameters, Description, Metadata, Resources } = template;
  const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))];
  const iam = capabilityOf(template);
  return {
    Description,
    Metadata: Metadata && JSON.stringify(Metadata),
    ResourceTypes: types,
    Parameters: Object.entries(Parameters).map(([ParameterKey, { Type, Default, NoEcho, Description: about }]) => ({
      ParameterKey, ParameterType: Type, DefaultValue: Default === undefined ? undefined : String(Default), NoEcho: String(NoEcho) === 'true', Description: about,
    })),
    ...iam && { Capabilities: [iam.capability], CapabilitiesReason: `The following resource(s) require capabilities: [${iam.types.join(', ')}]` },
  };
}

function identifiersOf({ Resources }: Template) {
  const byType = new Map<string, string[]>();
  Object.entries(Resources).forEach(([id, { Type }]) => byType.set(Type, [...byType.get(Type) ?? [], id]));
  return [...byType].map(([ResourceType, LogicalResourceIds]) => ({
    ResourceType, LogicalResourceIds, ResourceIdentifiers: typeFacts(ResourceType)?.identifier ?? [],
  }));
}
