import { scalableTargetFindings, scalingPolicyFindings } from '../../../src/service/scaling-rules';

const TOKEN = -1e300;
const isKnown = (value: unknown) => value !== TOKEN && value !== '${Token}';

test.each<[object, object, string[]]>([
  [{ MinCapacity: 1, MaxCapacity: 1 }, {}, []],
  [{ MinCapacity: 0, MaxCapacity: 1 }, {}, ['warning MinCapacity']],
  [{ MinCapacity: 0, MaxCapacity: 1 }, { asynchronous: true }, []],
  [{ MinCapacity: -1, MaxCapacity: 1 }, { asynchronous: true }, ['error MinCapacity']],
  [{ MinCapacity: 2, MaxCapacity: 1 }, {}, ['error CapacityOrder']],
  [{ MinCapacity: TOKEN, MaxCapacity: TOKEN - 1 }, {}, []],
  [{ MinCapacity: 1, MaxCapacity: TOKEN }, {}, []],
  [{ MinCapacity: 1, MaxCapacity: 1 }, { instanceTypes: ['ml.t3.large'] }, ['error NoBurstable']],
  [{ MinCapacity: 1, MaxCapacity: 1 }, { instanceTypes: ['ml.c5.large', 'ml.t3.large'] }, ['error NoBurstable']],
  [{ MinCapacity: 1, MaxCapacity: 1 }, { instanceTypes: ['ml.trn1.2xlarge'] }, []],
])('a target of %j, on %j: %j', (request, facts, expected) => {
  expect(scalableTargetFindings(request, facts, isKnown).map(({ severity, rule }) => `${severity} ${rule}`)).toEqual(expected);
});

test('tokens of a policy are left to be judged when they are known', () => {
  const policy = {
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: { TargetValue: TOKEN, PredefinedMetricSpecification: { PredefinedMetricType: '${Token}' } },
  };
  expect(scalingPolicyFindings(policy, isKnown)).toEqual([]);
  expect(scalingPolicyFindings(policy).map(({ rule }) => rule)).toEqual(['TargetValue', 'PredefinedMetric']);
});
