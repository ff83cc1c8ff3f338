import * as fc from 'fast-check';
import { job } from './arbitrary';
import { ComparedJob, compareJobs } from '../../../cli/src/compare/jobs';
import { matched } from '../../../cli/src/compare/match';
import type { JobRecommendation } from '../../../lambda/jobs/family';
import { criteriaOf } from '../../../lambda/recommend/criteria';
import { METRICS } from '../../../src/service/limits';

const MIRRORED: Readonly<Record<string, string>> = { better: 'worse', worse: 'better', before: 'after', after: 'before' };
const mirrored = (text: string) => MIRRORED[text] ?? text;

function row(instanceType: string, figures: Partial<JobRecommendation['figures']>, more: Partial<JobRecommendation> = {}): JobRecommendation {
  const all = Object.fromEntries(METRICS.map((metric) => [metric, figures[metric] ?? NaN])) as JobRecommendation['figures'];
  return { id: `job/${instanceType}`, instanceType, instanceCount: 1, isCompiled: false, environment: {}, attributes: {}, ...more, figures: all };
}

const of = (...recommendations: JobRecommendation[]): ComparedJob => ({ recommendations, chosen: [] });

test('a job has no differences from itself', () => {
  fc.assert(fc.property(job, (one) => {
    const { differences, lone, chosen } = compareJobs(one, one, 0);
    expect(differences.filter(({ outcome, percent }) => outcome !== 'equal' || percent !== 0)).toEqual([]);
    expect(lone).toEqual([]);
    expect(chosen.filter(({ before, after, isLost, sentence }) => before !== after || isLost || /cheaper|dearer|faster|slower/.test(sentence))).toEqual([]);
  }));
});

test('the order in which the service lists the rows does not count', () => {
  const shuffled = (one: ComparedJob) => fc.shuffledSubarray([...one.recommendations], { minLength: one.recommendations.length })
    .map((recommendations) => ({ ...one, recommendations }));
  fc.assert(fc.property(job.chain((one) => fc.tuple(fc.constant(one), shuffled(one))), job, ([one, same], other) => {
    expect(compareJobs(same, other, 1)).toEqual(compareJobs(one, other, 1));
    expect(compareJobs(other, same, 1)).toEqual(compareJobs(other, one, 1));
  }));
});

test('the other way round, better and worse change places, and so do the sides', () => {
  fc.assert(fc.property(job, job, (a, b) => {
    const [there, back] = [compareJobs(a, b, 1), compareJobs(b, a, 1)];
    // Where only the counts differ, the endpoint's name has both, the first one first.
    const keyOf = (endpoint: string) => endpoint.replace(/× (\d+) and × (\d+)/, (_all, one, other) => [one, other].sort().join());
    const flat = (all: typeof there.differences, mirror: (outcome: string) => string) => all.map(({ endpoint, key, outcome, before, after }) => (
      [keyOf(endpoint), key, mirror(outcome), ...mirror === mirrored ? [after, before] : [before, after]].join())).sort();
    expect(flat(back.differences, mirrored)).toEqual(flat(there.differences, (outcome) => outcome));
    const lone = (all: typeof there.lone, mirror: (side: string) => string) => all
      .map(({ endpoint, side }) => [endpoint, mirror(side)].join()).sort();
    expect(lone(back.lone, mirrored)).toEqual(lone(there.lone, (side) => side));
  }));
});

test('each row is matched once, or stands alone', () => {
  fc.assert(fc.property(job, job, ({ recommendations: a }, { recommendations: b }) => {
    const { pairs, onlyBefore, onlyAfter } = matched(a, b);
    const byId = (all: readonly JobRecommendation[]) => all.map(({ id }) => id).sort();
    expect(byId([...pairs.map(([one]) => one), ...onlyBefore])).toEqual(byId(a));
    expect(byId([...pairs.map(([, other]) => other), ...onlyAfter])).toEqual(byId(b));
    for (const [one, other] of pairs) {
      expect([other.instanceType, other.serverlessConfig?.MemorySizeInMB, other.isCompiled, other.environment])
        .toEqual([one.instanceType, one.serverlessConfig?.MemorySizeInMB, one.isCompiled, one.environment]);
    }
  }));
});

