import { ChoiceData, PlotData, RecommendationData, servable } from './data';
import { breakEvenSentence, FleetRow, fleetRows, fleetSentence, greatestLoad, loadText, positionOf, rowCells, scalingSentences } from './fleet-words';
import { Html, html, tableHtml } from './html';
import { drawn, frontOf, inColumn } from './plots';
import { whyChosen } from './why';
import { kindOf } from '../../../src/contract/kinds';
import type { Choice } from '../subject/choice';
import { columnText } from '../subject/figures';
import { dollars } from '../subject/numbers';
import { rankingTable } from '../subject/ranking';
import { criteriaText } from '../subject/words';
import { cell, figureCell, Table } from '../terminal/table';

/** One choice from a job's recommendations. What needs no script is here; the page's script fills in the rest. */
export function choiceHtml(choice: Choice, data: ChoiceData, key: string): Html {
  const chosen = data.recommendations.find(({ verdict }) => verdict === 'chosen');
  const [sentence, ...more] = whyChosen(choice, data);
  return html`
<section class="card choice" aria-labelledby="choice-${key}" data-choice="${key}">
<h3 id="choice-${key}">${data.name ?? 'The recommendations'}</h3>
<p class="criteria muted">Ranked ${criteriaText(choice)}</p>
<p class="verdict"><strong>${sentence}</strong> ${more.join(' ')}</p>
${data.notes.map((note) => html`<p class="note">${note}</p>`)}
${pendingHtml(data)}
${chosen && tilesHtml(data, chosen)}
${withoutFigures(data) ? html`<p class="muted">No figure comes with these recommendations, so nothing is drawn: only the order of the list is known.</p>` : undefined}
${data.recommendations.length > 0 ? html`${data.plots.length > 0 ? plotsHtml(data, key) : undefined}${rankingHtml(choice, data)}` : undefined}
${fleetHtml(data, key)}
</section>`;
}

function withoutFigures({ family, recommendations }: ChoiceData): boolean {
  return recommendations.length > 0 && kindOf(family).told.length === 0;
}

/** The figures of the chosen one by which people choose. */
function tilesHtml({ columns, family, load }: ChoiceData, chosen: RecommendationData): Html | undefined {
  const told = columns.filter((column) => kindOf(family).told.includes(column.metric) && !Number.isNaN(inColumn(chosen, column)));
  if (told.length === 0) { return undefined; }
  return html`<dl class="tiles">${told.map((column) => (
    html`<div><dt>${column.title}${column.metric === 'CostPerHour' && load ? ` for ${loadText(load.invocationsPerMinute)}` : ''}</dt><dd>${columnText(column, inColumn(chosen, column))}</dd></div>`))}</dl>`;
}

/** A longer environment would make each row of the ranked table high. */
const LONG_ENVIRONMENT = 80;

function rankingHtml(choice: Choice, data: ChoiceData): Html {
  const { columns, ...table } = rankingTable(choice);
  const isLong = table.rows.some(({ environment }) => environment.text.length > LONG_ENVIRONMENT);
  return html`${tableHtml(withRank({ ...table, columns: columns.filter(({ key }) => !isLong || key !== 'environment') }), {
    caption: 'All recommendations, the best first', classOf: (at) => data.recommendations[at].verdict,
  })}${isLong ? html`<details><summary>Environments of the containers</summary>${tableHtml({
    columns: [{ key: 'rank', title: 'no.', isFigure: true }, { key: 'endpoint', title: 'endpoint' }, { key: 'name', title: 'variable' }, { key: 'value', title: 'value', isLong: true }],
    rows: data.recommendations.flatMap(({ rank, label, benchmarked: { environment } }) => Object.entries(environment).map(([name, value], at) => (
      { rank: figureCell(at === 0 ? rank : undefined, String), endpoint: cell(at === 0 ? label : ''), name: cell(name), value: cell(value) }))),
  }, { caption: 'Variables by recommendation' })}</details>` : undefined}`;
}

function withRank({ columns, rows, ...table }: Table): Table {
  return { ...table, columns: [{ key: 'rank', title: 'no.', isFigure: true }, ...columns], rows: rows.map((row, at) => ({ rank: figureCell(at + 1, String), ...row })) };
}

function pendingHtml({ pending, adopted }: ChoiceData): Html | undefined {
  if (!pending) { return undefined; }
  const { instanceType, instanceCount, jobName } = pending;
  return html`<dl class="facts">
<div><dt>Adopted</dt><dd>${adopted?.split('/').pop() ?? 'nothing yet'}</dd></div>
<div><dt>Waits for a decision</dt><dd>${instanceType ? `${instanceType} × ${instanceCount ?? 1}` : 'a serverless endpoint'}</dd></div>
<div><dt>From job</dt><dd>${jobName}</dd></div>
</dl>`;
}

const SYMBOLS: ReadonlyArray<readonly [string, Html]> = [
  ['chosen', html`<path d="M8 1l2.1 4.6 5 .6-3.7 3.4 1 5L8 12.1l-4.4 2.5 1-5L.9 6.2l5-.6z" fill="var(--chosen)"/>`],
  ['another instance pool', html`<path d="M8 1l6 7-6 7-6-7z" fill="var(--chosen)"/>`],
  ['runner-up', html`<path d="M2.5 2.5h11v11h-11z" fill="var(--second)"/>`],
  ['allowed', html`<circle cx="8" cy="8" r="5" fill="var(--card)" stroke="var(--other)" stroke-width="2"/>`],
  ['rejected', html`<path d="M3.5 3.5l9 9m0-9l-9 9" stroke="var(--rejected)" stroke-width="2"/>`],
  ['Pareto front', html`<path d="M0 12h6V4h10" fill="none" stroke="var(--front)" stroke-width="2"/>`],
  ['limit', html`<path d="M0 8h16" stroke="var(--limit)" stroke-width="2" stroke-dasharray="4 3"/>`],
];

