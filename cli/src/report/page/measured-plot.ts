import { axisX, axisY, dot, gridX, gridY, line, pointer, ruleY, tip } from '@observablehq/plot';
import { drawnOn, GRID, insideOf, labelOf, leader, LINE, put, svgOf, widthOf } from './marks';
import { rounded } from '../../subject/numbers';
import { axisOf, tickText } from '../axis';
import { CurvePlot, DRAWN_STATS, DrawnStat, RangePlot } from '../data';
import { Box, placed } from '../labels';

const ROW = 44;
/** How far a name may stand from its mark, in lines. */
const FARTHEST = 4;

export const STAT_LOOKS: Readonly<Record<DrawnStat, { readonly symbol: 'circle' | 'diamond2' | 'square2' | 'triangle2'; readonly color: string }>> = {
  avg: { symbol: 'diamond2', color: 'var(--second)' },
  p50: { symbol: 'circle', color: 'var(--other)' },
  p90: { symbol: 'square2', color: 'var(--front)' },
  p99: { symbol: 'triangle2', color: 'var(--chosen)' },
};

type Value = { readonly row: number; readonly label: string; readonly stat: DrawnStat; readonly ms: number };

/** A line for each row, from its least to its greatest statistic. Names stand above, so that long ones leave room on a telephone as well. */
export function drawRanges(place: HTMLElement, { title, rows }: RangePlot, width: number): void {
  const margin = { top: 4, right: 16, bottom: 42, left: 16 };
  const sheet = { width, height: margin.top + margin.bottom + rows.length * ROW, margin };
  const values = rows.flatMap(({ label, values: own }, row) => own.map(({ stat, ms }): Value => ({ row, label, stat, ms })));
  const axis = axisOf(values.map(({ ms }) => ms), Math.max(3, Math.floor(width / 90)));
  const y = ({ row }: { readonly row: number }) => row + 0.68;
  const ends = rows.map(({ values: own }, row) => ({ row, least: Math.min(...own.map(({ ms }) => ms)), most: Math.max(...own.map(({ ms }) => ms)) }));
  const { drawing, at } = drawnOn(sheet, {
    x: { type: axis.type, domain: axis.domain as unknown as number[] },
    y: { type: 'linear', domain: [rows.length, 0], axis: null },
    marks: [
      gridX(axis.ticks, GRID),
      axisX(axis.ticks, { text: tickText, label: 'ms →', tickSize: 0, labelOffset: 38 }),
      ruleY(ends, { x1: 'least', x2: 'most', y, stroke: 'var(--other)', strokeWidth: 2 }),
      ...DRAWN_STATS.map((stat) => dot(values.filter((one) => one.stat === stat), {
        x: 'ms', y, symbol: STAT_LOOKS[stat].symbol, r: 5.5, fill: STAT_LOOKS[stat].color, stroke: 'var(--card)', strokeWidth: 1,
      })),
      tip(values, pointer({ x: 'ms', y, title: ({ label, stat, ms }: Value) => `${label} ${stat}\n${rounded(ms)} ms`, fill: 'var(--card)', stroke: 'var(--line)' })),
    ],
  });
  const group = svgOf('g', {});
  for (const { row, least, most } of ends) {
    const top = margin.top + row * ROW;
    const middle = at('y', y({ row }));
    group.append(labelOf({ text: fitting(rows[row].label, width - margin.left - margin.right), box: { x: margin.left, y: top, width: 0, height: LINE } }, 'var(--text)', 600));
    // The figures of both ends, where they have room beside their marks.
    for (const [value, side] of [[least, -1], [most, 1]] as const) {
      const text = rounded(value);
      const wide = widthOf(text);
      const x = side < 0 ? at('x', value) - 10 - wide : at('x', value) + 10;
      if (x < margin.left || x + wide > width - margin.right + 12 || (side < 0 && least === most)) { continue; }
      group.append(labelOf({ text, box: { x, y: middle - LINE / 2 - 1, width: wide, height: LINE } }, 'var(--muted)'));
    }
  }
  drawing.insertBefore(group, drawing.querySelector('[aria-label="tip"]'));
  const said = rows.map(({ label, values: own }) => `${label}: ${own.map(({ stat, ms }) => `${stat} ${rounded(ms)} ms`).join(', ')}`).join('; ');
  put(place, drawing, `${title}. ${said}`);
}

/** As much of a text as fits, with an ellipsis. */
function fitting(text: string, width: number): string {
  let fits = text;
  while (fits.length > 1 && widthOf(fits === text ? text : `${fits}…`, 600) > width) { fits = fits.slice(0, -1); }
  return fits === text ? text : `${fits}…`;
}

/** The runs of a sweep as points, joined in their order. */
export function drawCurve(place: HTMLElement, { title, x: across, y: up, points }: CurvePlot, width: number): void {
  const sheet = { width, height: Math.round(Math.min(380, Math.max(260, width * 0.5))), margin: { top: 26, right: 16, bottom: 42, left: 60 } };
  const xAxis = axisOf(points.map(({ x }) => x), Math.max(3, Math.floor(width / 90)));
  const yAxis = axisOf(points.map(({ y }) => y), 6);
  const { drawing, at } = drawnOn(sheet, {
    x: { type: xAxis.type, domain: xAxis.domain as unknown as number[] },
    y: { type: yAxis.type, domain: yAxis.domain as unknown as number[] },
    marks: [
      gridX(xAxis.ticks, GRID),
      gridY(yAxis.ticks, GRID),
      axisX(xAxis.ticks, { text: tickText, label: `${across} →`, tickSize: 0, labelOffset: 38 }),
      axisY(yAxis.ticks, { text: tickText, label: `↑ ${up}`, tickSize: 0 }),
      line(points, { x: 'x', y: 'y', stroke: 'var(--front)', strokeWidth: 2 }),
      dot(points, { x: 'x', y: 'y', r: 5.5, fill: 'var(--chosen)', stroke: 'var(--card)', strokeWidth: 1 }),
      tip(points, pointer({ x: 'x', y: 'y', title: (one: CurvePlot['points'][number]) => `${one.label}\n${rounded(one.x)} ms\n${rounded(one.y)} tokens/sec`, fill: 'var(--card)', stroke: 'var(--line)' })),
    ],
  });
  const frame = insideOf(sheet);
  const marks = points.map(({ label, x, y }) => ({
    x: at('x', x), y: at('y', y), radius: 6.5, texts: [{ text: label, farthest: FARTHEST, width: widthOf(label) }],
  }));
  const group = svgOf('g', {});
  placed(marks, LINE, frame, alongLine(marks)).forEach((one, index) => {
    if (!one) { return; }
    const { x, y } = marks[index];
    group.append(...one.isFar ? [leader(x, y, one.box, 'var(--other)')] : [], labelOf(one, 'var(--text)'));
  });
  drawing.insertBefore(group, drawing.querySelector('[aria-label="tip"]'));
  put(place, drawing, `${title}: ${points.map(({ label, x, y }) => `${label} ${rounded(x)} ms, ${rounded(y)} tokens/sec`).join('; ')}`);
}

/** The line from point to point, as small boxes that no name may cover. */
function alongLine(points: ReadonlyArray<{ readonly x: number; readonly y: number }>): Box[] {
  const STEP = 6;
  return points.slice(1).flatMap((to, at) => {
    const from = points[at];
    const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / STEP);
    return Array.from({ length: steps }, (_, step): Box => ({
      x: from.x + (to.x - from.x) * step / steps - 1, y: from.y + (to.y - from.y) * step / steps - 1, width: 3, height: 3,
    }));
  });
}
