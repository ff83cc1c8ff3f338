import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { basename, join, posix } from 'path';
import { PythonSnippet } from './python-snippets';

const ROOT = join(__dirname, '..');
const FOLDER = 'docs/python';

/** Documents that have a page: those of users. docs/languages.md has its Python beside, and docs/README.md would have the README's page. */
const hasPage = (document: string): boolean => document === 'README.md' || (/^docs\/[^/]+$/.test(document) && !/\/(README|languages)\.md$/.test(document));

/** Pages with the examples of each document in Python, by their paths in the repository. That of README.md lists the others. */
export function pythonPages(snippets: readonly PythonSnippet[]): Record<string, string> {
  const documents = [...new Set(snippets.map(({ document }) => document ?? ''))].filter(hasPage).sort();
  const list = documents.filter((path) => path !== 'README.md').map((path) => `- [${titleOf(path)}](${basename(path)})`);
  return Object.fromEntries(documents.map((path) => [
    posix.join(FOLDER, basename(path)),
    [
      page(path, snippets.filter(({ document }) => document === path).sort((one, other) => one.line! - other.line!)),
      ...path === 'README.md' ? [`## Other pages\n\n${list.join('\n')}\n`] : [],
    ].join('\n'),
  ]));
}

/** Writes the pages. */
export function writePages(pages: Readonly<Record<string, string>>): void {
  rmSync(join(ROOT, FOLDER), { recursive: true, force: true });
  mkdirSync(join(ROOT, FOLDER), { recursive: true });
  for (const [path, text] of Object.entries(pages)) { writeFileSync(join(ROOT, path), text); }
}

/** A sentence for each page that is not as its document is now. */
export function stalePages(pages: Readonly<Record<string, string>>): string[] {
  const found = existsSync(join(ROOT, FOLDER)) ? readdirSync(join(ROOT, FOLDER)).map((file) => posix.join(FOLDER, file)) : [];
  return [...new Set([...Object.keys(pages), ...found])].filter((path) => !found.includes(path) || readFileSync(join(ROOT, path), 'utf8') !== pages[path])
    .map((path) => `${path} is not what its document's examples are in Python. Run \`npm run languages -- --write\`.`);
}

function page(document: string, snippets: readonly PythonSnippet[]): string {
  const headings = headingsOf(document);
  const title = titleOf(document);
  const address = posix.relative(FOLDER, document);
  let last: string | undefined;
  const parts = snippets.map(({ line, visible }) => {
    const heading = headings.filter((each) => each.index < line!).pop()?.text;
    const head = heading === last || heading === title ? '' : `## ${heading}\n\n`;
    last = heading;
    return `${head}\`\`\`python\n${visible.trimEnd()}\n\`\`\`\n`;
  });
  return [
    `# ${title}: the examples in Python\n`,
    `Generated from [${document}](${address}), which explains them. Where \`self\` is used, it is the stack. Import the names from`,
    '`cdk_sagemaker_inference_recommender`.\n',
    parts.join('\n'),
  ].join('\n');
}

const titleOf = (document: string): string => headingsOf(document)[0]?.text ?? document;

/** Headings with the index of their line; lines of code are none. */
function headingsOf(document: string): ReadonlyArray<{ readonly index: number; readonly text: string }> {
  let isCode = false;
  return readFileSync(join(ROOT, document), 'utf8').split('\n').flatMap((line, index) => {
    if (line.startsWith('```')) { isCode = !isCode; }
    const text = /^#+ (.*)$/.exec(line)?.[1];
    return text && !isCode ? [{ index, text }] : [];
  });
}
