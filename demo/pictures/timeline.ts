import { Color, line, svg } from './svg';

/** A bar of the timeline: what was under way, in minutes since the deploy began. */
export interface Bar {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly color: Color;
  /** Deeper bars are parts of the one above. */
  readonly depth: number;
}

const WIDTH = 960;
const LABELS = 250;
const RIGHT = 48;
const ROW = 26;
const TOP = 64;

/** A deploy as bars over minutes. */
export function timelineSvg(title: string, subtitle: string, bars: readonly Bar[]): string {
  const end = Math.max(...bars.map(({ to }) => to));
  const step = [1, 2, 5, 10, 15, 30, 60].find((one) => end / one <= 10) ?? 120;
  const last = Math.ceil(end / step) * step;
  const x = (minutes: number) => LABELS + minutes / last * (WIDTH - LABELS - RIGHT);
  const bottom = TOP + bars.length * ROW;
  const ticks = Array.from({ length: last / step + 1 }, (_one, index) => index * step);
  return svg(WIDTH, bottom + 38, `${title}. ${subtitle}`, [
    line(16, 26, title, 'bold'),
    line(16, 46, subtitle, 'muted small'),
    ...ticks.map((minutes) => `<line class="line" x1="${x(minutes)}" x2="${x(minutes)}" y1="${TOP}" y2="${bottom + 4}"/>`),
    ...ticks.map((minutes) => line(x(minutes), bottom + 22, `${minutes} min`, 'muted small', 'middle')),
    ...bars.flatMap(({ label, from, to, color, depth }, index) => {
      const y = TOP + index * ROW;
      const width = Math.max(3, x(to) - x(from));
      return [
        line(16 + depth * 16, y + 18, label, depth > 0 ? 'muted' : ''),
        `<rect x="${x(from)}" y="${y + 6}" width="${width}" height="${ROW - 12}" rx="3" fill="var(--${color})"/>`,
      ];
    }),
  ]);
}
