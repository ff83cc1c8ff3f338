import { readdirSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import * as ts from 'typescript';

// Renames each internal member at its declaration alone, and expects that the type check fails: otherwise a reader exists that the compiler does not check.

const ROOT = resolve(__dirname, '..');

/** An internal member, by the place of its name. */
interface Internal {
  readonly file: string;
  readonly name: string;
  readonly start: number;
  readonly label: string;
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true }).map(String).filter((file) => file.endsWith('.ts')).map((file) => join(ROOT, folder, file)).sort();
}

/** One file has another text than on the disk; the compiler keeps everything else between two checks. */
class Project {
  public readonly files = sourcesBelow('src');
  private readonly texts = new Map(this.files.map((file) => [file, readFileSync(file, 'utf8')]));
  private readonly versions = new Map<string, number>();
  private readonly documents = ts.createDocumentRegistry();
  private readonly service: ts.LanguageService;

  constructor() {
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent({ ...config, files: this.files, include: undefined }, ts.sys, ROOT);
    this.service = ts.createLanguageService({
      getCompilationSettings: () => ({ ...options, noEmit: true, composite: false, incremental: false, noUnusedLocals: false }),
      getScriptFileNames: () => this.files,
      getScriptVersion: (file) => String(this.versions.get(file) ?? 0),
      getScriptSnapshot: (file) => {
        const text = this.texts.get(file) ?? (ts.sys.fileExists(file) ? ts.sys.readFile(file) : undefined);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => ROOT,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      readDirectory: ts.sys.readDirectory,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
    }, this.documents);
  }

  public text(file: string): string {
    return this.texts.get(file)!;
  }

  public write(file: string, text: string): void {
    this.texts.set(file, text);
    this.versions.set(file, (this.versions.get(file) ?? 0) + 1);
  }

  /** The first error in the files that have a word. */
  public firstError(word: string): string | undefined {
    for (const file of this.files.filter((each) => this.text(each).includes(word))) {
      const [error] = this.service.getSemanticDiagnostics(file);
      if (error) { return `${file.slice(ROOT.length + 1)}: ${ts.flattenDiagnosticMessageText(error.messageText, ' ').split('\n')[0]}`; }
    }
    return undefined;
  }
}

function isInternal(node: ts.Node, name: string): boolean {
  return name.startsWith('_') || ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal');
}

/** Members that are marked internal, and the facts that constructs keep for each other. */
function internalsOf(file: string, text: string): Internal[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Internal[] = [];
  const isFactsFile = /\/(facts|refs)\.ts$/.test(file);
  const add = (name: ts.Node, owner: string) => found.push({
    file, name: name.getText(), start: name.getStart(), label: `${file.slice(ROOT.length + 1)}: ${owner}${name.getText()}`,
  });
  const visit = (node: ts.Node): void => {
    const isMember = ts.isClassElement(node) || ts.isTypeElement(node) || ts.isParameterPropertyDeclaration(node, node.parent);
    if (isMember && node.name && ts.isIdentifier(node.name)) {
      const owner = ts.isParameter(node) ? node.parent.parent : node.parent;
      const ownerName = (ts.isClassDeclaration(owner) || ts.isInterfaceDeclaration(owner)) && owner.name ? `${owner.name.text}.` : '';
      if (isInternal(node, node.name.text) || (isFactsFile && ts.isInterfaceDeclaration(owner))) { add(node.name, ownerName); }
    }
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isNewExpression(node.initializer) && node.initializer.expression.getText() === 'Facts') {
      add(node.name, '');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function main(): void {
  const project = new Project();
  const before = project.firstError('');
  if (before) { throw new Error(`The type check fails before anything is renamed: ${before}`); }
  const internals = project.files.flatMap((file) => internalsOf(file, project.text(file)));
  let failed = 0;
  for (const { file, name, start, label } of internals) {
    const text = project.text(file);
    project.write(file, `${text.slice(0, start)}${name}Renamed${text.slice(start + name.length)}`);
    const error = project.firstError(name);
    project.write(file, text);
    failed += error ? 1 : 0;
    console.log(`${error ? 'caught' : 'SILENT'}  ${label}${error ? `  →  ${error}` : ''}`);
  }
  console.log(`\nThe type check caught ${failed} of ${internals.length} renamed internal members.`);
  process.exitCode = failed === internals.length ? 0 : 1;
}

main();
