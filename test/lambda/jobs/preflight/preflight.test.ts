import fc from 'fast-check';
import { JobNeeds, preflight, PREFLIGHT_MS } from '../../../../lambda/jobs/preflight/preflight';
import { REQUEST_MS } from '../../../../lambda/runtime/deps';
import { RESERVE_MS } from '../../../../lambda/runtime/retry';
import { VirtualClock } from '../../../../local-aws';
import { PREFLIGHT_CHECKS } from '../../../../src/contract/start';
import { archiveOf } from '../../../harness/archives';

const ROLE = 'arn:aws:iam::111111111111:role/paths/benchmark';
const TRUST = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } }] });
const NEEDS: JobNeeds = {
  archives: [{ kind: 'payload', address: 's3://data/payload.tar.gz' }, { kind: 'artifact', address: 's3://data/model.tar.gz' }],
  mostBytes: 1000,
  roleArn: ROLE,
  account: '111111111111',
  tried: { each: ['ml.c5.large'], some: [], isServerlessToo: false },
  permissions: [{ actions: ['sagemaker:CreateModel', 'sagemaker:CreateEndpoint'], resources: ['arn:one', 'arn:two'] }],
};
const archive = archiveOf({ 'a.csv': '1,2' });

/** Answers of an account in which nothing is wrong, by operations. */
const WELL: Record<string, (input: any) => any> = {
  GetObjectBeginning: () => ({ head: archive, size: archive.length }),
  GetRole: () => TRUST,
  ListServiceQuotas: ({ NextToken }) => (NextToken ? { Quotas: [{ QuotaName: 'ml.c5.large for endpoint usage', Value: 4 }] } : { Quotas: [{}], NextToken: 'more' }),
  SimulatePrincipalPolicy: ({ ActionNames, ResourceArn }) => ActionNames.map((action: string) => ({ action, resource: ResourceArn, decision: 'allowed', isConditional: false })),
};

/** Runs the checks, and says what they called and how long they took. */
async function run(
  answers: typeof WELL = {},
  { needs = NEEDS, checks = PREFLIGHT_CHECKS, left = Infinity }: { needs?: JobNeeds; checks?: readonly string[]; left?: number } = {},
) {
  const calls: Array<{ operation: string; input: any }> = [];
  const virtual = new VirtualClock();
  const clock = { now: () => virtual.now(), sleep: (ms: number) => virtual.sleep(ms), left: () => left };
  const account = {
    send: async ({ operation, input }: any) => {
      calls.push({ operation, input });
      return ({ ...WELL, ...answers })[operation](input);
    },
  };
  const begin = virtual.now();
  const checked = await virtual.run(() => preflight(needs, checks, { account, clock }));
  const count = (operation: string) => calls.filter((call) => call.operation === operation).length;
  return { ...checked, calls, seconds: (virtual.now() - begin) / 1000, count };
}

test('where nothing is wrong, nothing is said', async () => {
  expect(await run()).toMatchObject({ findings: [], notes: [], seconds: 0 });
});

test('places are looked at with the objects', async () => {
  const places = [{ what: 'model', address: 's3://models/chat/', isRead: true }, { what: 'output', address: 's3://results/', isRead: false }];
  const looked = await run({ LookBelow: ({ address }) => (address.includes('models') ? 'empty' : 'no bucket') }, { needs: { ...NEEDS, places } });
  expect(looked.findings).toEqual([expect.stringContaining('below the address of the model'), expect.stringContaining('The bucket of the output')]);
  expect(looked.calls.filter(({ operation }) => operation === 'LookBelow').map(({ input }) => input.address)).toEqual(['s3://models/chat/', 's3://results/']);
  expect((await run({}, { needs: { ...NEEDS, places }, checks: ['role'] })).count('LookBelow')).toBe(0);
});

test('everything that is wrong is said at once', async () => {
  const { findings, notes } = await run({
    GetObjectBeginning: ({ address }) => (address.includes('payload') ? { head: Buffer.from('1,2'), size: 3 } : 'missing'),
    GetRole: () => JSON.stringify({ Statement: [] }),
    ListServiceQuotas: () => ({ Quotas: [{ QuotaName: 'ml.c5.large for endpoint usage', Value: 0 }] }),
    SimulatePrincipalPolicy: ({ ActionNames: [action], ResourceArn }) => [{ action, resource: ResourceArn, decision: 'implicitDeny', isConditional: false }],
  });
  expect(findings).toEqual(['is plain text', 'does not exist', 'may not assume', 'for endpoint usage', 'on arn:one', 'on arn:two'].map((part) => expect.stringContaining(part)));
  expect(notes).toEqual([]);
});

