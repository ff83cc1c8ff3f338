import * as fc from 'fast-check';
import {
  ESCAPES, FIELDS, fieldsText, MOST_FIELD_BYTES, parameterNames, positionOf, SEPARATOR, textMark, textsText,
} from '../../../src/contract/parameters';
import { GENERATIVE_ATTRIBUTES, RECOMMENDATION_ATTRIBUTES, RecommendationAttribute } from '../../../src/contract/recommend';
import { JOB_SHAPES } from '../../../src/service/shapes';

/** As a template reads a position. */
const select = (index: number, separator: string, text: string): string => {
  const parts = text.split(separator);
  if (!(index in parts)) { throw new Error(`Fn::Select cannot select nonexistent value at index ${index}`); }
  return parts[index];
};
const field = (text: string, name: string) => select(positionOf(name), SEPARATOR, text);
const text = (texts: string, name: string) => ESCAPES.reduceRight(
  (so, [character, escape]) => so.split(escape).join(character), select(0, SEPARATOR, select(1, textMark(name), texts)));

/** What the service, or a token, may give at worst: the separator, the escapes, several bytes a character, any length. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.constantFrom(SEPARATOR, '~', '~0', '~1', '=', '|Environment=', 'Ā', '😀', '\n', '"'), { maxLength: 60 }).map((parts) => parts.join('')),
  fc.integer({ min: 0, max: 5000 }).map((length) => 'x'.repeat(length)),
);
const ATTRIBUTES: readonly RecommendationAttribute[] = [...new Set([...RECOMMENDATION_ATTRIBUTES, ...GENERATIVE_ATTRIBUTES])];
const attributes = fc.record(Object.fromEntries(ATTRIBUTES.map((name) => [name, hostile])));

test('positions are a contract with templates: a name keeps its place, and another is appended', () => {
  expect(FIELDS.map(([name]) => name)).toEqual([
    'JobName', 'ModelPackageArn', 'ModelName', 'RecommendationId', 'InstanceType', 'InitialInstanceCount', 'InstanceCount', 'ServerlessMemorySizeInMB',
    'ServerlessMaxConcurrency', 'EndpointName', 'VariantName', 'InferenceSpecificationName', 'CompilationJobName', 'CostPerHour', 'CostPerInference', 'MaxInvocations',
    'ModelLatency', 'CpuUtilization', 'MemoryUtilization', 'ModelSetupTime', 'InvocationStartTime', 'InvocationEndTime', 'FleetCostPerHour', 'Source', 'TargetInLowerCase',
    'CopyCountPerInstance', 'CopyCount', 'AcceleratorCount', 'MinMemoryRequiredInMb', 'CostPerMillionInputTokens', 'CostPerMillionOutputTokens',
    'TimeToFirstToken', 'InterTokenLatency', 'OutputTokenThroughput', 'RequestThroughput', 'BenchmarkJobName',
  ]);
});

test('every attribute is a field or a text', () => {
  expect(ATTRIBUTES.filter((name) => positionOf(name) < 0)).toEqual(['Environment', 'Summary', 'Performance']);
  expect(FIELDS.filter(([name]) => !ATTRIBUTES.includes(name))).toEqual([]);
});

test('a position that a later version appends is there, and empty', () => {
  expect(select(FIELDS.length, SEPARATOR, fieldsText({}))).toBe('');
  expect(select(FIELDS.length + 16, SEPARATOR, fieldsText({}))).toBe('');
});

test('the fields stay a standard parameter, and each value stands in its own position or in none', () => {
  fc.assert(fc.property(attributes, (given) => {
    const written = fieldsText(given);
    expect(Buffer.byteLength(written)).toBeLessThanOrEqual(MOST_FIELD_BYTES);
    FIELDS.forEach(([name, most]) => {
      const fits = !given[name].includes(SEPARATOR) && Buffer.byteLength(given[name]) <= most;
      expect(field(written, name)).toBe(fits ? given[name] : '');
    });
  }));
});

test('with every value as long as it may be, they do, too', () => {
  const longest = Object.fromEntries(FIELDS.map(([name, most]) => [name, 'x'.repeat(most)]));
  expect(fieldsText(longest).split(SEPARATOR).slice(0, FIELDS.length)).toEqual(Object.values(longest));
  expect(Buffer.byteLength(fieldsText(longest))).toBeLessThanOrEqual(MOST_FIELD_BYTES);
});

test('what the service gives always fits: names and ARNs by their shapes, figures, times', () => {
  const most = Object.fromEntries(FIELDS);
  const shapes = {
    JobName: 'RecommendationJobName',
    ModelPackageArn: 'ModelPackageArn',
    ModelName: 'ModelName',
    EndpointName: 'EndpointName',
    InferenceSpecificationName: 'InferenceSpecificationName',
  };
  for (const [name, shapeName] of Object.entries(shapes)) {
    const { max, pattern } = JOB_SHAPES[shapeName];
    expect([name, max! <= most[name as keyof typeof most]]).toEqual([name, true]);
    expect(new RegExp(`^(?:${pattern})$`).test('a|b')).toBe(false);
  }
  for (const type of JOB_SHAPES.ProductionVariantInstanceType.enum!) {
    expect([type.length <= most.InstanceType, type.includes(SEPARATOR)]).toEqual([true, false]);
  }
  fc.assert(fc.property(fc.double(), (figure) => {
    expect(field(fieldsText({ CostPerInference: String(figure) }), 'CostPerInference')).toBe(String(figure));
  }));
  expect(new Date(8.64e15).toISOString().length).toBeLessThanOrEqual(most.InvocationStartTime);
});

test('a text comes back whole, whatever is in it and in its name', () => {
  const names = fc.dictionary(hostile.map((name) => `Environment.${name}`), hostile, { maxKeys: 5 });
  fc.assert(fc.property(attributes, names, (given, variables) => {
    const written = textsText({ ...given, ...variables });
    for (const [name, value] of Object.entries({ Environment: given.Environment, Summary: given.Summary, ...variables })) {
      expect(text(written, name)).toBe(value);
    }
  }));
});

test('a variable that is not there is no other\'s value', () => {
  expect(() => text(textsText({ 'Environment': '{}', 'Environment.AB': '1' }), 'Environment.B')).toThrow('nonexistent');
});

test('a path has five parameters, and its pending result as many', () => {
  const { pending, ...names } = parameterNames('/shop');
  expect(Object.values(names)).toEqual(['owner', 'fields', 'texts', 'explanation', 'recommendation'].map((name) => `/shop/${name}`));
  expect(pending).toBe('/shop/pending');
});
