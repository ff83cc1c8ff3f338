import { execFileSync } from 'child_process';
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Language, Parser } from '@vscode/tree-sitter-wasm';

const ROOT = join(__dirname, '..');

/** The languages that jsii-pacmak writes, each with its grammar, and a text that its grammar must refuse. */
export const LANGUAGES = [
  { target: 'python', extension: '.py', grammar: 'python', broken: 'def lambda(self): pass' },
  { target: 'java', extension: '.java', grammar: 'java', broken: 'class A { void a(int x { } }' },
  { target: 'dotnet', extension: '.cs', grammar: 'c-sharp', broken: 'class A { void (string event) {} }' },
  { target: 'go', extension: '.go', grammar: 'go', broken: 'func (a A) range() {}' },
] as const;

/** Writes the package of each language into a folder, without compiling it: toolchains and registries are not needed. */
export function generate(out: string): void {
  execFileSync(join(ROOT, 'node_modules', '.bin', 'jsii-pacmak'), [
    ROOT, '--code-only', '--no-npmignore', '--no-fingerprint', '--outdir', out, '--targets', ...LANGUAGES.map(({ target }) => target),
  ], { stdio: 'inherit' });
}

/** Gives the first place of a program that the grammar of its language refuses. */
export async function checker(target: typeof LANGUAGES[number]['target']): Promise<(text: string) => string | undefined> {
  await Parser.init();
  const { grammar, broken } = LANGUAGES.find((language) => language.target === target)!;
  const parser = new Parser();
  parser.setLanguage(await Language.load(require.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${grammar}.wasm`)));
  const check = (text: string): string | undefined => {
    const tree = parser.parse(text)!;
    const error = tree.rootNode.hasError ? firstError(tree.rootNode) : undefined;
    tree.delete();
    return error;
  };
  if (!check(broken)) { throw new Error(`The ${target} grammar takes "${broken}": its check proves nothing.`); }
  return check;
}

/** Files of the generated packages that their grammar refuses, and how many files there are of each language. */
export async function parsed(out: string): Promise<{ readonly files: Readonly<Record<string, number>>; readonly problems: readonly string[] }> {
  const files: Record<string, number> = {};
  const problems: string[] = [];
  for (const { target, extension } of LANGUAGES) {
    const check = await checker(target);
    const sources = readdirSync(join(out, target), { recursive: true }).map(String).filter((file) => file.endsWith(extension));
    files[target] = sources.length;
    if (sources.length === 0) { problems.push(`jsii-pacmak wrote no ${extension} file.`); }
    for (const source of sources) {
      const error = check(readFileSync(join(out, target, source), 'utf8'));
      if (error) { problems.push(`${target}/${source}:${error}`); }
    }
  }
  return { files, problems };
}

/** The line and the text of the first place that does not parse. */
function firstError(node: any): string {
  const inner = node.children.find((child: any) => child.hasError || child.isError || child.isMissing);
  return inner && !node.isError ? firstError(inner) : `${node.startPosition.row + 1}: does not parse: ${node.text.slice(0, 80)}`;
}
