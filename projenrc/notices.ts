import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import type { Metafile } from 'esbuild';

/** The licences of the packages in a bundle, for what ships the bundle. */
const ROOT = join(__dirname, '..');

/** What may be shipped in a package under Apache-2.0. */
export const LICENCES = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/** For a package that names this licence and has no file with it. Source: https://opensource.org/license/mit */
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS
FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY,
WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

const LINE = `\n\n${'-'.repeat(80)}\n\n`;

/** The folders of the packages that a bundle has something of, from the root of the repository. */
export function packagesIn(output: Metafile['outputs'][string]): string[] {
  const files = Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
  return [...new Set(files.flatMap((file) => /(?:^|\/)(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []))].sort();
}

/** The notice of what ships the packages in these folders. */
export function notice(of: string, folders: readonly string[]): string {
  // Many packages have the same text: it is there once, below all of their names.
  const byText = new Map<string, string[]>();
  for (const folder of [...new Set(folders)].sort()) {
    const { title, text } = termsOf(join(ROOT, folder));
    byText.set(text, [...byText.get(text) ?? [], title]);
  }
  const parts = [...byText].map(([text, titles]) => `${titles.join('\n')}\n\n${text}`);
  return [`${of}\nCopyright the cdk-sagemaker-inference-recommender authors, Apache-2.0.\n\nIts bundles contain these packages:`, ...parts, apache()].join(LINE) + '\n';
}

/** What a package wants to be said. The text of Apache-2.0 is the same for all: what differs is who has the copyright. */
function termsOf(folder: string): { readonly title: string; readonly text: string } {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!LICENCES.includes(license)) { throw new Error(`${name} is under ${license}, which is none of ${LICENCES.join(', ')}: it cannot be bundled`); }
  const textsOf = (file: RegExp) => readdirSync(folder).filter((found) => file.test(found)).map((found) => readFileSync(join(folder, found), 'utf8').trim());
  const [licences, notices] = [textsOf(/^licen[cs]e/i), textsOf(/^notice/i)];
  const copyright = `Copyright (c) ${author?.name ?? author}`;
  const title = `${name} ${version}, ${license}`;
  if (license === 'Apache-2.0') {
    const holders = licences.join('\n').match(/^ *copyright (\(c\) )?\d.*$/gim)?.map((line) => line.trim()) ?? [copyright];
    return { title, text: [...holders, ...notices, 'Its licence is the Apache License, Version 2.0, which is below.'].join('\n\n') };
  }
  if (licences.length === 0 && license !== 'MIT') { throw new Error(`${name} has no file with its licence, ${license}: see projenrc/notices.ts`); }
  return { title, text: [...licences, ...notices].join('\n\n') || `${copyright}\n\n${MIT}` };
}

/** The licence's own text, without the name of this library's authors. */
function apache(): string {
  return readFileSync(join(ROOT, 'LICENSE'), 'utf8').trim();
}
