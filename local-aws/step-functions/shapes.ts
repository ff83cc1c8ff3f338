import { ShapeTable } from '../../src/service/shapes';
import { operationsOf, shapesOf, Structures } from '../kernel';

const MEMBERS: Structures = {
  CreateStateMachine: {
    'name!': 'Text',
    'definition!': 'Definition',
    'roleArn!': 'Arn',
    'type': 'Type',
    'tags': 'Tags',
    'loggingConfiguration': 'Logging',
    'tracingConfiguration': 'Tracing',
  },
  UpdateStateMachine: {
    'stateMachineArn!': 'Arn', 'definition': 'Definition', 'roleArn': 'Arn', 'loggingConfiguration': 'Logging', 'tracingConfiguration': 'Tracing',
  },
  DescribeStateMachine: { 'stateMachineArn!': 'Arn', 'includedData': 'IncludedData' },
  DeleteStateMachine: { 'stateMachineArn!': 'Arn' },
  ListStateMachines: { maxResults: 'PageSize', nextToken: 'Token' },
  StartExecution: { 'stateMachineArn!': 'Arn', 'name': 'Text', 'input': 'Data', 'traceHeader': 'Text' },
  StopExecution: { 'executionArn!': 'Arn', 'error': 'Error', 'cause': 'Cause' },
  DescribeExecution: { 'executionArn!': 'Arn', 'includedData': 'IncludedData' },
  ListExecutions: { 'stateMachineArn!': 'Arn', 'statusFilter': 'Status', 'maxResults': 'PageSize', 'nextToken': 'Token' },
  GetExecutionHistory: {
    'executionArn!': 'Arn', 'maxResults': 'PageSize', 'nextToken': 'Token', 'reverseOrder': 'Flag', 'includeExecutionData': 'Flag',
  },
};

const SCALARS: ShapeTable = {
  Text: { type: 'string', min: 1, max: 256 },
  Arn: { type: 'string', min: 1, max: 256 },
  Definition: { type: 'string', min: 1, max: 1_048_576 },
  Data: { type: 'string', min: 0, max: 262_144 },
  Error: { type: 'string', min: 0, max: 256 },
  Cause: { type: 'string', min: 0, max: 32_768 },
  Type: { type: 'string', enum: ['STANDARD', 'EXPRESS'] },
  IncludedData: { type: 'string', enum: ['ALL_DATA', 'METADATA_ONLY'] },
  Status: { type: 'string', enum: ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'] },
  PageSize: { type: 'integer', min: 0, max: 1000 },
  Token: { type: 'string', min: 1, max: 1024 },
  Flag: { type: 'boolean' },
  Tags: { type: 'list', member: 'Tag' },
  Tag: { type: 'structure', members: { key: 'TagText', value: 'TagText' } },
  TagText: { type: 'string', min: 0, max: 256 },
  // The destinations of logs and traces are not checked.
  Logging: { type: 'structure', members: { level: 'Text', includeExecutionData: 'Flag', destinations: 'Destinations' } },
  Tracing: { type: 'structure', members: { enabled: 'Flag' } },
  Destinations: { type: 'list', member: 'Destination' },
  Destination: { type: 'structure', members: { cloudWatchLogsLogGroup: 'LogGroup' } },
  LogGroup: { type: 'structure', members: { logGroupArn: 'Arn' } },
};

/** The constraints of Step Functions' operations, from their API pages. */
export const SHAPES: ShapeTable = {
  ...SCALARS,
  ...shapesOf(MEMBERS),
};

export const OPERATIONS = operationsOf(MEMBERS);
