import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { brokenBlocks, pythonBlocks } from './documented-code';
import { generate, parsed } from './generated-code';
import { checkedPython } from './python-check';
import { pythonPages, stalePages, writePages } from './python-pages';
import { pythonSnippets } from './python-snippets';

// Generates the package of each language and parses it. Checks the types of all examples in Python: translated ones, those of documents and examples/python.

const TABLET = join(__dirname, '..', '.jsii.tabl.json');

async function main(): Promise<void> {
  if (!existsSync(TABLET)) { throw new Error('.jsii.tabl.json is missing, which has the examples in Python. Run `npm run snippets` first.'); }
  const snippets = pythonSnippets(TABLET);
  const pages = pythonPages(snippets);
  if (process.argv.includes('--write')) { writePages(pages); }
  const out = realpathSync(mkdtempSync(join(tmpdir(), 'languages-')));
  try {
    generate(out);
    const { files, problems } = await parsed(out);
    const readme = readFileSync(join(out, 'python', 'README.md'), 'utf8');
    const foreign = snippets.filter(({ document, visible }) => document === 'README.md' && !readme.includes(visible))
      .map(({ place }) => `${place}: the README of the package in Python does not have this example in Python.`);
    const all = [...problems, ...foreign, ...await brokenBlocks(), ...checkedPython(out, [...snippets, ...pythonBlocks()]), ...stalePages(pages)];
    for (const problem of all) { console.error(problem); }
    const counts = Object.entries(files).map(([language, count]) => `${count} of ${language}`).join(', ');
    console.log(`Files that parse: ${counts}. Examples with Python: ${snippets.length}. Problems: ${all.length}.`);
    process.exitCode = all.length === 0 ? 0 : 1;
  } finally {
    if (process.argv.includes('--keep')) { console.log(out); } else { rmSync(out, { recursive: true }); }
  }
}

void main();
