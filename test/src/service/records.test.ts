import * as fc from 'fast-check';
import { isRecord } from '../../../src/service/records';

test.each<[unknown, boolean]>([
  [{}, true], [{ a: 1 }, true], [Object.create(null), true], [[], false], [null, false], [undefined, false], ['a', false], [1, false], [new Date(0), false],
])('%p is a record: %p', (value, expected) => {
  expect(isRecord(value)).toBe(expected);
});

test('of all that JSON has, only objects are records', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => { expect(isRecord(value)).toBe(/^\{/.test(JSON.stringify(value))); }));
});
