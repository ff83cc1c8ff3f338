import generative from './generative/shapes.json';
import sagemaker from './shapes.json';
import { SAGEMAKER_SHAPES as SHIPPED } from '../../src/service/sagemaker-shapes';
import { ShapeTable } from '../../src/service/shapes';
import { OperationShapes } from '../kernel';

/** Every shape of the operations of this room: the library's own shapes, and the rest. */
export const SAGEMAKER_SHAPES: ShapeTable = { ...SHIPPED, ...{ ...sagemaker.shapes, ...generative.shapes } as unknown as ShapeTable };

/** Every instance type that an endpoint may have, after the service's model. */
export const INSTANCE_TYPES: readonly string[] = SAGEMAKER_SHAPES.ProductionVariantInstanceType.enum!;

/** Why a text is no instance type of the service's model. */
export function instanceTypeFault(type: string): string | undefined {
  if (INSTANCE_TYPES.includes(type)) { return undefined; }
  const family = type.split('.').slice(0, 2).join('.');
  const alike = INSTANCE_TYPES.filter((one) => one.startsWith(`${family}.`));
  return `SageMaker has no instance type ${type} here; ${alike.length > 0 ? `of ${family} it has ${alike.join(', ')}` : 'a type is such as ml.c5.xlarge'}`;
}

/** The operations of this room, by name. */
export const SAGEMAKER_OPERATIONS: Readonly<Record<string, OperationShapes>> = { ...sagemaker.operations, ...generative.operations };
