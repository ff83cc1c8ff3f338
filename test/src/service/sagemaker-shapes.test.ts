import { shapeNamesInSrc } from './shape-names';
import { SAGEMAKER_SHAPES } from '../../../src/service/sagemaker-shapes';
import sagemaker from '../../../src/service/shapes/sagemaker.json';

const uses = shapeNamesInSrc();

test('the names that src checks by are found at all', () => {
  expect(new Set(uses.map(({ name }) => name)).size).toBeGreaterThan(40);
});

test('every shape that src checks by is shipped', () => {
  expect(uses.filter(({ name }) => !Object.hasOwn(SAGEMAKER_SHAPES, name))).toEqual([]);
});

test('no shape is shipped that src does not reach', () => {
  const reached = new Set(uses.map(({ name }) => name));
  for (const name of reached) {
    const { members = {}, member, key, value } = SAGEMAKER_SHAPES[name] ?? {};
    [...Object.values(members), member, key, value].forEach((inner) => inner !== undefined && reached.add(inner));
  }
  expect(Object.keys(sagemaker.shapes).filter((name) => !reached.has(name))).toEqual([]);
  // And what is reached is whole.
  expect([...reached].filter((name) => !Object.hasOwn(SAGEMAKER_SHAPES, name))).toEqual([]);
});