function plotsHtml(data: ChoiceData, key: string): Html {
  const verdicts = new Set<string>(data.recommendations.map(({ verdict }) => verdict));
  const metrics = data.plots.flatMap(({ x, y }) => [x.metric, y.metric]);
  const isUsed = (name: string) => (name === 'another instance pool' ? verdicts.has('pool') : name === 'Pareto front' ? true
    : name === 'limit' ? data.limits.some(({ metric }) => metrics.includes(metric)) : verdicts.has(name));
  return html`
<div class="plots">${data.plots.map((plot) => html`
<figure>
<figcaption><strong>${plot.title}</strong> ${frontText(data, plot)}</figcaption>
<div class="plot" data-plot="${plot.name}" id="plot-${key}-${plot.name}"></div>
</figure>`)}
</div>
<ul class="legend" aria-label="Marks in the plots">${SYMBOLS.filter(([name]) => isUsed(name)).map(([name, symbol]) => html`
<li><svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">${symbol}</svg>${name}</li>`)}
</ul>
`;
}

function frontText(data: ChoiceData, plot: PlotData): string {
  const front = frontOf(data, plot).map(({ rank, label }) => `${label} (${rank})`);
  const others = data.recommendations.filter((one) => !drawn(data, plot).includes(one)).map(({ rank, label }) => `${label} (${rank})`);
  return [
    plot.better,
    ...front.length > 0 ? [`No other beats ${front.join(', ')} in both.`] : [],
    ...others.length > 0 ? [`Without a place, because a figure is not reported: ${others.join(', ')}.`] : [],
  ].join(' ');
}

function fleetHtml(data: ChoiceData, key: string): Html | undefined {
  const { shownLoad, load } = data;
  if (shownLoad === undefined) { return undefined; }
  const isAllowed = servable(data).some(({ verdict }) => verdict !== 'rejected');
  const most = greatestLoad(data);
  const breakEven = breakEvenSentence(data);
  return html`
<section class="part fleet" aria-labelledby="fleet-${key} choice-${key}">
<h4 id="fleet-${key}">What the fleet costs a month</h4>
<p>${[breakEven, ...isAllowed ? [] : ['None may be chosen, so this shows all of them.']].filter(Boolean).join(' ')}</p>
<p class="muted">A load needs as many whole instances as bear it${load?.headroomPercent ? ` with ${load.headroomPercent}% headroom` : ' without headroom'}${breakEven === undefined ? '' : '; a serverless endpoint costs by the request'}.</p>
<div class="controls" hidden>
<label for="load-${key}">Load</label>
<input type="range" id="load-${key}" min="0" max="${positionOf(most)}" step="1" value="${positionOf(shownLoad)}" aria-valuetext="${loadText(shownLoad)}" aria-describedby="fleet-${key}">
<span class="number"><input type="number" id="number-${key}" min="1" max="${most}" step="any" value="${shownLoad}" inputmode="numeric" aria-label="Load in requests a minute"> requests a minute</span>
</div>
<output id="says-${key}" for="load-${key} number-${key}" aria-live="polite">${fleetSentence(data, shownLoad)}</output>
<div class="scaling">${scalingSentences(data, shownLoad).map((sentence) => html`<p>${sentence}</p>`)}</div>
<figure>
<figcaption>Dollars a month by load, both on a logarithmic scale. The vertical line is the load above.</figcaption>
<div class="plot" data-plot="fleet" id="plot-${key}-fleet"></div>
</figure>
<div class="scroll" role="group" aria-label="Fleets at the load" tabindex="0"><table id="rows-${key}">
<caption>Fleets at <span class="load">${loadText(shownLoad)}</span></caption>
<thead><tr><th scope="col" class="figure">no.</th><th scope="col">endpoint</th><th scope="col">needs</th><th scope="col" class="figure">USD a month</th><th scope="col" class="figure">against the least</th></tr></thead>
<tbody>${fleetRows(data, shownLoad).map((row, _at, all) => rowHtml(row, all))}</tbody>
</table></div>
${loadsHtml(data, most)}
</section>`;
}

function rowHtml(row: FleetRow, all: readonly FleetRow[]): Html {
  const cells = rowCells(row, all);
  return html`
<tr class="${row.isCheapest ? 'cheapest' : ''}"><td class="figure">${cells[0]}</td><td>${cells[1]}</td><td>${cells[2]}</td><td class="figure">${cells[3]}</td><td class="figure">${cells[4]}</td></tr>`;
}

/** The curves of the plot as a table. */
function loadsHtml(data: ChoiceData, most: number): Html {
  const loads = Array.from({ length: Math.round(Math.log10(most)) + 1 }, (_, power) => 10 ** power);
  const rows = loads.map((load) => fleetRows(data, load));
  return html`<details><summary>Costs at other loads</summary>
${tableHtml({
  columns: [{ key: 'endpoint', title: 'USD a month' }, ...loads.map((load) => ({ key: String(load), title: loadText(load).replace(/ requests?/, ''), isFigure: true }))],
  rows: rows[0].map(({ recommendation: { rank, name } }, at) => ({
    endpoint: cell(`${rank} ${name}`),
    ...Object.fromEntries(loads.map((load, index) => [String(load), figureCell(rows[index][at].usdPerMonth, dollars)])),
  })),
}, { caption: 'Dollars a month by requests a minute' })}</details>`;
}
