import { POOL_ATTRIBUTES, poolAttribute, VARIANT_INSTANCE_COUNT } from '../../../src/contract/pools';
import { RECOMMENDATION_ATTRIBUTES } from '../../../src/contract/recommend';
import { endpoint, job, recommend, rowOf } from '../../harness/recommendation';
import { Stage } from '../../harness/stage';

describe('instance pools', () => {
  const types = ['ml.c5.xlarge', 'ml.m5.xlarge', 'ml.c6i.2xlarge', 'ml.g4dn.2xlarge', 'ml.r5.xlarge'];
  const figures = (at: number) => ({
    CostPerHour: 0.20399999618530273 * (at + 1), CostPerInference: 5.246913588052848e-6 * (at + 1), MaxInvocations: 648 - 100 * at, ModelLatency: 2,
  });
  const compiled = (at: number) => `neo-00011122-2333-4445-5566-67788889990${at}`;
  /** As long as the service's own names are. */
  const rows = types.map((InstanceType, at) => ({
    ...rowOf(figures(at), { ...endpoint, InstanceType, InitialInstanceCount: 1 }),
    ModelConfiguration: {
      InferenceSpecificationName: compiled(at), CompilationJobName: compiled(at), EnvironmentParameters: [{ Key: 'THREADS', ValueType: 'String', Value: `${at}` }],
    },
  }));
  const LOAD = { TargetLoad: { InvocationsPerMinute: '1000', HeadroomPercent: '0' } };

  test('answers the best, the next best, and the largest count', async () => {
    const stage = await new Stage(job(rows)).setUp();
    const { Data, Status } = await recommend(stage, { InstancePools: '3', EnvironmentNames: ['THREADS'], ...LOAD });
    expect(Status).toBe('SUCCESS');
    expect(Data).toMatchObject({
      'InstanceType': 'ml.c5.xlarge',
      'InstanceCount': '2',
      'Environment.THREADS': '0',
      'VariantInstanceCount': '3',
      'Pool2.InstanceType': 'ml.m5.xlarge',
      'Pool2.InstanceCount': '2',
      'Pool2.Environment.THREADS': '1',
      'Pool2.CompilationJobName': compiled(1),
      'Pool3.InstanceType': 'ml.c6i.2xlarge',
      'Pool3.InstanceCount': '3',
      'Pool3.Environment.THREADS': '2',
      'Pool3.Environment': '{"THREADS":"2"}',
    });
    expect(Number(Data!.FleetCostPerHour)).toBeCloseTo(3 * 0.204, 6);
    const own = [2, 3].flatMap((priority) => [...POOL_ATTRIBUTES, 'Environment.THREADS'].map((name) => poolAttribute(priority, name)));
    expect(Object.keys(Data!).sort()).toEqual([...RECOMMENDATION_ATTRIBUTES, 'Environment.THREADS', VARIANT_INSTANCE_COUNT, ...own].sort());
  });

  test('five of them fit an answer, compiled and tuned as they are', async () => {
    const stage = await new Stage(job(rows)).setUp();
    expect(await recommend(stage, { InstancePools: '5', ...LOAD })).toMatchObject({ Status: 'SUCCESS', Data: { 'Pool5.InstanceType': 'ml.r5.xlarge' } });
  });

  test('too few types are a failure, or the fallback with its types', async () => {
    const stage = await new Stage(job(rows.slice(0, 2))).setUp();
    expect(await recommend(stage, { InstancePools: '3' })).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^3 instance pools are wanted/) });
    const Fallback = { InstanceType: 'ml.m5.large', InitialInstanceCount: '4', NextInstanceTypes: ['ml.m5.xlarge', 'ml.c5.large'], Environment: { THREADS: '9' } };
    expect(await recommend(stage, { InstancePools: '3', Fallback })).toMatchObject({
      Data: {
        'Source': 'Fallback',
        'VariantInstanceCount': '4',
        'Pool2.InstanceType': 'ml.m5.xlarge',
        'Pool3.InstanceType': 'ml.c5.large',
        'Pool3.InstanceCount': '4',
        'Pool3.Environment': '{"THREADS":"9"}',
        'Pool3.RecommendationId': '',
      },
    });
  });
});
