import * as fc from 'fast-check';
import { begunSince } from '../../../cli/src/watch/stacks';

const moving = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), begun: fc.nat({ max: 3 }) })).map((all) => all.map(({ id, begun }) => ({ id, key: `${id} ${begun}` })));

test('an operation is new if it was not under way before, also of a stack that was', () => {
  fc.assert(fc.property(moving, moving, (before, now) => {
    expect(begunSince(before, now)).toEqual(now.filter(({ key }) => !before.some((one) => one.key === key)).map(({ id }) => id));
    expect(begunSince(now, now)).toEqual([]);
  }));
});
