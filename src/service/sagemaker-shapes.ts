import { JOB_SHAPES, ShapeTable } from './shapes';
import sagemaker from './shapes/sagemaker.json';

/** Every shape of the operations that the constructs render and the local AWS serves. Kept apart from what a function bundles. */
export const SAGEMAKER_SHAPES: ShapeTable = { ...JOB_SHAPES, ...sagemaker.shapes as unknown as ShapeTable };

/** What an operation takes, gives and throws: names of shapes and errors. */
export interface OperationShapes {
  readonly input: string;
  readonly output?: string;
  readonly errors?: readonly string[];
}

/** The operations, by name. */
export const SAGEMAKER_OPERATIONS: Readonly<Record<string, OperationShapes>> = sagemaker.operations;
