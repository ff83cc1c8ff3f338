import { createHash } from 'crypto';
import { choiceHtml } from './choice-html';
import type { JobData, ReportData } from './data';
import { Html, html, scriptJson, tableHtml } from './html';
import { measuredHtml } from './measured-html';
import { STYLE } from './style';
import type { BenchmarkRun } from '../../../src/service/aiperf';
import { benchmarksTable } from '../subject/benchmarks';
import { dollars, durationText } from '../subject/numbers';
import type { JobOfStack } from '../subject/subject';
import { capitalized, estimateText } from '../subject/words';

/** A job with the runs of AIPerf whose figures the page shows. */
export interface ReportedJob extends JobOfStack {
  readonly runs?: readonly BenchmarkRun[];
}

/**
 * The whole page, in one file: it asks no network for anything, and its policy forbids it to.
 *
 * @param jobs the jobs of the data, in its order
 * @param script the text of the page's script, which draws the plots and moves the slider
 */
export function pageHtml(data: ReportData, jobs: readonly ReportedJob[], script: string): string {
  // A script must not end its own element.
  const code = script.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');
  const hash = createHash('sha256').update(code).digest('base64');
  const { title, stack, region, made } = data;
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="inference-recommender report">
<title>${title}: Inference Recommender report</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the results</a>
<header>
<p class="eyebrow">SageMaker Inference Recommender</p>
<h1>${title}</h1>
<p class="muted">${[stack && `Stack ${stack.name}, ${stack.status}`, region, `reported ${timeText(new Date(made))}`].filter(Boolean).join(' · ')}</p>
<p class="note" id="without-script">Without its script, this page has no plots and no slider. All figures are in the tables.</p>
</header>
<main id="main">${jobs.map((job, at) => jobHtml(job, data.jobs[at], at))}
</main>
<footer><p>Made by <code>inference-recommender report</code>. Costs are on-demand ones of the Region, without discounts: those of the benchmark's day, or of the library's price table where the service reports none. A month has 730 hours.</p></footer>
<script type="application/json" id="data">${scriptJson(data)}</script>
<script>${new Html(code)}</script>
</body>
</html>`.text}\n`;
}

function jobHtml(job: ReportedJob, data: JobData, at: number): Html {
  const { construct, name, noun, status, failureReason, phase, measured } = data;
  const heading = construct === undefined ? `${capitalized(noun)} ${name ?? ''}` : construct;
  return html`
<section class="job" aria-labelledby="job-${at}">
<div class="card">
<h2 id="job-${at}">${heading}</h2>
${status === undefined && measured === undefined ? html`<p>${name === undefined ? 'The job has not started yet.' : `SageMaker does not know ${noun} ${name} (yet).`}</p>` : status === undefined ? undefined : factsHtml(data)}
${failureReason ? html`<p class="failure"><strong>${phase === 'failed' ? 'It failed' : 'It says'}:</strong> ${failureReason}</p>` : undefined}
${job.job && (phase !== 'completed' ? benchmarksHtml(job.job) : undefined)}
</div>${measured && measuredHtml(measured, job.runs ?? [], String(at))}${phase === 'completed' ? job.choices.map((choice, index) => choiceHtml(choice, data.choices[index], `${at}-${index}`)) : []}
${status === undefined || Object.keys(data.request).length + data.benchmarks.length === 0 ? undefined : html`<div class="card">
<h3>The job itself</h3>
${phase === 'completed' && job.job && job.job.benchmarks.length > 0 ? html`<details><summary>All ${data.benchmarks.length} benchmarks</summary>${benchmarksHtml(job.job)}</details>` : undefined}
${Object.keys(data.request).length === 0 ? undefined : html`<details><summary>The request</summary><pre tabindex="0" role="group" aria-label="The request of ${heading} as JSON"><code>${JSON.stringify(data.request, undefined, 2)}</code></pre></details>`}
</div>`}
</section>`;
}

function benchmarksHtml(job: NonNullable<JobOfStack['job']>): Html {
  const table = benchmarksTable(job);
  if (table.rows.length === 0) { return html`<p>It tells of no benchmark${job.phase === 'running' ? ' yet' : ''}.</p>`; }
  return tableHtml(table, { caption: 'The endpoints that the job tried', classOf: (at) => (job.benchmarks[at].status === 'FAILED' ? 'rejected' : '') });
}

function factsHtml({ name, noun, title, status = '', phase, created, ended, benchmarks, target, details = [], estimatedCost, usdAtLeast }: JobData): Html {
  const failed = benchmarks.filter((one) => one.status === 'FAILED').length;
  const facts: Array<[string, string | Html | undefined, boolean?]> = [
    ['Status', html`<span class="status ${phase === 'completed' ? 'good' : phase === 'failed' ? 'bad' : ''}">${status}</span>`],
    ['Kind', title],
    ['Began', created && timeText(created)],
    ['Took', created && ended && durationText(ended.getTime() - created.getTime())],
    ['Benchmarks', benchmarks.length === 0 ? undefined : failed > 0 ? `${benchmarks.length}, of which ${failed} failed` : `${benchmarks.length}`],
    ['Estimated before it began', estimatedCost && estimateText(estimatedCost)],
    ['Cost by the benchmarks’ times', usdAtLeast === undefined ? undefined : `at least ${dollars(usdAtLeast)} USD`],
    ['Benchmarked', target, true],
    ['More', details.length > 0 ? details.join(', ') : undefined, true],
    [capitalized(noun), name, true],
  ];
  return html`<dl class="facts">${facts.map(([term, value, isWide]) => (value ? html`
<div${isWide ? html` class="wide"` : undefined}><dt>${term}</dt><dd>${value}</dd></div>` : html``))}
</dl>`;
}

/** `29 Nov 2026, 23:58 UTC` */
function timeText(time: Date): string {
  return `${new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(time)} UTC`;
}
