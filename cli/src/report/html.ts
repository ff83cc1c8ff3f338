import { NOTHING, Table } from '../terminal/table';

/** Text that is HTML already. */
export class Html {
  constructor(public readonly text: string) {}
}

type Part = Html | string | number | undefined | ReadonlyArray<Html | string>;

/** HTML of a template. What is put into it is text, unless it is HTML itself: so a name from outside is never read as HTML. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(literals.map((literal, at) => literal + textOf(parts[at])).join(''));
}

function textOf(part: Part): string {
  if (part === undefined) { return ''; }
  if (part instanceof Html) { return part.text; }
  if (typeof part === 'object') { return part.map(textOf).join(''); }
  return escaped(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** JSON for an element of script: nothing in it ends the element. Source: https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements */
export function scriptJson(value: unknown): Html {
  const LINES: Readonly<Record<string, string>> = { '<': '\\u003c', '\u2028': '\\u2028', '\u2029': '\\u2029' };
  return new Html(JSON.stringify(value).replace(/[<\u2028\u2029]/g, (character) => LINES[character]));
}

/** A longer title has more than one line. */
const LONG_TITLE = 9;

/** A table without its empty columns, in a box of its own that scrolls where it is too wide. */
export function tableHtml({ columns: all, rows }: Table, { caption, classOf = () => '' }: { readonly caption: string; readonly classOf?: (at: number) => string }): Html {
  const columns = all.filter(({ key }) => rows.some((row) => (row[key] ?? NOTHING).text !== ''));
  return html`<div class="scroll" role="group" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ title, isFigure }) => html`<th scope="col" class="${isFigure ? 'figure' : ''}${title.length > LONG_TITLE ? ' wide' : ''}">${title}</th>`)}</tr></thead>
<tbody>${rows.map((row, at) => html`
<tr class="${classOf(at)}">${columns.map(({ key, isFigure, isLong }) => html`<td class="${isFigure ? 'figure' : isLong ? 'long' : ''}">${(row[key] ?? NOTHING).text}</td>`)}</tr>`)}</tbody>
</table></div>`;
}
