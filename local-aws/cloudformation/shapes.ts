import { ShapeTable } from '../../src/service/shapes';
import { operationsOf, shapesOf, Structures } from '../kernel';

const STACK = { 'StackName!': 'StackName' };
const TEMPLATE = { TemplateBody: 'Text', TemplateURL: 'Url' };
const PAGE = { NextToken: 'Token' };
/** What a stack gets from each operation that defines it. */
const DEFINITION = {
  ...STACK,
  ...TEMPLATE,
  Parameters: 'Parameters',
  Capabilities: 'Capabilities',
  RoleARN: 'RoleArn',
  NotificationARNs: 'Topics',
  Tags: 'Tags',
  DeploymentConfig: 'DeploymentConfig',
};
const CHANGE_SET = { 'ChangeSetName!': 'ChangeSetNameOrId', 'StackName': 'StackName' };

/** The members that the operations read. Another member of the service's is refused by name: stack policies, time limits, rollback triggers, allowed types. */
const MEMBERS: Structures = {
  CreateStack: {
    ...DEFINITION, DisableRollback: 'Flag', OnFailure: 'OnFailure', ClientRequestToken: 'RequestToken', EnableTerminationProtection: 'Flag', RetainExceptOnCreate: 'Flag',
  },
  UpdateStack: { ...DEFINITION, UsePreviousTemplate: 'Flag', DisableRollback: 'Flag', ClientRequestToken: 'RequestToken', RetainExceptOnCreate: 'Flag' },
  DeleteStack: { ...STACK, RetainResources: 'Texts', RoleARN: 'RoleArn', ClientRequestToken: 'RequestToken', DeploymentConfig: 'DeploymentConfig' },
  RollbackStack: { ...STACK, RoleARN: 'RoleArn', ClientRequestToken: 'RequestToken', RetainExceptOnCreate: 'Flag' },
  ContinueUpdateRollback: { ...STACK, RoleARN: 'RoleArn', ResourcesToSkip: 'Texts', ClientRequestToken: 'RequestToken' },
  CancelUpdateStack: { ...STACK, ClientRequestToken: 'RequestToken' },
  UpdateTerminationProtection: { ...STACK, 'EnableTerminationProtection!': 'Flag' },
  CreateChangeSet: {
    ...DEFINITION,
    'ChangeSetName!': 'ChangeSetName',
    'UsePreviousTemplate': 'Flag',
    'ChangeSetType': 'ChangeSetType',
    'ClientToken': 'ClientToken',
    'Description': 'Description',
    'IncludeNestedStacks': 'Flag',
    'OnStackFailure': 'OnFailure',
    'ImportExistingResources': 'Flag',
  },
  DescribeChangeSet: { ...CHANGE_SET, IncludePropertyValues: 'Flag', ...PAGE },
  ListChangeSets: { ...STACK, ...PAGE },
  ExecuteChangeSet: { ...CHANGE_SET, ClientRequestToken: 'RequestToken', DisableRollback: 'Flag', RetainExceptOnCreate: 'Flag' },
  DeleteChangeSet: CHANGE_SET,
  DescribeStacks: { StackName: 'StackName', ...PAGE },
  ListStacks: { StackStatusFilter: 'Statuses', ...PAGE },
  DescribeStackEvents: { ...STACK, ...PAGE },
  DescribeEvents: { StackName: 'StackName', ChangeSetName: 'ChangeSetNameOrId', OperationId: 'Text', Filters: 'EventFilter', ...PAGE },
  EventFilter: { FailedEvents: 'Flag' },
  DescribeStackResources: { StackName: 'StackName', LogicalResourceId: 'Text', PhysicalResourceId: 'Text' },
  DescribeStackResource: { ...STACK, 'LogicalResourceId!': 'Text' },
  ListStackResources: { ...STACK, ...PAGE },
  GetTemplate: { StackName: 'StackName', TemplateStage: 'Stage' },
  GetTemplateSummary: { ...TEMPLATE, StackName: 'StackName' },
  ValidateTemplate: TEMPLATE,
  ListExports: PAGE,
  ListImports: { 'ExportName!': 'Text', ...PAGE },
  Parameter: { ParameterKey: 'Text', ParameterValue: 'Value', UsePreviousValue: 'Flag' },
  Tag: { 'Key!': 'TagKey', 'Value!': 'TagValue' },
  DeploymentConfig: { Mode: 'Mode', DisableRollback: 'Flag' },
};

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html (StackStatusFilter) */
const STATUSES = [
  'CREATE_IN_PROGRESS', 'CREATE_FAILED', 'CREATE_COMPLETE', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED', 'ROLLBACK_COMPLETE', 'DELETE_IN_PROGRESS', 'DELETE_FAILED',
  'DELETE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE', 'UPDATE_FAILED', 'UPDATE_ROLLBACK_IN_PROGRESS',
  'UPDATE_ROLLBACK_FAILED', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS', 'IMPORT_IN_PROGRESS', 'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_IN_PROGRESS', 'IMPORT_ROLLBACK_FAILED', 'IMPORT_ROLLBACK_COMPLETE',
];

/** The constraints of CloudFormation's operations. Source: its API model 2010-05-15, as published 2026-05. */
export const SHAPES: ShapeTable = {
  Text: { type: 'string', min: 1 },
  Texts: { type: 'list', member: 'Text' },
  Value: { type: 'string' },
  Flag: { type: 'boolean' },
  StackName: { type: 'string', min: 1, pattern: '([a-zA-Z][-a-zA-Z0-9]*)|(arn:\\b(aws|aws-us-gov|aws-cn)\\b:[-a-zA-Z0-9:/._+]*)' },
  ChangeSetName: { type: 'string', min: 1, max: 128, pattern: '[a-zA-Z][-a-zA-Z0-9]*' },
  ChangeSetNameOrId: { type: 'string', min: 1, max: 1600, pattern: '[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/]*' },
  ChangeSetType: { type: 'string', enum: ['CREATE', 'UPDATE', 'IMPORT'] },
  Url: { type: 'string', min: 1, max: 5120 },
  RoleArn: { type: 'string', min: 20, max: 2048 },
  Topics: { type: 'list', member: 'Text', max: 5 },
  Capabilities: { type: 'list', member: 'Capability' },
  Capability: { type: 'string', enum: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'] },
  Parameters: { type: 'list', member: 'Parameter' },
  Tags: { type: 'list', member: 'Tag', max: 50 },
  TagKey: { type: 'string', min: 1, max: 128 },
  TagValue: { type: 'string', min: 1, max: 256 },
  OnFailure: { type: 'string', enum: ['DO_NOTHING', 'ROLLBACK', 'DELETE'] },
  Mode: { type: 'string', enum: ['STANDARD', 'EXPRESS'] },
  RequestToken: { type: 'string', min: 1, max: 128, pattern: '[a-zA-Z0-9][-a-zA-Z0-9]*' },
  ClientToken: { type: 'string', min: 1, max: 128 },
  Description: { type: 'string', min: 1, max: 1024 },
  Stage: { type: 'string', enum: ['Original', 'Processed'] },
  Statuses: { type: 'list', member: 'Status' },
  Status: { type: 'string', enum: STATUSES },
  Token: { type: 'string', min: 1, max: 1024 },
  ...shapesOf(MEMBERS),
};

export const OPERATIONS = operationsOf(MEMBERS);
