import { ShapeTable } from '../../src/service/shapes';
import { operationsOf, shapesOf, Structures } from '../kernel';

const MEMBERS: Structures = {
  CreateStateMachine: {
    'name!': 'Name',
    'definition!': 'Definition',
    'roleArn!': 'Arn',
    'type': 'Type',
    'tags': 'Tags',
    'loggingConfiguration': 'Logging',
    'tracingConfiguration': 'Tracing',
    'encryptionConfiguration': 'Encryption',
  },
  UpdateStateMachine: {
    'stateMachineArn!': 'Arn',
    'definition': 'Definition',
    'roleArn': 'Arn',
    'loggingConfiguration': 'Logging',
    'tracingConfiguration': 'Tracing',
    'encryptionConfiguration': 'Encryption',
  },
  DescribeStateMachine: { 'stateMachineArn!': 'Arn', 'includedData': 'IncludedData' },
  DeleteStateMachine: { 'stateMachineArn!': 'Arn' },
  ListStateMachines: { maxResults: 'PageSize', nextToken: 'Token' },
  StartExecution: { 'stateMachineArn!': 'Arn', 'name': 'Name', 'input': 'Data', 'traceHeader': 'TraceHeader' },
  StopExecution: { 'executionArn!': 'Arn', 'error': 'Error', 'cause': 'Cause' },
  DescribeExecution: { 'executionArn!': 'Arn', 'includedData': 'IncludedData' },
  ListExecutions: { 'stateMachineArn!': 'Arn', 'statusFilter': 'Status', 'maxResults': 'PageSize', 'nextToken': 'Token' },
  GetExecutionHistory: {
    'executionArn!': 'Arn', 'maxResults': 'PageSize', 'nextToken': 'Token', 'reverseOrder': 'Flag', 'includeExecutionData': 'Flag',
  },
  ListTagsForResource: { 'resourceArn!': 'Arn' },
  TagResource: { 'resourceArn!': 'Arn', 'tags!': 'Tags' },
  UntagResource: { 'resourceArn!': 'Arn', 'tagKeys!': 'TagKeys' },
};

const SCALARS: ShapeTable = {
  // The characters that a name must not have are refused as InvalidName.
  Name: { type: 'string', min: 1, max: 80 },
  TraceHeader: { type: 'string', min: 0, max: 256, pattern: '[\\x00-\\x7f]*' },
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
  Logging: { type: 'structure', members: { level: 'Level', includeExecutionData: 'Flag', destinations: 'Destinations' } },
  Level: { type: 'string', enum: ['ALL', 'ERROR', 'FATAL', 'OFF'] },
  Tracing: { type: 'structure', members: { enabled: 'Flag' } },
  Encryption: { type: 'structure', required: ['type'], members: { type: 'EncryptionType', kmsKeyId: 'KeyId', kmsDataKeyReusePeriodSeconds: 'KeyReuse' } },
  EncryptionType: { type: 'string', enum: ['AWS_OWNED_KEY', 'CUSTOMER_MANAGED_KMS_KEY'] },
  KeyId: { type: 'string', min: 1, max: 2048 },
  KeyReuse: { type: 'integer', min: 60, max: 900 },
  TagKeys: { type: 'list', member: 'TagKey' },
  TagKey: { type: 'string', min: 1, max: 128 },
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
