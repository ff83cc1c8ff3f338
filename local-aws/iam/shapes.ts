import { ShapeTable } from '../../src/service/shapes';
import { operationsOf, shapesOf, Structures } from '../kernel';

const ROLE = { 'RoleName!': 'RoleName' };
const INLINE = { ...ROLE, 'PolicyName!': 'PolicyName' };
const MANAGED = { 'PolicyArn!': 'Arn' };
const PAGE = { Marker: 'Marker', MaxItems: 'PageSize' };

/** The members that the operations read. */
const MEMBERS: Structures = {
  CreateRole: {
    ...ROLE,
    'AssumeRolePolicyDocument!': 'Document',
    'Path': 'RolePath',
    'Description': 'Description',
    'MaxSessionDuration': 'Session',
    'PermissionsBoundary': 'Arn',
    'Tags': 'Tags',
  },
  GetRole: ROLE,
  ListRoles: { PathPrefix: 'RolePathPrefix', ...PAGE },
  UpdateAssumeRolePolicy: { ...ROLE, 'PolicyDocument!': 'Document' },
  DeleteRole: ROLE,
  ListRoleTags: { ...ROLE, ...PAGE },
  PutRolePolicy: { ...INLINE, 'PolicyDocument!': 'Document' },
  GetRolePolicy: INLINE,
  ListRolePolicies: { ...ROLE, ...PAGE },
  DeleteRolePolicy: INLINE,
  AttachRolePolicy: { ...ROLE, ...MANAGED },
  DetachRolePolicy: { ...ROLE, ...MANAGED },
  ListAttachedRolePolicies: { ...ROLE, PathPrefix: 'PolicyPath', ...PAGE },
  CreatePolicy: { 'PolicyName!': 'PolicyName', 'PolicyDocument!': 'Document', 'Path': 'PolicyPath', 'Description': 'Description' },
  GetPolicy: MANAGED,
  GetPolicyVersion: { ...MANAGED, 'VersionId!': 'VersionId' },
  ListPolicies: { Scope: 'Scope', OnlyAttached: 'Flag', PathPrefix: 'PolicyPath', ...PAGE },
  ListPolicyVersions: { ...MANAGED, ...PAGE },
  DeletePolicy: MANAGED,
  SimulatePrincipalPolicy: {
    'PolicySourceArn!': 'Arn',
    'ActionNames!': 'Actions',
    'ResourceArns': 'Resources',
    'PolicyInputList': 'Documents',
    'PermissionsBoundaryPolicyInputList': 'Documents',
    'ContextEntries': 'ContextEntries',
    ...PAGE,
  },
  ContextEntry: { ContextKeyName: 'ContextKey', ContextKeyValues: 'ContextValues', ContextKeyType: 'ContextKeyType' },
  Tag: { 'Key!': 'TagKey', 'Value!': 'TagValue' },
};

/** The constraints of IAM's operations. Source: its API model 2010-05-08, as published 2026-05. */
export const SHAPES: ShapeTable = {
  RoleName: { type: 'string', min: 1, max: 64, pattern: '[\\w+=,.@-]+' },
  PolicyName: { type: 'string', min: 1, max: 128, pattern: '[\\w+=,.@-]+' },
  Arn: { type: 'string', min: 20, max: 2048 },
  Document: { type: 'string', min: 1, max: 131_072, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
  RolePath: { type: 'string', min: 1, max: 512, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' },
  RolePathPrefix: { type: 'string', min: 1, max: 512, pattern: '\\u002F[\\u0021-\\u007F]*' },
  PolicyPath: { type: 'string', min: 1, max: 512, pattern: '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/' },
  Description: { type: 'string', max: 1000 },
  Session: { type: 'integer', min: 3600, max: 43_200 },
  VersionId: { type: 'string', pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' },
  Scope: { type: 'string', enum: ['All', 'AWS', 'Local'] },
  Flag: { type: 'boolean' },
  Marker: { type: 'string', min: 1, max: 320 },
  PageSize: { type: 'integer', min: 1, max: 1000 },
  Action: { type: 'string', min: 3, max: 128 },
  Actions: { type: 'list', member: 'Action' },
  Resource: { type: 'string', min: 1, max: 2048 },
  Resources: { type: 'list', member: 'Resource' },
  Documents: { type: 'list', member: 'Document' },
  ContextEntries: { type: 'list', member: 'ContextEntry' },
  ContextKey: { type: 'string', min: 5, max: 256 },
  ContextValue: { type: 'string' },
  ContextValues: { type: 'list', member: 'ContextValue' },
  ContextKeyType: {
    type: 'string',
    enum: [
      'string', 'stringList', 'numeric', 'numericList', 'boolean', 'booleanList', 'ip', 'ipList', 'binary', 'binaryList', 'date', 'dateList',
    ],
  },
  Tags: { type: 'list', member: 'Tag', max: 50 },
  TagKey: { type: 'string', min: 1, max: 128 },
  TagValue: { type: 'string', min: 0, max: 256 },
  ...shapesOf(MEMBERS),
};

export const OPERATIONS = operationsOf(MEMBERS);
