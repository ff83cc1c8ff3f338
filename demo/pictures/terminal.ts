import { Color, escaped, line, svg } from './svg';

const COLORS: Readonly<Record<string, Color>> = { 31: 'red', 32: 'green', 33: 'amber', 36: 'cyan' };
const CHARACTER = 7.83;
const LINE = 19;

/** Lines of a terminal, with its codes for colors, as a picture of its window. */
export function terminalSvg(title: string, lines: readonly string[], columns: number): string {
  const width = Math.ceil(columns * CHARACTER) + 32;
  return svg(width, lines.length * LINE + 60, title, [
    ...(['red', 'amber', 'green'] as const).map((color, index) => `<circle cx="${20 + index * 18}" cy="18" r="5" fill="var(--${color})"/>`),
    line(width / 2, 22, title, 'muted small', 'middle'),
    ...lines.map((one, index) => `<text class="mono" xml:space="preserve" x="16" y="${52 + index * LINE}">${spans(one)}</text>`),
  ]);
}

/** The parts of a line, each in its style. */
function spans(coded: string): string {
  let style = { color: undefined as Color | undefined, isBold: false };
  return coded.split(/(\u001b\[\d+m)/).map((part) => {
    const [, code] = /^\u001b\[(\d+)m$/.exec(part) ?? [];
    if (code === undefined) {
      if (part === '') { return ''; }
      const styles = [...style.color ? [`fill:var(--${style.color})`] : [], ...style.isBold ? ['font-weight:700'] : []].join(';');
      return `<tspan${styles ? ` style="${styles}"` : ''}>${escaped(part)}</tspan>`;
    }
    if (code === '1') { style = { ...style, isBold: true }; }
    if (code === '2') { style = { ...style, color: 'muted' }; }
    if (code === '22') { style = { color: style.color === 'muted' ? undefined : style.color, isBold: false }; }
    if (code === '39') { style = { ...style, color: undefined }; }
    if (COLORS[code]) { style = { ...style, color: COLORS[code] }; }
    return '';
  }).join('');
}
