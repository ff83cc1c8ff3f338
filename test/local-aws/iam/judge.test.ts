import fc from 'fast-check';
import { someRegion } from './world';
import type { PolicyDocument } from '../../../local-aws/iam';
import { checkDocument, decide } from '../../../local-aws/iam/policy';
import { stsOperations } from '../../../local-aws/sts';
import { judge, JudgedRequest } from '../../harness/judge';

const ACCOUNT = '111111111111';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/Caller`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/Caller/session`;
const TAG = 'aws:PrincipalTag/team';
const DECISIONS = { Allow: 'Allowed', Deny: 'ExplicitlyDenied' };

/** A document with this one statement. */
const saying = (statement: object): PolicyDocument => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', ...statement } as any] });

/** What both say where they differ. */
async function differences(requests: ReadonlyArray<Pick<JudgedRequest, 'action' | 'resource' | 'context'> & { readonly document: any }>): Promise<string[]> {
  const found: string[] = [];
  for (const { document, action, resource, context = {} } of requests) {
    checkDocument(document, 'identity');
    const decision = decide([document], action, resource, context as any);
    const ours = decision ? DECISIONS[decision] : 'ImplicitlyDenied';
    const theirs = await judge({ principal: SESSION, action, resource, context, policies: [document] });
    if (ours !== theirs) { found.push(`${JSON.stringify(document.Statement)} of ${resource} with ${JSON.stringify(context)}: ${ours}, the simulator: ${theirs}`); }
  }
  return found;
}

/**
 * Operators, with the operands and values that their kind of data has. The simulator differs from AWS's pages, or these say nothing, of `${*}` without
 * wildcards, an address of the other family, several values without a quantifier, an absent key with ForAnyValue and IfExists, and variables in the
 * older version of the language: none of these is here.
 */
const KINDS: ReadonlyArray<readonly [operators: string[], operands: string[][], values: string[]]> = [
  [
    ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike', 'StringNotLike', 'Null'],
    [['a'], ['a*', 'b'], ['?c'], ['${aws:PrincipalTag/other}'], ['${aws:PrincipalTag/other}*'], ["${aws:PrincipalTag/none, 'b'}"], ['${aws:PrincipalTag/none}'], ['true']],
    ['a', 'A', 'abc', 'b', 'xc', 'a*'],
  ],
  [['StringLike', 'StringNotLike'], [['${*}'], ['x${?}'], ['${$}{a}']], ['*', 'x?', '${a}', 'xy', 'b']],
  [
    ['NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals', 'NumericGreaterThan', 'NumericGreaterThanEquals'],
    [['5'], ['5', '6'], ['4.5']], ['5', '4.5', '6', '-1', '5.0'],
  ],
  [
    ['DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals'],
    [['2026-01-01T00:00:00Z'], ['2025-01-01T00:00:00Z', '2026-01-02T00:00:00Z']], ['2026-01-01T00:00:00Z', '2025-01-01T00:00:00Z', '2026-06-01T12:00:00Z'],
  ],
  [['Bool'], [['true'], ['false'], ['TRUE']], ['true', 'false']],
  [['BinaryEquals'], [['YQ==']], ['YQ==', 'YR==']],
  [
    ['IpAddress', 'NotIpAddress'], [['10.0.0.0/8'], ['10.1.2.3'], ['10.0.0.0/24', '192.0.2.0/24']], ['10.1.2.3', '10.1.2.4', '192.0.2.255', '11.0.0.0'],
  ],
  [['IpAddress', 'NotIpAddress'], [['2001:db8::/32']], ['2001:db8::1', '2001:db9::1']],
  [
    ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
    [['arn:aws:iam::1:role/*'], ['arn:aws:iam::*:role/a', 'arn:aws:s3:::b'], ['arn:aws:iam::1:role/${aws:PrincipalTag/other}'], ['arn:*:iam::1:role/a/?']],
    ['arn:aws:iam::1:role/a', 'arn:aws:iam::2:role/a', 'arn:aws:iam::1:role/a/b', 'arn:aws:s3:::b', 'arn:aws:iam::1:user/a'],
  ],
];

