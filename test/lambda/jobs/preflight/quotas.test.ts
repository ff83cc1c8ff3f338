import fc from 'fast-check';
import { quotasOf } from '../../../../lambda/jobs/preflight/quotas';

const quotas = (values: Record<string, number>) => Object.fromEntries(Object.entries(values).map(([type, value]) => [`${type} for endpoint usage`, value]));
const LISTED = { each: ['ml.c5.large', 'ml.g5.xlarge'], some: [], isServerlessToo: true };
const FREE = { each: [], isServerlessToo: false };

test('types with quotas of 1 and more pass', () => {
  expect(quotasOf(LISTED, quotas({ 'ml.c5.large': 1, 'ml.g5.xlarge': 20, 'ml.p5.48xlarge': 0 }))).toEqual({ findings: [], notes: [] });
});

test('a listed type without a quota fails by its name, with the remedy, and says that use is not shown', () => {
  const { findings, notes } = quotasOf(LISTED, quotas({ 'ml.c5.large': 1, 'ml.g5.xlarge': 0 }));
  expect(findings).toEqual([expect.stringMatching(/^The quota 'ml\.g5\.xlarge for endpoint usage' of this account and Region is 0, .*request an increase in Service Quotas.*do not show what is in use/)]);
  expect(notes).toEqual([]);
});

test('a listed type whose quota the account does not tell is a note', () => {
  expect(quotasOf(LISTED, quotas({ 'ml.c5.large': 1 }))).toEqual({ findings: [], notes: ["The account tells no quota 'ml.g5.xlarge for endpoint usage'."] });
});

describe('where the service chooses', () => {
  const some = ['ml.c5.large', 'ml.g5.xlarge'];

  test('it fails if none of the supported types has a quota', () => {
    expect(quotasOf({ ...FREE, some }, quotas({ 'ml.c5.large': 0, 'ml.g5.xlarge': 0, 'ml.m5.large': 9 })).findings)
      .toEqual([expect.stringContaining("'ml.c5.large for endpoint usage', 'ml.g5.xlarge for endpoint usage'")]);
  });

  test('and is a note if serverless endpoints may do', () => {
    const { findings, notes } = quotasOf({ each: [], some, isServerlessToo: true }, quotas({ 'ml.c5.large': 0, 'ml.g5.xlarge': 0 }));
    expect([findings.length, notes.length]).toEqual([0, 1]);
  });

  test('it is a note if only some of them have none', () => {
    expect(quotasOf({ ...FREE, some }, quotas({ 'ml.c5.large': 4, 'ml.g5.xlarge': 0 })))
      .toEqual({ findings: [], notes: ['The service will not try ml.g5.xlarge: the quotas for endpoint usage are 0.'] });
  });

  test('among all types, it is a note if every quota is 0, and nothing otherwise', () => {
    expect(quotasOf(FREE, { ...quotas({ 'ml.c5.large': 0 }), 'ml.c5.large for training job usage': 5 })).toEqual({ findings: [], notes: [expect.stringContaining('Every quota')] });
    expect(quotasOf(FREE, quotas({ 'ml.c5.large': 1, 'ml.g5.xlarge': 0 }))).toEqual({ findings: [], notes: [] });
    expect(quotasOf(FREE, {})).toEqual({ findings: [], notes: [] });
  });
});

test('a higher quota never makes a job fail that did not', () => {
  const type = fc.constantFrom('ml.a.large', 'ml.b.large', 'ml.c.large');
  const tried = fc.record({ each: fc.uniqueArray(type), some: fc.option(fc.uniqueArray(type), { nil: undefined }), isServerlessToo: fc.boolean() });
  const values = fc.dictionary(type, fc.integer({ min: 0, max: 2 }));
  fc.assert(fc.property(tried, values, type, (job, given, more) => {
    const [before, after] = [given, { ...given, [more]: (given[more] ?? 1) + 1 }].map((all) => quotasOf(job, quotas(all)).findings.length);
    expect(after).toBeLessThanOrEqual(before);
  }));
});
