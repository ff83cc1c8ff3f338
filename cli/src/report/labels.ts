/** A rectangle in pixels, by its upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A point that wants a label: the most important one first. */
export interface Labelled {
  readonly x: number;
  readonly y: number;
  /** Half of the marker's size. */
  readonly radius: number;
  /** What it may say, the best first: each with its width, and how far from the point it may stand, in heights of a label. */
  readonly texts: ReadonlyArray<{ readonly text: string; readonly width: number; readonly farthest: number }>;
}

export interface Placed {
  readonly text: string;
  readonly box: Box;
  /** Whether the label is so far from its point that a line must lead to it. */
  readonly isFar: boolean;
}

const GAP = 4;

/**
 * A place for each label where it covers no marker, no other label and no obstacle, and stays in the frame. `undefined` if there is none: of ten points on
 * one spot, not all have room.
 */
export function placed(points: readonly Labelled[], height: number, frame: Box, obstacles: readonly Box[] = []): Array<Placed | undefined> {
  const markers = points.map(({ x, y, radius }): Box => ({ x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius }));
  const taken: Box[] = [...markers, ...obstacles];
  return points.map((point) => {
    for (const { text, width, farthest } of point.texts) {
      for (let distance = 0; distance <= farthest; distance++) {
        const box = candidates(point, width, height, distance).find((one) => isWithin(one, frame) && !taken.some((other) => overlaps(one, other)));
        if (box) {
          taken.push(box);
          return { text, box, isFar: distance > 0 };
        }
      }
    }
    return undefined;
  });
}

/** Right, left, above, below, and the corners. */
function candidates({ x, y, radius }: Labelled, width: number, height: number, distance: number): Box[] {
  const away = radius + GAP + distance * height;
  const [right, left, over, under] = [x + away, x - away - width, y - away - height, y + away];
  const [middle, center] = [y - height / 2, x - width / 2];
  return [[right, middle], [left, middle], [center, over], [center, under], [right, over], [right, under], [left, over], [left, under]]
    .map(([at, top]) => ({ x: at, y: top, width, height }));
}

export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

export function isWithin(a: Box, frame: Box): boolean {
  return a.x >= frame.x && a.y >= frame.y && a.x + a.width <= frame.x + frame.width && a.y + a.height <= frame.y + frame.height;
}

/**
 * Moves labels beside one another's heights apart, as little as it takes and in their order, so that none is nearer than a height to the next.
 * Those that have no room below are moved up.
 */
export function apart(wanted: readonly number[], height: number, least: number, most: number): number[] {
  const order = wanted.map((_, at) => at).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const places: number[] = [];
  for (const [place, at] of order.entries()) { places.push(Math.max(wanted[at], least, place === 0 ? -Infinity : places[place - 1] + height)); }
  let bound = most;
  for (let place = places.length - 1; place >= 0; place--) {
    places[place] = Math.min(places[place], bound);
    bound = places[place] - height;
  }
  const result: number[] = [];
  order.forEach((at, place) => { result[at] = places[place]; });
  return result;
}
