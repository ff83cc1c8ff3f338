import { SAGEMAKER_OPERATIONS, SAGEMAKER_SHAPES } from '../../src/service/sagemaker-shapes';
import { Operations } from '../world';
import { guarded } from './guard';

/** Every shape of the operations served here. */
export const SHAPES = SAGEMAKER_SHAPES;

/** The operations served here, by name. */
export const OPERATIONS = SAGEMAKER_OPERATIONS;

/** Puts the service's constraints in front of its operations. */
export function guardedByModel(operations: Operations): Operations {
  return guarded(operations, OPERATIONS, SHAPES);
}
