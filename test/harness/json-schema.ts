import Ajv from 'ajv';
import { Shape, ShapeTable } from '../../src/service/shapes';

/** The service's shapes as JSON Schema, judged by a library that knows nothing of ours: a second opinion on every constraint. */
export function validatorOf(table: ShapeTable, root: string): (value: unknown) => string[] {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: true });
  const definitions = Object.fromEntries(Object.entries(table).map(([name, shape]) => [name, schemaOf(shape)]));
  const validate = ajv.compile({ definitions, $ref: `#/definitions/${root}` });
  return (value) => (validate(value) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`));
}

function schemaOf(shape: Shape): object {
  const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
  switch (shape.type) {
    case 'structure': return {
      type: 'object',
      properties: Object.fromEntries(Object.entries(shape.members ?? {}).map(([name, member]) => [name, ref(member)])),
      required: shape.required ?? [],
      additionalProperties: false,
    };
    case 'list': return { type: 'array', items: ref(shape.member!), minItems: shape.min, maxItems: shape.max };
    case 'map': return { type: 'object', additionalProperties: ref(shape.value!), propertyNames: ref(shape.key!) };
    case 'string': return {
      type: 'string',
      minLength: shape.min,
      maxLength: shape.max,
      pattern: shape.pattern === undefined ? undefined : `^(?:${shape.pattern})$`,
      enum: shape.enum,
    };
    case 'boolean': return { type: 'boolean' };
    case 'integer': return { type: 'integer', minimum: shape.min ?? -(2 ** 31), maximum: shape.max ?? 2 ** 31 - 1 };
    case 'long': return { type: 'integer', minimum: shape.min, maximum: shape.max };
    default: return { type: 'number', minimum: shape.min, maximum: shape.max };
  }
}
