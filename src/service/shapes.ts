import recommendationJob from './shapes/recommendation-job.json';

/** One shape of the service's model: a type and its constraints. Other shapes are referred to by name. */
export interface Shape {
  readonly type: 'structure' | 'list' | 'map' | 'string' | 'boolean' | 'integer' | 'long' | 'float' | 'double' | 'timestamp';
  /** Shape names by member name, of a structure. */
  readonly members?: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
  /** A structure of which exactly one member is set. */
  readonly union?: boolean;
  /** Shape name of a list's members. */
  readonly member?: string;
  /** Shape names of a map's keys and values. */
  readonly key?: string;
  readonly value?: string;
  /** Of the length of a string, list or map, or of a number's value. */
  readonly min?: number;
  readonly max?: number;
  /** The whole string must match; written for Java. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

/** Shapes by name. */
export type ShapeTable = Readonly<Record<string, Shape>>;

/** Everything that `CreateInferenceRecommendationsJobRequest` consists of. */
export const JOB_SHAPES = recommendationJob.shapes as unknown as ShapeTable;
