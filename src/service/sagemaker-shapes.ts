import { AI_JOB_SHAPES } from './ai-shapes';
import { JOB_SHAPES, ShapeTable } from './shapes';
import inferenceComponent from './shapes/inference-component.json';
import sagemaker from './shapes/sagemaker.json';

/** Every shape that the constructs check props by, and the shapes inside them. Separate from the shapes that a function bundles. */
export const SAGEMAKER_SHAPES: ShapeTable = {
  ...sagemaker.shapes as unknown as ShapeTable, ...inferenceComponent.shapes as unknown as ShapeTable, ...JOB_SHAPES, ...AI_JOB_SHAPES,
};
