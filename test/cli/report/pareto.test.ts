import * as fc from 'fast-check';
import { paretoFront } from '../../../cli/src/report/pareto';

type Point = readonly [number, number];
const COSTS = [([x]: Point) => x, ([, y]: Point) => y];
const somePoints = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 })), { maxLength: 30 });
const beats = (a: Point, b: Point) => a[0] <= b[0] && a[1] <= b[1] && (a[0] < b[0] || a[1] < b[1]);

test('what is on the front is beaten by nothing, and all else is beaten by something on it', () => {
  fc.assert(fc.property(somePoints, (points: readonly Point[]) => {
    const front = paretoFront(points, COSTS);
    for (const point of points) {
      expect(points.some((other) => beats(other, point))).toBe(!front.includes(point));
      if (!front.includes(point)) { expect(front.some((one) => beats(one, point))).toBe(true); }
    }
  }));
});

test('along the front, the one figure gets worse and the other better', () => {
  fc.assert(fc.property(somePoints, (points: readonly Point[]) => {
    const front = paretoFront(points, COSTS);
    front.slice(1).forEach(([x, y], at) => {
      expect(x).toBeGreaterThanOrEqual(front[at][0]);
      expect(y).toBeLessThanOrEqual(front[at][1]);
    });
  }));
});

test('what lacks a figure is neither on the front nor beats anything', () => {
  expect(paretoFront<Point>([[1, NaN], [NaN, 0], [2, 3]], COSTS)).toEqual([[2, 3]]);
  expect(paretoFront<Point>([], COSTS)).toEqual([]);
});
