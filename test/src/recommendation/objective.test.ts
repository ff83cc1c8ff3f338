import { Objective } from '../../../src';
import { OBJECTIVES } from '../../../src/contract/recommend';

test('each objective has a factory of its own, by the name that the handler knows', () => {
  const factories = Object.getOwnPropertyNames(Objective).filter((name) => typeof (Objective as any)[name] === 'function');
  const names = factories.map((name) => [name, String((Objective as any)[name]())]);
  expect(names).toEqual(OBJECTIVES.map((objective) => [objective[0].toLowerCase() + objective.slice(1), objective]));
});
