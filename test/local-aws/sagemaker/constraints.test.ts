import { Bench } from './fixtures';
import { SAGEMAKER_OPERATIONS } from '../../../local-aws/sagemaker/shapes';

const NOT_SERVED = 'CreateTrainingJob';
let bench: Bench;
beforeEach(() => { bench = new Bench(); });

test('every operation of the table is served, and no other', () => {
  expect(Object.keys(bench.region.sagemaker.operations).sort()).toEqual(Object.keys(SAGEMAKER_OPERATIONS).sort());
});

test('an operation that is not served is refused by name', async () => {
  expect(await bench.refused(NOT_SERVED)).toMatchObject({
    code: 'UnknownOperationException', status: 400, message: `${NOT_SERVED} is not part of the local AWS`,
  });
});

test.each<[string, string, object, string]>([
  ['a missing member', 'DescribeModel', {}, "1 validation error detected: Value null at 'modelName' failed to satisfy constraint: Member must not be null"],
  ['null', 'DescribeModel', { ModelName: null }, "1 validation error detected: Value null at 'modelName' failed to satisfy constraint: Member must not be null"],
  ['a pattern', 'DescribeInferenceRecommendationsJob', { JobName: 'a b' },
    "1 validation error detected: Value 'a b' at 'jobName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}"],
  ['a length', 'ListModels', { NameContains: 'a'.repeat(64) },
    `1 validation error detected: Value '${'a'.repeat(64)}' at 'nameContains' failed to satisfy constraint: Member must have length less than or equal to 63`],
  ['a value', 'ListModels', { MaxResults: 0 },
    "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"],
  ['an enum', 'ListModels', { SortBy: 'Size' },
    "1 validation error detected: Value 'Size' at 'sortBy' failed to satisfy constraint: Member must satisfy enum value set: [Name, CreationTime]"],
  ['two of them', 'ListModels', { SortBy: 'Size', MaxResults: 0 },
    "2 validation errors detected: Value 'Size' at 'sortBy' failed to satisfy constraint: Member must satisfy enum value set: [Name, CreationTime]; "
    + "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"],
  ['a member of a list', 'CreateEndpointConfig', { EndpointConfigName: 'c', ProductionVariants: [{ ModelName: 'm' }] },
    "1 validation error detected: Value null at 'productionVariants.1.member.variantName' failed to satisfy constraint: Member must not be null"],
  ['a scalar in a list', 'DeleteTags', { ResourceArn: 'arn:aws:sagemaker:eu-west-1:111122223333:model/m', TagKeys: [''] },
    "1 validation error detected: Value '' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: "
    + '[Member must have length less than or equal to 128, Member must have length greater than or equal to 1, '
    + 'Member must satisfy regular expression pattern: ([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)]'],
  ['the key of a map', 'CreateModel', { ModelName: 'm', PrimaryContainer: { Image: 'i', Environment: { 1: 'x' } } },
    "1 validation error detected: Value '1' at 'primaryContainer.environment' failed to satisfy constraint: Map keys must satisfy constraint: "
    + '[Member must have length less than or equal to 1024, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: [a-zA-Z_][a-zA-Z0-9_]*]'],
  ['a member that it does not know', 'DescribeModel', { ModelName: 'm', Colour: 'red' },
    "1 validation error detected: Value 'red' at 'colour' failed to satisfy constraint: Member is not part of the local AWS"],
])('%s is refused in the service\'s words', async (_what, operation, input, message) => {
  expect(await bench.refused(operation, input)).toMatchObject({ code: 'ValidationException', status: 400, message });
});

test.each<[unknown, string]>([
  [5, 'NUMBER_VALUE can not be converted to a String'],
  [true, 'TRUE_VALUE can not be converted to a String'],
  [[], 'Start of list found where not expected'],
  [{}, 'Start of structure or map found where not expected'],
])('a type of its own, %j, does not parse', async (ModelName, message) => {
  expect(await bench.refused('DescribeModel', { ModelName })).toMatchObject({ code: 'SerializationException', message });
});

test('neither what was given nor what was answered is what is kept', async () => {
  const input = { ModelName: 'm', PrimaryContainer: { Image: 'image' } };
  await bench.call('CreateModel', input);
  input.PrimaryContainer.Image = 'other';
  (await bench.call('DescribeModel', { ModelName: 'm' })).PrimaryContainer.Image = 'third';
  expect((await bench.call('DescribeModel', { ModelName: 'm' })).PrimaryContainer.Image).toBe('image');
});

test('calls made in process are shown to whoever watches, refused ones too', async () => {
  const seen: unknown[] = [];
  bench.world.watch((record) => seen.push(record));
  await bench.call('ListModels');
  await bench.refused('DescribeModel', { ModelName: 'm' });
  expect(seen).toEqual([
    expect.objectContaining({ service: 'sagemaker', operation: 'ListModels', status: 200, principal: 'arn:aws:iam::111122223333:root' }),
    expect.objectContaining({ operation: 'DescribeModel', status: 400, error: 'ValidationException', request: { ModelName: 'm' } }),
  ]);
});
