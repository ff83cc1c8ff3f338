import { ShapeTable } from '../../src/service/shapes';
import { operationsOf, shapesOf, Structures } from '../kernel';

const MEMBERS: Structures = {
  GetParameter: { 'Name!': 'Name', 'WithDecryption': 'Flag' },
  GetParameters: { 'Names!': 'Names', 'WithDecryption': 'Flag' },
  GetParametersByPath: {
    'Path!': 'Name', 'Recursive': 'Flag', 'ParameterFilters': 'Filters', 'WithDecryption': 'Flag', 'MaxResults': 'PathPageSize', 'NextToken': 'Text',
  },
  DescribeParameters: { ParameterFilters: 'Filters', MaxResults: 'PageSize', NextToken: 'Text' },
  GetParameterHistory: { 'Name!': 'Name', 'WithDecryption': 'Flag', 'MaxResults': 'PageSize', 'NextToken': 'Text' },
  PutParameter: {
    'Name!': 'Name',
    'Value!': 'Value',
    'Type': 'Type',
    'Description': 'Description',
    'KeyId': 'KeyId',
    'Overwrite': 'Flag',
    'AllowedPattern': 'AllowedPattern',
    'Tags': 'Tags',
    'Tier': 'Tier',
    'DataType': 'DataType',
  },
  DeleteParameter: { 'Name!': 'Name' },
  DeleteParameters: { 'Names!': 'Names' },
  AddTagsToResource: { 'ResourceType!': 'ResourceType', 'ResourceId!': 'Text', 'Tags!': 'Tags' },
  RemoveTagsFromResource: { 'ResourceType!': 'ResourceType', 'ResourceId!': 'Text', 'TagKeys!': 'TagKeys' },
  ListTagsForResource: { 'ResourceType!': 'ResourceType', 'ResourceId!': 'Text' },
};

const SCALARS: ShapeTable = {
  Name: { type: 'string', min: 1, max: 2048 },
  Names: { type: 'list', member: 'Name', min: 1, max: 10 },
  // Its maximum length depends on the tier.
  Value: { type: 'string', min: 1 },
  Type: { type: 'string', enum: ['String', 'StringList', 'SecureString'] },
  Tier: { type: 'string', enum: ['Standard', 'Advanced', 'Intelligent-Tiering'] },
  DataType: { type: 'string', min: 0, max: 128 },
  Description: { type: 'string', min: 0, max: 1024 },
  AllowedPattern: { type: 'string', min: 0, max: 1024 },
  KeyId: { type: 'string', min: 1, max: 256, pattern: '([a-zA-Z0-9:/_-]+)' },
  Flag: { type: 'boolean' },
  Text: { type: 'string' },
  PathPageSize: { type: 'integer', min: 1, max: 10 },
  PageSize: { type: 'integer', min: 1, max: 50 },
  ResourceType: {
    type: 'string',
    enum: ['Document', 'ManagedInstance', 'MaintenanceWindow', 'Parameter', 'PatchBaseline', 'OpsItem', 'OpsMetadata', 'Automation', 'Association'],
  },
  Tags: { type: 'list', member: 'Tag', max: 1000 },
  Tag: { type: 'structure', required: ['Key', 'Value'], members: { Key: 'TagKey', Value: 'TagValue' } },
  TagKey: { type: 'string', min: 1, max: 128, pattern: '([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)' },
  TagValue: { type: 'string', min: 0, max: 256, pattern: '([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)' },
  TagKeys: { type: 'list', member: 'TagKey' },
  Filters: { type: 'list', member: 'Filter' },
  Filter: { type: 'structure', required: ['Key'], members: { Key: 'FilterKey', Option: 'FilterOption', Values: 'FilterValues' } },
  FilterKey: { type: 'string', min: 1, max: 132, pattern: 'tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType' },
  FilterOption: { type: 'string', min: 1, max: 10 },
  FilterValues: { type: 'list', member: 'FilterValue', min: 1, max: 50 },
  FilterValue: { type: 'string', min: 1, max: 1024 },
};

/** The constraints of Systems Manager's parameters. Source: its API model 2014-11-06, as published 2026-05. */
export const SHAPES: ShapeTable = {
  ...SCALARS,
  ...shapesOf(MEMBERS),
};

export const OPERATIONS = operationsOf(MEMBERS);
