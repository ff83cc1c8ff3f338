import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { jsiiAssembly } from './assembly';
import { documents } from './documents';

/**
 * Writes the assembly once more, with the documents of the repository as READMEs of submodules: jsii-rosetta compiles and translates the examples of
 * an assembly's own texts only. An error then names the document and the line. The README stays the assembly's own: packages of other languages look there.
 */
const ROOT = join(__dirname, '..');
const assembly = jsiiAssembly();
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const texts = documents().filter((path) => path !== 'README.md').map((path) => [path, read(path)] as const).filter(([, text]) => /^```(ts|typescript)\b/m.test(text));
writeFileSync(join(ROOT, '.jsii.documents'), JSON.stringify({
  ...assembly,
  readme: { markdown: read('README.md') },
  submodules: { ...assembly.submodules, ...Object.fromEntries(texts.map(([path, markdown]) => [path, { readme: { markdown } }])) },
}));
