import { InstanceType } from '../../../src';
import { JOB_SHAPES } from '../../../src/service/shapes';
import { late } from '../../harness/constructs';

const CONSTANTS = Object.entries(InstanceType).filter((entry): entry is [string, InstanceType] => entry[1] instanceof InstanceType);

test('there is a constant for each type that the service knows, and for no other', () => {
  expect(CONSTANTS.map(([, { value }]) => value).sort()).toEqual([...JOB_SHAPES.ProductionVariantInstanceType.enum!].sort());
});

test('a constant is called as its type is', () => {
  expect(CONSTANTS.filter(([name, { value }]) => name !== value.toUpperCase().replace(/[.-]/g, '_'))).toEqual([]);
});

test('of() takes a type that is not known yet', () => {
  expect(`${InstanceType.of('ml.z9.nano')}`).toBe('ml.z9.nano');
});

test('a type without ml. is refused with what was probably meant', () => {
  expect(() => InstanceType.of('m5.large')).toThrow(/'ml\.'.*'m5\.large'.*'ml\.m5\.large'/);
});

test('a token passes', () => {
  const token = late.text('m5.large');
  expect(InstanceType.of(token).value).toBe(token);
});
