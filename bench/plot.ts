import { Color, line, svg } from '../demo/pictures/svg';

/** An axis of a plot, which begins at 0 if it is not logarithmic. */
interface Axis {
  readonly label: string;
  readonly isLogarithmic?: boolean;
}

/** How a figure grows: a picture beside a table. */
export interface Plot {
  /** Its file in `bench/pictures`, without the extension. */
  readonly name: string;
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: ReadonlyArray<{ readonly name: string; readonly points: ReadonlyArray<readonly [x: number, y: number]> }>;
}

const [WIDTH, HEIGHT] = [720, 340];
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 24, 72, 52];
const COLORS: readonly Color[] = ['blue', 'amber', 'green', 'violet'];

/** Round numbers from 0 to at least the greatest value. */
function ticks(value: number): number[] {
  const greatest = value || 1;
  const step = [1, 2, 5, 10].map((n) => n * 10 ** Math.floor(Math.log10(greatest) - 0.3)).find((one) => greatest / one <= 5)!;
  return Array.from({ length: Math.ceil(greatest / step) + 1 }, (_, n) => Number((n * step).toPrecision(6)));
}

/** Draws a plot. The same figures give the same picture. */
export function drawn({ title, x, y, lines }: Plot): string {
  const points = lines.flatMap((one) => one.points);
  const xs = [...new Set(points.map(([at]) => at))].sort((a, b) => a - b);
  const yTicks = ticks(Math.max(...points.map(([, value]) => value)));
  const [from, to] = [xs[0], xs[xs.length - 1]];
  const place = (value: number) => (x.isLogarithmic ? Math.log(value / from) / (Math.log(to / from) || 1) : value / to);
  const toX = (value: number) => Math.round(LEFT + place(value) * (WIDTH - LEFT - RIGHT));
  const toY = (value: number) => Math.round(HEIGHT - BOTTOM - value / yTicks[yTicks.length - 1] * (HEIGHT - TOP - BOTTOM));
  const grid = yTicks.flatMap((value) => [
    `<path class="line" d="M${LEFT} ${toY(value)}H${WIDTH - RIGHT}"/>`, line(LEFT - 8, toY(value) + 4, value.toLocaleString('en'), 'muted small', 'end'),
  ]);
  const marks = (x.isLogarithmic ? xs : ticks(to).filter((value) => value <= to))
    .map((value) => line(toX(value), HEIGHT - BOTTOM + 18, value.toLocaleString('en'), 'muted small', 'middle'));
  const drawings = lines.flatMap(({ name, points: of }, n) => {
    const color = `var(--${COLORS[n % COLORS.length]})`;
    const path = of.map(([at, value], index) => `${index === 0 ? 'M' : 'L'}${toX(at)} ${toY(value)}`).join('');
    const at = LEFT + n * Math.floor((WIDTH - LEFT - RIGHT) / lines.length);
    return [
      `<path d="${path}" fill="none" stroke="${color}" stroke-width="2"/>`,
      ...of.map(([value, height]) => `<circle cx="${toX(value)}" cy="${toY(height)}" r="3.5" fill="${color}"/>`),
      `<path d="M${at} 48h18" stroke="${color}" stroke-width="2"/>`, line(at + 24, 52, name, 'small'),
    ];
  });
  return svg(WIDTH, HEIGHT, title, [
    line(LEFT, 28, title, 'bold'), ...grid, ...marks, ...drawings,
    line((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x.label, 'muted small', 'middle'),
    `<text transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" class="muted small" text-anchor="middle">${y.label}</text>`,
  ]);
}
