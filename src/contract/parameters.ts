import type { RecommendationAttribute } from './recommend';

/** Names of the parameters below a path in Parameter Store. */
export function parameterNames(path: string) {
  return {
    /** The owner of the path: written before all others, and deleted after them. */
    owner: `${path}/owner`,
    /** The attributes of `FIELDS`. */
    fields: `${path}/fields`,
    /** The other attributes: free text. */
    texts: `${path}/texts`,
    explanation: `${path}/explanation`,
    /** All attributes as JSON, with the schema's version. */
    whole: `${path}/recommendation`,
    /** The path of the pending result, which is not adopted. */
    pending: `${path}/pending`,
  };
}

/** No name, ARN, figure or time of the service has this character. */
export const SEPARATOR = '|';

/** A standard parameter, which is free. Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
export const MOST_FIELD_BYTES = 4096;

const FIGURE = 32;
const COUNT = 16;
const NAME = 63;

/**
 * The attributes without free text, in the order of their positions in one parameter, each with the most bytes that it may have there.
 * Templates read them by position, so an attribute is only ever appended.
 */
export const FIELDS = [
  ['JobName', 64],
  ['ModelPackageArn', 2048],
  ['ModelName', NAME],
  ['RecommendationId', 128],
  ['InstanceType', NAME],
  ['InitialInstanceCount', FIGURE],
  ['InstanceCount', FIGURE],
  ['ServerlessMemorySizeInMB', FIGURE],
  ['ServerlessMaxConcurrency', FIGURE],
  ['EndpointName', NAME],
  ['VariantName', NAME],
  ['InferenceSpecificationName', NAME],
  ['CompilationJobName', NAME],
  ['CostPerHour', FIGURE],
  ['CostPerInference', FIGURE],
  ['MaxInvocations', FIGURE],
  ['ModelLatency', FIGURE],
  ['CpuUtilization', FIGURE],
  ['MemoryUtilization', FIGURE],
  ['ModelSetupTime', FIGURE],
  ['InvocationStartTime', FIGURE],
  ['InvocationEndTime', FIGURE],
  ['FleetCostPerHour', FIGURE],
  ['Source', FIGURE],
  ['TargetInLowerCase', 512],
  ['CopyCountPerInstance', COUNT],
  ['CopyCount', COUNT],
  ['AcceleratorCount', COUNT],
  ['MinMemoryRequiredInMb', COUNT],
  ['CostPerMillionInputTokens', FIGURE],
  ['CostPerMillionOutputTokens', FIGURE],
  ['TimeToFirstToken', FIGURE],
  ['InterTokenLatency', FIGURE],
  ['OutputTokenThroughput', FIGURE],
  ['RequestThroughput', FIGURE],
  ['BenchmarkJobName', NAME],
] as const satisfies ReadonlyArray<readonly [RecommendationAttribute, number]>;

/** A template fails if it selects a position that is not there. So the positions of later versions are there, and empty. */
const POSITIONS = 56;

/** The position of an attribute in the fields; -1 for free text. */
export function positionOf(attribute: string): number {
  return FIELDS.findIndex(([name]) => name === attribute);
}

type Values = Readonly<Record<string, string>>;

/**
 * The fields as one text. A value that does not fit its position is left empty, because it would move the others: the service gives none
 * such, and the whole has it.
 */
export function fieldsText(attributes: Values): string {
  const values = FIELDS.map(([name]) => attributes[name] ?? '').map((value, position) => (
    value.includes(SEPARATOR) || Buffer.byteLength(value) > FIELDS[position][1] ? '' : value));
  return [...values, ...Array(POSITIONS - values.length).fill('')].join(SEPARATOR);
}

/** The attributes with free text as one text. A template finds each by its name, because every recommendation has variables of its own. */
export function textsText(attributes: Values): string {
  const texts = Object.entries(attributes).filter(([name]) => positionOf(name) < 0);
  return texts.map(([name, value]) => `${textMark(name)}${escaped(value)}`).join('') + SEPARATOR;
}

/** What precedes a text. It appears nowhere else. */
export function textMark(attribute: string): string {
  return `${SEPARATOR}${escaped(attribute).replaceAll('=', '~2')}=`;
}

/** As in a JSON Pointer (RFC 6901), for our separator. A template takes the escapes back, the last one first. */
export const ESCAPES = [['~', '~0'], [SEPARATOR, '~1']] as const;

function escaped(text: string): string {
  return ESCAPES.reduce((so, [character, escape]) => so.replaceAll(character, escape), text);
}
