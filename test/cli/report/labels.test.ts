import * as fc from 'fast-check';
import { apart, Box, isWithin, Labelled, overlaps, placed } from '../../../cli/src/report/labels';

const FRAME: Box = { x: 0, y: 0, width: 500, height: 300 };
const HEIGHT = 15;
const aPoint: fc.Arbitrary<Labelled> = fc.record({
  x: fc.integer({ min: 10, max: 490 }),
  y: fc.integer({ min: 10, max: 290 }),
  radius: fc.integer({ min: 3, max: 9 }),
  texts: fc.integer({ min: 20, max: 160 }).map((width) => [{ text: 'long', width, farthest: 4 }, { text: '1', width: 8, farthest: 4 }]),
});
const anObstacle: fc.Arbitrary<Box> = fc.record({
  x: fc.integer({ min: 0, max: 500 }),
  y: fc.integer({ min: 0, max: 300 }),
  width: fc.integer({ min: 1, max: 200 }),
  height: fc.integer({ min: 1, max: 40 }),
});

test('no label covers another one, a marker or an obstacle, and none leaves the frame', () => {
  fc.assert(fc.property(fc.array(aPoint, { maxLength: 20 }), fc.array(anObstacle, { maxLength: 4 }), (points, obstacles) => {
    const boxes = placed(points, HEIGHT, FRAME, obstacles).flatMap((place) => (place ? [place.box] : []));
    const markers = points.map(({ x, y, radius }) => ({ x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius }));
    boxes.forEach((box, at) => {
      expect(isWithin(box, FRAME)).toBe(true);
      expect([...boxes.slice(at + 1), ...markers, ...obstacles].some((other) => overlaps(box, other))).toBe(false);
    });
  }));
});

test('ten points on one spot: the most important ones have their names, and each has at least its number', () => {
  const points = Array.from({ length: 10 }, (_, at) => ({ x: 250, y: 150, radius: 5, texts: [{ text: `${at + 1} ml.c5.xlarge`, width: 90, farthest: 4 }, { text: `${at + 1}`, width: 8, farthest: 4 }] }));
  const places = placed(points, HEIGHT, FRAME);
  expect(places.map((place, at) => place?.text.startsWith(`${at + 1}`))).toEqual(Array(10).fill(true));
  expect(places.slice(0, 8).map((place) => place!.text)).toEqual(points.slice(0, 8).map(({ texts: [{ text }] }) => text));
});

test('a label is beside its point, if there is room; far from it, a line has to lead there', () => {
  const point = { x: 100, y: 100, radius: 5, texts: [{ text: 'a', width: 50, farthest: 4 }] };
  expect(placed([point], HEIGHT, FRAME)).toEqual([{ text: 'a', isFar: false, box: { x: 109, y: 92.5, width: 50, height: HEIGHT } }]);
  const around = { x: 40, y: 75, width: 120, height: 50 };
  expect(placed([point], HEIGHT, FRAME, [around])).toEqual([expect.objectContaining({ isFar: true })]);
  expect(placed([{ ...point, texts: [{ ...point.texts[0], farthest: 0 }] }], HEIGHT, FRAME, [around])).toEqual([undefined]);
  expect(placed([point], HEIGHT, FRAME, [FRAME])).toEqual([undefined]);
});

test('labels in a row are a height apart, in the order that they want, and within their bounds', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 15 }), (wanted) => {
    const places = apart(wanted, HEIGHT, 20, 280);
    const sorted = [...places].sort((a, b) => a - b);
    sorted.slice(1).forEach((place, at) => expect(place - sorted[at]).toBeGreaterThanOrEqual(HEIGHT));
    wanted.forEach((one, a) => wanted.forEach((other, b) => { if (one < other) { expect(places[a]).toBeLessThan(places[b]); } }));
    for (const place of places) {
      expect(place).toBeGreaterThanOrEqual(20);
      expect(place).toBeLessThanOrEqual(280);
    }
  }));
});

test('a label that has room stays where it is wanted', () => {
  expect(apart([50, 200], HEIGHT, 0, 300)).toEqual([50, 200]);
});
