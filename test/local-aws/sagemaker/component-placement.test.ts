import fc from 'fast-check';
import { Copies, copiesByType, place, Room } from '../../../local-aws/sagemaker/component-placement';

const ROOMS: Readonly<Record<string, Room>> = {
  small: { memoryMb: 16, accelerators: 1, cpuCores: 4 },
  large: { memoryMb: 64, accelerators: 4, cpuCores: 16 },
};
const roomOf = (type: string) => ROOMS[type];

const room = fc.record({ memoryMb: fc.integer({ min: 1, max: 40 }), accelerators: fc.nat(4), cpuCores: fc.nat(8) });
const wish = fc.record({ count: fc.nat(6), small: fc.option(room, { nil: undefined }), large: room, spreads: fc.boolean() });
const wishes = fc.array(wish, { maxLength: 4 }).map((all) => all.map(({ count, small, large, spreads }, index): Copies => (
  { component: `c${index}`, count, spreads, takes: (type) => (type === 'small' ? small : large) })));
const fleet = fc.array(fc.constantFrom('small', 'large'), { maxLength: 5 });
const grown = (limit: number) => (count: number) => (count < limit ? 'large' : undefined);

test('no instance has more copies than it has room for, and every copy has one place', () => {
  fc.assert(fc.property(wishes, fleet, fc.nat(8), (all, types, limit) => {
    const { instances, homeless } = place(all, types, roomOf, grown(limit));
    for (const { type, copies } of instances) {
      const taken = all.flatMap(({ component, takes }) => Array<Room>(copies.get(component) ?? 0).fill(takes(type)!));
      for (const part of ['memoryMb', 'accelerators', 'cpuCores'] as const) {
        expect(taken.reduce((sum, one) => sum + one[part], 0)).toBeLessThanOrEqual(ROOMS[type][part]);
      }
    }
    const counts = all.map(({ component }) => [...copiesByType(component, instances).values()].reduce((sum, count) => sum + count, 0));
    const wanted = all.map(({ count }) => count);
    const end = homeless ? all.indexOf(homeless.copies) : all.length;
    expect(counts).toEqual([...wanted.slice(0, end), ...homeless ? [homeless.number - 1] : [], ...wanted.slice(end + 1).map(() => 0)]);
    expect(instances.length).toBeLessThanOrEqual(Math.max(types.length, limit));
  }), { seed: 1 });
});

test('a copy is homeless only if no instance has room for it', () => {
  fc.assert(fc.property(wishes, fleet, (all, types) => {
    const { instances, homeless } = place(all, types, roomOf);
    fc.pre(homeless !== undefined);
    for (const instance of instances) {
      const more = homeless.copies.takes(instance.type);
      const countOf = (copies: Copies) => (instance.copies.get(copies.component) ?? 0) + (copies === homeless.copies ? 1 : 0);
      const oneMore = all.map((copies) => ({ ...copies, count: countOf(copies) }));
      const left = place(oneMore, [instance.type], roomOf);
      expect(more === undefined || left.homeless !== undefined).toBe(true);
    }
  }), { seed: 1 });
});

test('copies that spread go to the emptiest instance, others fill the first', () => {
  const copies = (spreads: boolean): Copies => ({ component: 'c', count: 2, spreads, takes: () => ({ memoryMb: 1, accelerators: 0, cpuCores: 0 }) });
  const counts = (spreads: boolean) => place([copies(spreads)], ['large', 'large'], roomOf).instances.map((instance) => instance.copies.get('c') ?? 0);
  expect([counts(true), counts(false)]).toEqual([[1, 1], [2, 0]]);
});
