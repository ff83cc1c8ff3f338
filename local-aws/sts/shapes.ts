import { ShapeTable } from '../../src/service/shapes';
import { operationsOf, shapesOf, Structures } from '../kernel';

/** The members that the operations read: of AssumeRole without session policies, tags, a source identity and MFA. */
const MEMBERS: Structures = {
  AssumeRole: { 'RoleArn!': 'Arn', 'RoleSessionName!': 'SessionName', 'DurationSeconds': 'Duration', 'ExternalId': 'ExternalId' },
  GetCallerIdentity: {},
};

/** The constraints of STS' operations. Source: its API model 2011-06-15. The room itself checks the form of an ARN. */
export const SHAPES: ShapeTable = {
  Arn: { type: 'string' },
  SessionName: { type: 'string', min: 2, max: 64, pattern: '[\\w+=,.@-]*' },
  Duration: { type: 'integer', min: 900, max: 43_200 },
  ExternalId: { type: 'string', min: 2, max: 1224, pattern: '[\\w+=,.@:\\/-]*' },
  ...shapesOf(MEMBERS),
};

export const OPERATIONS = operationsOf(MEMBERS);