test('each check makes its own calls and no others', async () => {
  const CALLS = { objects: ['GetObjectBeginning'], role: ['GetRole'], quotas: ['ListServiceQuotas'], permissions: ['SimulatePrincipalPolicy'] };
  await fc.assert(fc.asyncProperty(fc.subarray([...PREFLIGHT_CHECKS]), async (checks) => {
    const { calls } = await run({}, { checks });
    expect(new Set(calls.map(({ operation }) => operation))).toEqual(new Set(checks.flatMap((check) => CALLS[check])));
  }));
});

test('whichever call fails, and however, the others are judged all the same, and what failed is a note', async () => {
  const errors = ['AccessDenied', 'ThrottlingException', 'TimeoutError', 'ENOTFOUND', 'SyntaxError'];
  await fc.assert(fc.asyncProperty(fc.subarray(Object.keys(WELL), { minLength: 1 }), fc.constantFrom(...errors), async (broken, name) => {
    const fails = () => { throw Object.assign(new Error('It is out of reach.'), { name }); };
    const { findings, notes } = await run(Object.fromEntries(broken.map((operation) => [operation, fails])));
    expect(findings).toEqual([]);
    const parts = { GetObjectBeginning: 2, GetRole: 1, ListServiceQuotas: 1, SimulatePrincipalPolicy: 2 };
    expect(notes).toHaveLength(broken.reduce((sum, operation) => sum + parts[operation as keyof typeof parts], 0));
    expect(notes.every((text) => text.includes(`could not look: ${name}: It is out of reach.`))).toBe(true);
  }));
});

describe('the role', () => {
  test('is looked at by its name, without its path', async () => {
    const { calls } = await run();
    expect(calls.find(({ operation }) => operation === 'GetRole')!.input).toEqual({ RoleName: 'benchmark' });
  });

  test('is looked at again before it fails: IAM tells of a change with a delay', async () => {
    let looks = 0;
    expect(await run({ GetRole: () => (++looks < 3 ? JSON.stringify({ Statement: [] }) : TRUST) })).toMatchObject({ findings: [], seconds: 10 });
    const failed = await run({ GetRole: () => undefined });
    expect(failed).toMatchObject({ findings: [`The role ${ROLE} does not exist: create it, or name another one`], seconds: 10 });
    expect(failed.count('GetRole')).toBe(3);
  });

  test('of another account is a note, because this account may have one of the same name', async () => {
    const { findings, notes, count } = await run({}, { needs: { ...NEEDS, roleArn: ROLE.replace(/1{12}/, '222222222222') } });
    expect([findings, notes, count('GetRole')]).toEqual([[], [expect.stringContaining('of another account')], 0]);
  });
});

test.each(['s3://data/prefix/', 's3://data', 'https://data.s3.amazonaws.com/model.tar.gz', ''])('the address %j is a note, and no call', async (address) => {
  const { findings, notes, count } = await run({}, { needs: { ...NEEDS, archives: [{ kind: 'artifact', address }] } });
  expect([findings, notes, count('GetObjectBeginning')]).toEqual([[], [expect.stringContaining('no address of one object')], 0]);
});

test('quotas are read page by page, and no longer than some seconds', async () => {
  expect(await run()).toMatchObject({ findings: [], notes: [] });
  const endless = await run({ ListServiceQuotas: () => ({ NextToken: 'more' }) });
  expect(endless.notes).toEqual([expect.stringContaining('takes too long')]);
});

test('nothing is looked at if the function has no time left for it', async () => {
  const { calls, findings, notes } = await run({}, { left: PREFLIGHT_MS + RESERVE_MS - 1 });
  expect([calls, findings, notes]).toEqual([[], [], [expect.stringContaining('No time was left')]]);
});

test('with every call as slow as it may be, the checks end in their time', async () => {
  const virtual = new VirtualClock();
  const clock = { now: () => virtual.now(), sleep: (ms: number) => virtual.sleep(ms), left: () => Infinity };
  const slow = async ({ operation, input }: any) => {
    await virtual.sleep(operation === 'ListServiceQuotas' ? 3 * REQUEST_MS : REQUEST_MS);
    return operation === 'GetRole' ? undefined : operation === 'ListServiceQuotas' ? { NextToken: 'more' } : WELL[operation](input);
  };
  await virtual.run(() => preflight(NEEDS, PREFLIGHT_CHECKS, { account: { send: slow as any }, clock }));
  expect(virtual.now()).toBeLessThanOrEqual(new VirtualClock().now() + PREFLIGHT_MS);
});
