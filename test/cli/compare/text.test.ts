import * as fc from 'fast-check';
import { job } from './arbitrary';
import { ComparedJob, compareJobs } from '../../../cli/src/compare/jobs';
import { asCsv, asData, asMarkdown, asText, gateOf, gateText, isComparable, LONGEST_MARKDOWN, Report, summaryOf } from '../../../cli/src/compare/text';
import type { JobRecommendation } from '../../../lambda/jobs/family';

const IO = { out: () => {}, err: () => {}, isTerminal: false, hasColors: false, columns: 120 };

function reportOf(a: ComparedJob, b: ComparedJob): Report {
  return { before: 'main', after: 'pr', columns: ['A', 'B'], equalWithin: 1, comparisons: [compareJobs(a, b, 1)], notes: [] };
}

function row(figures: Partial<JobRecommendation['figures']>, more: Partial<JobRecommendation> = {}): JobRecommendation {
  const none = { CostPerHour: NaN, CostPerInference: NaN, MaxInvocations: NaN, ModelLatency: NaN, CpuUtilization: NaN, MemoryUtilization: NaN };
  return { id: 'job/1', instanceType: 'ml.c5.xlarge', instanceCount: 1, isCompiled: false, environment: {}, attributes: {}, ...more, figures: { ...none, ...figures } };
}
const of = (...recommendations: JobRecommendation[]): ComparedJob => ({ recommendations, chosen: [] });
const PAIR = [of(row({ CostPerHour: 0.2, ModelLatency: 100 })), of(row({ CostPerHour: 0.1, ModelLatency: 120 }), row({ CostPerInference: 1e-6 }, { instanceType: 'ml.m5.large' }))] as const;

test('people read a table, regressions first, with colors where the terminal has them', () => {
  const text = asText(reportOf(...PAIR), undefined, IO);
  expect(text.split('\n').slice(4, 8).map((line) => line.replace(/ +/g, ' '))).toEqual([
    'result endpoint metric A B difference', 'worse ml.c5.xlarge × 1 latency (ms or µs) 100 120 +20%', 'better ml.c5.xlarge × 1 USD an hour 0.20 0.10 -50%',
    'only in B ml.m5.large × 1 USD per million 1.00',
  ]);
  expect(text.split('\n').at(-1)).toBe('1 figure is worse, 1 better and 0 equal within 1%. The worst is latency (ms or µs) of ml.c5.xlarge × 1, +20%. 1 endpoint is only in B.');
  const colored = asText(reportOf(...PAIR), undefined, { ...IO, hasColors: true });
  expect(colored).toContain('\u001b[31mworse\u001b[39m');
  expect(colored).toContain('\u001b[32mbetter\u001b[39m');
});

