import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ApiReferenceSchema, Documentation, JsiiEntity, Language, MarkdownRenderer } from 'jsii-docgen';
import { API_PAGES } from './documents';

/**
 * Writes the reference of the public API: a page for each type, and API.md as their index. With `--check` it writes nothing, and fails if something
 * is not as it would be written.
 */
const ROOT = join(__dirname, '..');

type Named = ApiReferenceSchema[keyof ApiReferenceSchema][number];

const KINDS: ReadonlyArray<readonly [kind: keyof ApiReferenceSchema, title: string, about: string]> = [
  ['constructs', 'Constructs', ''],
  ['structs', 'Structs', 'What constructs, methods and factories take.'],
  ['classes', 'Classes', 'Values with factories and constants.'],
  ['interfaces', 'Interfaces', 'What props take and attributes have, of this library\'s constructs or of imports.'],
  ['enums', 'Enums', ''],
];

/** What an entity is called on its page: `Endpoint`, `Endpoint.grantInvoke`. */
const nameOf = ({ id, packageName }: JsiiEntity): string => id.slice(`${packageName}.`.length);

function linkTo(entity: JsiiEntity, packageName: string): string {
  if (entity.packageName !== packageName) { return entity.fqn; }
  const [page, ...members] = nameOf(entity).split('.');
  return `<a href="${page}.md${members.length > 0 ? `#${nameOf(entity)}` : ''}">${entity.displayName}</a>`;
}

/** A line of a table, without what ends a cell. */
const inCell = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();

async function files(): Promise<ReadonlyMap<string, string>> {
  const documentation = await Documentation.forProject(ROOT);
  const { content: { apiReference, metadata } } = await documentation.toJson({ language: Language.TYPESCRIPT, allSubmodules: true });
  await documentation.cleanup();
  const renderer = new MarkdownRenderer({
    ...metadata,
    language: Language.TYPESCRIPT,
    anchorFormatter: (entity) => nameOf({ ...entity, packageName: metadata.packageName }),
    linkFormatter: (entity) => linkTo(entity, metadata.packageName),
  });
  const render: { [kind in keyof ApiReferenceSchema]: (type: any) => { render(headerSize: number): string } } = {
    constructs: (type) => renderer.visitConstruct(type),
    structs: (type) => renderer.visitStruct(type),
    classes: (type) => renderer.visitClass(type),
    interfaces: (type) => renderer.visitInterface(type),
    enums: (type) => renderer.visitEnum(type),
  };
  const pages = new Map<string, string>();
  const index = ['# API reference', '', 'A line for each public type, with a link to its page. Names are those of TypeScript: [Languages](docs/languages.md) says what they are elsewhere.', ''];
  for (const [kind, title, about] of KINDS) {
    const types: readonly Named[] = apiReference?.[kind] ?? [];
    index.push(`## ${title}`, '', ...about === '' ? [] : [about, ''], '| | |', '| --- | --- |');
    for (const type of types) {
      const page = `${API_PAGES}/${type.displayName}.md`;
      const text = render[kind](type).render(1).replace(/ +$/gm, '').replaceAll(`href="${type.displayName}.md#`, 'href="#').trimEnd();
      pages.set(page, `[API reference](../../API.md) / ${title}\n\n${text}\n`);
      index.push(`| [${type.displayName}](${page}) | ${inCell(type.docs.summary ?? '')} |`);
    }
    index.push('');
  }
  return pages.set('API.md', `${index.join('\n').trimEnd()}\n`);
}

const read = (path: string): string | undefined => {
  try { return readFileSync(join(ROOT, path), 'utf8'); } catch { return undefined; }
};

async function main(): Promise<void> {
  const expected = await files();
  mkdirSync(join(ROOT, API_PAGES), { recursive: true });
  const stale = readdirSync(join(ROOT, API_PAGES)).map((name) => `${API_PAGES}/${name}`).filter((path) => !expected.has(path));
  if (process.argv.includes('--check')) {
    const wrong = [...stale, ...[...expected].filter(([path, text]) => read(path) !== text).map(([path]) => path)];
    if (wrong.length > 0) {
      console.error(`${wrong.length} pages of the API reference are not as the code is, such as ${wrong[0]}. Run \`npm run docgen\` and commit what it writes.`);
      process.exitCode = 1;
    }
    return;
  }
  for (const path of stale) { rmSync(join(ROOT, path)); }
  for (const [path, text] of expected) { writeFileSync(join(ROOT, path), text); }
}

void main();
