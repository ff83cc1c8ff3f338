import { ShapeTable } from '../../src/service/shapes';
import { operationsOf, shapesOf, Structures } from '../kernel';

const OF_GROUP = { logGroupName: 'Text' };

/** The members that the operations read, by their types. The room itself checks a group's name. */
const MEMBERS: Structures = {
  CreateLogGroup: OF_GROUP,
  DeleteLogGroup: OF_GROUP,
  PutRetentionPolicy: { ...OF_GROUP, 'retentionInDays!': 'Whole' },
  DeleteRetentionPolicy: OF_GROUP,
  PutResourcePolicy: { 'policyName!': 'Text', 'policyDocument!': 'Text' },
  DeleteResourcePolicy: { 'policyName!': 'Text' },
  DescribeResourcePolicies: { nextToken: 'Text', limit: 'Whole' },
  DescribeLogGroups: { logGroupNamePrefix: 'Text' },
  DescribeLogStreams: { ...OF_GROUP, logStreamNamePrefix: 'Text' },
  GetLogEvents: { ...OF_GROUP, logStreamName: 'Text', nextToken: 'Text', startFromHead: 'Flag' },
  FilterLogEvents: { ...OF_GROUP, logStreamNames: 'Texts', filterPattern: 'Text', startTime: 'Moment', endTime: 'Moment', interleaved: 'Flag' },
};

export const SHAPES: ShapeTable = {
  Text: { type: 'string' },
  Texts: { type: 'list', member: 'Text' },
  Flag: { type: 'boolean' },
  Whole: { type: 'integer' },
  Moment: { type: 'long', min: 0 },
  ...shapesOf(MEMBERS),
};

export const OPERATIONS = operationsOf(MEMBERS);
