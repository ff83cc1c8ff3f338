import { readdirSync, readFileSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import { join } from 'path';
import * as ts from 'typescript';

/**
 * Rewrites the compiled library so that each file is loaded when something of it is first used, as aws-cdk-lib's own files are: an app that uses a part
 * of the library loads that part, and what it needs of the CDK. Source maps and comments go: editors read the comments of the `.d.ts` files.
 */
const LIB = join(__dirname, '..', 'lib');
const index = join(LIB, 'index.js');
const load = createRequire(index);
const files = Array.from(readFileSync(index, 'utf8').matchAll(/__exportStar\(require\("(\.\/[^"]+)"\), exports\)/g), ([, file]) => file);

const lines = ['"use strict";', 'Object.defineProperty(exports, "__esModule", { value: true });', 'let name;'];
for (const file of files) {
  for (const name of Object.keys(load(file))) {
    // Said first as a plain assignment: that is what loaders of ES modules look for. A getter of a name that they can read they would leave out.
    lines.push(`exports.${name} = void 0;`);
    lines.push(`Object.defineProperty(exports, name = "${name}", { configurable: true, enumerable: true, get: () => require("${file}").${name} });`);
  }
}
// An index that is lazy already has nothing to rewrite.
if (files.length > 0) { writeFileSync(index, `${lines.join('\n')}\n`); }

for (const name of readdirSync(LIB, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'))) {
  const file = join(LIB, name);
  writeFileSync(file, withoutComments(lazy(readFileSync(file, 'utf8'))));
}

/** TypeScript writes an import as a variable ending in a number, and what is used of it as a member of that. */
function lazy(code: string): string {
  const imported: string[] = [];
  const declared = code.replace(/^\/\/# sourceMappingURL=data:.*$/m, '').replace(/^const (\w+_\d+) = (require\("[^"]+"\));$/gm, (_line, variable, call) => {
    imported.push(variable);
    return `let ${variable} = () => { const loaded = ${call}; ${variable} = () => loaded; return loaded; };`;
  });
  // In parentheses, since a class may be made of it: `new (x_1()).Class()`.
  return imported.reduce((text, variable) => text.replace(new RegExp(`\\b${variable}\\.`, 'g'), `(${variable}()).`), declared);
}

function withoutComments(code: string): string {
  const compilerOptions = { removeComments: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}
