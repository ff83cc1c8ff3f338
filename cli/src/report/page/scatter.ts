import { axisX, axisY, dot, gridX, gridY, line, pointer, tip } from '@observablehq/plot';
import { drawnOn, GRID, insideOf, labelOf, leader, limitMarks, LINE, put, svgOf, widthOf } from './marks';
import { axisOf, tickText } from '../axis';
import type { ChoiceData, PlotData, RecommendationData } from '../data';
import { loadText } from '../fleet-words';
import { Box, Placed, placed } from '../labels';
import { drawn, frontOf, inColumn, textInColumn } from '../plots';

const MARGIN = { top: 26, right: 16, bottom: 42, left: 52 };

/** Lines of text between a mark and its label: a far name of a less important one would only add to the crowd. */
const FARTHEST = 4;

type Label = Pick<Placed, 'text' | 'box'>;

const LOOKS = {
  'chosen': { symbol: 'star', r: 8, fill: 'var(--chosen)', stroke: 'var(--card)', color: 'var(--chosen)', weight: 700, farthest: FARTHEST },
  'pool': { symbol: 'diamond', r: 7, fill: 'var(--chosen)', stroke: 'var(--card)', color: 'var(--chosen)', weight: 600, farthest: FARTHEST },
  'runner-up': { symbol: 'square', r: 6, fill: 'var(--second)', stroke: 'var(--card)', color: 'var(--second)', weight: 600, farthest: FARTHEST },
  'allowed': { symbol: 'circle', r: 5, fill: 'var(--card)', stroke: 'var(--other)', color: 'var(--other)', weight: 400, farthest: 1 },
  'rejected': { symbol: 'times', r: 5, fill: 'none', stroke: 'var(--rejected)', color: 'var(--rejected)', weight: 400, farthest: 1 },
} as const;

/** One figure against another. */
export function drawScatter(place: HTMLElement, choice: ChoiceData, plot: PlotData, width: number): void {
  const points = drawn(choice, plot);
  const x = (one: RecommendationData) => inColumn(one, plot.x);
  const y = (one: RecommendationData) => inColumn(one, plot.y);
  const axesOf = (metric: string) => [plot.x, plot.y].filter((column) => column.metric === metric);
  const limits = choice.limits.filter(({ value }) => value > 0).flatMap(({ metric, bound, value }) => axesOf(metric).map((column) => ({
    value: value * column.factor, isVertical: column === plot.x, text: `at ${bound} ${textInColumn(column, value * column.factor)}`,
  })));
  const limitsOf = (isVertical: boolean) => limits.filter((limit) => limit.isVertical === isVertical).map(({ value }) => value);
  const sheet = { width, height: Math.round(Math.min(380, Math.max(280, width * 0.66))), margin: MARGIN };
  const xAxis = axisOf([...points.map(x), ...limitsOf(true)], Math.max(3, Math.floor(width / 90)));
  const yAxis = axisOf([...points.map(y), ...limitsOf(false)], 6);
  const front = frontOf(choice, plot).filter((one) => points.includes(one));
  // The most important ones are drawn last, and so on top.
  const order = [...points].reverse();
  const { drawing, at } = drawnOn(sheet, {
    x: { type: xAxis.type, domain: xAxis.domain as unknown as number[] },
    y: { type: yAxis.type, domain: yAxis.domain as unknown as number[] },
    marks: [
      gridX(xAxis.ticks, GRID),
      gridY(yAxis.ticks, GRID),
      axisX(xAxis.ticks, { text: tickText, label: `${plot.x.title} →`, tickSize: 0, labelOffset: 38 }),
      axisY(yAxis.ticks, { text: tickText, label: `↑ ${plot.y.title}${plot.y.metric === 'CostPerHour' && choice.load ? ` for ${loadText(choice.load.invocationsPerMinute)}` : ''}`, tickSize: 0 }),
      ...limitMarks(limits),
      line(front, { x, y, stroke: 'var(--front)', strokeWidth: 2, curve: 'step-after' }),
      ...order.map((one) => {
        const { symbol, r, fill, stroke } = LOOKS[one.verdict];
        return dot([one], { x, y, symbol, r, fill, stroke, strokeWidth: one.verdict === 'rejected' || one.verdict === 'allowed' ? 2 : 1 });
      }),
      tip(points, pointer({ x, y, title: (one: RecommendationData) => tipText(choice, one), fill: 'var(--card)', stroke: 'var(--line)' })),
    ],
  });
  const frame = insideOf(sheet);
  const limitLabels = limits.map(({ value, isVertical, text }): Label => {
    const wide = widthOf(text);
    const [px, py] = isVertical ? [at('x', value), frame.y] : [frame.x + frame.width - wide, at('y', value) - LINE - 2];
    const fits = px + 4 + wide <= frame.x + frame.width;
    return { text, box: { x: isVertical ? (fits ? px + 4 : px - 4 - wide) : px, y: Math.max(frame.y, py), width: wide, height: LINE } };
  });
  drawing.append(...limitLabels.map((one) => labelOf(one, 'var(--limit)')));
  nameMarks(drawing, points.map((one) => ({ one, x: at('x', x(one)), y: at('y', y(one)) })), [
    ...limitLabels.map(({ box }) => box),
    ...limits.map(({ value, isVertical }) => (isVertical ? { ...frame, x: at('x', value) - 1, width: 2 } : { ...frame, y: at('y', value) - 1, height: 2 })),
    ...steps(front.map((one) => ({ x: at('x', x(one)), y: at('y', y(one)) }))),
  ], frame);
  const said = points.map((one) => `${one.rank} ${one.label}, ${one.verdict}`).join('; ');
  put(place, drawing, `${plot.title}: ${said}. The figures are in the table of all recommendations.`);
}

