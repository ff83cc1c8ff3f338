import cloudwatch from './shapes.json';
import { ShapeTable } from '../../src/service/shapes';
import { OperationShapes } from '../kernel';

/** Every shape of the operations of this room. */
export const CLOUDWATCH_SHAPES = cloudwatch.shapes as unknown as ShapeTable;

/** The operations, by name. */
export const CLOUDWATCH_OPERATIONS: Readonly<Record<string, OperationShapes>> = cloudwatch.operations;
