import recommendationJob from './shapes/recommendation-job.json';

/** One shape of the service's model: a type and its constraints. A shape refers to other shapes by name. */
export interface Shape {
  readonly type: 'structure' | 'list' | 'map' | 'string' | 'boolean' | 'integer' | 'long' | 'float' | 'double' | 'timestamp';
  /** Shape names by member name, of a structure. */
  readonly members?: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
  /** Whether exactly one member of the structure must be set. */
  readonly union?: boolean;
  /** Shape name of a list's members. */
  readonly member?: string;
  /** Shape names of a map's keys and values. */
  readonly key?: string;
  readonly value?: string;
  /** Bound of a string's, list's or map's length, or of a number's value. */
  readonly min?: number;
  readonly max?: number;
  /** The whole string must match. The pattern is written for Java. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

/** Shapes by name. */
export type ShapeTable = Readonly<Record<string, Shape>>;

/** Every shape of `CreateInferenceRecommendationsJobRequest`. */
export const JOB_SHAPES = recommendationJob.shapes as unknown as ShapeTable;
