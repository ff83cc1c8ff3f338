import { permissionsOf } from '../../../../lambda/jobs/preflight/simulation';

const ROLE = 'arn:aws:iam::111111111111:role/benchmark';
const said = (decision: string, isConditional = false) => [{ action: 's3:GetObject', resource: 'arn:aws:s3:::data/a', decision, isConditional }];
const NEEDED = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::data/a'] };

test.each([
  ['an allowed action', 'allowed', {}, { findings: [], notes: [] }],
  ['one that nothing allows', 'implicitDeny', {}, { findings: [`The role ${ROLE} may not do s3:GetObject on arn:aws:s3:::data/a: allow it in a policy of the role`], notes: [] }],
  ['one that nothing allows, but a policy of the resource may', 'implicitDeny', { mayBeAllowedElsewhere: true }, { findings: [], notes: [expect.stringContaining('a policy of the resource may')] }],
  ['a denied one', 'explicitDeny', { mayBeAllowedElsewhere: true }, { findings: [expect.stringContaining('remove the denial')], notes: [] }],
])('%s', (_what, decision, more, expected) => {
  expect(permissionsOf(ROLE, { ...NEEDED, ...more }, said(decision))).toEqual(expected);
});

test('what depends on a condition is a note, however it was decided', () => {
  for (const decision of ['implicitDeny', 'explicitDeny']) {
    expect(permissionsOf(ROLE, NEEDED, said(decision, true))).toEqual({ findings: [], notes: [expect.stringContaining('depends on conditions')] });
  }
});
