import { JOB_SHAPES, ShapeTable } from '../../src/api/shapes';
import { Operations } from '../world';
import { guarded, OperationShapes } from './guard';
import model from './shapes.json';

/** Every shape of the operations served here. */
export const SHAPES: ShapeTable = { ...JOB_SHAPES, ...model.shapes as unknown as ShapeTable };

/** The operations served here, by name. */
export const OPERATIONS: Readonly<Record<string, OperationShapes>> = model.operations;

/** Puts the service's constraints in front of its operations. */
export function guardedByModel(operations: Operations): Operations {
  return guarded(operations, OPERATIONS, SHAPES);
}