test('rows are matched by type, count, memory, compilation and tuned environment, first the same, then those of another count', () => {
  const { pairs, onlyBefore, onlyAfter } = matched(
    [row('ml.c5.xlarge', {}, { id: 'a1' }), row('ml.c5.xlarge', {}, { id: 'a2', instanceCount: 2 }), row('ml.c5.xlarge', {}, { id: 'a3', environment: { T: '1' } }), row('ml.m5.large', {}, { id: 'a4' })],
    [row('ml.c5.xlarge', {}, { id: 'b1', isCompiled: true }), row('ml.c5.xlarge', {}, { id: 'b2', instanceCount: 3 }), row('ml.c5.xlarge', {}, { id: 'b3' }), row('ml.c5.xlarge', {}, { id: 'b4', environment: { T: '1' } })],
  );
  expect(pairs.map(([one, other]) => [one.id, other.id]).sort()).toEqual([['a1', 'b3'], ['a2', 'b2'], ['a3', 'b4']]);
  expect([onlyBefore.map(({ id }) => id), onlyAfter.map(({ id }) => id)]).toEqual([['a4'], ['b1']]);
});

test('where the counts differ, totals are compared per instance', () => {
  const { differences, notes } = compareJobs(
    of(row('ml.c5.xlarge', { CostPerHour: 0.6, MaxInvocations: 3000, ModelLatency: 90, CostPerInference: 2e-6 }, { instanceCount: 3 })),
    of(row('ml.c5.xlarge', { CostPerHour: 0.2, MaxInvocations: 800, ModelLatency: 90, CostPerInference: 2.5e-6 })), 1);
  expect(new Set(differences.map(({ endpoint }) => endpoint))).toEqual(new Set(['ml.c5.xlarge × 3 and × 1']));
  expect(differences.map(({ key, before, after, outcome }) => [key, Number(before.toFixed(6)), Number(after.toFixed(6)), outcome])).toEqual([
    ['costPerMillionUsd', 2, 2.5, 'worse'],
    ['invocationsPerMinute', 1000, 800, 'worse'],
    ['costPerHourUsd', 0.2, 0.2, 'equal'],
    ['modelLatency', 90, 90, 'equal'],
  ]);
  expect(notes.slice(0, 2)).toEqual([expect.stringContaining('compared per instance'), 'Neither job reports CPU %, memory %.']);
});

test('a metric that one job lacks is said, and is neither equal nor better', () => {
  const { differences, notes } = compareJobs(
    of(row('ml.c5.xlarge', { CostPerHour: 0.2, ModelLatency: 90, CpuUtilization: 40 })), of(row('ml.c5.xlarge', { CostPerHour: 0.2, ModelLatency: NaN, CpuUtilization: 40 })), 1);
  expect(differences.at(-1)).toMatchObject({ key: 'modelLatency', outcome: 'unknown', before: 90, after: NaN });
  expect(notes).toContain('B lacks latency (ms or µs) of some endpoints: such a metric counts neither as equal nor as better.');
});

test('latencies of other units are said', () => {
  const { notes, differences } = compareJobs(of(row('ml.c5.xlarge', { ModelLatency: 263_596 })), of(row('ml.c5.xlarge', { ModelLatency: 300 })), 1);
  expect([differences.map(({ outcome }) => outcome), notes]).toEqual([['units'], expect.arrayContaining([expect.stringContaining('probably reports milliseconds')])]);
});

