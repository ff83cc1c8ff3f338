import { LIMITS } from '../../../src/service/limits';
import { done, PATH } from '../../harness/published';
import type { Answer } from '../../harness/stage';

describe('an explanation of many recommendations', () => {
  /** Ten recommendations, the most that a job has, each with five variables of some length. */
  const many = (length: number) => [...Array(10).keys()].map((index) => ({
    Metrics: {
      CostPerHour: 0.1, CostPerInference: 1e-7 * (index + 1), MaxInvocations: 100, ModelLatency: 5, CpuUtilization: 90, MemoryUtilization: 50,
    },
    EndpointConfiguration: { InstanceType: 'ml.c5.xlarge', InitialInstanceCount: 1 },
    ModelConfiguration: {
      EnvironmentParameters: [...'ABCDE'].map((Key) => ({ Key, ValueType: 'String', Value: `${index}`.padEnd(length, Key) })),
    },
  }));
  const explained = async (length: number, more = {}) => {
    const { create, parameters, stage } = await done(() => ({ durationSeconds: 600, recommendations: many(length) }));
    expect((await create(more)) satisfies Answer).toMatchObject({ Status: 'SUCCESS' });
    const text = parameters()[`${PATH}/explanation`];
    return { text, ...JSON.parse(text), log: JSON.parse(stage.logs.find((line) => line.includes('"chosen"'))!) };
  };

  test('of more than 4,096 characters stands there whole', async () => {
    const { text, Ranking, LeftOut } = await explained(60);
    expect(text.length).toBeGreaterThan(4096);
    expect([Ranking.length, LeftOut]).toEqual([10, undefined]);
  });

  test('of more than 8,192 leaves out the last ones and says how many; the log has them all', async () => {
    const { text, Ranking, LeftOut, Chosen, log } = await explained(128);
    expect(text.length).toBeLessThanOrEqual(8192);
    expect(Ranking.length).toBeGreaterThan(4);
    expect(Ranking[0].RecommendationId).toBe(Chosen);
    expect(Ranking.length + LeftOut).toBe(10);
    expect(log.Ranking).toHaveLength(10);
  });

  test('leaves out rejected ones before ranked ones', async () => {
    const { Ranking, Rejected, LeftOut } = await explained(128, { Limits: { MaxCostPerInference: '0.00000055' } });
    expect(Ranking).toHaveLength(5);
    expect(Rejected.length + LeftOut).toBe(5);
  });

  test('where none may be chosen has a warning of bounded length', async () => {
    const { Warning, Rejected, LeftOut } = await explained(128, {
      Limits: {
        ...Object.fromEntries(Object.entries(LIMITS).map(([name, { bound }]) => [name, bound === 'most' ? '0' : '9999'])), RefusedInstanceTypes: ['ml.c5'],
      },
      Fallback: { InstanceType: 'ml.m5.large', InitialInstanceCount: '1' },
    });
    expect(Warning.length).toBe(1500);
    expect(Rejected.length + LeftOut).toBe(10);
  });
});
