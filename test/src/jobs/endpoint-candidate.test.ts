import { Size } from 'aws-cdk-lib';
import { EndpointCandidate, EndpointCandidateOptions, InstanceType, ServerlessCandidateProps } from '../../../src';
import { late } from '../../harness/constructs';

const SERVERLESS: ServerlessCandidateProps = { memorySize: Size.gibibytes(2), maxConcurrency: 5 };

/** As it stands in a template: what is not set is not there. */
function rendered(candidate: EndpointCandidate): unknown {
  return JSON.parse(JSON.stringify(candidate._render()));
}

function onInstance(options: EndpointCandidateOptions): EndpointCandidate {
  return EndpointCandidate.instance(InstanceType.ML_C5_XLARGE, options);
}

test('an instance type alone', () => {
  expect(rendered(EndpointCandidate.instance(InstanceType.ML_C5_XLARGE))).toEqual({ InstanceType: 'ml.c5.xlarge' });
});

test('an inference specification and values to try, nested as in the API', () => {
  expect(rendered(onInstance({ inferenceSpecificationName: 'tuned', environment: { OMP_NUM_THREADS: ['1', '2'], WORKERS: ['4'] } }))).toEqual({
    InstanceType: 'ml.c5.xlarge',
    InferenceSpecificationName: 'tuned',
    EnvironmentParameterRanges: { CategoricalParameterRanges: [{ Name: 'OMP_NUM_THREADS', Value: ['1', '2'] }, { Name: 'WORKERS', Value: ['4'] }] },
  });
});

test('a list of types with one set of options is a candidate for each, in their order', () => {
  const options = { inferenceSpecificationName: 'tuned', environment: { OMP_NUM_THREADS: ['1', '2'] } };
  const types = [InstanceType.ML_C5_XLARGE, InstanceType.ML_M5_LARGE, InstanceType.of(late.text('ml.g5.xlarge')), InstanceType.of(late.text('ml.g5.xlarge'))];
  expect(EndpointCandidate.instances(types, options).map(rendered)).toEqual(types.map((type) => rendered(EndpointCandidate.instance(type, options))));
  expect(EndpointCandidate.instances([])).toEqual([]);
});

test('a type that is listed twice is refused, and so are wrong options', () => {
  expect(() => EndpointCandidate.instances([InstanceType.ML_C5_XLARGE, InstanceType.ML_M5_LARGE, InstanceType.of('ml.c5.xlarge')]))
    .toThrow('`instanceTypes` must be different, got \'ml.c5.xlarge\' twice: remove one.');
  expect(() => EndpointCandidate.instances([InstanceType.ML_C5_XLARGE], { environment: { A: [] } })).toThrow(/environment\.A/);
});

test('no variables are no ranges: the API wants at least one', () => {
  expect(rendered(onInstance({ environment: {} }))).toEqual({ InstanceType: 'ml.c5.xlarge' });
});

test('a serverless endpoint has its memory in MB and no instance type', () => {
  expect(rendered(EndpointCandidate.serverless(SERVERLESS))).toEqual({ ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } });
});

test.each<[Partial<ServerlessCandidateProps>, RegExp]>([
  [{ memorySize: Size.mebibytes(1023) }, /memorySize\w*` must be at least 1024, got: 1023\.$/i],
  [{ memorySize: Size.gibibytes(7) }, /memorySize\w*` must be at most 6144, got: 7168\.$/i],
  [{ maxConcurrency: 0 }, /maxConcurrency` must be at least 1, got: 0\.$/i],
  [{ maxConcurrency: 201 }, /maxConcurrency` must be at most 200, got: 201\.$/i],
  [{ maxConcurrency: 1.5 }, /maxConcurrency` must be of type integer, got: 1\.5\.$/i],
  [{ inferenceSpecificationName: 'not a name' }, /inferenceSpecificationName` must match .+, got: 'not a name'\.$/i],
])('a serverless candidate with %j is refused by name, value and bound', (wrong, sentence) => {
  expect(() => EndpointCandidate.serverless({ ...SERVERLESS, ...wrong })).toThrow(sentence);
});

// The docstring and the guide name steps of 1 GiB; only the two ends are checked.
test('memory between two steps of 1 GiB is refused', () => {
  expect(() => EndpointCandidate.serverless({ ...SERVERLESS, memorySize: Size.mebibytes(1536) })).toThrow(/memorySize.*1536/i);
});

test.each<[string, EndpointCandidateOptions, RegExp]>([
  ['an inference specification without a name', { inferenceSpecificationName: '' }, /inferenceSpecificationName` must .+, got: ''\.$/i],
  ['six variables', { environment: Object.fromEntries([...'ABCDEF'].map((name) => [name, ['1']])) }, /environment.* must have at most 5 entries, got: 6\.$/i],
  ['four values of a variable', { environment: { A: ['1', '2', '3', '4'] } }, /environment.* must have at most 3 entries, got: 4\.$/i],
  ['no value of a variable', { environment: { A: [] } }, /environment.* must have at least 1 entry, got: 0\.$/i],
  ['a variable of 65 letters', { environment: { ['A'.repeat(65)]: ['1'] } }, /environment.* must have at most 64 characters, got: 'A{65}'\.$/i],
  ['a value of 129 letters', { environment: { A: ['v'.repeat(129)] } }, /environment.* must have at most 128 characters, got: 'v{129}'\.$/i],
])('%s is refused by name, value and bound', (_what, options, sentence) => {
  expect(() => onInstance(options)).toThrow(sentence);
});

// The sentence has the API's members and a place in a list that the user never wrote.
test('a variable\'s wrong values are refused under the variable\'s name', () => {
  expect(() => onInstance({ environment: { WORKERS: ['1'], THREADS: [] } })).toThrow(/THREADS/);
});

test('tokens pass', () => {
  expect(() => onInstance({ inferenceSpecificationName: late.text('?'), environment: { A: [late.text('')], B: late.list([]) } })).not.toThrow();
  expect(() => EndpointCandidate.instance(InstanceType.of(late.text('?')))).not.toThrow();
  expect(() => EndpointCandidate.serverless({ memorySize: Size.mebibytes(late.number(0)), maxConcurrency: late.number(0) })).not.toThrow();
});