test('a pull request reads a sentence, what has changed, and all figures below a fold', () => {
  const text = asMarkdown(reportOf(...PAIR), gateOf([compareJobs(...PAIR, 1)], 10, false), IO);
  expect(text).toMatch(/^### Inference Recommender: pr compared with main\n\n❌ 1 figure is worse by more than 10%\.\n/);
  expect(text).toContain('| worse | ml.c5.xlarge × 1 | latency (ms or µs) | 100 | 120 | +20% |');
  expect(text.indexOf('<details>')).toBeGreaterThan(text.indexOf('| better |'));
  expect(text.indexOf('| only in B |')).toBeGreaterThan(text.indexOf('<details>'));
  expect(asMarkdown(reportOf(...PAIR), undefined, { ...IO, hasColors: true, isTerminal: true })).not.toContain('\u001b');
});

test('a variable of a job writes no Markdown and no HTML', () => {
  const one = of(row({ CostPerHour: 0.2 }, { environment: { T: '<img src=x>|@team *bold* `code` [a](b)\n# x' } }));
  const text = asMarkdown(reportOf(one, one), undefined, IO);
  expect(text).not.toMatch(/<img|[^\\]@team|[^\\]\*bold|[^\\]`code|^# x/m);
  const table = text.split('\n').filter((line) => line.startsWith('| equal'));
  expect(table.map((line) => line.match(/(?<!\\)\|/g)!.length)).toEqual([7]);
});

test('a comment fits into what GitHub takes, however many rows there are', () => {
  const many = (cost: number, size: number) => of(...Array.from({ length: size }, (_one, index) => row({ CostPerHour: cost, ModelLatency: cost, CostPerInference: cost }, { environment: { NAME: `${'v'.repeat(100)}${index}` } })));
  const [small, large] = [20, 700].map((size) => asMarkdown(reportOf(many(1, size), many(2, size)), undefined, IO));
  expect(large.length).toBeLessThanOrEqual(LONGEST_MARKDOWN);
  expect(large.length).toBeGreaterThan(LONGEST_MARKDOWN * 0.95);
  expect(large).toMatch(/\n[\d]+ more rows have no room here: --format csv has them all\.\n\n[^]*<\/details>\n$/);
  expect(small).not.toContain('no room');
});

test('JSON and CSV have the exact figures', () => {
  const report = reportOf(...PAIR);
  expect(JSON.parse(JSON.stringify(asData(report, gateOf(report.comparisons, 10, false))))).toMatchObject({
    comparisons: [{ differences: [{ metric: 'modelLatency', endpoint: 'ml.c5.xlarge × 1', before: 100, after: 120, percent: 20, outcome: 'worse' }, { outcome: 'better' }], onlyAfter: [{ endpoint: 'ml.m5.large × 1' }] }],
    failOnRegression: { percent: 10, onlyChosen: false, broken: [{ metric: 'modelLatency' }], lost: [] },
  });
  expect(asCsv(report, IO).split('\n')).toEqual([
    'of,outcome,endpoint,metric,before,after,percent', ',worse,ml.c5.xlarge × 1,modelLatency,100,120,20', ',better,ml.c5.xlarge × 1,costPerHourUsd,0.2,0.1,-50',
    ',only-after,ml.m5.large × 1,costPerMillionUsd,,1,',
  ]);
});

test('the threshold is broken by a matched metric, or by the chosen alone', () => {
  const [a, b] = [of(row({ CostPerInference: 1e-6, ModelLatency: 100 })), of(row({ CostPerInference: 1.2e-6, ModelLatency: 100 }), row({ CostPerInference: 1e-6, ModelLatency: 100 }, { instanceType: 'ml.m5.large' }))];
  const all = [compareJobs(a, b, 1)];
  expect([5, 20, 25].map((threshold) => gateOf(all, threshold, false).broken.length)).toEqual([1, 0, 0]);
  expect(gateOf(all, 5, true).broken).toEqual([]);
  expect(gateText(gateOf(all, 5, true))).toBe('No figure of the chosen endpoint is worse by more than 5%.');
  const lost = [compareJobs(a, { ...of(), chosen: [{ name: 'Shop/Best' }] }, 1)];
  expect(gateText(gateOf(lost, 5, true))).toBe('The chosen endpoint of Shop/Best was ml.c5.xlarge × 1, and none may be chosen in B.');
});

test('a gate never judges where nothing can be compared', () => {
  const unknown = [compareJobs(of(row({ ModelLatency: 100 })), of(row({ CostPerHour: 1 })), 1)];
  expect((['all', 'matched', 'chosen'] as const).map((which) => isComparable(unknown, which))).toEqual([false, false, false]);
  const apart = [compareJobs(of(row({ CostPerInference: 1e-6 })), of(row({ CostPerInference: 2e-6 }, { instanceType: 'ml.m5.large' })), 1)];
  expect((['all', 'matched', 'chosen'] as const).map((which) => isComparable(apart, which))).toEqual([true, false, true]);
});

test('a job compared with itself breaks no threshold, and a summary counts each figure once', () => {
  fc.assert(fc.property(job, job, (a, b) => {
    expect(gateOf([compareJobs(a, a, 0)], 0, false)).toMatchObject({ broken: [], lost: [] });
    expect(gateOf([compareJobs(a, a, 0)], 0, true)).toMatchObject({ broken: [], lost: [] });
    const comparison = compareJobs(a, b, 1);
    const counts = [...summaryOf([comparison], 1).split('. ')[0].matchAll(/(\d+) (?:figures? (?:is|are) worse|better|equal|depend|probably|are reported)/g)].map(([, count]) => Number(count));
    expect(counts.reduce((sum, one) => sum + one, 0)).toBe(comparison.differences.length);
  }));
});
