/**
 * Loaded into jsii-rosetta before it starts (`node --require`). Where rosetta does not know which struct an object is, it writes a plain dict, and
 * jsii drops a dict inside a list in silence. This makes it an error of the example.
 */
const { dirname, join } = require('path');
const { PythonVisitor } = require('jsii-rosetta');
// The package does not export these.
const { OTree } = require(join(dirname(require.resolve('jsii-rosetta')), 'o-tree'));
const { TARGET_LANGUAGES } = require(join(dirname(require.resolve('jsii-rosetta')), 'languages'));

const write = PythonVisitor.prototype.unknownTypeObjectLiteralExpression;
if (typeof write !== 'function') { throw new Error('jsii-rosetta no longer writes objects of unknown types by this method: find the one that does.'); }
PythonVisitor.prototype.unknownTypeObjectLiteralExpression = function (node, context) {
  context.report(node, 'Got an object without a known type, which is an untyped dict in Python. Expected a struct or a map. '
    + 'Assign it to a constant with a type first, or import its type in rosetta/default.ts-fixture.');
  return write.call(this, node, context);
};
// jsii names a member with a keyword's name with an underscore after it, such as `with_`. Rosetta knows that of `lambda` only.
const KEYWORDS = new Set(['and', 'as', 'assert', 'async', 'await', 'break', 'class', 'continue', 'def', 'del', 'elif', 'else', 'except', 'finally', 'for', 'from',
  'global', 'if', 'import', 'in', 'is', 'nonlocal', 'not', 'or', 'pass', 'raise', 'return', 'try', 'while', 'with', 'yield']);
const identifier = PythonVisitor.prototype.identifier;
if (typeof identifier !== 'function') { throw new Error('jsii-rosetta no longer writes names by this method: find the one that does.'); }
PythonVisitor.prototype.identifier = function (node, context) {
  return KEYWORDS.has(node.text) ? new OTree([`${node.text}_`]) : identifier.call(this, node, context);
};
// `npm run languages` looks for it: otherwise a worker that does not load this file would go unnoticed.
TARGET_LANGUAGES.python.version += '-typed';
