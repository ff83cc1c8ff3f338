const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: '\'', amp: '&' };

/** The text of the first element of a name. Empty if there is none. */
export function textIn(xml: string, element: string): string {
  const text = new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(xml)?.[1] ?? '';
  return text.replace(/&(?:#(x?)([\da-f]+)|(\w+));/gi, (_all, hex, code, name) => (
    name ? ENTITIES[name] : String.fromCodePoint(parseInt(code, hex ? 16 : 10))));
}
