import { Annotations, Token } from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';
import { InstanceType } from './instance-type';
import { nearestOf } from '../service/words';

/** Adds a warning that a user can acknowledge by its id: `cdk-sagemaker-inference-recommender:<rule>`. */
export function warn(scope: IConstruct, rule: string, message: string): void {
  Annotations.of(scope).addWarningV2(`cdk-sagemaker-inference-recommender:${rule}`, message);
}

/**
 * Warns of a name that is close to a known one, or of every name that is not known. It is no error, because the service may know more names than this
 * version of the library.
 */
export function warnOfName(scope: IConstruct, at: string, given: string | undefined, known: readonly string[], which: 'close' | 'all' = 'close'): void {
  if (given === undefined || Token.isUnresolved(given) || known.includes(given)) { return; }
  const nearest = nearestOf(given, known);
  if (nearest === undefined && which === 'close') { return; }
  warn(scope, 'unknownName', `\`${at}\` is '${given}', which this version of the library does not know${nearest ? `: did you mean '${nearest}'?` : '.'}`
    + ' Acknowledge this warning if the service knows the name.');
}

const TYPES = Object.values(InstanceType).map(({ value }: InstanceType) => value);
const FAMILIES = [...new Set(TYPES.map((type) => type.slice(0, type.lastIndexOf('.'))))];

/** Warns of an instance type that may be mistyped: it would match nothing, or fail, after something is paid for. */
export function warnOfType(scope: IConstruct, at: string, given: string | undefined): void {
  warnOfName(scope, at, given, TYPES);
}

export function warnOfTypes(scope: IConstruct, at: string, given: readonly InstanceType[] | undefined): void {
  given?.forEach(({ value }, index) => warnOfType(scope, `${at}[${index}]`, value));
}

/** Warns of families of instance types that this version does not know. */
export function warnOfFamilies(scope: IConstruct, at: string, given: readonly string[] | undefined): void {
  given?.forEach((family, index) => warnOfName(scope, `${at}[${index}]`, family, FAMILIES, 'all'));
}
