import { ShapeTable } from '../../src/service/shapes';
import { operationsOf, shapesOf, Structures } from '../kernel';

const PAGE = { FormatVersion: 'FormatVersion', NextToken: 'Text', MaxResults: 'MaxResults' };

/** The members that the operations read. */
const MEMBERS: Structures = {
  DescribeServices: { ServiceCode: 'Text', ...PAGE },
  GetAttributeValues: { 'ServiceCode!': 'Text', 'AttributeName!': 'Text', 'NextToken': 'Text', 'MaxResults': 'MaxValues' },
  GetProducts: { 'ServiceCode!': 'Text', 'Filters': 'Filters', ...PAGE },
  Filter: { 'Type!': 'FilterType', 'Field!': 'FilterText', 'Value!': 'FilterText' },
};

/** The constraints of the Price List's operations. Source: its API model 2017-10-15, as published with botocore 1.43. */
export const SHAPES: ShapeTable = {
  Text: { type: 'string' },
  FormatVersion: { type: 'string', enum: ['aws_v1'] },
  Filters: { type: 'list', member: 'Filter', max: 50 },
  FilterType: { type: 'string', enum: ['TERM_MATCH', 'EQUALS', 'CONTAINS', 'ANY_OF', 'NONE_OF'] },
  FilterText: { type: 'string', min: 1, max: 1024 },
  MaxResults: { type: 'integer', min: 1, max: 100 },
  MaxValues: { type: 'integer', min: 1, max: 10_000 },
  ...shapesOf(MEMBERS),
};

export const OPERATIONS = operationsOf(MEMBERS);
