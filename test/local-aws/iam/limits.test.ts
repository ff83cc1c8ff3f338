import { resource, someRegion } from './world';
import { resources } from '../../../local-aws/iam/resources';
import { Region } from '../../../local-aws/world';

const trust = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] };

/** A document of exactly this many characters, as IAM counts them. */
function sized(size: number, filler = 'x') {
  const of = (text: string) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${text}` }] });
  return of(filler.repeat(size - JSON.stringify(of('')).length));
}

let region: Region;
beforeEach(() => { region = someRegion(); });

const make = (type: string, properties: Record<string, any>) => resources[`AWS::IAM::${type}`].create(resource(region, `AWS::IAM::${type}`, properties));
const role = (properties: Record<string, any> = {}) => make('Role', { RoleName: 'R', AssumeRolePolicyDocument: trust, ...properties });
const inline = (name: string, size: number, filler?: string) => make('Policy', { PolicyName: name, Roles: ['R'], PolicyDocument: sized(size, filler) });
const managed = (name: string, size = 200, Roles?: string[]) => make('ManagedPolicy', { ManagedPolicyName: name, PolicyDocument: sized(size), Roles });
const limit = (message: string) => ({ code: 'LimitExceeded', status: 409, message });

describe('the inline policies of a role have at most 10,240 characters together', () => {
  const TOO_LARGE = limit('Maximum policy size of 10240 bytes exceeded for role R');

  test('in policies of their own', async () => {
    await role();
    await inline('A', 6000);
    await inline('B', 4240);
    await expect(inline('C', 200)).rejects.toMatchObject(TOO_LARGE);
    await expect(inline('A', 6001)).rejects.toMatchObject(TOO_LARGE);
  });

  test('in the role\'s own properties, which leave no role behind', async () => {
    await expect(role({ Policies: ['A', 'B'].map((PolicyName) => ({ PolicyName, PolicyDocument: sized(5121) })) })).rejects.toMatchObject(TOO_LARGE);
    expect(region.iam.role('arn:aws:iam::111111111111:role/R')).toBeUndefined();
  });

  test('of which white space does not count', async () => {
    await role();
    await inline('A', 10_240, ' ');
    await inline('B', 10_000);
  });
});

test('a managed policy has at most 6,144 characters', async () => {
  await managed('A', 6144);
  await expect(managed('B', 6145)).rejects.toMatchObject(limit('Cannot exceed quota for PolicySize: 6144'));
});

test('a role has at most 10 managed policies, and one more leaves nothing behind', async () => {
  await role();
  for (let n = 1; n <= 10; n++) { await managed(`P${n}`, 200, ['R']); }
  const eleventh = () => managed('P11', 200, ['R']);
  await expect(eleventh()).rejects.toMatchObject(limit('Cannot exceed quota for PoliciesPerRole: 10'));
  expect(region.iam.hasManagedPolicy('arn:aws:iam::111111111111:policy/P11')).toBe(false);
  await expect(eleventh()).rejects.toMatchObject({ code: 'LimitExceeded' });
});

test('a trust policy has at most 2,048 characters', async () => {
  const trusting = (size: number) => ({ Statement: [{ ...trust.Statement[0], Sid: 'x'.repeat(size - JSON.stringify({ Statement: [{ ...trust.Statement[0], Sid: '' }] }).length) }] });
  await role({ AssumeRolePolicyDocument: trusting(2048) });
  await expect(role({ RoleName: 'S', AssumeRolePolicyDocument: trusting(2049) })).rejects.toMatchObject(limit('Cannot exceed quota for ACLSizePerRole: 2048'));
});

test.each<[string, () => Promise<unknown>, string]>([
  ['a role\'s name of 65 characters', () => role({ RoleName: 'r'.repeat(65) }), 'at \'roleName\' failed to satisfy constraint: Member must have length less than or equal to 64'],
  ['a role\'s name with a space', () => role({ RoleName: 'my role' }), 'The specified value for roleName is invalid'],
  ['a policy\'s name of 129 characters', async () => { await role(); return inline('p'.repeat(129), 200); }, 'at \'policyName\' failed to satisfy constraint: Member must have length less than or equal to 128'],
  ['a managed policy\'s name of 129 characters', () => managed('p'.repeat(129)), 'at \'policyName\''],
  ['a session of less than an hour', () => role({ MaxSessionDuration: 3599 }), 'at \'maxSessionDuration\' failed to satisfy constraint: Member must have value greater than or equal to 3600'],
  ['a session of more than 12 hours', () => role({ MaxSessionDuration: '43201' }), 'Member must have value less than or equal to 43200'],
  ['a path without its last slash', () => role({ Path: '/team' }), 'The specified value for path is invalid'],
  ['a path of 513 characters', () => role({ Path: `/${'p'.repeat(511)}/` }), 'at \'path\''],
  ['a description of 1,001 characters', () => role({ Description: 'd'.repeat(1001) }), 'at \'description\''],
])('%s is refused', async (_what, made, words) => {
  await expect(made()).rejects.toMatchObject({ code: 'ValidationError', status: 400, message: expect.stringContaining(words) });
});

test('the same at their bounds are taken', async () => {
  await role({ RoleName: 'r'.repeat(64), MaxSessionDuration: 43_200, Path: `/${'p'.repeat(510)}/`, Description: 'd'.repeat(1000) });
  await role({ RoleName: 'S', MaxSessionDuration: 3600, Path: '/' });
});
