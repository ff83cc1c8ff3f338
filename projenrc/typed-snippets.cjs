/**
 * Loaded into jsii-rosetta before it starts (`node --require`). Where rosetta does not know which struct an object is, it writes a plain dict, and
 * jsii drops a dict inside a list in silence. This makes it an error of the example.
 */
const { PythonVisitor } = require('jsii-rosetta');

const write = PythonVisitor.prototype.unknownTypeObjectLiteralExpression;
PythonVisitor.prototype.unknownTypeObjectLiteralExpression = function (node, context) {
  context.report(node, 'Got an object without a known type, which is an untyped dict in Python. Expected a struct or a map. '
    + 'Assign it to a constant with a type first, or import its type in rosetta/default.ts-fixture.');
  return write.call(this, node, context);
};
