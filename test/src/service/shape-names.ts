import { readdirSync, readFileSync } from 'fs';
import { join, relative } from 'path';
import * as ts from 'typescript';

const SRC = join(__dirname, '..', '..', '..', 'src');

/** Where the name of a shape stands among a function's arguments. Of `checkMembers` it is the values of a map. */
const ARGUMENT: Readonly<Record<string, number>> = { checkProp: 1, checkSeconds: 1, checkMembers: 2 };

/** The files that hand on a name that they are given. */
const HAND_ON = ['common/check.ts', 'common/check-members.ts'];

/** Where a name of a shape is written in src. */
export interface Use {
  readonly name: string;
  readonly file: string;
}

/** Every name of SageMaker's shapes that src checks by. What is not written out where it is used is an error. */
export function shapeNamesInSrc(): Use[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
  return files.filter((file) => !HAND_ON.includes(file)).flatMap((file) => namesIn(join(SRC, file)));
}

function namesIn(path: string): Use[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  const file = relative(SRC, path);
  const uses: Use[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const index = ARGUMENT[node.expression.text];
      if (index !== undefined) { uses.push(...literals(node.arguments[index], file).map((name) => ({ name, file }))); }
    }
    if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'SAGEMAKER_SHAPES') { uses.push({ name: node.name.text, file }); }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses;
}

function literals(node: ts.Expression, file: string): string[] {
  if (ts.isStringLiteral(node)) { return [node.text]; }
  if (ts.isConditionalExpression(node)) { return [...literals(node.whenTrue, file), ...literals(node.whenFalse, file)]; }
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.flatMap((property) => {
      if (!ts.isPropertyAssignment(property)) { throw new Error(`src/${file} does not write out the shape in ${property.getText()}`); }
      return literals(property.initializer, file);
    });
  }
  throw new Error(`src/${file} does not write out a shape's name: ${node.getText()}`);
}
