import { AwsError, Lacking } from './errors';
import { OperationShapes } from './shapes';
import { Operation, Operations } from './world';
import { coerce, violations, Violation } from '../../src/service/constraints';
import { Shape, ShapeTable } from '../../src/service/shapes';

/**
 * The code with which a service answers a request that breaks a constraint of its model, where it is not ValidationException.
 * Sources: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html and the errors of its operations' pages,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html, https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html,
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html, and the errors of the operations' pages of Service Quotas and the Price List
 */
const CONSTRAINT_CODES: Readonly<Record<string, string>> = {
  logs: 'InvalidParameterException',
  cloudformation: 'ValidationError',
  iam: 'ValidationError',
  sts: 'ValidationError',
  servicequotas: 'IllegalArgumentException',
  pricing: 'InvalidParameterException',
};

/** The services whose requests are forms: each scalar arrives as a text. */
const FORMS = new Set(['cloudformation', 'iam', 'sts']);

/** A request that the service understands and refuses. */
export function invalid(message: string, service = ''): AwsError {
  return new AwsError(CONSTRAINT_CODES[service] ?? 'ValidationException', message);
}

/** The reader of each guarded operation's request. */
const readers = new WeakMap<Operation, (input: unknown) => void>();

/** Counts calls against the service's rates, checks its own constraints before its operations, and copies objects so that callers cannot change the state. */
export function guarded(service: string, operations: Operations, shapesOf: Readonly<Record<string, OperationShapes>>, table: ShapeTable): Operations {
  return Object.fromEntries(Object.entries(operations).map(([name, operation]): [string, Operation] => {
    const shape = shapesOf[name].input;
    const read = (input: unknown) => (FORMS.has(service) ? coerce(table, shape, copied(input ?? {})) : copied(input ?? {}));
    const behind: Operation = async (input, call) => {
      call.region.world.rates.take(service, name, call.region);
      const request = read(input);
      refuseViolations(service, violations(table, shape, request), table, shape);
      return copied(await operation(request, call));
    };
    readers.set(behind, (input) => {
      const found = violations(table, shape, read(input));
      refuseViolations(service, found.filter(({ constraint }) => constraint === 'type' || constraint === 'unknown'), table, shape);
    });
    return [name, behind];
  }));
}

/** Refuses a request with members of another name or type than the operation's: the permission check reads these members. */
export function refuseUnreadable(operation: Operation, input: unknown): void {
  readers.get(operation)?.(input);
}

/** A copy without the members that are null or undefined: on the wire, both mean absent. */
export function copied(value: any): any {
  if (Array.isArray(value)) { return value.map(copied); }
  if (typeof value !== 'object' || value === null || value instanceof Date) { return value; }
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const inner = value[name];
    if (inner === null || inner === undefined) { continue; }
    if (name !== '__proto__') {
      copy[name] = copied(inner);
    } else { // An assignment would set the prototype.
      Object.defineProperty(copy, name, { value: copied(inner), enumerable: true, writable: true, configurable: true });
    }
  }
  return copy;
}

function refuseViolations(service: string, found: readonly Violation[], table: ShapeTable, shapeName: string): void {
  const mistyped = found.find(({ constraint }) => constraint === 'type');
  if (mistyped) { throw new AwsError(FORMS.has(service) ? 'ValidationError' : 'SerializationException', conversion(mistyped)); }
  const sentences = [...new Set(found.map((violation) => sentence(table, shapeName, violation)))];
  if (sentences.length > 0) {
    const error = invalid(`${sentences.length} validation error${sentences.length > 1 ? 's' : ''} detected: ${sentences.join('; ')}`, service);
    throw found.every(({ constraint }) => constraint === 'unknown') ? new Lacking(error.message, error.code) : error;
  }
}

// A value that does not parse to the shape's type is refused before any validation.
function conversion({ got, expected }: Violation): string {
  if (Array.isArray(got)) { return 'Start of list found where not expected'; }
  if (typeof got === 'object') { return 'Start of structure or map found where not expected'; }
  const token = typeof got === 'boolean' ? `${got}`.toUpperCase() : (typeof got).toUpperCase();
  const type = `${expected}`.replace(/^./, (first) => first.toUpperCase());
  return `${token}_VALUE can not be converted to ${/^[AI]/.test(type) ? 'an' : 'a'} ${type}`;
}

function sentence(table: ShapeTable, root: string, { path, constraint, got, ofKey }: Violation): string {
  let shape = table[root];
  let parent: Shape | undefined;
  const places = [''];
  for (const segment of path) {
    parent = shape;
    const place = places[places.length - 1];
    if (shape.type === 'structure') {
      shape = table[shape.members?.[segment] ?? ''];
      places.push(`${place}${place && '.'}${segment.slice(0, 1).toLowerCase()}${segment.slice(1)}`);
    } else if (shape.type === 'list') {
      shape = table[shape.member!];
      places.push(`${place}.${Number(segment) + 1}.member`);
    } else {
      shape = table[(ofKey ? shape.key : shape.value)!];
      places.push(`${place}.${segment}.member`);
    }
  }
  const at = places[places.length - 1];
  if (constraint === 'required') { return failed('null', at, 'Member must not be null'); }
  if (constraint === 'unknown') { return failed(text(got), at, 'Member is not part of the local AWS'); }
  if (constraint === 'union') { return failed(text(got), at, 'Member must have exactly one member set'); }
  if (parent && parent.type !== 'structure' && shape.type !== 'structure') {
    const who = parent.type === 'list' ? 'Member' : ofKey ? 'Map keys' : 'Map value';
    return failed(text(got), places[places.length - 2], `${who} must satisfy constraint: [${bounds(shape).map(([, words]) => words).join(', ')}]`);
  }
  return failed(text(got), at, bounds(shape).find(([name]) => name === constraint)![1]);
}

function failed(value: string, at: string, constraint: string): string {
  return `Value ${value} at '${at}' failed to satisfy constraint: ${constraint}`;
}

function text(got: unknown): string {
  return `'${typeof got === 'object' ? JSON.stringify(got) : got}'`;
}

function bounds(shape: Shape): Array<[Violation['constraint'], string]> {
  const size = ['string', 'list', 'map'].includes(shape.type) ? 'length' : 'value';
  const all: Array<[Violation['constraint'], string | undefined]> = [
    ['max', shape.max === undefined ? undefined : `Member must have ${size} less than or equal to ${shape.max}`],
    ['min', shape.min === undefined ? undefined : `Member must have ${size} greater than or equal to ${shape.min}`],
    ['pattern', shape.pattern && `Member must satisfy regular expression pattern: ${shape.pattern}`],
    ['enum', shape.enum && `Member must satisfy enum value set: [${shape.enum.join(', ')}]`],
  ];
  return all.filter((bound): bound is [Violation['constraint'], string] => bound[1] !== undefined);
}
