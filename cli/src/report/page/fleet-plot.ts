import { axisX, axisY, dot, gridX, gridY, line, ruleX } from '@observablehq/plot';
import { drawnOn, GRID, labelOf, LINE, put, svgOf, widthOf } from './marks';
import { kindOf } from '../../../../src/contract/kinds';
import { logAxis, tickText } from '../axis';
import { ChoiceData, RecommendationData, servable } from '../data';
import { fleetAt, loadsBetween } from '../fleet';
import { bestOfEachKind, breakEvenOf, fleetRows, fleetSentence, greatestLoad, greatestLoadOf, isServerless, loadOf, loadText } from '../fleet-words';
import { apart } from '../labels';

/** Below this width a name beside its curve would leave no room for the curve. */
const NARROW = 480;
const POINTS = 400;
/** How far below the least fleet the axis begins: a serverless endpoint costs next to nothing without requests. */
const BELOW = 30;

interface Look {
  readonly color: string;
  readonly width: number;
  readonly dashes?: string;
}

const LOOKS: Readonly<Record<RecommendationData['verdict'], Look>> = {
  'chosen': { color: 'var(--chosen)', width: 3 },
  'pool': { color: 'var(--chosen)', width: 2, dashes: '8 3' },
  'runner-up': { color: 'var(--second)', width: 2.25 },
  'allowed': { color: 'var(--other)', width: 1.25 },
  'rejected': { color: 'var(--rejected)', width: 1.25 },
};

function lookOf(one: RecommendationData): Look {
  return isServerless(one) ? { dashes: '6 4', ...LOOKS[one.verdict] } : LOOKS[one.verdict];
}

/** A curve an endpoint, the load as a line across, and the break-even. */
export function drawFleet(place: HTMLElement, choice: ChoiceData, load: number, width: number): void {
  const all = servable(choice);
  const isNarrow = width < NARROW;
  const names = new Map(all.map((one) => [one, isNarrow ? String(one.rank) : `${one.rank} ${one.label}`]));
  const right = Math.ceil(Math.max(...[...names.values()].map((name) => widthOf(name, 700)))) + 22;
  const margin = { top: 30, right, bottom: 42, left: 52 };
  const height = Math.round(Math.min(420, Math.max(300, width * 0.45)));
  const most = greatestLoad(choice);
  const usdAt = (one: RecommendationData, at: number) => fleetAt(one.benchmarked, loadOf(choice, at), kindOf(choice.family)).usdPerMonth;
  const curves = all.map((one) => {
    const loads = loadsBetween(1, greatestLoadOf(one, choice), POINTS);
    return { one, points: loads.map((at) => ({ load: at, usd: usdAt(one, at) })) };
  });
  const { instances } = bestOfEachKind(choice);
  const least = Math.min(...all.filter((one) => !isServerless(one)).map((one) => usdAt(one, 1)));
  const greatest = Math.max(...curves.map(({ points }) => points[points.length - 1].usd));
  const bottom = Math.max(Math.min(...curves.map(({ points }) => points[0].usd)), instances ? least / BELOW : 0);
  const xTicks = logAxis(1, most, Math.max(3, Math.floor((width - right) / 60))).ticks;
  const yAxis = logAxis(bottom / 1.2, greatest * 1.3, 7);
  const found = breakEvenOf(choice);
  const even = found && found.first <= Math.min(found.mostServerless, most) && found.first >= 1 ? found.first : undefined;
  const dots = fleetRows(choice, load).flatMap(({ recommendation, usdPerMonth = 0 }) => (
    usdPerMonth < yAxis.domain[0] ? [] : [{ recommendation, usdPerMonth }]));
  const { drawing, at } = drawnOn({ width, height, margin }, {
    x: { type: 'log', domain: [1, most] },
    y: { type: 'log', domain: yAxis.domain as unknown as number[] },
    marks: [
      gridX(xTicks, GRID),
      gridY(yAxis.ticks, GRID),
      axisX(xTicks, { text: tickText, label: 'requests a minute →', tickSize: 0, labelOffset: 38 }),
      axisY(yAxis.ticks, { text: tickText, label: '↑ USD a month', tickSize: 0 }),
      ...even === undefined ? [] : [ruleX([even], { stroke: 'var(--front)', strokeWidth: 1.5, strokeDasharray: '5 4' })],
      ruleX([load], { stroke: 'var(--text)', strokeWidth: 1.5 }),
      ...[...curves].reverse().map(({ one, points }) => {
        const { color, width: strokeWidth, dashes } = lookOf(one);
        return line(points, { x: 'load', y: 'usd', stroke: color, strokeWidth, strokeDasharray: dashes, clip: true });
      }),
      ...dots.reverse().map(({ recommendation, usdPerMonth }) => (
        dot([usdPerMonth], { x: [load], y: [usdPerMonth], r: 4.5, fill: lookOf(recommendation).color, stroke: 'var(--card)', strokeWidth: 1.5 }))),
      ...even === undefined || !instances || usdAt(instances, even) < yAxis.domain[0] ? []
        : [dot([even], { x: [even], y: [usdAt(instances, even)], r: 6, symbol: 'diamond', fill: 'var(--front)', stroke: 'var(--card)', strokeWidth: 1.5 })],
    ],
  });
  nameCurves(drawing, curves.map(({ one, points }) => ({
    one, text: names.get(one)!, x: at('x', points[points.length - 1].load), y: at('y', points[points.length - 1].usd),
  })), width - right + 14, margin.top, height - margin.bottom - LINE);
  if (even !== undefined) {
    const text = isNarrow ? 'break-even' : `break-even at ${loadText(even)}`;
    const wide = widthOf(text);
    const x = Math.min(Math.max(at('x', even) - wide / 2, margin.left), width - right - wide);
    drawing.append(labelOf({ text, box: { x, y: margin.top - LINE - 1, width: wide, height: LINE } }, 'var(--front)'));
  }
  put(place, drawing, `Dollars a month by load, a curve an endpoint. ${fleetSentence(choice, load)} The figures are in the tables below.`);
}

interface End {
  readonly one: RecommendationData;
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** Beside the ends of the curves, apart from one another. */
function nameCurves(drawing: SVGSVGElement, ends: readonly End[], left: number, top: number, bottom: number): void {
  const places = apart(ends.map(({ y }) => y - LINE / 2), LINE, top, bottom);
  ends.forEach(({ one, text, x, y }, at) => {
    const { color } = lookOf(one);
    const weight = one.verdict === 'chosen' ? 700 : 400;
    const box = { x: left, y: places[at], width: widthOf(text, weight), height: LINE };
    drawing.append(svgOf('path', { d: `M${x + 1} ${y}L${left - 4} ${places[at] + LINE / 2}`, stroke: color, fill: 'none' }), labelOf({ text, box }, color, weight));
  });
}
