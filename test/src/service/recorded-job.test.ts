import * as fc from 'fast-check';
import { recordedJson, recordedMetrics } from '../../../src/service/recorded-job';

test('NaN is read, wherever a value may be', () => {
  expect(recordedJson('{"a": NaN, "b": [NaN,-Infinity], "c": "x: NaN,", "d": Infinity}')).toEqual({ a: 'NaN', b: ['NaN', 'NaN'], c: 'x: NaN,', d: 'NaN' });
  expect(() => recordedJson('{"a": NaNs}')).toThrow(SyntaxError);
});

test('JSON is read as it is, also with such words in its texts', () => {
  const text = fc.oneof(fc.string(), fc.array(fc.constantFrom('NaN', '"', '\\', ': ', ',', 'Infinity', '}')).map((parts) => parts.join('')));
  fc.assert(fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(text, text)), (value) => {
    expect(recordedJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
  }));
});

test('metrics have their names of today', () => {
  expect(recordedMetrics({ MaximumInvocations: 648, ModelLatency: 'NaN', CostPerHour: 0.2 })).toEqual({ MaxInvocations: 648, ModelLatency: NaN, CostPerHour: 0.2 });
});
