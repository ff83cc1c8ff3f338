import { AI_JOB_SHAPES } from '../../../src/service/ai-shapes';

test('every shape that a shape names is there', () => {
  const named = Object.values(AI_JOB_SHAPES).flatMap(({ members = {}, member, key, value }) => [...Object.values(members), member, key, value]);
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((name) => name !== undefined && !(name in AI_JOB_SHAPES))).toEqual([]);
});
