import type { OperationShapes } from './sagemaker-shapes';
import type { ShapeTable } from './shapes';
import autoscaling from './shapes/application-autoscaling.json';

/** Every shape of Application Auto Scaling's operations that the constructs render and the local AWS serves. */
export const AUTOSCALING_SHAPES = autoscaling.shapes as unknown as ShapeTable;

/** The operations, by name. */
export const AUTOSCALING_OPERATIONS: Readonly<Record<string, OperationShapes>> = autoscaling.operations;
