import fc from 'fast-check';
import { attemptName, constructPrefix, isJobId, JobIdentity, jobId, modelName, parseAttempt, stackPrefix } from '../../../src/contract/job-name';
import { patternOf } from '../../../src/service/constraints';
import { JOB_SHAPES } from '../../../src/service/shapes';

const GUID = '0a1b2c3d-1111-2222-3333-444455556666';
const STACK_ID = `arn:aws:cloudformation:us-east-1:111111111111:stack/shop/${GUID}`;
const REQUEST = { JobType: 'Default', InputConfig: { ModelPackageVersionArn: 'arn:package/1', ResourceLimit: { MaxNumberOfTests: 3 } } };
const CONTENT: JobIdentity = { namespace: '0a1b2c3d', scope: ['stack', 'shop'], content: REQUEST };

/** The service cuts the names that it makes from a job's after so many characters. */
const KEPT = 40;

function id(changes: Partial<JobIdentity> = {}): string {
  return jobId({ ...CONTENT, ...changes });
}

/** Any JSON value. */
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<any>;
const request = fc.dictionary(fc.constantFrom('JobType', 'InputConfig', 'StoppingConditions', 'OutputConfig'), json);

describe('a job\'s id', () => {
  test('begins with the namespace, by which jobs are found and permissions are given', () => {
    expect(id()).toMatch(/^0a1b2c3d-[0-9a-f]{24}$/);
  });

  test('is the same for the same content, wherever its members stand', () => {
    fc.assert(fc.property(request, fc.infiniteStream(fc.boolean()), (content, coins) => {
      expect(id({ content: shuffled(content, coins) })).toBe(id({ content }));
    }), { seed: 3, numRuns: 300 });
  });

  test('is another for other content', () => {
    fc.assert(fc.property(request, request, (one, other) => {
      expect(id({ content: one }) === id({ content: other })).toBe(sorted(one) === sorted(other));
    }), { seed: 5, numRuns: 300 });
  });

  test.each<[string, Partial<JobIdentity>]>([
    ['the namespace', { namespace: 'ffffffff' }],
    ['the scope', { scope: ['account'] }],
    ['the trigger', { trigger: 'v2' }],
    ['a member deep in the request', { content: { ...REQUEST, InputConfig: { ...REQUEST.InputConfig, ResourceLimit: { MaxNumberOfTests: 4 } } } }],
    ['the order of a list', { content: { ...REQUEST, Phases: ['b', 'a'] } }],
  ])('is another when %s is', (_what, changes) => {
    const base = 'Phases' in ((changes.content ?? {}) as object) ? id({ content: { ...REQUEST, Phases: ['a', 'b'] } }) : id();
    expect(id(changes)).not.toBe(base);
  });

  test('takes no trigger for the empty one', () => {
    expect(id({ trigger: '' })).toBe(id());
  });

  test('does not mix up what stands side by side', () => {
    expect(id({ scope: ['AB'], trigger: 'C' })).not.toBe(id({ scope: ['A'], trigger: 'BC' }));
    expect(id({ scope: ['A', 'B'] })).not.toBe(id({ scope: ['AB'] }));
  });

  test('of a stack without a GUID is refused with what was got', () => {
    expect(() => stackPrefix('shop')).toThrow(/StackId .*'shop'/);
  });
});

describe('the names of its attempts', () => {
  const { pattern, max } = JOB_SHAPES.RecommendationJobName;

  test('are the id, then -a2, -a3', () => {
    expect([1, 2, 3, 10].map((attempt) => attemptName('id', attempt))).toEqual(['id', 'id-a2', 'id-a3', 'id-a10']);
  });

  test('are names that the service takes, and still different once it has cut them', () => {
    const names = ['v1', 'v2'].flatMap((trigger) => Array.from({ length: 9999 }, (_, n) => attemptName(id({ trigger }), n + 1)));
    expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(Math.min(KEPT, max!));
    expect(names.filter((name) => !patternOf(pattern!).test(name))).toEqual([]);
    expect(new Set(names.map((name) => name.slice(0, KEPT))).size).toBe(names.length);
  });

  test('lead back to the id', () => {
    fc.assert(fc.property(hex(8), hex(24), fc.integer({ min: 2, max: 9999 }), (namespace, content, attempt) => {
      const ofContent = `${namespace}-${content}`;
      expect(parseAttempt(attemptName(ofContent, attempt))).toEqual({ id: ofContent, attempt });
    }), { seed: 9, numRuns: 300 });
  });

  // A content of an `a` and decimal digits only must not be read as the number of an attempt.
  test('lead back to the id, whatever its hash looks like', () => {
    expect(parseAttempt('0a1b2c3d-a12345678901234567890123')).toEqual({ id: '0a1b2c3d-a12345678901234567890123', attempt: 1 });
  });
});

describe('an id is ours', () => {
  test('if it has a namespace and a hash', () => {
    expect(isJobId(id())).toBe(true);
  });

  test.each<[string, string]>([
    ['CloudFormation invented', 'shop-Job-1ABCDEFGHIJKL'],
    ['the name of a model', modelName(STACK_ID, 'Model', {})],
    ['an attempt\'s name', attemptName(id(), 2)],
    ['the prefix alone', '0a1b2c3d-'],
    ['with a content that is no hash', '0a1b2c3d-0123456789ABCDEF01234567'],
    ['with a content that is too long', `${id()}0`],
    ['the empty one', ''],
  ])('and not if it is one that is %s', (_what, physicalId) => {
    expect(isJobId(physicalId)).toBe(false);
  });
});

describe('a model\'s name', () => {
  test('stands under the construct\'s prefix and is one that the service takes', () => {
    const name = modelName(STACK_ID, 'Model', {});
    expect(name.startsWith(constructPrefix(STACK_ID, 'Model'))).toBe(true);
    expect(name).toMatch(patternOf(JOB_SHAPES.ModelName.pattern!));
    expect(name.length).toBeLessThanOrEqual(JOB_SHAPES.ModelName.max!);
  });

  test('depends on the content, not on the order of its members', () => {
    const name = (content: unknown) => modelName(STACK_ID, 'Model', content);
    expect(name({ a: 1, b: { c: 2, d: 3 } })).toBe(name({ b: { d: 3, c: 2 }, a: 1 }));
    expect(name({ a: 1 })).not.toBe(name({ a: 2 }));
  });
});

function hex(digits: number): fc.Arbitrary<string> {
  return fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
}

/** The same value with the members of each object in another order. */
function shuffled(value: any, coins: fc.Stream<boolean>): any {
  if (Array.isArray(value)) { return value.map((inner) => shuffled(inner, coins)); }
  if (typeof value !== 'object' || value === null) { return value; }
  const entries = Object.entries(value).map(([name, inner]) => [name, shuffled(inner, coins)] as const);
  const [some, others] = [true, false].map((side) => entries.filter(([name]) => (name.length % 2 === 0) === side));
  return Object.fromEntries(coins.next().value ? [...some.reverse(), ...others] : [...others, ...some]);
}

/** A text that is the same for what is the same as JSON. */
function sorted(value: any): string {
  if (Array.isArray(value)) { return `[${value.map(sorted).join()}]`; }
  if (typeof value !== 'object' || value === null) { return JSON.stringify(value); }
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${sorted(value[name])}`).join()}}`;
}
