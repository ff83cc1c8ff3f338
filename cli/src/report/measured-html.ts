import { DRAWN_STATS, DrawnStat, MeasuredData } from './data';
import { Html, html, tableHtml } from './html';
import { highlightsOf } from './measured';
import type { BenchmarkRun } from '../../../src/service/aiperf';
import { runTable } from '../subject/benchmark-archive';
import { rounded } from '../subject/numbers';

const SYMBOLS: Readonly<Record<DrawnStat, Html>> = {
  avg: html`<path d="M8 2l6 6-6 6-6-6z" fill="var(--second)"/>`,
  p50: html`<circle cx="8" cy="8" r="5.5" fill="var(--other)"/>`,
  p90: html`<path d="M3 3h10v10h-10z" fill="var(--front)"/>`,
  p99: html`<path d="M8 2l6.5 11h-13z" fill="var(--chosen)"/>`,
};

/** What an AI benchmark job has measured: pictures of the statistics, and a table for each run. */
export function measuredHtml(data: MeasuredData, runs: readonly BenchmarkRun[], key: string): Html {
  if (data.trouble !== undefined) { return html`<div class="card"><h3>What was measured</h3><p class="note">${data.trouble}</p></div>`; }
  const stats = new Set(data.ranges.flatMap(({ rows }) => rows.flatMap(({ values }) => values.map(({ stat }) => stat))));
  const { curve } = data;
  return html`
<section class="card measured" aria-labelledby="measured-${key}" data-measured="${key}">
<h3 id="measured-${key}">${runs.length > 1 ? `What was measured in ${runs.length} runs` : 'What was measured'}</h3>
${data.search && html`<p>${data.search}</p>`}
${data.runs.map(({ name, about, notes }) => html`<p class="criteria muted">${name && html`<strong>${name}</strong>: `}${about}</p>${notes.map((note) => html`<p class="note">${note}</p>`)}`)}
${runs.length === 1 ? html`<dl class="tiles">${highlightsOf(runs[0]).map(({ title, value, unit }) => html`<div><dt>${title}</dt><dd>${rounded(value)} <span class="unit">${unit}</span></dd></div>`)}</dl>` : undefined}
<div class="plots">${curve && html`
<figure>
<figcaption><strong>${curve.title}</strong> Each point is a run. The best are at the upper left.</figcaption>
<div class="plot" id="plot-${key}-curve"></div>
</figure>`}${data.ranges.map(({ name, title }) => html`
<figure>
<figcaption><strong>${title}</strong> In milliseconds: less is better.</figcaption>
<div class="plot" id="plot-${key}-${name}"></div>
</figure>`)}
</div>
${stats.size > 0 ? html`<ul class="legend" aria-label="Statistics in the plots">${DRAWN_STATS.filter((stat) => stats.has(stat)).map((stat) => html`
<li><svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">${SYMBOLS[stat]}</svg>${stat}</li>`)}
</ul>` : undefined}
${runs.map((run, at) => {
  const name = data.runs[at].name;
  const table = tableHtml(runTable(run), { caption: name === '' ? 'Figures, in the units of AIPerf' : `Figures of ${name}, in the units of AIPerf` });
  return runs.length === 1 ? table : html`<details><summary>Figures of ${name}</summary>${table}</details>`;
})}
</section>`;
}
