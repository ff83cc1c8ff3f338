import autoscaling from './shapes.json';
import { ShapeTable } from '../../src/service/shapes';
import { OperationShapes } from '../kernel';

/** Every shape of the operations of this room. */
export const AUTOSCALING_SHAPES = autoscaling.shapes as unknown as ShapeTable;

/** The operations, by name. */
export const AUTOSCALING_OPERATIONS: Readonly<Record<string, OperationShapes>> = autoscaling.operations;
