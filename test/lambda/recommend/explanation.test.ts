import { criteriaOf } from '../../../lambda/recommend/criteria';
import { summaryOf } from '../../../lambda/recommend/explanation';
import { poolsOf } from '../../../lambda/recommend/pools';
import { rank } from '../../../lambda/recommend/rank';
import { LIMITS } from '../../../src/service/limits';
import { BENCHMARKED } from '../../../src/service/recommendation-kinds';
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

describe('a summary', () => {
  const criteria = criteriaOf({
    SchemaVersion: '1', Family: 'InferenceRecommendations', JobName: 'job', Objective: 'LowestCostPerInference', EndpointType: 'RealTime',
  });
  const UNKNOWN = { CpuUtilization: NaN, MemoryUtilization: NaN };
  const figures = { CostPerHour: 0.82, CostPerInference: 6.8e-7, MaxInvocations: 8000, ModelLatency: 37, ...UNKNOWN };
  const one = (id: string, instanceType: string, more = {}) => (
    { id, instanceType, instanceCount: 2, isCompiled: false, environment: {}, attributes: {}, figures: { ...figures, ...more } });
  const summary = (recommendations: Parameters<typeof rank>[0], link?: string) => {
    const ranking = rank(recommendations, criteria);
    return summaryOf(BENCHMARKED, ranking, poolsOf(ranking.ranked, criteria)!, link);
  };

  test('says what it costs, what is next and where to look', () => {
    expect(summary([one('job/a', 'ml.c5.2xlarge'), one('job/b', 'ml.m5.xlarge', { CostPerHour: 1.1, CostPerInference: 9e-7, ModelLatency: NaN })], 'https://x')).toBe(
      'ml.c5.2xlarge × 2: 0.82 USD an hour, 0.68 USD per million requests, 37 (ms or µs), 8,000 requests a minute; '
      + 'runner-up ml.m5.xlarge × 2 (1.10 USD an hour, 0.90 USD per million requests, 8,000 requests a minute); 0 rejected; https://x');
  });

  test('of one recommendation names no other', () => {
    expect(summary([one('job/a', 'ml.c5.2xlarge')]))
      .toBe('ml.c5.2xlarge × 2: 0.82 USD an hour, 0.68 USD per million requests, 37 (ms or µs), 8,000 requests a minute; 0 rejected');
  });

  test('names recommendations on the same instances by their ids', () => {
    expect(summary([one('job/a', 'ml.c5.2xlarge'), one('job/b', 'ml.c5.2xlarge')])).toMatch(/^ml\.c5\.2xlarge × 2 \(job\/a\): .*; runner-up ml\.c5\.2xlarge × 2 \(job\/b\) \(/);
  });

  test('that is too long is cut before its link', () => {
    const link = `https://${'x'.repeat(200)}`;
    const text = summary([one('job/a', `ml.${'c'.repeat(600)}`)], link);
    expect(text).toHaveLength(600);
    expect(text.endsWith(`…; ${link}`)).toBe(true);
  });
});
