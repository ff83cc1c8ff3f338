import { ShapeTable } from '../../src/service/shapes';
import { operationsOf, shapesOf, Structures } from '../kernel';

const RULE = { 'Name!': 'RuleName', 'EventBusName': 'BusNameOrArn' };
const PAGE = { Limit: 'Limit', NextToken: 'Token' };

const MEMBERS: Structures = {
  PutEvents: { 'Entries!': 'Entries' },
  Entry: {
    Time: 'Moment', Source: 'Text', Resources: 'Resources', DetailType: 'Text', Detail: 'Text', EventBusName: 'PlainBusNameOrArn', TraceHeader: 'TraceHeader',
  },
  PutRule: {
    ...RULE, ScheduleExpression: 'Schedule', EventPattern: 'Pattern', State: 'State', Description: 'Description', RoleArn: 'Arn', Tags: 'Tags',
  },
  DescribeRule: RULE,
  EnableRule: RULE,
  DisableRule: RULE,
  DeleteRule: { ...RULE, Force: 'Flag' },
  ListRules: { NamePrefix: 'RuleName', EventBusName: 'BusNameOrArn', ...PAGE },
  PutTargets: { 'Rule!': 'RuleName', 'EventBusName': 'BusNameOrArn', 'Targets!': 'Targets' },
  RemoveTargets: { 'Rule!': 'RuleName', 'EventBusName': 'BusNameOrArn', 'Ids!': 'TargetIds', 'Force': 'Flag' },
  ListTargetsByRule: { 'Rule!': 'RuleName', 'EventBusName': 'BusNameOrArn', ...PAGE },
  TestEventPattern: { 'EventPattern!': 'Pattern', 'Event!': 'Text' },
  // A target of another kind is refused as not part of the local AWS.
  Target: {
    'Id!': 'TargetId',
    'Arn!': 'Arn',
    'RoleArn': 'Arn',
    'Input': 'Input',
    'InputPath': 'InputPath',
    'InputTransformer': 'InputTransformer',
    'RetryPolicy': 'RetryPolicy',
    'DeadLetterConfig': 'DeadLetterConfig',
  },
  InputTransformer: { 'InputPathsMap': 'InputPaths', 'InputTemplate!': 'InputTemplate' },
  RetryPolicy: { MaximumRetryAttempts: 'Attempts', MaximumEventAgeInSeconds: 'EventAge' },
  DeadLetterConfig: { Arn: 'Arn' },
  CreateEventBus: { 'Name!': 'BusName', 'Description': 'Description', 'DeadLetterConfig': 'DeadLetterConfig', 'Tags': 'Tags' },
  DescribeEventBus: { Name: 'BusNameOrArn' },
  DeleteEventBus: { 'Name!': 'BusName' },
  ListEventBuses: { NamePrefix: 'BusName', ...PAGE },
  PutPermission: { EventBusName: 'PlainBusName', Action: 'Action', Principal: 'Principal', StatementId: 'StatementId', Policy: 'Text' },
  RemovePermission: { EventBusName: 'PlainBusName', StatementId: 'StatementId', RemoveAllPermissions: 'Flag' },
  ListTagsForResource: { 'ResourceARN!': 'Arn' },
  TagResource: { 'ResourceARN!': 'Arn', 'Tags!': 'Tags' },
  UntagResource: { 'ResourceARN!': 'Arn', 'TagKeys!': 'TagKeys' },
  Tag: { 'Key!': 'TagKey', 'Value!': 'TagValue' },
};

const BUS_ARN = '(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?';

const SCALARS: ShapeTable = {
  Entries: { type: 'list', member: 'Entry', min: 1, max: 10 },
  Moment: { type: 'timestamp' },
  Text: { type: 'string' },
  Flag: { type: 'boolean' },
  Resources: { type: 'list', member: 'Resource' },
  Resource: { type: 'string', max: 2048 },
  TraceHeader: { type: 'string', min: 1, max: 500 },
  BusName: { type: 'string', min: 1, max: 256, pattern: '[/\\.\\-_A-Za-z0-9]+' },
  BusNameOrArn: { type: 'string', min: 1, max: 1600, pattern: `${BUS_ARN}[/\\.\\-_A-Za-z0-9]+` },
  PlainBusName: { type: 'string', min: 1, max: 256, pattern: '[\\.\\-_A-Za-z0-9]+' },
  PlainBusNameOrArn: { type: 'string', min: 1, max: 1600, pattern: `${BUS_ARN}[\\.\\-_A-Za-z0-9]+` },
  RuleName: { type: 'string', min: 1, max: 64, pattern: '[\\.\\-_A-Za-z0-9]+' },
  Schedule: { type: 'string', max: 256 },
  Pattern: { type: 'string', max: 4096 },
  State: { type: 'string', enum: ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'] },
  Description: { type: 'string', max: 512 },
  Arn: { type: 'string', min: 1, max: 1600 },
  Limit: { type: 'integer', min: 1, max: 100 },
  Token: { type: 'string', min: 1, max: 2048 },
  Targets: { type: 'list', member: 'Target', min: 1, max: 100 },
  TargetIds: { type: 'list', member: 'TargetId', min: 1, max: 100 },
  TargetId: { type: 'string', min: 1, max: 64, pattern: '[\\.\\-_A-Za-z0-9]+' },
  Input: { type: 'string', max: 8192 },
  InputPath: { type: 'string', max: 256 },
  InputPaths: { type: 'map', key: 'InputKey', value: 'InputPath', max: 100 },
  InputKey: { type: 'string', min: 1, max: 256, pattern: '[A-Za-z0-9_-]+' },
  InputTemplate: { type: 'string', min: 1, max: 8192 },
  Attempts: { type: 'integer', min: 0, max: 185 },
  EventAge: { type: 'integer', min: 60, max: 86_400 },
  Action: { type: 'string', min: 1, max: 64, pattern: 'events:[a-zA-Z]+' },
  Principal: { type: 'string', min: 1, max: 12, pattern: '(\\d{12}|\\*)' },
  StatementId: { type: 'string', min: 1, max: 64, pattern: '[a-zA-Z0-9_-]+' },
  Tags: { type: 'list', member: 'Tag' },
  TagKeys: { type: 'list', member: 'TagKey' },
  TagKey: { type: 'string', min: 1, max: 128 },
  TagValue: { type: 'string', min: 0, max: 256 },
};

/** The constraints of EventBridge's operations. Source: its API model 2015-10-07. */
export const SHAPES: ShapeTable = {
  ...SCALARS,
  ...shapesOf(MEMBERS),
};

export const OPERATIONS = operationsOf(MEMBERS);
