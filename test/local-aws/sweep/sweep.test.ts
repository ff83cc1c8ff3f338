import { request, REGION, seed, Seeded, snapshot } from './account';
import { CASES, OUT_OF_REACH } from './cases';
import { Mutation, mutations } from './mutations';
import { LocalAws, startLocalAws, VirtualClock } from '../../../local-aws';
import { publishedBenchmarks } from '../../../local-aws/sagemaker';
import { SAGEMAKER_OPERATIONS, SAGEMAKER_SHAPES } from '../../../local-aws/sagemaker/shapes';
import { violations } from '../../../src/service/constraints';
import { json } from '../wire/raw';

const OPERATIONS = Object.keys(SAGEMAKER_OPERATIONS);
/** Each case changes an account of its own. */
const ACCOUNTS = OPERATIONS.flatMap((operation) => (CASES[operation] ?? []).map((given, index) => ({ operation, index, given })));

let aws: LocalAws;
let seeded: Seeded[];
const tried: Record<string, number> = {};

beforeAll(async () => {
  aws = await startLocalAws({ benchmarks: publishedBenchmarks, imported: 'assumed', clock: new VirtualClock({ start: new Date('2026-01-01T00:00:00Z'), jumps: false }) });
  seeded = await seed(aws, ACCOUNTS.map((_, index) => `${100_000_000_000 + index}`));
});
afterAll(async () => {
  await aws.close();
  const total = Object.values(tried).reduce((sum, count) => sum + count, 0);
  process.stdout.write(`Constraints of SageMaker tried and refused: ${total} (${Object.entries(tried).map(([kind, count]) => `${kind} ${count}`).join(', ')})\n`);
});

async function send(operation: string, account: string, input: unknown) {
  const { status, body } = await json(aws, 'sagemaker', `SageMaker.${operation}`, input, { accessKeyId: account, region: REGION });
  return { status, answer: body === '' ? undefined : JSON.parse(body) };
}

/** The words of the service's refusals, by what is broken, with the name of the member that breaks it. */
function words({ constraint, kind, bound }: Mutation): { readonly __type: string; readonly message: unknown } {
  const member = kind === 'unknown' ? 'unheard' : /(\w+)(?:\[\]|\{(?:key)?\})* /.exec(constraint)?.[1] ?? '';
  const at = `at '([^']*\\.)?${member.slice(0, 1).toLowerCase()}${member.slice(1)}' failed to satisfy constraint: `;
  const said = (text: string) => ({
    __type: 'ValidationException', message: expect.stringMatching(new RegExp(`${at}[^]*${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`)),
  });
  switch (kind) {
    case 'type': return { __type: 'SerializationException', message: expect.any(String) };
    case 'required': return said('Member must not be null');
    case 'min': return said(`greater than or equal to ${bound}`);
    case 'max': return said(`less than or equal to ${bound}`);
    case 'pattern': return said(`must satisfy regular expression pattern: ${bound}`);
    case 'enum': return said(`must satisfy enum value set: [${(bound as string[]).join(', ')}]`);
    case 'unknown': return said('Member is not part of the local AWS');
    default: return said('Member must have exactly one member set');
  }
}

test('every operation has requests that try it, and their constraints are many', () => {
  expect(Object.keys(CASES).sort()).toEqual([...OPERATIONS].sort());
  const all = OPERATIONS.flatMap((operation) => mutations(SAGEMAKER_SHAPES, SAGEMAKER_OPERATIONS[operation].input, request(operation)));
  expect(all.length).toBeGreaterThan(2400);
});

test.each(OPERATIONS)('%s refuses whatever breaks a constraint, changes nothing by it, and takes what breaks none', async (operation) => {
  const { input: shape, output } = SAGEMAKER_OPERATIONS[operation];
  const done = new Set<string>();
  for (const [at, { given }] of ACCOUNTS.entries()) {
    if (ACCOUNTS[at].operation !== operation) { continue; }
    const { account, region } = seeded[at];
    const valid = request(operation, await given(seeded[at]));
    const before = snapshot(region);
    for (const mutation of mutations(SAGEMAKER_SHAPES, shape, valid)) {
      if (done.has(mutation.constraint)) { continue; }
      done.add(mutation.constraint);
      tried[mutation.kind] = (tried[mutation.kind] ?? 0) + 1;
      const { status, answer } = await send(operation, account, mutation.value);
      const { constraint } = mutation;
      expect({ constraint, status, answer }).toEqual({ constraint, status: 400, answer: words(mutation) });
      expect({ constraint, changed: !snapshot(region).equals(before) }).toEqual({ constraint, changed: false });
    }
    const { status, answer } = await send(operation, account, valid);
    expect({ status, answer: status === 200 ? undefined : answer }).toEqual({ status: 200, answer: undefined });
    expect(output ? violations(SAGEMAKER_SHAPES, output, answer) : answer).toEqual(output ? [] : undefined);
  }
  const all = mutations(SAGEMAKER_SHAPES, shape, request(operation)).map(({ constraint }) => constraint);
  const missed = all.filter((constraint) => !done.has(constraint));
  expect(missed.filter((constraint) => !OUT_OF_REACH[operation]?.test(constraint))).toEqual([]);
});