/** The lines of a front, level first and then steep. */
function steps(points: ReadonlyArray<{ readonly x: number; readonly y: number }>): Box[] {
  return points.slice(1).flatMap((to, at) => {
    const from = points[at];
    return [
      { x: Math.min(from.x, to.x), y: from.y - 1, width: Math.abs(to.x - from.x), height: 2 },
      { x: to.x - 1, y: Math.min(from.y, to.y), width: 2, height: Math.abs(to.y - from.y) },
    ];
  });
}

interface Mark {
  readonly one: RecommendationData;
  readonly x: number;
  readonly y: number;
}

/** Numbers are those of the table. Where a name has no room, its number stays. */
function nameMarks(drawing: SVGSVGElement, points: readonly Mark[], obstacles: readonly Box[], frame: Box): void {
  const places = placed(points.map(({ one: { rank, label: name, verdict }, x, y }) => {
    const { r, weight, farthest } = LOOKS[verdict];
    const texts = [{ text: `${rank} ${name}`, farthest }, { text: String(rank), farthest: FARTHEST }];
    return { x, y, radius: r + 1, texts: texts.map((one) => ({ ...one, width: widthOf(one.text, weight) })) };
  }), LINE, frame, obstacles);
  const labels = points.flatMap(({ one, x, y }, at) => {
    const place = places[at];
    const { color, weight } = LOOKS[one.verdict];
    return place ? [...place.isFar ? [leader(x, y, place.box, color)] : [], labelOf(place, color, weight)] : [];
  });
  // Below the marks that a pointer shows.
  drawing.insertBefore(groupOf(labels), drawing.querySelector('[aria-label="tip"]'));
}

function groupOf(elements: readonly SVGElement[]): SVGElement {
  const group = svgOf('g', {});
  group.append(...elements);
  return group;
}

function tipText({ columns }: ChoiceData, { rank, endpoint, verdict, reasons, ...one }: RecommendationData): string {
  const known = columns.filter((column) => !Number.isNaN(inColumn(one, column)));
  return [`${rank} ${endpoint}: ${verdict}`, ...known.map((column) => `${textInColumn(column, inColumn(one, column))} ${column.title}`), ...reasons].join('\n');
}
