import { readdirSync, readFileSync } from 'fs';
import { join, relative, sep } from 'path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..', '..');
const SRC = join(ROOT, 'src');

/** What a comment of the library's source can say: why there is a statement, and when there is a role. */
export type Word = 'Reason' | 'When';

export interface Remark {
  readonly text: string;
  /** The file, from the root of the repository, and the place in it. */
  readonly file: string;
  readonly at: number;
}

const sources = new Map<string, ts.SourceFile>();

function sourceOf(path: string): ts.SourceFile {
  const known = sources.get(path) ?? ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  sources.set(path, known);
  return known;
}

/** The remark that is nearest to where an error was made: beside the call or around it, in the innermost function that has one. */
export function remarkOn({ stack = '' }: Error, word: Word): Remark | undefined {
  for (const [, path, line, column] of stack.matchAll(/(?:file:\/\/)?(\/[^\s():]+\.ts):(\d+):(\d+)/g)) {
    if (path.startsWith(SRC + sep)) {
      const found = around(sourceOf(path), Number(line) - 1, Number(column) - 1, word);
      if (found) { return found; }
    }
  }
  return undefined;
}

function around(source: ts.SourceFile, line: number, column: number, word: Word): Remark | undefined {
  const position = ts.getPositionOfLineAndCharacter(source, line, column);
  for (let node: ts.Node | undefined = nodeAt(source, position); node && !isNamed(node); node = node.parent) {
    const found = remarkBefore(source, node, word);
    if (found) { return found; }
  }
  return undefined;
}

/** A function of its own: what is around it is not what it does. */
function isNamed(node: ts.Node): boolean {
  return ts.isFunctionLike(node) && !ts.isArrowFunction(node) && !ts.isFunctionExpression(node);
}

function nodeAt(source: ts.SourceFile, position: number): ts.Node {
  let node: ts.Node = source;
  const holds = (child: ts.Node) => (child.getStart(source) <= position && position < child.end ? child : undefined);
  for (;;) {
    const inner: ts.Node | undefined = ts.forEachChild(node, holds);
    if (!inner) { return node; }
    node = inner;
  }
}

/** The lines of a comment before a node, from the word on. */
function remarkBefore(source: ts.SourceFile, node: ts.Node, word: Word): Remark | undefined {
  const ranges = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
  const comments = ranges.map(({ pos, end }) => ({ pos, text: source.text.slice(pos, end) }));
  const first = comments.findIndex(({ text }) => text.startsWith(`// ${word}: `));
  return first === -1 ? undefined : remarkOf(source.fileName, comments[first].pos, comments.slice(first).map(({ text }) => text), word);
}

/** A remark goes on until the next one. */
function remarkOf(path: string, at: number, comments: readonly string[], word: Word): Remark {
  const next = comments.findIndex((text, index) => index > 0 && ANY.test(text));
  const lines = comments.slice(0, next === -1 ? undefined : next).map((text) => text.replace(/^\/\/ /, ''));
  return { text: lines.join(' ').slice(word.length + 2), file: relative(ROOT, path), at };
}

const ANY = /^\/\/ (Reason|When): /;

/** Each remark of the library's source, to see which of them nothing has. */
export function allRemarks(word: Word): Remark[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => join(SRC, file));
  const comment = new RegExp(`^ *(// ${word}: .*(?:\\n *// .*)*)`, 'gm');
  return files.flatMap((file) => Array.from(readFileSync(file, 'utf8').matchAll(comment), ({ 1: text, index }) => (
    remarkOf(file, index, text.split('\n').map((line) => line.trim()), word))));
}
