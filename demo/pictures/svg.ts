/** Colors of a picture on a light and on a dark page. The picture follows the reader's setting by itself, also as an image of a README. */
const STYLE = `
  :root { --page: #ffffff; --ink: #1f2328; --muted: #59636e; --line: #d1d9e0; --blue: #0969da; --green: #1a7f37; --amber: #9a6700; --violet: #8250df; --red: #cf222e; --cyan: #1b7c83; }
  @media (prefers-color-scheme: dark) {
    :root { --page: #0d1117; --ink: #f0f6fc; --muted: #9198a1; --line: #3d444d; --blue: #4493f8; --green: #3fb950; --amber: #d29922; --violet: #ab7df8; --red: #f85149; --cyan: #39c5cf; }
  }
  text { font: 13px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: var(--ink); }
  .muted { fill: var(--muted); } .small { font-size: 11px; } .bold { font-weight: 600; }
  .mono { font: 13px ui-monospace, 'SF Mono', 'DejaVu Sans Mono', monospace; white-space: pre; }
  .page { fill: var(--page); } .line { stroke: var(--line); }
`;

export type Color = 'blue' | 'green' | 'amber' | 'violet' | 'red' | 'cyan' | 'muted' | 'ink';

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A picture with a title that screen readers say. */
export function svg(width: number, height: number, title: string, body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${width}" height="${height}" rx="6"/>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

export function line(x: number, y: number, words: string, classes = '', anchor: 'start' | 'middle' | 'end' = 'start'): string {
  return `<text x="${x}" y="${y}"${classes ? ` class="${classes}"` : ''}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}>${escaped(words)}</text>`;
}
