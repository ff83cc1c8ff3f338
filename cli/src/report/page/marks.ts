import { plot as draw, Plot as PlotElement, PlotOptions, ruleX, ruleY } from '@observablehq/plot';
import { Box, Placed } from '../labels';

export const FONT = 12;
export const LINE = 15;

export const GRID = { stroke: 'var(--line)', strokeOpacity: 1 };

/** Where a plot lies in its picture. All in pixels. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly margin: { readonly top: number; readonly right: number; readonly bottom: number; readonly left: number };
}

/** A plot in the font and on the ground of the page, and where its scales put a value. */
export function drawnOn({ width, height, margin }: Sheet, options: PlotOptions) {
  const drawing = draw({
    width,
    height,
    marginTop: margin.top,
    marginRight: margin.right,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    style: { fontSize: `${FONT}px`, background: 'transparent' },
    ...options,
  }) as SVGSVGElement & PlotElement;
  return { drawing, at: (axis: 'x' | 'y', value: number) => drawing.scale(axis)!.apply(value) as number };
}

/** Where labels may lie in a plot. */
export function insideOf({ width, height, margin }: Sheet): Box {
  return { x: margin.left + 2, y: margin.top + 2, width: width - margin.left - margin.right - 4, height: height - margin.top - margin.bottom - 4 };
}

/** The width of a text in the plots' font. */
export function widthOf(text: string, weight = 400): number {
  const context = (widthOf.canvas ??= document.createElement('canvas')).getContext('2d')!;
  context.font = `${weight} ${FONT}px ${getComputedStyle(document.body).fontFamily}`;
  return context.measureText(text).width;
}
widthOf.canvas = undefined as HTMLCanvasElement | undefined;

const SVG = 'http://www.w3.org/2000/svg';

export function svgOf(name: string, attributes: Readonly<Record<string, string | number>>, text?: string): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) { element.setAttribute(attribute, String(value)); }
  if (text !== undefined) { element.textContent = text; }
  return element;
}

/** A text in its box, with a halo in the color of the ground. */
export function labelOf({ text, box }: Pick<Placed, 'text' | 'box'>, color: string, weight = 400): SVGElement {
  return svgOf('text', {
    'x': box.x,
    'y': box.y + FONT,
    'fill': color,
    'font-size': FONT,
    'font-weight': weight,
    'stroke': 'var(--card)',
    'stroke-width': 4,
    'stroke-linejoin': 'round',
    'paint-order': 'stroke',
    'text-anchor': 'start',
    'class': 'label',
  }, text);
}

/** From a point to its label. */
export function leader(x: number, y: number, box: Box, color: string): SVGElement {
  const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
  return svgOf('line', {
    'x1': x, 'y1': y, 'x2': clamp(x, box.x, box.x + box.width), 'y2': clamp(y, box.y, box.y + box.height), 'stroke': color, 'stroke-width': 1, 'stroke-opacity': 0.6,
  });
}

/** Puts a drawing in its place, as one picture with a text for those who do not see it. */
export function put(place: HTMLElement, drawing: SVGSVGElement | HTMLElement, label: string): void {
  drawing.setAttribute('aria-hidden', 'true');
  place.setAttribute('role', 'img');
  place.setAttribute('aria-label', label);
  place.replaceChildren(drawing);
}

export function limitMarks(limits: ReadonlyArray<{ readonly value: number; readonly isVertical: boolean }>) {
  return limits.map(({ value, isVertical }) => (isVertical ? ruleX : ruleY)([value], { stroke: 'var(--limit)', strokeWidth: 1.5, strokeDasharray: '5 4' }));
}
