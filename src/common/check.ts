import { Size, Token } from 'aws-cdk-lib/core';
import { violations } from '../service/constraints';
import { SERVERLESS_MEMORY_STEP_MB } from '../service/job-rules';
import { SAGEMAKER_SHAPES } from '../service/sagemaker-shapes';
import { requirement } from '../service/words';

/**
 * Checks one prop against the service's own constraints. Tokens pass here: the handler checks their resolved values.
 *
 * @throws an error that names the prop, the value and the expected value
 */
export function checkProp(prop: string, shapeName: string, value: unknown): void {
  if (value === undefined || Token.isUnresolved(value)) { return; }
  const [broken] = violations(SAGEMAKER_SHAPES, shapeName, value).filter(({ got }) => !Token.isUnresolved(got));
  if (broken) { throw new Error(`\`${[prop, ...broken.path].join('.')}\` ${requirement(broken)}.`); }
}

/**
 * Checks that a value is of a class or an interface, by a member. Plain JavaScript may pass a name instead.
 *
 * @throws an error that names the prop, the value and what it must be
 */
export function checkIsA(prop: string, given: unknown, member: string, what: string): void {
  if (typeof given === 'object' && given !== null && member in given) { return; }
  const got = typeof given === 'function' ? `the class or function ${given.name || 'without a name'}`
    : typeof given === 'object' && given !== null ? `an object of the class ${given.constructor?.name ?? 'Object'}` : JSON.stringify(given);
  throw new Error(`\`${prop}\` must be ${what}, got: ${got}.`);
}

/** The value of an enum-like class. Text in its place has no such member, so it would be lost without a word. */
export function enumValue(prop: string, given: { readonly value: string }, className: string): string {
  checkIsA(prop, given, 'value', `of the class \`${className}\`: one of its constants, or what its \`of()\` returns`);
  return given.value;
}

/** Checks a duration, which the API accepts in whole seconds, and returns these seconds. */
export function checkSeconds(prop: string, shapeName: string, seconds: number, most?: number): number {
  checkProp(prop, shapeName, seconds);
  if (most !== undefined && !Token.isUnresolved(seconds) && seconds > most) {
    throw new Error(`\`${prop}\` must be at most ${most} seconds (${most / 3600} hours), got: ${seconds} seconds. Shorten it: the service stops a job then.`);
  }
  return seconds;
}

/** Checks a number against bounds that the service's documentation has, but its API model has not. */
export function checkRange(prop: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || Token.isUnresolved(value)) { return; }
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`\`${prop}\` must be a whole number between ${least} and ${most}, got: ${value}.`);
  }
}

/**
 * Checks props of a struct, each against its shape. The error names the prop by its path: `containers[0].frameworkVersion`.
 *
 * @throws an error that names the prop, the value and the expected value
 */
export function checkMembers<T extends object>(at: string, struct: T, shapes: { readonly [K in keyof T]?: string }): void {
  for (const [name, shape] of Object.entries(shapes) as Array<[keyof T & string, string]>) {
    checkProp(at === '' ? name : `${at}.${name}`, shape, struct[name]);
  }
}

/** Memory of a serverless endpoint, in MB: 1 to 6 GiB in steps of 1 GiB. */
export function serverlessMemory(memorySize: Size, prop = 'memorySize'): number {
  const megabytes = memorySize.toMebibytes();
  checkProp(prop, 'ServerlessMemorySizeInMB', megabytes);
  if (!Token.isUnresolved(megabytes) && megabytes % SERVERLESS_MEMORY_STEP_MB !== 0) {
    throw new Error(`\`${prop}\` must be a multiple of ${SERVERLESS_MEMORY_STEP_MB} MiB, got: ${megabytes} MiB.`);
  }
  return megabytes;
}

/** The first name that appears twice. */
export function firstTwice(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}