describe('a simulator of IAM says the same', () => {
  const [action, resource] = ['s3:GetObject', 'arn:aws:s3:::b/k'];

  test('of each operator, with and without its key', async () => {
    const requests = KINDS.flatMap(([operators, operands, values]) => operators.flatMap((name) => [name, ...name === 'Null' ? [] : [`${name}IfExists`]]).flatMap((operator) => (
      operands.flatMap((operand) => [undefined, ...values].map((value) => ({
        document: saying({ Condition: { [operator]: { [TAG]: operand.length === 1 ? operand[0] : operand } } }),
        action,
        resource,
        context: { 'aws:PrincipalTag/other': 'a', ...value !== undefined && { [TAG]: value } },
      })))
    )));
    expect(requests.length).toBeGreaterThan(1_000);
    expect(await differences(requests)).toEqual([]);
  });

  test('of keys with several values', async () => {
    const requests = ['ForAllValues:', 'ForAnyValue:'].flatMap((quantifier) => ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike']
      .flatMap((operator) => [['a'], ['a', 'b'], ['c*']].flatMap((operand) => [undefined, ['a'], ['a', 'b'], ['b', 'c1'], ['c1']].map((keys) => ({
        document: saying({ Condition: { [quantifier + operator]: { 'aws:TagKeys': operand } } }),
        action: 'ssm:PutParameter',
        resource: 'arn:aws:ssm:us-east-1:111111111111:parameter/x',
        context: keys === undefined ? {} : { 'aws:TagKeys': keys },
      })))));
    expect(await differences(requests)).toEqual([]);
  });

  test.each<[string, string, string[], string[]]>([
    ['s3:GetObject', '', ['s3:*', 'S3:getobject', 's3:G?tObject', '*', 's3:*Object', 's3:GetObject?', 's3:Put*', 'ssm:*'], []],
    ['s3:GetObject', 'Resource', [
      '*', 'arn:aws:s3:::b/*', 'arn:aws:s3:::*', 'arn:aws:s3:*:*:b/k', 'arn:*:s3:::b/k', 'arn:aws:s3:::b/k?', 'arn:aws:s3:::B/k', 'arn:aws:s3:::b', 'arn:aws:s3:::*/k',
      'arn:aws:s3:::${aws:PrincipalTag/other}/k', 'arn:aws:s3:::b/${aws:PrincipalTag/none}', 'arn:aws:s3:::b/*k*',
    ], ['arn:aws:s3:::b/k', 'arn:aws:s3:::b/a/k', 'arn:aws:s3:::a/k', 'arn:aws:s3:::b/kk']],
    ['lambda:InvokeFunction', 'Resource', [
      'arn:aws:lambda:*:*:function:*', 'arn:aws:lambda:*:111111111111:*', 'arn:aws:lambda:us-east-1:111111111111:function:f', 'arn:aws:lambda:us-east-1:111111111111:function:f:*',
      'arn:aws:lambda:us-*-1:1*:function:f',
    ], ['arn:aws:lambda:us-east-1:111111111111:function:f', 'arn:aws:lambda:us-east-1:111111111111:function:f:1']],
  ])('of the patterns of %s %s', async (asked, element, patterns, resources) => {
    const document = (pattern: string, not: string) => {
      const { [`${element || 'Action'}`]: _, ...rest } = saying({}).Statement as any && (saying({}).Statement as any[])[0];
      return { Version: '2012-10-17', Statement: [{ ...rest, [`${not}${element || 'Action'}`]: pattern }] };
    };
    const requests = patterns.flatMap((pattern) => ['', 'Not'].flatMap((not) => (resources.length > 0 ? resources : [resource]).map((one) => (
      { document: document(pattern, not), action: asked, resource: one, context: { 'aws:PrincipalTag/other': 'b' } }
    ))));
    expect(await differences(requests)).toEqual([]);
  });

  test.each<[string, object, Record<string, unknown>]>([
    ['an unknown version', {}, { Version: '2020-01-01' }],
    ['an unknown element', {}, { Comment: 'x' }],
    ['an unknown element of a statement', { Comment: 'x' }, {}],
    ['a principal in a role\'s policy', { Principal: '*' }, {}],
    ['Action and NotAction', { NotAction: 's3:*' }, {}],
    ['Resource and NotResource', { NotResource: '*' }, {}],
    ['an unknown effect', { Effect: 'allow' }, {}],
  ])('of a document with %s, which is none', async (_what, statement, more) => {
    const document = { ...saying(statement), ...more } as any;
    expect(() => checkDocument(document, 'identity')).toThrow(expect.objectContaining({ code: 'MalformedPolicyDocument' }));
    expect(await judge({ principal: SESSION, action, resource, policies: [document] })).toContain('policy.errors');
  });
});

