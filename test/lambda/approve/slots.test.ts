import * as fc from 'fast-check';
import { chooseSlot, Slot, slotName, slotsIn, slotValue } from '../../../lambda/approve/slots';

const PATH = '/cdk-sagemaker-inference-recommender/registries.0a1b2c3d/01234567';
const MONTH = '2026-01';
const slot = (number: number, more: Partial<Slot> = {}): Slot => (
  {
    month: MONTH,
    number,
    holder: `holder-${number}`,
    request: `request-${number}`,
    job: `job-${number}`,
    target: 'version',
    at: '2026-01-01T00:00:00.000Z',
    turn: 1,
    started: `job-${number}`,
    isFree: false,
    ...more,
  });
const claim = { holder: 'me', request: 'mine', job: 'my-job', target: 'version', seen: [] };
const numberOf = (choice: ReturnType<typeof chooseSlot>) => (typeof choice === 'object' ? choice.number : choice);

test('a slot is read as it was written; what nobody can read counts as started', () => {
  const [one, two] = [slot(1), slot(12, { started: '' })];
  const parameters = { ...Object.fromEntries([one, two].map((each) => [slotName(PATH, each), slotValue(each)])), [`${PATH}/open`]: 'open', [`${PATH}/2026-01-3`]: 'theirs' };
  expect(slotsIn(parameters, PATH)).toEqual([one, two, expect.objectContaining({ number: 3, holder: '', started: '?' })]);
});

test('one slot more and one less than the cap', () => {
  expect(numberOf(chooseSlot([slot(2)], claim, MONTH, 2))).toBe(1);
  expect(chooseSlot([slot(1), slot(2)], claim, MONTH, 2)).toBe('full');
  expect(chooseSlot([slot(1), slot(2, { started: '' })], claim, MONTH, 2)).toBe('unsettled');
});

test('other months take nothing', () => {
  expect(numberOf(chooseSlot([slot(1, { month: '2025-12', started: '' })], claim, MONTH, 1))).toBe(1);
});

test('the holder finds its own slot again, unless its job has started', () => {
  expect(numberOf(chooseSlot([slot(3, { holder: 'me', started: '' })], claim, MONTH, 5))).toBe(3);
  expect(chooseSlot([slot(1, { holder: 'me' })], claim, MONTH, 1)).toBe('full');
});

test.each<[string, Partial<Slot>]>([['the same job', { job: 'my-job' }], ['the same request', { request: 'mine' }]])('%s is started by one execution', (_what, same) => {
  expect(chooseSlot([slot(1, { ...same, started: '' })], claim, MONTH, 5)).toBe('unsettled');
  // It has started since this execution looked.
  expect(chooseSlot([slot(1, same)], claim, MONTH, 5)).toBe('unsettled');
  expect(numberOf(chooseSlot([slot(1, same)], { ...claim, seen: ['job-1'] }, MONTH, 5))).toEqual(expect.any(Number));
});

test('two executions that want the same job want the same slot', () => {
  const taken = [slot(1), slot(4)];
  expect(chooseSlot(taken, claim, MONTH, 50)).toEqual(chooseSlot(taken, { ...claim, holder: 'other' }, MONTH, 50));
});

test('whoever claims at once, and whatever was taken before, no month has more than its cap', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }), fc.integer({ min: 1, max: 20 }), (taken, most) => {
    const before = taken.map((number) => slot(number));
    // So many that each free slot is somebody's.
    const claimed = new Set([...Array(500).keys()].map((index) => numberOf(chooseSlot(before, { ...claim, job: `job ${index}` }, MONTH, most))));
    claimed.delete('full');
    expect(before.length + claimed.size).toBe(Math.max(before.length, most));
  }));
});

test('a cap may be any number', () => {
  expect(numberOf(chooseSlot([], claim, MONTH, Number.MAX_SAFE_INTEGER))).toBeLessThan(1000);
  expect(numberOf(chooseSlot([], claim, MONTH))).toBeLessThan(1000);
});

test('a slot in its last turn counts, and a free one is taken in the next', () => {
  const last = slot(1, { turn: 2, isFree: true, started: '' });
  const parameters = Object.fromEntries([slot(1), last].map((each) => [slotName(PATH, each), slotValue(each)]));
  expect(Object.keys(parameters)).toEqual([`${PATH}/2026-01-1`, `${PATH}/2026-01-1.2`]);
  expect(slotsIn(parameters, PATH)).toEqual([last]);
  expect(chooseSlot([last], claim, MONTH, 1)).toMatchObject({ number: 1, turn: 3 });
});

test('a job that stands in two slots counts once', () => {
  const parameters = Object.fromEntries([slot(2, { started: 'job' }), slot(1, { started: 'job' }), slot(3)].map((each) => [slotName(PATH, each), slotValue(each)]));
  expect(slotsIn(parameters, PATH).filter(({ isFree }) => isFree).map(({ number }) => number)).toEqual([2]);
});
