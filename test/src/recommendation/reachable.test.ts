import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Duration, Size, Stack } from 'aws-cdk-lib/core';
import fc from 'fast-check';
import {
  BenchmarkTarget, EndpointCandidate, EndpointType, InstanceType, JobType, RecommendationLimits, RecommendationOptions, TrafficPattern,
} from '../../../src';
import { isOneOf } from '../../../src/service/limits';
import { jobIn, late, newStack, packageIn } from '../../harness/constructs';

const trafficPattern = TrafficPattern.phases([{ initialNumberOfUsers: 1, spawnRate: 1, duration: Duration.minutes(2) }]);
const loadTest = (...names: string[]) => JobType.loadTest({
  trafficPattern, endpointCandidates: names.map((type) => EndpointCandidate.instance(InstanceType.of(type))),
});
const serverless = JobType.loadTest({
  trafficPattern, endpointCandidates: [EndpointCandidate.serverless({ memorySize: Size.gibibytes(2), maxConcurrency: 1 })],
});
const types = (...names: string[]) => names.map((name) => InstanceType.of(name));

/** The warnings about a choice of which nothing can come. */
function warnings(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('nothingToChoose')).map(({ entry }) => String(entry.data));
}
function choose(job: object, options: RecommendationOptions): string[] {
  const stack = newStack();
  jobIn(stack, job).addRecommendation('Best', options);
  return warnings(stack);
}

describe('a choice of which nothing can come is refused before the job is paid for', () => {
  test.each<[string, object, RecommendationOptions, RegExp]>([
    ['a family that is not among the candidates', { jobType: loadTest('ml.m5.large', 'ml.m5.xlarge') }, { limits: { allowedInstanceFamilies: ['ml.c5'] } },
      /^No recommendation of the job can be chosen: `endpointCandidates` has ml\.m5\.large, ml\.m5\.xlarge, and .* keep none of them: ml\.c5 allowed\. Change one of the two/],
    ['a pinned type that is not', { jobType: loadTest('ml.m5.large') }, { pinnedInstanceType: InstanceType.ML_C5_LARGE }, /ml\.c5\.large pinned/],
    ['all candidates refused', { jobType: loadTest('ml.m5.large') }, { limits: { refusedInstanceFamilies: ['ml.m5'] } }, /ml\.m5 refused/],
    ['a serverless endpoint of instances', { jobType: loadTest('ml.m5.large') }, { endpointType: EndpointType.SERVERLESS }, /tries no serverless endpoint/],
    ['a real-time endpoint of serverless ones', { jobType: serverless }, {}, /serverless endpoints only, and `endpointType` is real-time/],
    ['a real-time endpoint where the job asks for serverless ones', { containerConfig: { supportedEndpointType: EndpointType.SERVERLESS } }, {}, /serverless endpoints only/],
    ['what is allowed and refused', {}, { limits: { allowedInstanceTypes: types('ml.c5.large'), refusedInstanceFamilies: ['ml.c5'] } },
      /^`limits` must allow a type that they do not refuse, got: ml\.c5\.large allowed, ml\.c5 refused\./],
  ])('%s', (_what, job, options, message) => {
    expect(() => choose(job, options)).toThrow(message);
  });

  test('whatever the types, exactly when none is left', () => {
    const TYPES = ['ml.c5.large', 'ml.c5.xlarge', 'ml.m5.large', 'ml.g5.xlarge'];
    const some = fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1 });
    const maybe = fc.option(some, { nil: undefined });
    fc.assert(fc.property(some, maybe, maybe, (candidates, allowed, refused) => {
      const limits: RecommendationLimits = { allowedInstanceTypes: allowed && types(...allowed), refusedInstanceTypes: refused && types(...refused) };
      const left = candidates.filter((type) => (!allowed || isOneOf(allowed, type)) && !refused?.includes(type));
      const made = () => choose({ jobType: loadTest(...candidates) }, { limits });
      if (left.length > 0) { expect(made()).toEqual([]); } else { expect(made).toThrow(); }
    }), { numRuns: 40 });
  });
});

describe('where the service may try others as well, it is a warning', () => {
  test('the types of the container configuration', () => {
    expect(choose({ containerConfig: { supportedInstanceTypes: types('ml.m5.large') } }, { limits: { allowedInstanceFamilies: ['ml.c5'] } }))
      .toEqual([expect.stringContaining('`containerConfig.supportedInstanceTypes` has ml.m5.large')]);
  });

  test('the types of the package', () => {
    const stack = newStack();
    const modelPackage = packageIn(stack, { supportedRealtimeInferenceInstanceTypes: types('ml.m5.large') });
    jobIn(stack, { target: BenchmarkTarget.fromModelPackage(modelPackage) }).addRecommendation('Best', { pinnedInstanceType: InstanceType.ML_C5_LARGE });
    expect(warnings(stack)).toEqual([expect.stringContaining('the model package has ml.m5.large')]);
  });
});

test('nothing is said where the types are not known', () => {
  expect(choose({}, { limits: { allowedInstanceFamilies: ['ml.c5'] } })).toEqual([]);
  expect(choose({ jobType: loadTest('ml.m5.large') }, { limits: { allowedInstanceFamilies: [late.text('family')] } })).toEqual([]);
  expect(choose({ jobType: JobType.loadTest({ trafficPattern, endpointCandidates: [EndpointCandidate.instance(InstanceType.of(late.text('type')))] }) },
    { limits: { allowedInstanceFamilies: ['ml.c5'] } })).toEqual([]);
});
