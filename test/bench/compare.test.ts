import { compared, merged } from '../../bench/compare';
import { atLeast, atMost, count, figure, Figure } from '../../bench/figures';
import { drawn, Plot } from '../../bench/plot';
import { Section } from '../../bench/report';

const section = (ours: Figure, unit = 'ms', goal?: ReturnType<typeof atMost>): Section[] => [{ title: 'Synth', rows: [{ what: 'of one job', unit, ours, others: {}, goal }] }];
const verdict = (now: Section[][], then: Section[][]) => compared(now, then).map((one) => one.verdict);

describe('a figure of two commits', () => {
  test.each<[string, Figure[], Figure[], string]>([
    ['spreads that touch', [figure([100, 110, 120])], [figure([90, 95, 101])], 'same'],
    ['slower in every run', [figure([130, 140]), figure([128, 139])], [figure([100, 104]), figure([99, 110])], 'worse'],
    ['faster in every run', [figure([50, 55])], [figure([90, 95])], 'better'],
    ['slower by less than two runs differ anyway', [figure([103, 104])], [figure([100, 101])], 'same'],
  ])('of time, with %s', (_name, now, then, expected) => {
    expect(verdict(now.map((one) => section(one)), then.map((one) => section(one)))).toEqual([expected]);
  });

  test('that is counted differs by any amount', () => {
    expect(verdict([section(count(64), '')], [section(count(63), '')])).toEqual(['worse']);
    expect(verdict([section(count(63), '')], [section(count(63), '')])).toEqual(['same']);
  });

  test('of which more is better, is worse if there is less', () => {
    expect(verdict([section(count(39), '', atLeast(39, 40, ''))], [section(count(40), '', atLeast(40, 40, ''))])).toEqual(['worse']);
    expect(verdict([section(count(41), '', atLeast(41, 40, ''))], [section(count(40), '', atLeast(40, 40, ''))])).toEqual(['better']);
  });

  test('that only one of them has is left out', () => {
    expect(compared([section(count(1))], [[{ title: 'Load', rows: [] }]])).toEqual([]);
  });

  test('has the spread of its rounds, so that one run that is far off hides nothing', () => {
    expect(merged([figure([3, 5]), figure([1, 4])])).toEqual({ median: 4, min: 2.5, max: 4, runs: 4 });
    const slow = [[165, 168, 170], [166, 169, 171]].map((runs) => section(figure(runs)));
    expect(verdict(slow, [[111, 113, 190], [110, 114, 175]].map((runs) => section(figure(runs))))).toEqual(['worse']);
  });
});

describe('a plot', () => {
  const plot: Plot = {
    name: 'one',
    title: 'Polls & lag',
    x: { label: 'jobs', isLogarithmic: true },
    y: { label: 'seconds' },
    lines: [{ name: 'ours', points: [[1, 2], [10, 30], [300, 84]] }, { name: 'theirs', points: [[1, 1], [300, 321]] }],
  };
  const circles = (picture: string) => Array.from(picture.matchAll(/<circle cx="(\d+)" cy="(\d+)"/g), ([, x, y]) => [Number(x), Number(y)]);

  test('has each point within its axes, further to the right the more jobs, and higher the greater', () => {
    const points = circles(drawn(plot));
    expect(points).toHaveLength(5);
    const [first, second, third, , last] = points;
    expect(first[0]).toBeLessThan(second[0]);
    expect(second[0]).toBeLessThan(third[0]);
    expect(third[0]).toBe(last[0]);
    expect(last[1]).toBeLessThan(third[1]);
    points.forEach(([x, y]) => { expect([x >= 70, x <= 696, y >= 72, y <= 288]).toEqual([true, true, true, true]); });
  });

  test('names its axes and lines, escapes text, and is the same each time', () => {
    const picture = drawn(plot);
    ['jobs', 'seconds', 'ours', 'theirs', 'Polls &#38; lag'].forEach((words) => expect(picture).toContain(words));
    expect(drawn(plot)).toBe(picture);
  });

  test('of one point, of zeros or on a plain axis is drawn, too', () => {
    for (const lines of [[{ name: 'a', points: [[1, 0]] as Array<[number, number]> }], [{ name: 'a', points: [[0, 1], [24, 1_500_000]] as Array<[number, number]> }]]) {
      const picture = drawn({ ...plot, x: { label: 'hours' }, lines });
      expect(picture).not.toMatch(/NaN|Infinity/);
      expect(circles(picture)).toHaveLength(lines[0].points.length);
    }
  });
});
