import { ShapeTable } from '../../src/service/shapes';
import { operationsOf, shapesOf, Structures } from '../kernel';

const OF_GROUP = { 'logGroupName!': 'GroupName' };
const OF_STREAM = { ...OF_GROUP, 'logStreamName!': 'StreamName' };
/** A group is named either way. */
const ANY_GROUP = { logGroupName: 'GroupName', logGroupIdentifier: 'Identifier' };
const PERIOD = { startTime: 'Moment', endTime: 'Moment' };

/** The members that the operations read. */
const MEMBERS: Structures = {
  CreateLogGroup: OF_GROUP,
  DeleteLogGroup: OF_GROUP,
  PutRetentionPolicy: { ...OF_GROUP, 'retentionInDays!': 'Days' },
  DeleteRetentionPolicy: OF_GROUP,
  PutResourcePolicy: { 'policyName!': 'Name', 'policyDocument!': 'PolicyDocument' },
  DeleteResourcePolicy: { 'policyName!': 'Name' },
  DescribeResourcePolicies: { nextToken: 'Token', limit: 'Limit' },
  CreateLogStream: OF_STREAM,
  DeleteLogStream: OF_STREAM,
  // API_PutLogEvents: the token is ignored, and always accepted.
  PutLogEvents: { ...OF_STREAM, 'logEvents!': 'Events', 'sequenceToken': 'Token' },
  Event: { 'timestamp!': 'Moment', 'message!': 'Message' },
  DescribeLogGroups: { logGroupNamePrefix: 'GroupName', logGroupNamePattern: 'GroupNamePattern', logGroupClass: 'Class', limit: 'Limit', nextToken: 'Token' },
  DescribeLogStreams: { ...ANY_GROUP, logStreamNamePrefix: 'StreamName', orderBy: 'OrderBy', descending: 'Flag', limit: 'Limit', nextToken: 'Token' },
  GetLogEvents: { ...ANY_GROUP, ...PERIOD, 'logStreamName!': 'StreamName', 'limit': 'EventsLimit', 'nextToken': 'Token', 'startFromHead': 'Flag' },
  FilterLogEvents: {
    ...ANY_GROUP,
    ...PERIOD,
    logStreamNames: 'StreamNames',
    logStreamNamePrefix: 'StreamName',
    filterPattern: 'FilterPattern',
    limit: 'EventsLimit',
    nextToken: 'Token',
    interleaved: 'Flag',
  },
};

const GROUP = '[\\.\\-_/#A-Za-z0-9]';

/** The constraints of Logs' operations. Source: its API model 2014-03-28, as published 2026-05. */
export const SHAPES: ShapeTable = {
  GroupName: { type: 'string', min: 1, max: 512, pattern: `${GROUP}+` },
  GroupNamePattern: { type: 'string', max: 512, pattern: `${GROUP}*` },
  Identifier: { type: 'string', min: 1, max: 2048, pattern: '[\\w#+=/:,.@*-]*' },
  Class: { type: 'string', enum: ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'] },
  StreamName: { type: 'string', min: 1, max: 512, pattern: '[^:*]*' },
  StreamNames: { type: 'list', member: 'StreamName', min: 1, max: 100 },
  Days: { type: 'integer' },
  Events: { type: 'list', member: 'Event', min: 1, max: 10_000 },
  Message: { type: 'string', min: 1 },
  FilterPattern: { type: 'string', max: 1024 },
  OrderBy: { type: 'string', enum: ['LogStreamName', 'LastEventTime'] },
  Limit: { type: 'integer', min: 1, max: 50 },
  EventsLimit: { type: 'integer', min: 1, max: 10_000 },
  Token: { type: 'string', min: 1 },
  Flag: { type: 'boolean' },
  Name: { type: 'string' },
  PolicyDocument: { type: 'string', min: 1, max: 5120 },
  Moment: { type: 'long', min: 0 },
  ...shapesOf(MEMBERS),
};

export const OPERATIONS = operationsOf(MEMBERS);
