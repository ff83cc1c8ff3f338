import { readFileSync } from 'fs';
import { gunzipSync } from 'zlib';

/** An example of a document or a docstring, in Python. */
export interface PythonSnippet {
  /** The document or type that has it, and its line there. */
  readonly place: string;
  readonly document?: string;
  readonly line?: number;
  /** What is to be read. */
  readonly visible: string;
  /** A module that a type checker can check: the example with what it may use without saying it. */
  readonly module: string;
}

const MODULE = 'cdk-sagemaker-inference-recommender';

/** The examples of a tablet of jsii-rosetta. */
export function pythonSnippets(tabletFile: string): PythonSnippet[] {
  const bytes = readFileSync(tabletFile);
  const tablet = JSON.parse(String(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes));
  return Object.values<any>(tablet.snippets).map(({ location, fullSource, translations }) => {
    const { api, moduleFqn, fqn, memberName } = location.api;
    // Of a document, its path is the name of the module.
    const document = api === 'moduleReadme' ? moduleFqn.replace(MODULE, 'README.md').replace(/^README\.md\./, '') : undefined;
    const line = location.field?.line;
    const { source: visible, version } = translations.python;
    if (!version.endsWith('-typed')) { throw new Error(`${tabletFile} was made without projenrc/typed-snippets.cjs. Run \`npm run snippets\`.`); }
    const place = document ? `${document}:${line ?? 1}` : [fqn, memberName].filter(Boolean).join('#').replace(`${MODULE}.`, '');
    return { place, document, line, visible, module: withFixture(preamble(fullSource), visible) };
  });
}

/** An example as the inside of a stack, with the lines before it that it needs. */
export function withFixture(imports: readonly string[], visible: string): string {
  const indented = visible.split('\n').map((line) => `        ${line}`.trimEnd()).join('\n');
  return [
    'from aws_cdk import Stack',
    'from constructs import Construct',
    ...imports,
    '',
    'class Fixture(Stack):',
    '    def __init__(self, scope: Construct, id: str) -> None:',
    '        super().__init__(scope, id)',
    indented,
    '',
  ].join('\n');
}

/** What an example and its fixture import and declare, in Python. rosetta writes a declaration as a comment, or not at all. */
export function preamble(typescript: string): string[] {
  const imports = [...typescript.matchAll(/^import \{([^}]*)\} from '([^']+)';/gm)].map(([, names, from]) => {
    const list = names.split(',').map((name) => name.trim()).filter(Boolean);
    return `from ${moduleName(from)} import ${list.join(', ')}`;
  });
  const namespaces = [...typescript.matchAll(/^import \* as (\w+) from '([^']+)';/gm)].map(([, name, from]) => {
    const path = moduleName(from).split('.');
    return path.length === 1 ? `import ${path[0]} as ${snakeCase(name)}` : `from ${path.slice(0, -1).join('.')} import ${path[path.length - 1]} as ${snakeCase(name)}`;
  });
  const constants = [...typescript.matchAll(/^declare const (\w+): ([^;]+);/gm)].map(([, name, type]) => `${snakeCase(name)}: ${typeName(type)}`);
  return [...imports, ...namespaces, ...constants];
}

const moduleName = (from: string): string => from.replace('aws-cdk-lib', 'aws_cdk').replace(/\//g, '.').replace(/-/g, '_');

const TYPES: Readonly<Record<string, string>> = { string: 'str', number: 'float', boolean: 'bool', any: 'object' };
const typeName = (type: string): string => (type.endsWith('[]') ? `list[${typeName(type.slice(0, -2))}]` : TYPES[type] ?? type);

const snakeCase = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2').toLowerCase();
