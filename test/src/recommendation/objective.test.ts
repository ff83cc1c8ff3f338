import { Objective } from '../../../src';
import { BENCHMARKED } from '../../../src/service/recommendation-kinds';

test('each objective has a factory of its own, by the name that the handler knows', () => {
  const factories = Object.getOwnPropertyNames(Objective).filter((name) => typeof (Objective as any)[name] === 'function');
  const names = factories.map((name) => [name, String((Objective as any)[name]())]);
  expect(names).toEqual(Object.keys(BENCHMARKED.objectives).map((objective) => [objective[0].toLowerCase() + objective.slice(1), objective]));
});
