import { drawFleet } from './fleet-plot';
import { drawCurve, drawRanges } from './measured-plot';
import { drawScatter } from './scatter';
import type { ChoiceData, MeasuredData, ReportData } from '../data';
import { fleetRows, fleetSentence, greatestLoad, loadAt, loadText, positionOf, rowCells, scalingSentences } from '../fleet-words';

/** Figures that are not known are `null` in JSON. */
function read(): ReportData {
  return JSON.parse(document.getElementById('data')!.textContent!, (name, value) => (name !== 'figures' ? value
    : Object.fromEntries(Object.entries(value as object).map(([metric, figure]) => [metric, figure ?? NaN]))));
}

function start(): void {
  document.getElementById('without-script')!.remove();
  read().jobs.forEach(({ choices, measured }, job) => {
    choices.forEach((choice, at) => startChoice(choice, `${job}-${at}`));
    if (measured) { startMeasured(measured, String(job)); }
  });
  // On paper nobody unfolds anything.
  addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
}

function startMeasured({ ranges, curve }: MeasuredData, key: string): void {
  for (const range of ranges) { drawWhenWide(`plot-${key}-${range.name}`, (place, width) => drawRanges(place, range, width)); }
  if (curve) { drawWhenWide(`plot-${key}-curve`, (place, width) => drawCurve(place, curve, width)); }
}

function startChoice(choice: ChoiceData, key: string): void {
  for (const plot of choice.plots) { drawWhenWide(`plot-${key}-${plot.name}`, (place, width) => drawScatter(place, choice, plot, width)); }
  const place = document.getElementById(`plot-${key}-fleet`);
  if (choice.shownLoad === undefined || !place) { return; }
  let load = choice.shownLoad;
  let draw = () => {};
  whenWide(place, (width) => {
    draw = () => drawFleet(place, choice, load, width);
    draw();
  });
  startControls(choice, key, (to) => {
    load = to;
    draw();
  });
}

/** The slider and the field move each other, and what depends on the load. */
function startControls(choice: ChoiceData, key: string, draw: (load: number) => void): void {
  const range = document.getElementById(`load-${key}`) as HTMLInputElement;
  const field = document.getElementById(`number-${key}`) as HTMLInputElement;
  const show = (load: number) => {
    range.setAttribute('aria-valuetext', loadText(load));
    const section = range.closest('section')!;
    document.getElementById(`says-${key}`)!.textContent = fleetSentence(choice, load);
    section.querySelector('.scaling')!.replaceChildren(...scalingSentences(choice, load).map((sentence) => elementOf('p', sentence)));
    const table = document.getElementById(`rows-${key}`) as HTMLTableElement;
    table.querySelector('.load')!.textContent = loadText(load);
    fleetRows(choice, load).forEach((row, at, all) => {
      const line = table.tBodies[0].rows[at];
      line.className = row.isCheapest ? 'cheapest' : '';
      rowCells(row, all).forEach((text, cell) => { line.cells[cell].textContent = text; });
    });
    draw(load);
  };
  range.addEventListener('input', () => {
    const load = loadAt(Number(range.value));
    field.value = String(load);
    field.removeAttribute('aria-invalid');
    show(load);
  });
  field.addEventListener('input', () => {
    const load = Number(field.value);
    const isValid = load >= 1 && load <= greatestLoad(choice);
    field.setAttribute('aria-invalid', String(!isValid));
    if (!isValid) { return; }
    range.value = String(positionOf(load));
    show(load);
  });
  // A browser that remembers forms would show another load than the text.
  field.value = String(choice.shownLoad);
  range.value = String(positionOf(choice.shownLoad!));
  range.closest<HTMLElement>('.controls')!.hidden = false;
}

function elementOf(name: string, text: string): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

/** A picture in its place, if the page has it. */
function drawWhenWide(id: string, draw: (place: HTMLElement, width: number) => void): void {
  const place = document.getElementById(id);
  if (place) { whenWide(place, (width) => draw(place, width)); }
}

/** Draws at the width of the place, and once more when that changes. */
function whenWide(place: HTMLElement, draw: (width: number) => void): void {
  let drawnAt = 0;
  new ResizeObserver(([{ contentRect }]) => {
    const width = Math.floor(contentRect.width);
    if (width > 0 && width !== drawnAt) {
      drawnAt = width;
      draw(width);
    }
  }).observe(place);
}

start();