describe('what is chosen', () => {
  const cheap = row('ml.m5.xlarge', { CostPerInference: 1e-6, ModelLatency: 100, CostPerHour: 0.2 });
  const sentences = (before: ComparedJob, after: ComparedJob) => compareJobs(before, after, 1).chosen.map(({ sentence }) => sentence);

  test('without criteria is the cheapest by request', () => {
    expect(sentences(of(cheap), of(row('ml.c5.xlarge', { CostPerInference: 0.86e-6, ModelLatency: 103, CostPerHour: 0.2 })))).toEqual([
      'The chosen endpoint changed from ml.m5.xlarge × 1 to ml.c5.xlarge × 1: 14% cheaper per million, 3% slower.',
    ]);
    expect(sentences(of(cheap), of(cheap))).toEqual(['The chosen endpoint is the same, ml.m5.xlarge × 1: its figures are equal within 1%.']);
  });

  test('of a side without criteria is what the criteria of the other side choose', () => {
    const fast = row('ml.c5.xlarge', { CostPerInference: 9e-6, ModelLatency: 10, CostPerHour: 0.2 });
    const criteria = criteriaOf({ SchemaVersion: '', Family: '', JobName: '', Objective: 'LowestLatency', EndpointType: 'Any' });
    const stack: ComparedJob = { ...of(fast, cheap), chosen: [{ name: 'Shop/Best', criteria, endpoint: { instanceType: 'ml.c5.xlarge', instanceCount: 1, isCompiled: false, environment: {} }, figures: fast.figures }] };
    expect(sentences(of(cheap, fast), stack)).toEqual(['The chosen endpoint of Shop/Best is the same, ml.c5.xlarge × 1: its figures are equal within 1%.']);
    expect(sentences(stack, of(cheap))).toEqual([expect.stringContaining('changed from ml.c5.xlarge × 1 to ml.m5.xlarge × 1: 88.9% cheaper per million, 900% slower')]);
  });

  test('is lost where none may be chosen any more', () => {
    const none: ComparedJob = { ...of(), chosen: [{ name: 'Shop/Best', fallback: 'ml.m5.large' }] };
    const { chosen } = compareJobs(of(cheap), none, 1);
    expect(chosen).toMatchObject([{ isLost: true, sentence: 'The chosen endpoint of Shop/Best was ml.m5.xlarge × 1, and none may be chosen in B, so the fallback ml.m5.large serves.' }]);
    expect(compareJobs(none, of(cheap), 1).chosen).toMatchObject([{ isLost: false, sentence: expect.stringContaining('is ml.m5.xlarge × 1, and none may be chosen in A') }]);
    expect(compareJobs(none, none, 1).chosen).toMatchObject([{ isLost: false, sentence: expect.stringMatching(/^Of Shop\/Best, none may be chosen in A.*, and none may be chosen in B/) }]);
  });

  test('for instance pools is of as many types as they need, at the count that all of them need', () => {
    const criteria = criteriaOf({ SchemaVersion: '', Family: '', JobName: '', Objective: 'LowestCostPerInference', EndpointType: 'RealTime', InstancePools: '2', Limits: { MaxCostPerHour: '0.5' } });
    const load = { ...criteria, load: { invocationsPerMinute: 200, headroomPercent: 0 } };
    const [weak, other] = [row('ml.m5.xlarge', { CostPerInference: 1e-6, CostPerHour: 0.2, MaxInvocations: 100 }), row('ml.c5.xlarge', { CostPerInference: 2e-6, CostPerHour: 0.2, MaxInvocations: 200 })];
    const dear = row('ml.c5.2xlarge', { CostPerInference: 3e-6, CostPerHour: 0.4, MaxInvocations: 400 });
    const choosing = (given: typeof criteria): ComparedJob => ({ ...of(weak, other), chosen: [{ name: 'Shop/Best', criteria: given, endpoint: { instanceType: 'ml.m5.xlarge', instanceCount: 2, isCompiled: false, environment: {} }, figures: weak.figures }] });
    expect(sentences(choosing(criteria), of(weak, other))).toEqual([expect.stringMatching(/changed from ml\.m5\.xlarge × 2 to ml\.m5\.xlarge × 1/)]);
    expect(compareJobs(choosing(criteria), of(weak), 1).chosen).toMatchObject([{
      isLost: true, sentence: 'The chosen endpoint of Shop/Best was ml.m5.xlarge × 2, and none is chosen in B, because only 1 of the 2 instance types that are wanted may be chosen.',
    }]);
    expect(sentences(choosing(load), of(weak, dear))).toEqual([expect.stringContaining('none is chosen in B, because no 2 instance types keep the limits together.')]);
  });

  test('by constructs of two stacks is matched by their paths without the stacks', () => {
    const choice = (name: string) => ({ name, endpoint: { instanceType: 'ml.m5.xlarge', instanceCount: 1, isCompiled: false, environment: {} }, figures: cheap.figures });
    const side = (stack: string, ...ids: string[]): ComparedJob => ({ ...of(cheap), chosen: ids.map((id) => choice(`${stack}/${id}`)) });
    expect(compareJobs(side('Main', 'Api/Best', 'Batch/Best'), side('Pr7', 'Batch/Best', 'Api/Best'), 1).chosen.map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining('of Pr7/Api/Best is the same'), expect.stringContaining('of Pr7/Batch/Best is the same'),
    ]);
  });
});