/** Statements that say something of the requests below. */
const conditions: fc.Arbitrary<object> = fc.oneof(
  ...([
    ['StringEquals', TAG, ['red', 'blue', '${aws:PrincipalTag/other}']], ['StringNotLike', TAG, ['r*', 'b*']], ['StringEqualsIfExists', 'aws:RequestTag/team', ['red', '${aws:PrincipalTag/team}']],
    ['Null', 'aws:RequestTag/team', ['true', 'false']], ['ForAllValues:StringEquals', 'aws:TagKeys', ['team', 'owner']], ['ForAnyValue:StringLike', 'aws:TagKeys', ['t*', 'o*']],
    ['ArnLike', 'aws:PrincipalArn', ['arn:aws:iam::*:role/Caller', 'arn:aws:iam::222222222222:*']], ['Bool', 'aws:SecureTransport', ['true', 'false']],
    ['StringEquals', 'aws:RequestedRegion', ['us-east-1', 'eu-west-1']], ['DateLessThan', 'aws:CurrentTime', ['2026-01-01T00:00:00Z', '2020-01-01T00:00:00Z']],
    ['StringEquals', 'aws:PrincipalAccount', [ACCOUNT, '222222222222']], ['StringLike', 'aws:userid', ['*:session', '*:other']],
  ] as const).map(([operator, key, operands]) => fc.constantFrom(...operands).map((operand) => ({ [operator]: { [key]: operand } }))),
);
const ACTIONS = ['*', 's3:*', 's3:GetObject', 's3:Put*', 'ssm:*', 'ssm:AddTagsToResource', 'lambda:InvokeFunction', 'sts:AssumeRole', 's3:ListBucket'];
const RESOURCES = [
  '*', 'arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*', `arn:aws:ssm:*:${ACCOUNT}:parameter/*`, 'arn:aws:lambda:us-east-1:*:function:f',
  `arn:aws:iam::${ACCOUNT}:role/*`,
];
const oneOrTwo = (values: readonly string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
const effects = fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny');
const statement = fc.record({
  Effect: effects,
  acts: fc.tuple(fc.constantFrom('Action', 'Action', 'Action', 'NotAction'), oneOrTwo(ACTIONS)),
  on: fc.tuple(fc.constantFrom('Resource', 'Resource', 'Resource', 'NotResource'), oneOrTwo(RESOURCES)),
  Condition: fc.option(conditions, { nil: undefined }),
}).map(({ Effect, acts: [acts, actions], on: [on, resources], Condition }) => (
  { Effect, [acts]: actions, [on]: resources, ...Condition && { Condition } }
));
const document = fc.array(statement, { minLength: 1, maxLength: 3 }).map((Statement) => ({ Version: '2012-10-17', Statement }));
const principals = fc.constantFrom<unknown>(
  '*', { AWS: '*' }, { AWS: ROLE }, { AWS: SESSION }, { AWS: ACCOUNT }, { AWS: [`arn:aws:iam::${ACCOUNT}:root`] }, { AWS: `arn:aws:iam::${ACCOUNT}:role/Other` }, { Service: 'lambda.amazonaws.com' },
);
const bucketPolicy = fc.array(fc.record({ Effect: effects, Principal: principals, Action: oneOrTwo(['s3:*', 's3:GetObject', 's3:ListBucket']), Condition: fc.option(conditions, { nil: undefined }) })
  .map(({ Condition, ...rest }) => ({ ...rest, Resource: ['arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/*'], ...Condition && { Condition } })), { minLength: 1, maxLength: 2 })
  .map((Statement) => ({ Version: '2012-10-17', Statement }));
const trust = fc.array(fc.record({ Effect: effects, Principal: principals, Action: fc.constant('sts:AssumeRole'), Condition: fc.option(conditions, { nil: undefined }) })
  .map(({ Condition, ...rest }) => ({ ...rest, ...Condition && { Condition } })), { minLength: 1, maxLength: 2 })
  .map((Statement) => ({ Version: '2012-10-17', Statement }));

const REQUESTS: ReadonlyArray<readonly [service: string, operation: string, input: object]> = [
  ['s3', 'GetObject', { Bucket: 'bucket', Key: 'red/k' }],
  ['s3', 'PutObject', { Bucket: 'bucket', Key: 'k' }],
  ['s3', 'ListObjectsV2', { Bucket: 'bucket' }],
  ['ssm', 'PutParameter', { Name: '/p', Tags: [{ Key: 'team', Value: 'red' }] }],
  ['ssm', 'PutParameter', { Name: '/p', Tags: [{ Key: 'owner', Value: 'me' }, { Key: 'team', Value: 'blue' }] }],
  ['lambda', 'Invoke', { FunctionName: 'f' }],
  ['sts', 'AssumeRole', { RoleArn: `arn:aws:iam::${ACCOUNT}:role/Other`, RoleSessionName: 'other' }],
];

test('a simulator of IAM says the same of roles, their boundaries, and what buckets and other roles say', async () => {
  const region = someRegion();
  const { iam, world: { s3 }, clock } = region;
  s3.createBucket('bucket', ACCOUNT, 'us-east-1');
  const Tags = [{ Key: 'team', Value: 'red' }, { Key: 'other', Value: 'red' }];
  const caller = iam.createRole('Caller', { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ACCOUNT } }] }, { Tags });
  iam.createRole('Other', caller.trust);
  const LIMIT = `arn:aws:iam::${ACCOUNT}:policy/Limit`;
  const ours = async (service: string, operation: string, input: object): Promise<string> => {
    const principal = { account: ACCOUNT, arn: SESSION };
    try {
      iam.check({ principal }, service, operation, input);
      // The role itself must trust the caller.
      if (service === 'sts') { await stsOperations[operation](input, { region, principal, requestId: 'r' }); }
      return 'Allowed';
    } catch (error) {
      return (error as Error).message.includes('with an explicit deny') ? 'ExplicitlyDenied' : 'ImplicitlyDenied';
    }
  };
  await fc.assert(fc.asyncProperty(
    fc.array(document, { maxLength: 2 }),
    fc.option(document, { nil: undefined }),
    fc.option(bucketPolicy, { nil: undefined }),
    trust,
    fc.constantFrom(...REQUESTS),
    async (policies, boundary, bucket, trusted, [service, operation, input]) => {
      caller.policies.clear();
      policies.forEach((policy, index) => iam.putRolePolicy('Caller', `p${index}`, policy));
      if (boundary) { iam.putManagedPolicy(LIMIT, boundary); }
      iam.setBoundary('Caller', boundary && LIMIT);
      s3.find('bucket')!.policy = bucket && JSON.stringify(bucket);
      iam.setTrust('Other', trusted);
      const told = {
        [TAG]: 'red',
        'aws:PrincipalTag/other': 'red',
        'aws:PrincipalArn': ROLE,
        'aws:PrincipalAccount': ACCOUNT,
        'aws:userid': `${caller.roleId}:session`,
        'aws:CurrentTime': new Date(clock.now()).toISOString(),
      };
      const theirs = await Promise.all(iam.needs(service, operation, input).map(({ action, resource, context }) => judge({
        principal: SESSION,
        action,
        resource,
        context: { ...told, ...context },
        policies: policies as PolicyDocument[],
        boundary: boundary as PolicyDocument | undefined,
        resourcePolicy: (service === 's3' ? bucket : service === 'sts' ? trusted : undefined) as PolicyDocument | undefined,
        account: ACCOUNT,
      })));
      expect(await ours(service, operation, input)).toBe(theirs.find((said) => said !== 'Allowed') ?? 'Allowed');
    },
  ), { numRuns: 1_000 });
});
